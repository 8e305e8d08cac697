//! Edits: what a draft said before an agent sent it otherwise; both are kept for ever.

use super::row::row;
use super::{Store, on};
use crate::conversation::{AgentId, ConversationId, Draft, MessageId};
use anyhow::{Context, Result};

/// A message that went out otherwise than it was drafted.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// The message as it went out.
    pub message_id: MessageId,
    /// Who changed it.
    pub agent_id: Option<AgentId>,
    /// The draft as it was.
    pub draft: Draft,
}

row!(Edit { message_id, agent_id } json { draft });

impl Store {
    /// The edited drafts of a conversation's messages from number `first` to number `last`.
    pub async fn edits(&self, id: &ConversationId, first: i64, last: i64) -> Result<Vec<Edit>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select o.message_id, d.agent_id, d.body as draft
                 from draft d join outbox o on o.turn_id = d.turn_id and o.conversation_id = $1
                     join message m on m.id = o.message_id and m.author = 'agent'
                 where d.conversation_id = $1 and d.state = 'edited' and o.seq between $2 and $3",
            )
            .bind(id)
            .bind(first)
            .bind(last)
            .fetch_all(db)
            .await
        })
        .with_context(|| format!("reading what was edited in conversation {id}"))
    }
}
