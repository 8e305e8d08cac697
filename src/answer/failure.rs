//! Failures of a call: what went wrong, in words for a person, and what follows from it.

use std::time::Duration;

/// Why there is no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The time for the call is used up.
    #[error("the model did not answer in time")]
    TimedOut,
    /// The reply began, and then nothing more of it came.
    #[error("the model's answer stopped on the way")]
    Stalled,
    /// The breaker is open, or the endpoint asked for a pause that is not over.
    #[error("the model failed too often and is left alone for a while")]
    Resting,
    /// No connection.
    #[error("the model's endpoint cannot be reached")]
    Connection,
    /// A connection that broke before the reply was there.
    #[error("the connection to the model's endpoint broke")]
    Broken,
    /// A status other than success.
    #[error("the model's endpoint answered with status {status}{}", hint(*.status))]
    Status {
        /// The status.
        status: u16,
        /// How long it asks us to wait.
        retry_after: Option<Duration>,
    },
    /// A reply that is not JSON.
    #[error("the model's endpoint did not answer with JSON")]
    NotJson,
    /// A voice note in which nothing was said, or a reply that does not say what.
    #[error("the model heard no words")]
    NoWords,
    /// A reply over the limit.
    #[error("the model's endpoint answered at too great length")]
    TooLong,
    /// A request that could not be made.
    #[error("the request to the model could not be made")]
    Request,
}

/// Why no model may be asked for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Spent {
    /// The day's calls have taken what they may.
    #[error("the model's budget for the day is spent")]
    Day,
    /// The conversation's calls have.
    #[error("the model's budget for the conversation is spent")]
    Conversation,
    /// Nobody knows what they have taken.
    #[error("what the model's calls have taken so far cannot be read")]
    Unknown,
}

/// What somebody who reads of a status should look at.
fn hint(status: u16) -> &'static str {
    match status {
        401 | 403 => ": is the key right?",
        404 => ": are base_url and name right?",
        _ => "",
    }
}

impl Failure {
    /// Whether the same request may succeed a moment later.
    pub fn passes(self) -> bool {
        match self {
            Self::Connection | Self::Broken => true,
            Self::Status { status, .. } => status == 429 || status >= 500,
            Self::TimedOut
            | Self::Stalled
            | Self::Resting
            | Self::NotJson
            | Self::NoWords
            | Self::TooLong
            | Self::Request => false,
        }
    }

    /// Whether the endpoint may have read the request, and charge for it, all the same. Who refuses
    /// one does not; what became of one that an endpoint failed over nobody knows.
    pub fn may_cost(self) -> bool {
        match self {
            Self::TimedOut
            | Self::Stalled
            | Self::Broken
            | Self::NotJson
            | Self::NoWords
            | Self::TooLong => true,
            Self::Status { status, .. } => status >= 500,
            Self::Resting | Self::Connection | Self::Request => false,
        }
    }

    /// Whether the endpoint understood the request and did not like its shape.
    pub fn is_about_shape(self) -> bool {
        matches!(self, Self::Status { status: 400 | 422, .. })
    }

    /// The pause that the endpoint asks for.
    pub fn wish(self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => retry_after,
            _ => None,
        }
    }
}
