//! Drafts and decisions as agents see them.

use super::row::json;
use super::{Store, on};
use crate::conversation::{
    AgentId, ConversationId, DecisionId, DraftId, DraftState, MessageId, ProposedDraft, Summary,
    TurnId, Verdict,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

#[derive(sqlx::FromRow)]
struct DraftRow {
    id: DraftId,
    turn_id: TurnId,
    base_seq: i64,
    state: DraftState,
    body: String,
    verdict: Option<Verdict>,
    reject_reason: Option<String>,
    agent_id: Option<AgentId>,
    created_at: DateTime<Utc>,
}

impl Store {
    /// The draft that waits for approval in a conversation.
    pub async fn find_waiting_draft(&self, id: &ConversationId) -> Result<Option<ProposedDraft>> {
        let row: Option<DraftRow> = on!(&self.read, db => {
            sqlx::query_as(
                "select id, turn_id, base_seq, state, body, verdict, reject_reason, agent_id,
                     created_at
                 from draft where conversation_id = $1 and state = 'proposed'
                 order by created_at desc limit 1",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })
        .with_context(|| format!("reading the draft of conversation {id}"))?;
        row.map(proposed).transpose()
    }

    /// The newest draft of a conversation, whatever has become of it.
    pub async fn find_last_draft(&self, id: &ConversationId) -> Result<Option<ProposedDraft>> {
        let row: Option<DraftRow> = on!(&self.read, db => {
            sqlx::query_as(
                "select id, turn_id, base_seq, state, body, verdict, reject_reason, agent_id,
                     created_at
                 from draft where conversation_id = $1 order by created_at desc, id desc limit 1",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })
        .with_context(|| format!("reading the last draft of conversation {id}"))?;
        row.map(proposed).transpose()
    }

    /// The newest decision of a conversation: its record and the summary for an agent.
    pub async fn find_last_decision(
        &self,
        id: &ConversationId,
    ) -> Result<Option<(serde_json::Value, Option<Summary>)>> {
        let row: Option<(String, Option<String>)> = on!(&self.read, db => {
            sqlx::query_as(
                "select record, summary from decision where conversation_id = $1
                 order by created_at desc, id desc limit 1",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })
        .with_context(|| format!("reading the last decision of conversation {id}"))?;
        let Some((record, summary)) = row else { return Ok(None) };
        let summary = summary.as_deref().map(json).transpose()?;
        Ok(Some((json(&record)?, summary)))
    }

    /// A decision: its record, the summary for an agent, and the message that it sent, if any.
    pub async fn find_decision(
        &self,
        id: &DecisionId,
    ) -> Result<Option<(serde_json::Value, Option<Summary>, Option<MessageId>)>> {
        let row: Option<(String, Option<String>, Option<MessageId>)> = on!(&self.read, db => {
            sqlx::query_as(
                "select record, summary, (select o.message_id from outbox o
                        where o.turn_id = d.turn_id order by o.seq limit 1)
                 from decision d where id = $1",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })
        .with_context(|| format!("reading decision {id}"))?;
        let Some((record, summary, message)) = row else { return Ok(None) };
        let summary = summary.as_deref().map(json).transpose()?;
        Ok(Some((json(&record)?, summary, message)))
    }

    /// How many automatic replies went out in a row, since an agent last wrote.
    pub async fn replies_in_a_row(&self, id: &ConversationId) -> Result<i64> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select count(*) from message where conversation_id = $1 and author = 'bot'
                   and seq > coalesce((select max(seq) from message
                                       where conversation_id = $1 and author = 'agent'), 0)",
            )
            .bind(id)
            .fetch_one(db)
            .await
        })
        .with_context(|| format!("counting the replies of conversation {id}"))
    }
}

fn proposed(row: DraftRow) -> Result<ProposedDraft> {
    Ok(ProposedDraft {
        id: row.id,
        turn_id: row.turn_id,
        base_seq: row.base_seq,
        state: row.state,
        draft: json(&row.body)?,
        verdict: row.verdict,
        reject_reason: row.reject_reason,
        agent_id: row.agent_id,
        created_at: row.created_at,
    })
}
