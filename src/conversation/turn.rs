//! A turn: the run of customer messages that one reply answers, with what was said before.

use super::{Attachment, Contact, Conversation, Inbox, Message, TurnId};
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
    /// The customer's words, written and heard, one message a line.
    pub fn text(&self) -> String {
        self.messages.iter().map(Message::words).collect::<Vec<_>>().join("\n")
    }

    /// The number of the newest message it was read with; a later one makes its decision void.
    pub fn last_seq(&self) -> i64 {
        self.messages.last().map_or(0, |message| message.seq)
    }

    /// The files that its messages carry.
    pub fn files(&self) -> impl Iterator<Item = &Attachment> {
        self.messages.iter().flat_map(|message| &message.attachments)
    }

    /// Whether it carries a file of which nobody knows what is in it.
    pub fn has_unknown_files(&self) -> bool {
        self.files().any(|file| file.heard.is_none())
    }

    /// Whether some of its words were only heard, by a machine.
    pub fn is_heard(&self) -> bool {
        self.files().any(|file| file.heard.is_some())
    }
}
