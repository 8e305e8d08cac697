//! A message on its way in: understood by its channel, not yet stored.

use super::{Attachment, Inbox};
use chrono::{DateTime, Utc};

/// A message as a channel has understood it, ready to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Inbound {
    /// The inbox it came in by.
    pub inbox: Inbox,
    /// How the channel knows the contact.
    pub identity: String,
    /// The contact's name, if told.
    pub name: Option<String>,
    /// The contact's e-mail address, if told; a claim.
    pub email: Option<String>,
    /// The sender's own name for the message; a second one of that name changes nothing.
    pub external_id: Option<String>,
    /// What it says.
    pub body: String,
    /// Files with it.
    pub attachments: Vec<Attachment>,
    /// When it was sent, as the sender's side says.
    pub sent_at: DateTime<Utc>,
}
