//! What is late: when the next target is missed, and noting each that was, once.

use super::happening::tell;
use super::{Store, on, within};
use crate::conversation::{ConversationId, Happening};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// So many are noted at once; the rest follow at the next look.
const AT_ONCE: i64 = 100;

impl Store {
    /// When the next target is missed, if nothing happens.
    pub async fn next_miss(&self) -> Result<Option<DateTime<Utc>>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select due_at from conversation
                 where status in ('waiting', 'with_agent') and missed_at is null and due_at is not null
                 order by due_at limit 1",
            )
            .fetch_optional(db)
            .await
        })
        .context("looking for the next target that is missed")
    }

    /// Notes each missed target, once, whichever node looks; returns the conversations.
    pub async fn miss(&self, now: DateTime<Utc>) -> Result<Vec<ConversationId>> {
        let mut tx = self.begin().await?;
        let missed: Vec<(ConversationId, DateTime<Utc>)> = within!(&mut tx, conn => {
            sqlx::query_as(
                "update conversation set missed_at = $1
                 where missed_at is null and id in (
                     select id from conversation
                     where status in ('waiting', 'with_agent') and missed_at is null and due_at <= $1
                     order by due_at limit $2)
                 returning id, due_at",
            )
            .bind(now)
            .bind(AT_ONCE)
            .fetch_all(conn)
            .await
        })
        .context("noting missed targets")?;
        for (id, due) in &missed {
            tell(&mut tx, id, None, &Happening::Missed { due: *due }, now).await?;
        }
        tx.commit().await?;
        Ok(missed.into_iter().map(|(id, _)| id).collect())
    }
}
