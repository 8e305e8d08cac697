//! E-mail: mails are read into messages, and messages leave as mails.

use super::{Arrival, Channel, Limits, Parcel, Refusal, text};
use crate::config::InboxSettings;
use crate::conversation::{Inbound, Inbox, Sent};
use anyhow::Result;
use futures::FutureExt;
use futures::future::BoxFuture;

/// The e-mail inbox.
pub(super) struct Email {
    inbox: Inbox,
}

impl Email {
    pub(super) fn open(settings: &InboxSettings) -> Result<Self> {
        Ok(Self { inbox: settings.inbox() })
    }
}

impl Channel for Email {
    fn parse(&self, _arrival: Arrival<'_>) -> Result<Vec<Inbound>, Refusal> {
        Err(Refusal(format!("inbox {} reads no mails yet", self.inbox.name)))
    }

    fn send<'a>(&'a self, _parcel: Parcel<'a>) -> BoxFuture<'a, Sent> {
        futures::future::ready(Sent::Refused("no mails are sent yet".into())).boxed()
    }

    fn limits(&self) -> Limits {
        Limits { max_chars: text::MAX_TEXT, buttons: false, repeat_safe: false }
    }
}
