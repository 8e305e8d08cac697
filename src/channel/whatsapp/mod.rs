//! WhatsApp Business Cloud API: what Meta posts is read, what we say goes to its Graph API.

use super::{Arrival, Channel, Limits, Parcel, Refusal};
use crate::config::{InboxSettings, WhatsappSettings};
use crate::conversation::{Inbound, Inbox, Sent};
use anyhow::{Context, Result};
use futures::FutureExt;
use futures::future::BoxFuture;

/// Characters of a text message (Meta, "Text messages").
const MAX_TEXT: usize = 4_096;

/// A WhatsApp inbox.
pub(super) struct Whatsapp {
    inbox: Inbox,
    settings: WhatsappSettings,
}

impl Whatsapp {
    pub(super) fn open(settings: &InboxSettings) -> Result<Self> {
        let whatsapp = settings.whatsapp.as_deref().context("it has no [inbox.whatsapp]")?;
        Ok(Self { inbox: settings.inbox(), settings: whatsapp.clone() })
    }
}

impl Channel for Whatsapp {
    fn parse(&self, _: Arrival<'_>) -> Result<Vec<Inbound>, Refusal> {
        let name = &self.inbox.name;
        Err(Refusal(format!("post to /webhook/whatsapp/{name}")))
    }

    fn send<'a>(&'a self, _: Parcel<'a>) -> BoxFuture<'a, Sent> {
        let id = &self.settings.phone_number_id;
        futures::future::ready(Sent::Refused(format!("number {id} cannot send yet"))).boxed()
    }

    /// What Meta does not answer is never sent again blindly: it knows no delivery by its id.
    fn limits(&self) -> Limits {
        Limits { max_chars: MAX_TEXT, buttons: true, files: true, repeat_safe: false }
    }
}
