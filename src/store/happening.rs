//! Telling the team, in a conversation's thread, what was done to it.

use super::Tx;
use super::conversation::{NewMessage, note};
use super::row::to_json;
use crate::conversation::{AgentId, Author, ConversationId, Happening, MessageId};
use anyhow::Result;
use chrono::{DateTime, Utc};

/// Puts a happening into the thread, as which message; only the team sees it. By `agent`, where a person did it.
pub(super) async fn tell(
    tx: &mut Tx,
    id: &ConversationId,
    agent: Option<&AgentId>,
    happening: &Happening,
    now: DateTime<Utc>,
) -> Result<MessageId> {
    let message = NewMessage {
        author: Author::System,
        agent_id: agent,
        body: &to_json(happening)?,
        citations: &[],
        choices: &[],
        files: &[],
        turn_id: None,
    };
    note(tx, id, &message, now).await
}
