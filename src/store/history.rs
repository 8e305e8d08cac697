//! History: past turns with their records, read again as they stood.

use super::row::row;
use super::{Store, on};
use crate::conversation::{ConversationId, DecisionId, Inbox, Turn, TurnId};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// A past turn and how it was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct PastTurn {
    /// The turn.
    pub id: TurnId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Its decision.
    pub decision_id: DecisionId,
    /// The number of its first message.
    pub first_seq: i64,
    /// The number of its last message.
    pub last_seq: i64,
    /// When it fell due.
    pub due_at: DateTime<Utc>,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// The decision's record.
    pub record: Value,
}

row!(PastTurn { id, conversation_id, decision_id, first_seq, last_seq, due_at, decided_at } json { record });

impl Store {
    /// Past turns decided at or after `since`, oldest first: at most `limit` after the given decision.
    pub async fn past_turns(
        &self,
        since: DateTime<Utc>,
        after: Option<&DecisionId>,
        limit: i64,
    ) -> Result<Vec<PastTurn>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select t.id, t.conversation_id, d.id as decision_id, t.first_seq, t.last_seq, t.due_at,
                        d.created_at as decided_at, d.record
                 from decision d join turn t on t.id = d.turn_id
                 where d.created_at >= $1 and d.id > $2 order by d.id limit $3",
            )
            .bind(since)
            .bind(after.map_or("", |id| id.as_str()))
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("reading past turns")
    }

    /// A past turn with its messages and what was said before; the conversation as it stands now.
    pub async fn reread(&self, past: &PastTurn, inbox: Inbox) -> Result<Turn> {
        let conversation = self.conversation(&past.conversation_id).await?;
        let contact = self.contact(&conversation).await?;
        let messages = self.turn_messages(&conversation, past.first_seq, past.last_seq).await?;
        let history = if self.split_since(&past.conversation_id, past.decided_at).await? {
            self.history_before_split(&conversation.id, past.first_seq).await?
        } else {
            self.history(&conversation, past.first_seq).await?
        };
        let (id, due_at) = (past.id.clone(), past.due_at);
        Ok(Turn { id, conversation, inbox, contact, messages, history, due_at })
    }

    /// Whether a conversation has been split off another since a moment.
    async fn split_since(&self, id: &ConversationId, moment: DateTime<Utc>) -> Result<bool> {
        let found: Option<ConversationId> = on!(&self.read, db => {
            sqlx::query_scalar("select id from conversation where id = $1 and split_at >= $2")
                .bind(id)
                .bind(moment)
                .fetch_optional(db)
                .await
        })
        .context("looking whether a conversation was split")?;
        Ok(found.is_some())
    }

    /// The confidence model of that version, if one was fitted here.
    pub async fn find_model_of(&self, version: &str) -> Result<Option<Value>> {
        let body: Option<String> = on!(&self.read, db => {
            sqlx::query_scalar("select body from model where version = $1")
                .bind(version)
                .fetch_optional(db)
                .await
        })
        .context("reading a fitted model")?;
        body.map(|body| serde_json::from_str(&body).context("reading a fitted model")).transpose()
    }
}
