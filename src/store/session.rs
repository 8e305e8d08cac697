//! Sessions of people who work here: begun at the login, kept alive by use, ended by their owner or an admin.
//!
//! A session that an older node has begun, while a new one is taken into use, has no name in its row: the
//! beginning of its token's hash stands for one, as it did for those that were there before.

use super::agent::Agent;
use super::row::row;
use super::{Store, on, within};
use crate::conversation::{AgentId, SessionId};
use crate::lang::Lang;
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};

/// A session ends after this long without a request, and in any case after [`SESSION_LIFE`].
const SESSION_IDLE: TimeDelta = TimeDelta::hours(12);
const SESSION_LIFE: TimeDelta = TimeDelta::days(14);

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name; the token that opens it stays hidden.
    pub id: SessionId,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
}

row!(Session { id, created_at, seen_at });

/// A session that goes on, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenSession {
    /// Who has logged in.
    #[sqlx(flatten)]
    pub agent: Agent,
    /// The session.
    pub session_id: SessionId,
    /// The language they have chosen for the pages.
    pub page_lang: Option<Lang>,
    seen_at: DateTime<Utc>,
}

impl Store {
    /// Begins a session under the hash of its token, if the password that was proven, by its hash, is
    /// still the person's: a login under way does not outlive a new password, or their leaving.
    pub async fn begin_session(
        &self,
        token_hash: &str,
        agent: &AgentId,
        proven: &str,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        // Writing holds the row, so that a new password comes wholly before or wholly after.
        let stands = within!(&mut tx, conn => {
            sqlx::query(
                "update agent set password = password
                 where id = $1 and password = $2 and left_at is null",
            )
            .bind(agent)
            .bind(proven)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("holding a password that was proven")?;
        if stands == 0 {
            return Ok(false);
        }
        within!(&mut tx, conn => {
            sqlx::query(
                "insert into session (token_hash, agent_id, created_at, seen_at, id)
                 values ($1, $2, $3, $3, $4)",
            )
            .bind(token_hash)
            .bind(agent)
            .bind(now)
            .bind(SessionId::fresh())
            .execute(conn)
            .await
            .map(drop)
        })
        .context("beginning a session")?;
        tx.commit().await?;
        Ok(true)
    }

    /// The person behind a session that has not run out, if they still work here. Keeps it alive, at
    /// most once a minute, so that reading a page is not a write.
    pub async fn find_session(
        &self,
        token_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<OpenSession>> {
        let open: Option<OpenSession> = on!(&self.read, db => {
            sqlx::query_as(
                "select a.id, a.email, a.name, a.role, a.left_at,
                     coalesce(s.id, substr(s.token_hash, 1, 32)) as session_id, s.seen_at,
                     a.page_lang
                 from session s join agent a on a.id = s.agent_id
                 where s.token_hash = $1 and s.seen_at > $2 and s.created_at > $3 and a.left_at is null",
            )
            .bind(token_hash)
            .bind(now - SESSION_IDLE)
            .bind(now - SESSION_LIFE)
            .fetch_optional(db)
            .await
        })
        .context("looking for a session")?;
        let Some(open) = open else { return Ok(None) };
        if open.seen_at < now - TimeDelta::minutes(1) {
            self.keep_alive(&open.session_id, now).await?;
        }
        Ok(Some(open))
    }

    async fn keep_alive(&self, id: &SessionId, now: DateTime<Utc>) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query("update session set seen_at = $2
                 where coalesce(id, substr(token_hash, 1, 32)) = $1 and seen_at < $2")
                .bind(id)
                .bind(now)
                .execute(db)
                .await
                .map(drop)
        })
        .context("keeping a session alive")
    }

    /// The language that a person wants the pages in.
    pub async fn page_lang(&self, agent: &AgentId) -> Result<Option<Lang>> {
        let found: Option<Option<Lang>> = on!(&self.read, db => {
            sqlx::query_scalar("select page_lang from agent where id = $1")
                .bind(agent)
                .fetch_optional(db)
                .await
        })
        .context("reading the language of a person's pages")?;
        Ok(found.flatten())
    }

    /// Sets the language that a person wants the pages in; none leaves it to their browser.
    pub async fn set_page_lang(&self, agent: &AgentId, lang: Option<Lang>) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query("update agent set page_lang = $2 where id = $1")
                .bind(agent)
                .bind(lang)
                .execute(db)
                .await
                .map(drop)
        })
        .context("setting the language of a person's pages")
    }

    /// Whether a session was not ended meanwhile; asking does not keep it alive.
    pub async fn has_session(&self, id: &SessionId) -> Result<bool> {
        let found: Option<String> = on!(&self.read, db => {
            sqlx::query_scalar(
                "select token_hash from session where coalesce(id, substr(token_hash, 1, 32)) = $1",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })
        .context("looking whether a session goes on")?;
        Ok(found.is_some())
    }

    /// The sessions of a person that have not run out, the newest first.
    pub async fn sessions_of(&self, agent: &AgentId, now: DateTime<Utc>) -> Result<Vec<Session>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select coalesce(id, substr(token_hash, 1, 32)) as id, created_at, seen_at from session
                 where agent_id = $1 and seen_at > $2 and created_at > $3
                 order by created_at desc, id desc",
            )
            .bind(agent)
            .bind(now - SESSION_IDLE)
            .bind(now - SESSION_LIFE)
            .fetch_all(db)
            .await
        })
        .context("reading somebody's sessions")
    }

    /// Ends the session under the hash of its token.
    pub async fn end_session(&self, token_hash: &str) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query("delete from session where token_hash = $1").bind(token_hash).execute(db).await.map(drop)
        })
        .context("ending a session")
    }

    /// Ends a session of that person; `false` when it is none of theirs.
    pub async fn end_session_of(&self, agent: &AgentId, id: &SessionId) -> Result<bool> {
        let ended = on!(&self.write, db => {
            sqlx::query("delete from session
                 where agent_id = $1 and coalesce(id, substr(token_hash, 1, 32)) = $2")
                .bind(agent)
                .bind(id)
                .execute(db)
                .await
                .map(|done| done.rows_affected())
        })
        .context("ending somebody's session")?;
        Ok(ended > 0)
    }

    /// Ends all sessions of a person but the one to keep.
    pub async fn end_sessions_of(&self, agent: &AgentId, keep: Option<&SessionId>) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query("delete from session
                 where agent_id = $1 and coalesce(id, substr(token_hash, 1, 32)) <> $2")
                .bind(agent)
                .bind(keep.map_or("", SessionId::as_str))
                .execute(db)
                .await
                .map(drop)
        })
        .context("ending somebody's sessions")
    }

    /// Sets a person's password, by its hash, and ends all their sessions but the one to keep: whoever
    /// had the old one is out.
    pub async fn set_password(
        &self,
        agent: &AgentId,
        password: &str,
        keep: Option<&SessionId>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        within!(&mut tx, conn => {
            sqlx::query("update agent set password = $2 where id = $1")
                .bind(agent)
                .bind(password)
                .execute(&mut *conn)
                .await?;
            // Nor may an older link undo it.
            sqlx::query("delete from password_reset where agent_id = $1")
                .bind(agent)
                .execute(&mut *conn)
                .await?;
            sqlx::query("delete from session
                 where agent_id = $1 and coalesce(id, substr(token_hash, 1, 32)) <> $2")
                .bind(agent)
                .bind(keep.map_or("", SessionId::as_str))
                .execute(conn)
                .await
                .map(drop)
        })
        .context("setting a password")?;
        tx.commit().await
    }
}
