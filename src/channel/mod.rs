//! Channels: how messages come in and go out, one file or folder for each kind.

mod api;
mod email;
mod sign;
mod text;
mod webchat;
mod whatsapp;

pub use api::Letter;
#[cfg(test)]
pub(crate) use email::fake;
pub use email::read::{Own, Understood, bare, safe_html, understand};
pub use email::setup::{
    Back, find as find_servers, providers, round_trip, section, server, try_reading, try_sending,
};
pub use email::webhook::{Handed, NotTaken, Unwrapped, is_amazons, unwrap};
pub use email::without_quotes;
pub use email::{Listed, MailboxState, Reader, Reading, Trouble, TroubleKind, Voucher};
pub use text::heard;
pub use whatsapp::media::{Fetcher, Unfetched};
pub use whatsapp::read::{Here, Told, address as whatsapp_address, read as read_whatsapp};
pub use whatsapp::setup::{
    Called, NumberTried, call_back, console, look as look_at_number, section as whatsapp_section,
    try_number,
};
pub use whatsapp::sign::{SIGNATURE, Signed, challenge, signed};
pub use whatsapp::version_ends;
pub use whatsapp::{NotListed, list_templates};

use crate::config::InboxSettings;
use crate::conversation::{
    ChannelKind, FilledTemplate, Inbound, MailThread, Message, OutboxId, Sent, TurnId,
};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt as _;
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
    /// All names by which it knows them.
    pub names: &'a [String],
    /// How many parts of the message the channel has taken already, where it travels in several.
    pub part: usize,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    /// The turn it answers, for automatic ones.
    pub turn_id: Option<&'a TurnId>,
    /// The newest message it answers, by the name its sender gave, for automatic ones.
    pub in_reply_to: Option<&'a str>,
    /// What to send.
    pub message: &'a Message,
    /// The template that it is filled from, if it is one.
    pub template: Option<&'a FilledTemplate>,
    /// The mails before it, where it leaves as one.
    pub thread: Option<&'a MailThread>,
    /// The files that go with it.
    pub files: &'a [File],
    /// The time now.
    pub now: DateTime<Utc>,
}

/// A file that leaves with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
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

/// What the channels of a house have in common.
#[derive(Debug, Clone, Copy)]
pub struct Home<'a> {
    /// The business's name.
    pub business: &'a str,
    /// The key that signs what comes back to us.
    pub signing_key: &'a [u8],
}

/// A way in and out.
pub trait Channel: Send + Sync {
    /// Understands a delivery: the messages in it, or why it is turned away.
    fn parse(&self, arrival: Arrival<'_>) -> Result<Vec<Inbound>, Refusal>;

    /// Attempts a delivery once.
    fn send<'a>(&'a self, parcel: Parcel<'a>) -> BoxFuture<'a, Sent>;

    /// The other side's name for a message of which nobody knows whether it left, where it is found there; none
    /// where it is not, or where nobody can look.
    fn find_sent<'a>(&'a self, _message: &'a Message) -> BoxFuture<'a, Option<String>> {
        Box::pin(std::future::ready(None))
    }

    /// What it can carry.
    fn limits(&self) -> Limits;

    /// The mailbox that it is read from, where there is one.
    fn reader(&self) -> Option<Reader<'_>> {
        None
    }

    /// Who says whether a mail's signature vouches for its sender, where that is asked.
    fn voucher(&self) -> Option<&Voucher> {
        None
    }

    /// How its mailbox or number fares, where there is one.
    fn state(&self) -> Option<MailboxState> {
        None
    }

    /// How long a message that is put off is tried again; none where attempts are counted instead.
    fn patience(&self) -> Option<TimeDelta> {
        None
    }

    /// How long after an attempt of unknown end news of it may still come, so that nobody is asked before.
    fn news_within(&self) -> Option<TimeDelta> {
        None
    }

    /// What to say where a customer's window for free words has closed; none where there are no windows.
    fn window_closed(&self) -> Option<String> {
        None
    }

    /// Whether files travel with the message; elsewhere the customer fetches them, or a mail has them anyway.
    fn carries_files(&self) -> bool {
        false
    }

    /// Whether it has a use for [`Channel::attend`].
    fn attends(&self) -> bool {
        false
    }

    /// Shows the customer that a message of theirs, by their side's name for it, is being answered. Nothing hangs
    /// on it.
    fn attend<'a>(&'a self, _message: &'a str, _now: DateTime<Utc>) -> BoxFuture<'a, ()> {
        futures::future::ready(()).boxed()
    }
}

/// Opens the channel behind an inbox.
pub fn open(settings: &InboxSettings, home: &Home<'_>) -> Result<Box<dyn Channel>> {
    Ok(match settings.channel {
        ChannelKind::Webchat => Box::new(webchat::Webchat::open(settings)?),
        ChannelKind::Api => Box::new(api::Api::open(settings)?),
        ChannelKind::Email => Box::new(email::Email::open(settings, home)?),
        ChannelKind::Whatsapp => Box::new(whatsapp::Whatsapp::open(settings)?),
    })
}
