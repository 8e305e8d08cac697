//! WhatsApp Business Cloud API: what Meta posts is read, what we say goes to its Graph API.

mod bucket;
mod compose;
mod error;
mod graph;
mod health;
mod list;
pub mod media;
pub mod read;
mod send;
pub mod setup;
pub mod sign;
mod version;

pub use list::{NotListed, list_templates};

use super::{Arrival, Channel, Limits, MailboxState, Parcel, Refusal};
use crate::config::InboxSettings;
use crate::conversation::{Inbound, Inbox, Sent};
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use send::Sender;

/// How long a message that was put off is tried again: the customer's window is over by then.
const PATIENCE: TimeDelta = TimeDelta::hours(24);

/// How long a status may take that settles an attempt of unknown end.
const NEWS_WITHIN: TimeDelta = TimeDelta::seconds(120);

/// When a version of the Graph API such as `v25.0` ends; none where nobody knows.
pub fn version_ends(version: &str) -> Option<DateTime<Utc>> {
    version::ends(version)
}

/// A WhatsApp inbox.
pub(super) struct Whatsapp {
    inbox: Inbox,
    sender: Sender,
}

impl Whatsapp {
    pub(super) fn open(settings: &InboxSettings) -> Result<Self> {
        let whatsapp = settings.whatsapp.as_deref().context("it has no [inbox.whatsapp]")?;
        let sender = Sender::open(&settings.name, settings.lang, whatsapp)?;
        Ok(Self { inbox: settings.inbox(), sender })
    }
}

impl Channel for Whatsapp {
    fn parse(&self, _: Arrival<'_>) -> Result<Vec<Inbound>, Refusal> {
        let name = &self.inbox.name;
        Err(Refusal(format!("post to /webhook/whatsapp/{name}")))
    }

    fn send<'a>(&'a self, parcel: Parcel<'a>) -> BoxFuture<'a, Sent> {
        self.sender.send(parcel).boxed()
    }

    /// What Meta does not answer is never sent again blindly: it knows no delivery by its id. A message of any
    /// length is sent, in several where one is too long.
    fn limits(&self) -> Limits {
        let max_chars = super::text::MAX_TEXT;
        Limits { max_chars, buttons: true, files: true, repeat_safe: false }
    }

    fn patience(&self) -> Option<TimeDelta> {
        Some(PATIENCE)
    }

    fn news_within(&self) -> Option<TimeDelta> {
        Some(NEWS_WITHIN)
    }

    fn window_closed(&self) -> Option<String> {
        Some(error::window_closed())
    }

    fn carries_files(&self) -> bool {
        true
    }

    fn attends(&self) -> bool {
        self.sender.attends()
    }

    fn attend<'a>(&'a self, message: &'a str, now: DateTime<Utc>) -> BoxFuture<'a, ()> {
        self.sender.attend(message, now).boxed()
    }

    fn state(&self) -> Option<MailboxState> {
        Some(self.sender.state())
    }
}

#[cfg(test)]
mod tests;
