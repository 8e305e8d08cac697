//! What admins change about people: their role, and whether they work here; an admin always remains.

use super::agent::Role;
use super::due::begin_wait;
use super::{Store, Tx, within};
use crate::conversation::{AgentId, ConversationId};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// What came of a change to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It took effect.
    Done,
    /// There is no such person, or they do not work here any more.
    Nobody,
    /// Nobody could let people in any more: they are the last admin.
    LastAdmin,
}

impl Store {
    /// Gives a person another role; it counts from their next request on.
    pub async fn set_role(&self, id: &AgentId, role: Role, now: DateTime<Utc>) -> Result<Changed> {
        let mut tx = self.begin().await?;
        hold_admins(&mut tx).await?;
        let changed = within!(&mut tx, conn => {
            sqlx::query("update agent set role = $2 where id = $1 and left_at is null")
                .bind(id)
                .bind(role)
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
        })
        .context("changing a role")?;
        if role < Role::Agent {
            hand_back(&mut tx, id, now).await?;
        }
        settle(tx, changed).await
    }

    /// Notes that a person no longer works here: they are logged out everywhere and cannot log in, and their
    /// conversations wait for somebody else. What they have done keeps their name.
    pub async fn deactivate(&self, id: &AgentId, now: DateTime<Utc>) -> Result<Changed> {
        let mut tx = self.begin().await?;
        hold_admins(&mut tx).await?;
        let changed = within!(&mut tx, conn => {
            sqlx::query("update agent set left_at = $2 where id = $1 and left_at is null")
                .bind(id)
                .bind(now)
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
        })
        .context("deactivating a person")?;
        hand_back(&mut tx, id, now).await?;
        end_sessions(&mut tx, id).await?;
        settle(tx, changed).await
    }

    /// Lets a person in again who had left, with the role and the password that they had.
    pub async fn reactivate(&self, id: &AgentId) -> Result<Changed> {
        let mut tx = self.begin().await?;
        let changed = within!(&mut tx, conn => {
            sqlx::query("update agent set left_at = null where id = $1 and left_at is not null")
                .bind(id)
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
        })
        .context("letting a person in again")?;
        // A login under way while they left may have begun one that nobody has seen since.
        end_sessions(&mut tx, id).await?;
        settle(tx, changed).await
    }
}

/// Holds the admins until the end of the transaction, so that two who make each other something else
/// at the same moment do it one after the other.
async fn hold_admins(tx: &mut Tx) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("update agent set role = role where role = 'admin' and left_at is null")
            .execute(conn)
            .await
            .map(drop)
    })
    .context("holding the admins")
}

/// Puts the conversations of a person who can no longer work on them before the others.
async fn hand_back(tx: &mut Tx, id: &AgentId, now: DateTime<Utc>) -> Result<()> {
    let back: Vec<ConversationId> = within!(tx, conn => {
        sqlx::query_scalar(
            "update conversation set status = 'waiting', assignee = null, snoozed_until = null, claimed_at = null,
                 waiting_since = coalesce(waiting_since, $2), updated_at = $2
             where assignee = $1 and status in ('with_agent', 'snoozed') returning id",
        )
        .bind(id)
        .bind(now)
        .fetch_all(conn)
        .await
    })
    .context("handing a person's conversations back")?;
    for conversation in &back {
        begin_wait(tx, conversation, now).await?;
    }
    Ok(())
}

async fn end_sessions(tx: &mut Tx, id: &AgentId) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("delete from session where agent_id = $1").bind(id).execute(conn).await.map(drop)
    })
    .context("ending a person's sessions")
}

/// Commits a change that touched somebody and left an admin.
async fn settle(mut tx: Tx, changed: u64) -> Result<Changed> {
    if changed == 0 {
        return Ok(Changed::Nobody);
    }
    let admins: i64 = within!(&mut tx, conn => {
        sqlx::query_scalar("select count(*) from agent where role = 'admin' and left_at is null")
            .fetch_one(conn)
            .await
    })
    .context("counting the admins")?;
    if admins == 0 {
        return Ok(Changed::LastAdmin);
    }
    tx.commit().await?;
    Ok(Changed::Done)
}
