//! The API channel: programs hand messages in over HTTP and get ours by signed webhook or by asking.

mod body;
mod letter;
mod webhook;

pub use letter::Letter;

use super::{Arrival, Channel, Limits, Parcel, Refusal, text};
use crate::config::InboxSettings;
use crate::conversation::{Inbound, Inbox, Sent};
use anyhow::{Context, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use webhook::Webhook;

/// The API inbox.
pub(super) struct Api {
    inbox: Inbox,
    webhook: Option<Webhook>,
}

impl Api {
    pub(super) fn open(settings: &InboxSettings) -> Result<Self> {
        let webhook = settings.webhook_url.as_deref().map(|url| {
            Webhook::open(url, &settings.webhook_secrets).context("setting up its webhook")
        });
        Ok(Self { inbox: settings.inbox(), webhook: webhook.transpose()? })
    }
}

impl Channel for Api {
    fn parse(&self, arrival: Arrival<'_>) -> Result<Vec<Inbound>, Refusal> {
        body::read(&self.inbox, arrival).map(|inbound| vec![inbound])
    }

    /// Without a webhook the message is there to be asked for, which is all there is to do.
    fn send<'a>(&'a self, parcel: Parcel<'a>) -> BoxFuture<'a, Sent> {
        match &self.webhook {
            Some(webhook) => webhook.post(parcel).boxed(),
            None => futures::future::ready(Sent::Accepted(None)).boxed(),
        }
    }

    /// A post whose end is unknown is repeated: its receiver knows it by `webhook-id`.
    fn limits(&self) -> Limits {
        Limits { max_chars: text::MAX_TEXT, buttons: true, files: false, repeat_safe: true }
    }
}
