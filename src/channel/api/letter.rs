//! A message of ours as programs read it, the same by webhook and by asking.

use crate::channel::Parcel;
use crate::conversation::{Author, Citation, ConversationId, Message, MessageId, TurnId};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// A message of ours to a contact.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Letter<'a> {
    /// Its place in what the inbox has sent; a webhook comes before it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
    /// The message.
    pub id: &'a MessageId,
    /// Its conversation.
    pub conversation_id: &'a ConversationId,
    /// The contact, by the name the program gave.
    pub contact_id: &'a str,
    /// The turn it answers, for automatic ones.
    pub turn_id: Option<&'a TurnId>,
    /// The newest message it answers, by the name the program gave, for automatic ones.
    pub in_reply_to: Option<&'a str>,
    /// The text, in Markdown.
    pub text: &'a str,
    /// What it rests on.
    pub citations: &'a [Citation],
    /// Choices offered with a question.
    pub choices: &'a [String],
    /// `bot` or `agent`.
    pub author: Author,
    /// When it was sent; in a webhook, when it was written.
    pub sent_at: DateTime<Utc>,
}

impl<'a> Letter<'a> {
    /// A message to the contact that the program calls `contact_id`.
    pub fn new(message: &'a Message, contact_id: &'a str) -> Self {
        Self {
            position: None,
            id: &message.id,
            conversation_id: &message.conversation_id,
            contact_id,
            turn_id: None,
            in_reply_to: None,
            text: &message.body,
            citations: &message.citations,
            choices: &message.choices,
            author: message.author,
            sent_at: message.sent_at,
        }
    }
}

impl<'a> From<Parcel<'a>> for Letter<'a> {
    fn from(parcel: Parcel<'a>) -> Self {
        Self {
            turn_id: parcel.turn_id,
            in_reply_to: parcel.in_reply_to,
            ..Self::new(parcel.message, parcel.identity)
        }
    }
}
