//! Moment: how things stood when a turn was considered; beside words, knowledge and settings all that a
//! decision depends on.

use crate::answer::{Answerer, Rewriting};
use crate::confidence::{Licence, Model, Post};
use crate::conversation::{ConversationId, Status, Turn};
use crate::knowledge::Reputation;
use crate::lang::Lang;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What must be kept of a moment so that its decision can be made again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// The moment.
    pub at: DateTime<Utc>,
    /// Whose move it was.
    pub status: Status,
    /// The customer's language, where it was known.
    pub lang: Option<Lang>,
    /// The language that the inbox assumed.
    pub inbox_lang: Lang,
    /// Whether the customer had been told that a person takes over.
    pub handoff_told: bool,
    /// Automatic replies since a person last wrote.
    pub replies_in_a_row: i64,
    /// What was known of the mail that it came in; none where it came in none, and in older records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
}

impl Moment {
    /// How a turn stands at a moment.
    pub(super) fn of(
        turn: &Turn,
        at: DateTime<Utc>,
        replies_in_a_row: i64,
        post: Option<Post>,
    ) -> Self {
        Self {
            at,
            status: turn.conversation.status,
            lang: turn.conversation.lang,
            inbox_lang: turn.inbox.lang,
            handoff_told: turn.conversation.handoff_told,
            replies_in_a_row,
            post,
        }
    }

    /// The turn as it stood then.
    pub(super) fn restored(&self, mut turn: Turn) -> Turn {
        turn.conversation.status = self.status;
        turn.conversation.lang = self.lang;
        turn.conversation.handoff_told = self.handoff_told;
        turn.inbox.lang = self.inbox_lang;
        turn
    }
}

/// What a turn is considered with.
pub(super) struct Circumstances<'a> {
    /// How things stand.
    pub(super) moment: Moment,
    /// Who writes the draft.
    pub(super) answerer: &'a Answerer,
    /// What turns features into a confidence.
    pub(super) model: &'a Model,
    /// The licence to go by; without one, that which the turn's class holds now.
    pub(super) licence: Option<&'a Licence>,
    /// The conversation whose limits hold for calls besides the day's; none for what is only tried.
    pub(super) account: Option<&'a ConversationId>,
    /// How a question that leans on the conversation is written out.
    pub(super) rewritten: Rewritten<'a>,
    /// What is known of the entries; without it, what the store says now.
    pub(super) reputations: Option<&'a [Reputation]>,
}

/// Where the writing out of a question comes from.
pub(super) enum Rewritten<'a> {
    /// The model is asked, where there is one.
    Anew,
    /// It is what it was then, if it was anything.
    AsThen(Option<&'a Rewriting>),
}
