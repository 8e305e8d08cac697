//! Drafts and decisions as agents see them.

use super::row::json;
use super::{Store, on};
use crate::conversation::{
    AgentId, ConversationId, DecisionId, DraftId, DraftState, MessageId, ProposedDraft, Summary,
    TurnId, Verdict,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;

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

/// A decision as it is told to an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldDecision {
    /// How it came about.
    pub record: Value,
    /// What the agent should know in short.
    pub summary: Option<Summary>,
    /// What a model wrote for the agent, unverified.
    pub aid: Option<Value>,
    /// The message that it sent, where that was asked for.
    pub message: Option<MessageId>,
}

#[derive(sqlx::FromRow)]
struct ToldRow {
    record: String,
    summary: Option<String>,
    aid: Option<String>,
    message: Option<MessageId>,
}

impl TryFrom<ToldRow> for ToldDecision {
    type Error = anyhow::Error;

    fn try_from(row: ToldRow) -> Result<Self> {
        Ok(Self {
            record: json(&row.record)?,
            summary: row.summary.as_deref().map(json).transpose()?,
            aid: row.aid.and_then(|body| serde_json::from_str(&body).ok()),
            message: row.message,
        })
    }
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

    /// The newest decision of a conversation, as it is told to an agent.
    pub async fn find_last_decision(&self, id: &ConversationId) -> Result<Option<ToldDecision>> {
        let row: Option<ToldRow> = on!(&self.read, db => {
            sqlx::query_as(
                "select d.record, d.summary, a.body as aid, null as message
                 from decision d left join aid a on a.decision_id = d.id
                 where d.conversation_id = $1 order by d.created_at desc, d.id desc limit 1",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })
        .with_context(|| format!("reading the last decision of conversation {id}"))?;
        row.map(ToldDecision::try_from).transpose()
    }

    /// A decision, as it is told to an agent, with the message that it sent.
    pub async fn find_decision(&self, id: &DecisionId) -> Result<Option<ToldDecision>> {
        let row: Option<ToldRow> = on!(&self.read, db => {
            sqlx::query_as(
                "select d.record, d.summary, a.body as aid, (select o.message_id from outbox o
                        where o.turn_id = d.turn_id order by o.seq limit 1) as message
                 from decision d left join aid a on a.decision_id = d.id where d.id = $1",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })
        .with_context(|| format!("reading decision {id}"))?;
        row.map(ToldDecision::try_from).transpose()
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
