//! The tokens of programs: for which inboxes they are, who made them, and when they were last used.

use super::row::to_json;
use super::{Store, on};
use crate::conversation::{AgentId, InboxName, TokenId};
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};

/// Uses closer together than this are not written down.
const USED_AGAIN: TimeDelta = TimeDelta::minutes(1);

/// A program's token, without what opens anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its identifier.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// The inboxes that it is for; all without a list.
    pub inboxes: Option<Vec<InboxName>>,
    /// Who made it; nobody for the command line.
    pub created_by: Option<AgentId>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// What a good token opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The inboxes that it is for; all without a list.
    pub inboxes: Option<Vec<InboxName>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: TokenId,
    name: String,
    inboxes: Option<String>,
    created_by: Option<AgentId>,
    created_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

impl Program {
    /// Whether it may use an inbox.
    pub fn may_use(&self, inbox: &str) -> bool {
        let inboxes = self.inboxes.as_deref();
        inboxes.is_none_or(|inboxes| inboxes.iter().any(|name| name.as_str() == inbox))
    }
}

impl Store {
    /// Keeps a program's token by its hash.
    pub async fn add_token(
        &self,
        token_hash: &str,
        name: &str,
        inboxes: Option<&[InboxName]>,
        created_by: Option<&AgentId>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let inboxes = inboxes.map(|inboxes| to_json(&inboxes)).transpose()?;
        on!(&self.write, db => {
            sqlx::query(
                "insert into api_token (token_hash, id, name, inboxes, created_by, created_at)
                 values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(token_hash)
            .bind(TokenId::fresh())
            .bind(name)
            .bind(inboxes)
            .bind(created_by)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
        })
        .context("storing a token")
    }

    /// What a program's token opens, if it is good; that it was used is written down, once a minute at
    /// most.
    pub async fn use_token(&self, token_hash: &str, now: DateTime<Utc>) -> Result<Option<Program>> {
        let found: Option<(Option<String>, Option<DateTime<Utc>>)> = on!(&self.read, db => {
            sqlx::query_as(
                "select inboxes, used_at from api_token where token_hash = $1 and revoked_at is null",
            )
            .bind(token_hash)
            .fetch_optional(db)
            .await
        })
        .context("looking for a token")?;
        let Some((inboxes, used_at)) = found else { return Ok(None) };
        if used_at.is_none_or(|used| used <= now - USED_AGAIN) {
            on!(&self.write, db => {
                sqlx::query("update api_token set used_at = $2 where token_hash = $1")
                    .bind(token_hash)
                    .bind(now)
                    .execute(db)
                    .await
                    .map(drop)
            })
            .context("writing down that a token was used")?;
        }
        Ok(Some(Program { inboxes: read_list(inboxes.as_deref())? }))
    }

    /// All tokens, those that are good before those that were revoked, the newest first.
    pub async fn tokens(&self, offset: i64, limit: i64) -> Result<Vec<ApiToken>> {
        let rows: Vec<Row> = on!(&self.read, db => {
            sqlx::query_as(
                "select coalesce(id, substr(token_hash, 1, 32)) as id, name, inboxes, created_by,
                        created_at, used_at, revoked_at
                 from api_token
                 order by case when revoked_at is null then 0 else 1 end, created_at desc, token_hash
                 limit $1 offset $2",
            )
            .bind(limit)
            .bind(offset)
            .fetch_all(db)
            .await
        })
        .context("reading the tokens")?;
        rows.into_iter().map(ApiToken::try_from).collect()
    }

    /// Revokes a token; its name, or none when there is no such good one.
    pub async fn revoke_token(&self, id: &TokenId, now: DateTime<Utc>) -> Result<Option<String>> {
        on!(&self.write, db => {
            sqlx::query_scalar(
                "update api_token set revoked_at = $2
                 where coalesce(id, substr(token_hash, 1, 32)) = $1 and revoked_at is null
                 returning name",
            )
            .bind(id)
            .bind(now)
            .fetch_optional(db)
            .await
        })
        .context("revoking a token")
    }
}

impl TryFrom<Row> for ApiToken {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            name: row.name,
            inboxes: read_list(row.inboxes.as_deref())?,
            created_by: row.created_by,
            created_at: row.created_at,
            used_at: row.used_at,
            revoked_at: row.revoked_at,
        })
    }
}

fn read_list(text: Option<&str>) -> Result<Option<Vec<InboxName>>> {
    text.map(serde_json::from_str).transpose().context("reading the inboxes of a token")
}
