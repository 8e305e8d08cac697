//! When somebody must have answered: reckoned while a customer waits for a person's word, and kept beside the
//! conversation, so that queues are read in that order.

use super::{Store, Tx, within};
use crate::conversation::{ConversationId, InboxName, Priority, Targets, warns};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// What it follows from.
type Waits = (InboxName, Priority, Option<DateTime<Utc>>);

#[derive(sqlx::FromRow)]
struct Open {
    id: ConversationId,
    inbox: InboxName,
    priority: Priority,
    due_since: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
    warn_at: Option<DateTime<Utc>>,
}

impl Store {
    /// The store with targets other than the usual ones.
    #[must_use]
    pub fn with_targets(self, targets: Targets) -> Self {
        Self { targets: Arc::new(targets), ..self }
    }

    /// Reckons all that waits anew, as targets may have changed; returns how many that touched.
    pub async fn reckon_due(&self) -> Result<usize> {
        let mut tx = self.begin().await?;
        let open: Vec<Open> = within!(&mut tx, conn => {
            sqlx::query_as(
                "select id, inbox, priority, due_since, due_at, warn_at from conversation
                 where status in ('waiting', 'with_agent') and due_since is not null",
            )
            .fetch_all(conn)
            .await
        })
        .context("reading what waits")?;
        let mut changed = 0;
        for open in open {
            let due = self.targets.due(&open.inbox, open.priority, open.due_since);
            if open.due_at != Some(due) || open.warn_at.is_none() {
                set(&mut tx, &open.id, open.due_since, due).await?;
                changed += 1;
            }
        }
        tx.commit().await?;
        Ok(changed)
    }
}

/// From now on the customer waits for a person; who waits already goes on as before.
pub(super) async fn begin_wait(tx: &mut Tx, id: &ConversationId, now: DateTime<Utc>) -> Result<()> {
    let waits: Option<Waits> = within!(tx, conn => {
        sqlx::query_as(
            "update conversation set due_since = coalesce(due_since, $2) where id = $1
             returning inbox, priority, due_since",
        )
        .bind(id)
        .bind(now)
        .fetch_optional(conn)
        .await
    })
    .context("noting since when a customer waits for a person")?;
    reckon_from(tx, id, waits).await
}

/// Nobody waits for a person's word any more.
pub(super) async fn end_wait(tx: &mut Tx, id: &ConversationId) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("update conversation set due_since = null, due_at = null, warn_at = null,
                 missed_at = null
             where id = $1")
            .bind(id)
            .execute(conn)
            .await
            .map(drop)
    })
    .context("noting that nobody waits any more")
}

/// Reckons anew, as the priority has changed.
pub(super) async fn reckon(tx: &mut Tx, id: &ConversationId) -> Result<()> {
    let waits: Option<Waits> = within!(tx, conn => {
        sqlx::query_as("select inbox, priority, due_since from conversation where id = $1")
            .bind(id)
            .fetch_optional(conn)
            .await
    })
    .context("reading since when a customer waits for a person")?;
    reckon_from(tx, id, waits).await
}

async fn reckon_from(tx: &mut Tx, id: &ConversationId, waits: Option<Waits>) -> Result<()> {
    let Some((inbox, priority, Some(since))) = waits else { return Ok(()) };
    let due = tx.targets().due(&inbox, priority, since);
    set(tx, id, since, due).await
}

async fn set(
    tx: &mut Tx,
    id: &ConversationId,
    since: DateTime<Utc>,
    due: DateTime<Utc>,
) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("update conversation set due_at = $2, warn_at = $3,
                 missed_at = case when missed_at >= $2 then missed_at end
             where id = $1")
            .bind(id)
            .bind(due)
            .bind(warns(since, due))
            .execute(conn)
            .await
            .map(drop)
    })
    .context("keeping when somebody must have answered")
}
