//! Parts of a message that travels in several: each is recorded once the channel has it.

use super::Outgoing;
use super::progress::{Known, set};
use crate::conversation::{ContactId, ConversationId, Delivery, InboxName};
use crate::store::{Store, Tx, on, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

impl Store {
    /// Records that the channel has one more part, `outgoing.parts` of them in all, and keeps the claim until
    /// `until`; `false` when the claim was void by then, so that no other part may be sent.
    pub async fn record_part(
        &self,
        outgoing: &Outgoing,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let changed = on!(&self.write, db => {
            sqlx::query(
                "update outbox set parts = $3, lease_until = $4, updated_at = $5
                 where id = $1 and lease_token = $2 and state = 'sending'",
            )
            .bind(&outgoing.id)
            .bind(&outgoing.lease_token)
            .bind(outgoing.parts)
            .bind(until)
            .bind(now)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })
        .context("recording a part that was sent")?;
        Ok(changed == 1)
    }

    /// The channel's name for a delivery, once it is known.
    #[cfg(test)]
    pub async fn provider_id(&self, id: &crate::conversation::OutboxId) -> Result<Option<String>> {
        let found: Option<String> = on!(&self.read, db => {
            sqlx::query_scalar("select provider_id from outbox where id = $1")
                .bind(id)
                .fetch_one(db)
                .await
        })
        .context("reading the channel's name for a delivery")?;
        Ok(found)
    }

    /// All names by which an inbox knows a contact, the newest first.
    pub async fn names_of(&self, inbox: &InboxName, contact: &ContactId) -> Result<Vec<String>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select value from identity where inbox = $1 and contact_id = $2
                 order by seen_at desc, value",
            )
            .bind(inbox)
            .bind(contact)
            .fetch_all(db)
            .await
        })
        .with_context(|| format!("reading the names by which {inbox} knows contact {contact}"))
    }

    /// Until when a customer may be written to freely; none where they have not written.
    pub async fn window_of(&self, id: &ConversationId) -> Result<Option<DateTime<Utc>>> {
        let found: Option<DateTime<Utc>> = on!(&self.read, db => {
            sqlx::query_scalar("select window_expires_at from conversation where id = $1")
                .bind(id)
                .fetch_one(db)
                .await
        })
        .with_context(|| format!("reading the window of conversation {id}"))?;
        Ok(found)
    }
}

/// Takes in news of a part that is not the last: what arrived is never sent again, and where its end was unknown
/// the next part follows; a part that failed fails the whole.
pub(super) async fn learn_part(
    tx: &mut Tx,
    known: &Known,
    part: i64,
    (news, words): (Delivery, Option<&str>),
    now: DateTime<Utc>,
) -> Result<bool> {
    match news {
        Delivery::Sent | Delivery::Delivered | Delivery::Read => {
            within!(tx, conn => {
                sqlx::query("update outbox set parts = $2 where id = $1 and parts < $2")
                    .bind(&known.id)
                    .bind(part + 1)
                    .execute(conn)
                    .await
                    .map(drop)
            })
            .context("recording a part that arrived")?;
            let goes_on = known.state == Delivery::Uncertain && known.parts == part;
            if goes_on {
                set(tx, known, Delivery::Queued, None, now).await?;
            }
            Ok(goes_on)
        }
        Delivery::Failed if known.state != Delivery::Failed => {
            set(tx, known, Delivery::Failed, words, now).await?;
            Ok(true)
        }
        Delivery::Failed | Delivery::Queued | Delivery::Sending | Delivery::Uncertain => Ok(false),
    }
}
