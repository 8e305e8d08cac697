//! Snoozing: a conversation is put aside until a time, and comes back by itself.

use super::conversation::{hold, settle};
use super::desk::{hold_to_act, stop_bot};
use super::{Acted, Store, on, within};
use crate::conversation::{AgentId, ConversationId, Event};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

impl Store {
    /// Puts a conversation aside until a time; a waiting draft waits on. A customer's message brings it
    /// back earlier.
    pub async fn snooze(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        let conversation = match hold_to_act(&mut tx, id, now).await? {
            Ok(conversation) => conversation,
            Err(refused) => return Ok(refused),
        };
        stop_bot(&mut tx, id, now).await?;
        settle(&mut tx, &conversation, Event::Snoozed, Some(agent), now).await?;
        within!(&mut tx, conn => {
            sqlx::query("update conversation set snoozed_until = $2 where id = $1")
                .bind(id)
                .bind(until)
                .execute(conn)
                .await
                .map(drop)
        })
        .context("putting a conversation aside")?;
        tx.commit().await?;
        Ok(Acted::Done(None))
    }

    /// When the next conversation comes back.
    pub async fn next_waking(&self) -> Result<Option<DateTime<Utc>>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select snoozed_until from conversation
                 where status = 'snoozed' and snoozed_until is not null order by snoozed_until limit 1",
            )
            .fetch_optional(db)
            .await
        })
        .context("looking for the next conversation to come back")
    }

    /// Brings back every conversation whose time is over, to the agent who put it aside; returns them.
    pub async fn wake(&self, now: DateTime<Utc>) -> Result<Vec<ConversationId>> {
        let due: Vec<ConversationId> = on!(&self.read, db => {
            sqlx::query_scalar(
                "select id from conversation where status = 'snoozed' and snoozed_until <= $1",
            )
            .bind(now)
            .fetch_all(db)
            .await
        })
        .context("looking for conversations to bring back")?;
        let mut woken = Vec::with_capacity(due.len());
        for id in due {
            if self.wake_one(&id, now).await? {
                woken.push(id);
            }
        }
        Ok(woken)
    }

    async fn wake_one(&self, id: &ConversationId, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.begin().await?;
        let Some(conversation) = hold(&mut tx, id, now).await? else { return Ok(false) };
        let woken: u64 = within!(&mut tx, conn => {
            sqlx::query(
                "update conversation set snoozed_until = null
                 where id = $1 and status = 'snoozed' and snoozed_until <= $2",
            )
            .bind(id)
            .bind(now)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("bringing a conversation back")?;
        if woken == 0 {
            return Ok(false);
        }
        settle(&mut tx, &conversation, Event::Woken, None, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}
