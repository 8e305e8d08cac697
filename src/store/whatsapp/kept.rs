//! What is only kept, and what people want to be sent.

use super::names::{apart, tie};
use crate::conversation::{Consent, InboxName, Kept};
#[cfg(test)]
use crate::conversation::{ContactId, ConversationId};
use crate::store::consent::{Said, record};
use crate::store::{Store, Tx, on, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// Rows that one statement writes at most.
const ROWS: usize = 500;

impl Store {
    /// What an inbox of WhatsApp has kept as it came, newest first: kind and JSON.
    pub async fn kept(&self, inbox: &InboxName, limit: i64) -> Result<Vec<(String, String)>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select kind, body from whatsapp_kept where inbox = $1
                 order by received_at desc, id limit $2",
            )
            .bind(inbox)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("reading what WhatsApp has told")
    }

    /// Lets go of what came before a time, so many rows of it at most; how many those were.
    pub async fn drop_kept(&self, before: DateTime<Utc>, rows: i64) -> Result<u64> {
        on!(&self.write, db => {
            sqlx::query(
                "delete from whatsapp_kept where (inbox, id) in (
                     select inbox, id from whatsapp_kept
                     where received_at < $1 and kind <> 'unstored' limit $2)",
            )
            .bind(before)
            .bind(rows)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })
        .context("letting go of what was only kept")
    }
}

#[cfg(test)]
impl Store {
    /// Whether a contact wants to be sent something, if they have said so.
    pub async fn consent(&self, contact: &ContactId, category: &str) -> Result<Option<bool>> {
        on!(&self.read, db => {
            sqlx::query_scalar("select wanted from consent where contact_id = $1 and category = $2")
                .bind(contact)
                .bind(category)
                .fetch_optional(db)
                .await
        })
        .context("reading what a contact wants to be sent")
    }

    /// Until when a customer may be answered freely.
    pub async fn window(&self, id: &ConversationId) -> Result<Option<DateTime<Utc>>> {
        on!(&self.read, db => {
            sqlx::query_scalar("select window_expires_at from conversation where id = $1")
                .bind(id)
                .fetch_one(db)
                .await
        })
        .context("reading until when a customer may be answered")
    }
}

/// Keeps what came as it came, each once.
pub(super) async fn keep(
    tx: &mut Tx,
    inbox: &InboxName,
    kept: &[&Kept],
    now: DateTime<Utc>,
) -> Result<()> {
    for some in kept.chunks(ROWS) {
        within!(tx, conn => {
            let mut insert = sqlx::QueryBuilder::new(
                "insert into whatsapp_kept (inbox, id, kind, body, received_at) ",
            );
            insert.push_values(some, |mut row, kept| {
                row.push_bind(inbox).push_bind(&kept.id).push_bind(&kept.kind);
                row.push_bind(&kept.body).push_bind(now);
            });
            insert.push(" on conflict (inbox, id) do nothing");
            insert.build().execute(conn).await.map(drop)
        })
        .context("keeping what WhatsApp tells")?;
    }
    Ok(())
}

/// Keeps what a person wants to be sent; what they said before that counts no more.
pub(super) async fn agree(
    tx: &mut Tx,
    inbox: &InboxName,
    consent: &Consent,
    now: DateTime<Utc>,
) -> Result<()> {
    let names = apart(tx, inbox, &consent.names, now).await?;
    let contact = tie(tx, inbox, &names, now).await?;
    let said = Said {
        category: &consent.category,
        wanted: consent.wanted,
        words: &consent.words,
        at: consent.at,
    };
    record(tx, inbox, &contact, &said).await.map(drop)
}
