//! A message on its way in: understood by its channel, not yet stored.

use super::{Attachment, AttachmentId, Inbox, Mail, Whatsapp};
use chrono::{DateTime, Utc};

/// A message as a channel has understood it, ready to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Inbound {
    /// The inbox it came in by.
    pub inbox: Inbox,
    /// How the channel knows the contact.
    pub identity: String,
    /// All names by which the channel knows the contact, the best first, where it knows more than one.
    pub aliases: Vec<String>,
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
    /// What else its mail tells, where a mail brought it.
    pub mail: Option<Box<Mail>>,
    /// What else WhatsApp tells of it, where it came by that.
    pub whatsapp: Option<Box<Whatsapp>>,
    /// Bytes to lay down among the stored files before the message is stored.
    pub files: Vec<NewFile>,
}

/// The bytes of a file that came with a message, under the id by which the message names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its id.
    pub id: AttachmentId,
    /// Its bytes.
    pub bytes: Vec<u8>,
}
