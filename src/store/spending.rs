//! What a language model's calls took, by day and conversation, and what it wrote for people.

use super::{Store, on};
use crate::conversation::{ConversationId, DecisionId};
use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};

/// What calls took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Spending {
    /// How many there were.
    pub calls: i64,
    /// Tokens read and written.
    pub tokens: i64,
    /// Their cost, in millionths of the prices' currency.
    pub cost_micros: i64,
}

/// What calls are kept under that no conversation pays for.
const NO_CONVERSATION: &str = "";

impl Store {
    /// Adds to what calls took on a day, for a conversation or for what belongs to none.
    pub async fn spend(
        &self,
        day: NaiveDate,
        conversation: Option<&ConversationId>,
        more: Spending,
    ) -> Result<()> {
        let conversation = conversation.map_or(NO_CONVERSATION, ConversationId::as_str);
        on!(&self.write, db => {
            sqlx::query(
                "insert into model_use (day, conversation_id, calls, tokens, cost_micros)
                 values ($1, $2, $3, $4, $5)
                 on conflict (day, conversation_id) do update set
                   calls = model_use.calls + excluded.calls,
                   tokens = model_use.tokens + excluded.tokens,
                   cost_micros = model_use.cost_micros + excluded.cost_micros",
            )
            .bind(day.to_string())
            .bind(conversation)
            .bind(more.calls)
            .bind(more.tokens)
            .bind(more.cost_micros)
            .execute(db)
            .await
            .map(drop)
        })
        .context("counting what a call to the model took")
    }

    /// What was spent on a day: in all, and by one conversation; nothing by none.
    pub async fn spent(
        &self,
        day: NaiveDate,
        conversation: Option<&ConversationId>,
    ) -> Result<(Spending, Spending)> {
        let (all, one) = (
            "select cast(coalesce(sum(calls), 0) as bigint) as calls,
                    cast(coalesce(sum(tokens), 0) as bigint) as tokens,
                    cast(coalesce(sum(cost_micros), 0) as bigint) as cost_micros
             from model_use where day = $1",
            "select calls, tokens, cost_micros from model_use
             where day = $1 and conversation_id = $2",
        );
        let all: Spending = on!(&self.read, db => {
            sqlx::query_as(all).bind(day.to_string()).fetch_one(db).await
        })
        .context("reading what a day's calls took")?;
        let Some(conversation) = conversation else { return Ok((all, Spending::default())) };
        let one: Option<Spending> = on!(&self.read, db => {
            sqlx::query_as(one).bind(day.to_string()).bind(conversation).fetch_optional(db).await
        })
        .context("reading what a conversation's calls took")?;
        Ok((all, one.unwrap_or_default()))
    }

    /// Keeps what a model wrote for the person who takes over.
    pub async fn put_aid(
        &self,
        decision: &DecisionId,
        body: &serde_json::Value,
        now: DateTime<Utc>,
    ) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query(
                "insert into aid (decision_id, body, created_at) values ($1, $2, $3)
                 on conflict (decision_id) do nothing",
            )
            .bind(decision)
            .bind(body.to_string())
            .bind(now)
            .execute(db)
            .await
            .map(drop)
        })
        .context("keeping what a model wrote for a person")
    }
}
