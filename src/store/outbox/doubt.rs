//! Attempts of unknown end of which news may still come: a person is asked only when that time is over.

use super::{Outgoing, set_state};
use crate::conversation::{ConversationId, Delivery, Event, OutboxId};
use crate::store::conversation::{hold, settle};
use crate::store::{Store, Tx, on, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// So many are put before people at once; the rest follow at the next look.
const AT_ONCE: i64 = 100;

impl Store {
    /// Records an attempt of unknown end, of which news may come until `until`. A part of which such news came
    /// already is sent, so that the next one follows. `false` when the claim was void by then.
    pub async fn doubt(
        &self,
        outgoing: &Outgoing,
        error: &String,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        if hold(&mut tx, &outgoing.conversation_id, now).await?.is_none() {
            return Ok(false);
        }
        let came = parts(&mut tx, &outgoing.id).await? > outgoing.parts;
        let state = if came { Delivery::Queued } else { Delivery::Uncertain };
        let recorded = set_state(&mut tx, outgoing, state, Some((error, now)), now).await?;
        if recorded && !came {
            within!(&mut tx, conn => {
                sqlx::query("update outbox set settle_at = $2 where id = $1")
                    .bind(&outgoing.id)
                    .bind(until)
                    .execute(conn)
                    .await
                    .map(drop)
            })
            .context("waiting for news of an attempt")?;
        }
        tx.commit().await?;
        Ok(recorded)
    }

    /// When the next wait for news is over.
    pub async fn next_doubt(&self) -> Result<Option<DateTime<Utc>>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select settle_at from outbox where settle_at is not null order by settle_at limit 1",
            )
            .fetch_optional(db)
            .await
        })
        .context("looking for attempts of which news may come")
    }

    /// Puts attempts before people of which no news came in time; returns the conversations.
    pub async fn ask_about_doubts(&self, now: DateTime<Utc>) -> Result<Vec<ConversationId>> {
        let due: Vec<(OutboxId, ConversationId)> = on!(&self.read, db => {
            sqlx::query_as(
                "select id, conversation_id from outbox where settle_at <= $1 order by settle_at limit $2",
            )
            .bind(now)
            .bind(AT_ONCE)
            .fetch_all(db)
            .await
        })
        .context("looking for attempts of which no news came")?;
        let mut asked = Vec::new();
        for (id, conversation) in due {
            if self.ask_about(&id, &conversation, now).await? {
                asked.push(conversation);
            }
        }
        Ok(asked)
    }

    async fn ask_about(
        &self,
        id: &OutboxId,
        conversation: &ConversationId,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let Some(conversation) = hold(&mut tx, conversation, now).await? else { return Ok(false) };
        // It may have moved to another conversation; then the next look finds it there.
        let state: Option<Delivery> = within!(&mut tx, conn => {
            sqlx::query_scalar(
                "update outbox set settle_at = null
                 where id = $1 and conversation_id = $2 and settle_at <= $3 returning state",
            )
            .bind(id)
            .bind(&conversation.id)
            .bind(now)
            .fetch_optional(conn)
            .await
        })
        .context("asking a person about an attempt")?;
        let is_open = state == Some(Delivery::Uncertain);
        if is_open {
            settle(&mut tx, &conversation, Event::HandedOff, None, now).await?;
        }
        tx.commit().await?;
        Ok(is_open)
    }
}

/// How many parts of a delivery the channel has.
async fn parts(tx: &mut Tx, id: &OutboxId) -> Result<i64> {
    within!(tx, conn => {
        sqlx::query_scalar("select parts from outbox where id = $1").bind(id).fetch_one(conn).await
    })
    .context("counting a delivery's parts")
}
