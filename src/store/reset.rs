//! One-time links by which somebody who has forgotten their password sets another.

use super::agent::Agent;
use super::{Store, on, within};
use crate::conversation::AgentId;
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};

/// A link is good for this long.
const RESET_LIFE: TimeDelta = TimeDelta::hours(1);

impl Store {
    /// Stores a link for somebody who works here, in place of an earlier one; `false` for nobody.
    pub async fn offer_reset(
        &self,
        token_hash: &str,
        agent: &AgentId,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let offered = on!(&self.write, db => {
            sqlx::query(
                "insert into password_reset (agent_id, token_hash, created_at)
                 select id, $2, $3 from agent where id = $1 and left_at is null
                 on conflict (agent_id) do update set token_hash = $2, created_at = $3",
            )
            .bind(agent)
            .bind(token_hash)
            .bind(now)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })
        .context("storing a link for a new password")?;
        Ok(offered > 0)
    }

    /// Whom a link that is still good is for.
    pub async fn find_reset(&self, token_hash: &str, now: DateTime<Utc>) -> Result<Option<Agent>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select a.id, a.email, a.name, a.role, a.left_at
                 from password_reset r join agent a on a.id = r.agent_id
                 where r.token_hash = $1 and r.created_at > $2 and a.left_at is null",
            )
            .bind(token_hash)
            .bind(now - RESET_LIFE)
            .fetch_optional(db)
            .await
        })
        .context("looking for a link for a new password")
    }

    /// Uses a link up: sets the password, by its hash, and ends all sessions. `false`, and nothing is
    /// changed, when the link is used, too old or for somebody who has left.
    pub async fn use_reset(
        &self,
        token_hash: &str,
        password: &str,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let agent: Option<AgentId> = within!(&mut tx, conn => {
            sqlx::query_scalar(
                "delete from password_reset where token_hash = $1 and created_at > $2 returning agent_id",
            )
            .bind(token_hash)
            .bind(now - RESET_LIFE)
            .fetch_optional(conn)
            .await
        })
        .context("using a link for a new password")?;
        let Some(agent) = agent else { return Ok(false) };
        let set = within!(&mut tx, conn => {
            let set = sqlx::query("update agent set password = $2 where id = $1 and left_at is null")
                .bind(&agent)
                .bind(password)
                .execute(&mut *conn)
                .await?;
            sqlx::query("delete from session where agent_id = $1")
                .bind(&agent)
                .execute(conn)
                .await
                .map(|_| set.rows_affected())
        })
        .context("setting a new password")?;
        if set == 0 {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }
}
