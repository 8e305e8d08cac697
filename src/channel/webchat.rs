//! Web chat: both ends are ours, so a message is delivered the moment it is shown.

use super::{Arrival, Channel, Limits, Parcel, Refusal};
use crate::config::InboxSettings;
use crate::conversation::{Inbound, Inbox, Sent};
use futures::future::BoxFuture;

/// The chat page and widget of an inbox.
pub(super) struct Webchat {
    inbox: Inbox,
}

impl Webchat {
    pub(super) fn open(settings: &InboxSettings) -> Self {
        Self { inbox: settings.inbox() }
    }
}

impl Channel for Webchat {
    fn parse(&self, arrival: Arrival<'_>) -> Result<Vec<Inbound>, Refusal> {
        drop((arrival, self.inbox.lang));
        Err(Refusal("not yet".into()))
    }

    /// Showing it is all there is to do: the page reads it from the store.
    fn send<'a>(&'a self, _parcel: Parcel<'a>) -> BoxFuture<'a, Sent> {
        Box::pin(std::future::ready(Sent::Accepted(None)))
    }

    fn limits(&self) -> Limits {
        Limits { max_chars: 20_000, buttons: true, repeat_safe: true }
    }
}
