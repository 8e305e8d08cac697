//! A message as it is looked for.

use super::{ConversationId, MessageId};
use chrono::{DateTime, Utc};

/// A message that can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// The message.
    pub id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// What it says.
    pub body: String,
    /// The contact's name and address.
    pub contact: String,
    /// When it was stored.
    pub received_at: DateTime<Utc>,
}
