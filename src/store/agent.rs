//! People who work in Sureply, their invitations, and attempts to log in.

use super::{Store, on, within};
use crate::conversation::AgentId;
use crate::word::words;
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};

words! {
    /// What a person may do; a role may do whatever those before it may.
    Role {
        /// See everything of the desk, and change nothing.
        Viewer = "viewer",
        /// Work the queues.
        Agent = "agent",
        /// Look after the knowledge, and try it out.
        Curator = "curator",
        /// Everything.
        Admin = "admin",
    }
}

/// A person who works in Sureply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Its identifier.
    pub id: AgentId,
    /// The address they log in with, in lower case.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Since when they no longer work here.
    pub left_at: Option<DateTime<Utc>>,
}

/// A one-time link is good for this long.
const INVITATION_LIFE: TimeDelta = TimeDelta::days(7);

impl Store {
    /// The person of that address who works here, with the hash of their password.
    pub async fn find_agent(&self, email: &str) -> Result<Option<(Agent, String)>> {
        let agent: Option<Agent> = on!(&self.read, db => {
            sqlx::query_as("select id, email, name, role, left_at from agent where email = $1 and left_at is null")
                .bind(email)
                .fetch_optional(db)
                .await
        })
        .context("looking for an agent")?;
        let Some(agent) = agent else { return Ok(None) };
        let password = on!(&self.read, db => {
            sqlx::query_scalar("select password from agent where id = $1").bind(&agent.id).fetch_one(db).await
        })
        .context("reading an agent's password hash")?;
        Ok(Some((agent, password)))
    }

    /// Everybody who works here or has worked here, by name.
    pub async fn agents(&self) -> Result<Vec<Agent>> {
        on!(&self.read, db => {
            sqlx::query_as("select id, email, name, role, left_at from agent order by name, id").fetch_all(db).await
        })
        .context("reading the agents")
    }

    /// The people who may give others a role, by name.
    pub async fn admins(&self) -> Result<Vec<Agent>> {
        let mut people = self.agents().await?;
        people.retain(|agent| agent.role == Role::Admin && agent.left_at.is_none());
        Ok(people)
    }

    /// Stores a one-time link by which somebody may set their password.
    pub async fn invite(
        &self,
        token_hash: &str,
        email: Option<&str>,
        role: Role,
        now: DateTime<Utc>,
    ) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query("insert into invitation (token_hash, email, role, created_at) values ($1, $2, $3, $4)")
                .bind(token_hash)
                .bind(email)
                .bind(role)
                .bind(now)
                .execute(db)
                .await
                .map(drop)
        })
        .context("storing an invitation")
    }

    /// The role and address of an invitation that is still good.
    pub async fn find_invitation(
        &self,
        token_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(Role, Option<String>)>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select role, email from invitation
                 where token_hash = $1 and used_at is null and created_at > $2",
            )
            .bind(token_hash)
            .bind(now - INVITATION_LIFE)
            .fetch_optional(db)
            .await
        })
        .context("looking for an invitation")
    }

    /// Withdraws the links that anybody could use who has them: those without an address.
    pub async fn withdraw_open_invitations(&self) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query("delete from invitation where email is null and used_at is null")
                .execute(db)
                .await
                .map(drop)
        })
        .context("withdrawing invitations")
    }

    /// Uses up an invitation and adds the person, or neither: `false` when the link is used, too old
    /// or for another address, or when the address is taken. When they are the first, the links for
    /// a first admin that are still around end with it.
    pub async fn accept_invitation(
        &self,
        token_hash: &str,
        agent: &Agent,
        password: &str,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let used = within!(&mut tx, conn => {
            sqlx::query(
                "update invitation set used_at = $2
                 where token_hash = $1 and used_at is null and created_at > $3
                   and (email is null or email = $4)",
            )
            .bind(token_hash)
            .bind(now)
            .bind(now - INVITATION_LIFE)
            .bind(&agent.email)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("using an invitation")?;
        let added = within!(&mut tx, conn => {
            sqlx::query(
                "insert into agent (id, email, name, role, password, created_at)
                 values ($1, $2, $3, $4, $5, $6) on conflict (email) do nothing",
            )
            .bind(&agent.id)
            .bind(&agent.email)
            .bind(&agent.name)
            .bind(agent.role)
            .bind(password)
            .bind(now)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("adding an invited agent")?;
        if (used, added) != (1, 1) {
            return Ok(false);
        }
        within!(&mut tx, conn => {
            sqlx::query(
                "delete from invitation where email is null and used_at is null
                   and (select count(*) from agent) = 1",
            )
            .execute(conn)
            .await
            .map(drop)
        })
        .context("withdrawing the first admin's links")?;
        tx.commit().await?;
        Ok(true)
    }

    /// Counts an attempt to log in under `key` and returns how many there were within `window`; a
    /// count older than that begins anew. Counting and reading are one step, so that attempts made
    /// side by side all count. Counts older than a day go on the way.
    pub async fn count_login(
        &self,
        key: &str,
        window: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<i64> {
        on!(&self.write, db => {
            sqlx::query("delete from login_attempt where since < $1")
                .bind(now - TimeDelta::days(1))
                .execute(db)
                .await
                .map(drop)
        })
        .context("forgetting old attempts to log in")?;
        on!(&self.write, db => {
            sqlx::query_scalar(
                "insert into login_attempt (key, failures, since) values ($1, 1, $2)
                 on conflict (key) do update set
                     failures = case when login_attempt.since < $3 then 1 else login_attempt.failures + 1 end,
                     since = case when login_attempt.since < $3 then $2 else login_attempt.since end
                 returning failures",
            )
            .bind(key)
            .bind(now)
            .bind(now - window)
            .fetch_one(db)
            .await
        })
        .context("counting an attempt to log in")
    }

    /// Takes one attempt under `key` back: it was no guess.
    pub async fn uncount_login(&self, key: &str) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query("update login_attempt set failures = failures - 1 where key = $1 and failures > 0")
                .bind(key)
                .execute(db)
                .await
                .map(drop)
        })
        .context("taking back an attempt to log in")
    }

    /// Forgets the attempts under `key`.
    pub async fn clear_logins(&self, key: &str) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query("delete from login_attempt where key = $1").bind(key).execute(db).await.map(drop)
        })
        .context("forgetting attempts to log in")
    }
}
