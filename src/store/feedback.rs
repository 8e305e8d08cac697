//! What customers say of automatic answers.

use super::{Store, on};
use crate::conversation::{ConversationId, MessageId};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

impl Store {
    /// Keeps a customer's word on an automatic answer of a conversation, the last one they said;
    /// `false` where there is no such answer.
    pub async fn judge_answer(
        &self,
        conversation: &ConversationId,
        message: &MessageId,
        helpful: bool,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let kept = on!(&self.write, db => {
            sqlx::query(
                "insert into message_feedback (message_id, helpful, said_at)
                 select id, $3, $4 from message
                 where id = $1 and conversation_id = $2 and author = 'bot'
                 on conflict (message_id) do update
                 set helpful = excluded.helpful, said_at = excluded.said_at",
            )
            .bind(message)
            .bind(conversation)
            .bind(helpful)
            .bind(now)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })
        .context("keeping a customer's word on an answer")?;
        Ok(kept > 0)
    }

    /// Which answers of a conversation its customer found helpful, and which not.
    pub async fn feedback_in(
        &self,
        conversation: &ConversationId,
    ) -> Result<HashMap<MessageId, bool>> {
        let said: Vec<(MessageId, bool)> = on!(&self.read, db => {
            sqlx::query_as(
                "select f.message_id, f.helpful from message m
                 join message_feedback f on f.message_id = m.id where m.conversation_id = $1",
            )
            .bind(conversation)
            .fetch_all(db)
            .await
        })
        .context("reading what a customer said of answers")?;
        Ok(said.into_iter().collect())
    }
}
