//! The second step of a login: secrets of apps, recovery codes, and logins that still owe it.

use super::agent::Agent;
use super::{Store, Tx, on, within};
use crate::conversation::AgentId;
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashSet;

/// A login may take this long between password and code.
const LOGIN_LIFE: TimeDelta = TimeDelta::minutes(10);

/// Somebody's second step.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Factor {
    /// The secret that their app holds, in base 32.
    pub secret: String,
    /// The newest step whose code was used.
    pub last_step: i64,
    /// Since when it counts; not before a right code has proven that the app has it.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// A login that has proven a password and still owes the second step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginStep {
    /// Whose login it is.
    pub agent: Agent,
    /// The hash of the password that was proven.
    pub proven: String,
}

#[derive(sqlx::FromRow)]
struct Step {
    #[sqlx(flatten)]
    agent: Agent,
    proven: String,
}

impl Store {
    /// A person's second step, confirmed or not.
    pub async fn find_factor(&self, agent: &AgentId) -> Result<Option<Factor>> {
        on!(&self.read, db => {
            sqlx::query_as("select secret, last_step, confirmed_at from second_factor where agent_id = $1")
                .bind(agent)
                .fetch_optional(db)
                .await
        })
        .context("looking for a second step")
    }

    /// Whether a person's login takes two steps.
    pub async fn has_factor(&self, agent: &AgentId) -> Result<bool> {
        let factor = self.find_factor(agent).await?;
        Ok(factor.is_some_and(|factor| factor.confirmed_at.is_some()))
    }

    /// Everybody whose login takes two steps.
    pub async fn agents_with_factor(&self) -> Result<HashSet<AgentId>> {
        let agents: Vec<AgentId> = on!(&self.read, db => {
            sqlx::query_scalar("select agent_id from second_factor where confirmed_at is not null")
                .fetch_all(db)
                .await
        })
        .context("reading whose login takes two steps")?;
        Ok(agents.into_iter().collect())
    }

    /// Keeps a secret that waits for its first right code, in place of another that does; one that
    /// counts already stays, and the answer is `false`.
    pub async fn offer_factor(
        &self,
        agent: &AgentId,
        secret: &str,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let offered = on!(&self.write, db => {
            sqlx::query(
                "insert into second_factor (agent_id, secret, last_step, created_at)
                 values ($1, $2, 0, $3)
                 on conflict (agent_id) do update set secret = $2, last_step = 0, created_at = $3
                 where second_factor.confirmed_at is null",
            )
            .bind(agent)
            .bind(secret)
            .bind(now)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })
        .context("keeping a secret for a second step")?;
        Ok(offered > 0)
    }

    /// Has a secret count from now on, with the hashes of its recovery codes; `false` when it counts
    /// already or is not the one that waits. `step` is that of the code which proved it.
    pub async fn confirm_factor(
        &self,
        agent: &AgentId,
        secret: &str,
        step: i64,
        codes: &[String],
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let confirmed = within!(&mut tx, conn => {
            sqlx::query(
                "update second_factor set confirmed_at = $4, last_step = $3
                 where agent_id = $1 and secret = $2 and confirmed_at is null",
            )
            .bind(agent)
            .bind(secret)
            .bind(step)
            .bind(now)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("confirming a second step")?;
        if confirmed == 0 {
            return Ok(false);
        }
        replace_codes(&mut tx, agent, codes, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Uses a code up: `false` when it or a later one was used before.
    pub async fn use_step(&self, agent: &AgentId, secret: &str, step: i64) -> Result<bool> {
        let used = on!(&self.write, db => {
            sqlx::query(
                "update second_factor set last_step = $3
                 where agent_id = $1 and secret = $2 and last_step < $3 and confirmed_at is not null",
            )
            .bind(agent)
            .bind(secret)
            .bind(step)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })
        .context("using a code up")?;
        Ok(used > 0)
    }

    /// Uses a recovery code up, by its hash: `false` when it is none of theirs.
    pub async fn use_recovery_code(&self, agent: &AgentId, code_hash: &str) -> Result<bool> {
        let used = on!(&self.write, db => {
            sqlx::query("delete from recovery_code where agent_id = $1 and code_hash = $2")
                .bind(agent)
                .bind(code_hash)
                .execute(db)
                .await
                .map(|done| done.rows_affected())
        })
        .context("using a recovery code up")?;
        Ok(used > 0)
    }

    /// How many recovery codes a person has left.
    pub async fn recovery_codes_left(&self, agent: &AgentId) -> Result<i64> {
        on!(&self.read, db => {
            sqlx::query_scalar("select count(*) from recovery_code where agent_id = $1")
                .bind(agent)
                .fetch_one(db)
                .await
        })
        .context("counting recovery codes")
    }

    /// Gives a person new recovery codes, by their hashes; the old ones end.
    pub async fn replace_recovery_codes(
        &self,
        agent: &AgentId,
        codes: &[String],
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        replace_codes(&mut tx, agent, codes, now).await?;
        tx.commit().await
    }

    /// Ends a person's second step, with its codes and the logins that wait for one; `false` when
    /// there was none.
    pub async fn drop_factor(&self, agent: &AgentId) -> Result<bool> {
        let mut tx = self.begin().await?;
        let dropped = within!(&mut tx, conn => {
            for rest in [
                "delete from recovery_code where agent_id = $1",
                "delete from login_step where agent_id = $1",
            ] {
                sqlx::query(rest).bind(agent).execute(&mut *conn).await?;
            }
            sqlx::query("delete from second_factor where agent_id = $1")
                .bind(agent)
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
        })
        .context("ending a second step")?;
        tx.commit().await?;
        Ok(dropped > 0)
    }

    /// Remembers that a login has proven a password, by its hash; what took too long is forgotten.
    pub async fn begin_login_step(
        &self,
        token_hash: &str,
        agent: &AgentId,
        proven: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        within!(&mut tx, conn => {
            sqlx::query("delete from login_step where created_at <= $1")
                .bind(now - LOGIN_LIFE)
                .execute(&mut *conn)
                .await?;
            sqlx::query(
                "insert into login_step (token_hash, agent_id, password, created_at)
                 values ($1, $2, $3, $4)",
            )
            .bind(token_hash)
            .bind(agent)
            .bind(proven)
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
        })
        .context("remembering a login under way")?;
        tx.commit().await
    }

    /// The login under way behind a token, if its password still stands.
    pub async fn find_login_step(
        &self,
        token_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<LoginStep>> {
        let step: Option<Step> = on!(&self.read, db => {
            sqlx::query_as(
                "select a.id, a.email, a.name, a.role, a.left_at, l.password as proven
                 from login_step l join agent a on a.id = l.agent_id
                 where l.token_hash = $1 and l.created_at > $2 and a.left_at is null
                   and a.password = l.password",
            )
            .bind(token_hash)
            .bind(now - LOGIN_LIFE)
            .fetch_optional(db)
            .await
        })
        .context("looking for a login under way")?;
        Ok(step.map(|Step { agent, proven }| LoginStep { agent, proven }))
    }

    /// Ends a login under way.
    pub async fn end_login_step(&self, token_hash: &str) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query("delete from login_step where token_hash = $1")
                .bind(token_hash)
                .execute(db)
                .await
                .map(drop)
        })
        .context("ending a login under way")
    }
}

async fn replace_codes(
    tx: &mut Tx,
    agent: &AgentId,
    codes: &[String],
    now: DateTime<Utc>,
) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("delete from recovery_code where agent_id = $1").bind(agent).execute(&mut *conn).await?;
        let mut insert =
            sqlx::QueryBuilder::new("insert into recovery_code (code_hash, agent_id, created_at) ");
        insert.push_values(codes, |mut row, code| {
            row.push_bind(code).push_bind(agent).push_bind(now);
        });
        insert.build().execute(conn).await.map(drop)
    })
    .context("keeping recovery codes")
}
