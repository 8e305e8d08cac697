//! Channels: how messages come in and go out, one file or folder for each kind.

mod api;
mod text;
mod webchat;

pub use api::Letter;
pub use text::heard;

use crate::config::InboxSettings;
use crate::conversation::{ChannelKind, Inbound, Message, OutboxId, Sent, TurnId};
use anyhow::Result;
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use http::HeaderMap;

/// A delivery from the outside, byte for byte as it came.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its body.
    pub body: &'a [u8],
    /// Who sends it, where the channel has sessions.
    pub visitor: Option<&'a str>,
    /// The time now.
    pub now: DateTime<Utc>,
}

/// Why a delivery is turned away, in words for whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// A message ready to leave.
#[derive(Debug, Clone, Copy)]
pub struct Parcel<'a> {
    /// The delivery's id, the same at every attempt.
    pub id: &'a OutboxId,
    /// How the channel knows the contact.
    pub identity: &'a str,
    /// The turn it answers, for automatic ones.
    pub turn_id: Option<&'a TurnId>,
    /// The newest message it answers, by the name its sender gave, for automatic ones.
    pub in_reply_to: Option<&'a str>,
    /// What to send.
    pub message: &'a Message,
    /// The time now.
    pub now: DateTime<Utc>,
}

/// What a channel can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Characters a message may have.
    pub max_chars: usize,
    /// Whether a choice can be offered as buttons.
    pub buttons: bool,
    /// Whether files can go with a message.
    pub files: bool,
    /// Whether an attempt whose end is unknown may be repeated, since the other side knows the
    /// delivery by its id.
    pub repeat_safe: bool,
}

/// A way in and out.
pub trait Channel: Send + Sync {
    /// Understands a delivery: the messages in it, or why it is turned away.
    fn parse(&self, arrival: Arrival<'_>) -> Result<Vec<Inbound>, Refusal>;

    /// Attempts a delivery once.
    fn send<'a>(&'a self, parcel: Parcel<'a>) -> BoxFuture<'a, Sent>;

    /// What it can carry.
    fn limits(&self) -> Limits;
}

/// Opens the channel behind an inbox.
pub fn open(settings: &InboxSettings) -> Result<Box<dyn Channel>> {
    Ok(match settings.channel {
        ChannelKind::Webchat => Box::new(webchat::Webchat::open(settings)?),
        ChannelKind::Api => Box::new(api::Api::open(settings)?),
    })
}
