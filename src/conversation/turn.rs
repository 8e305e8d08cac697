//! A turn: the run of customer messages that one reply answers, with what was said before.

use super::{Contact, Conversation, Inbox, Message, TurnId};
use chrono::{DateTime, Utc};

/// Everything that a decision may look at; nothing of any other conversation is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Its identifier.
    pub id: TurnId,
    /// The conversation as it stood when the turn was read.
    pub conversation: Conversation,
    /// The inbox it came in by.
    pub inbox: Inbox,
    /// The person who writes.
    pub contact: Contact,
    /// The customer's messages to answer, oldest first.
    pub messages: Vec<Message>,
    /// What was publicly said before, oldest first.
    pub history: Vec<Message>,
    /// When the quiet time ended.
    pub due_at: DateTime<Utc>,
}

impl Turn {
    /// The customer's words, one message a line.
    pub fn text(&self) -> String {
        self.messages.iter().map(|message| message.body.trim()).collect::<Vec<_>>().join("\n")
    }

    /// The number of the newest message it was read with; a later one makes its decision void.
    pub fn last_seq(&self) -> i64 {
        self.messages.last().map_or(0, |message| message.seq)
    }

    /// Whether any message of it carries a file.
    pub fn has_attachments(&self) -> bool {
        self.messages.iter().any(|message| !message.attachments.is_empty())
    }
}
