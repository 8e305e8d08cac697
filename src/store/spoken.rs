//! Messages for the index that finds them, and the conversations that were found.

use super::queue::{Filter, QueueRow};
use super::{Store, on};
use crate::conversation::{ConversationId, MessageId, Spoken};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// A message's place in the order they came.
pub type Came = (DateTime<Utc>, MessageId);

#[derive(sqlx::FromRow)]
struct SpokenRow {
    id: MessageId,
    conversation_id: ConversationId,
    body: String,
    received_at: DateTime<Utc>,
    name: Option<String>,
    email: Option<String>,
}

impl Store {
    /// When messages came that came after another, in order.
    pub async fn came_after(&self, last: &Came, limit: i64) -> Result<Vec<Came>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select received_at, id from message
                 where (received_at, id) > ($1, $2) and author <> 'system'
                 order by received_at, id limit $3",
            )
            .bind(last.0)
            .bind(&last.1)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("reading which messages came")
    }

    /// Messages that came after another, in order, with who the contact is.
    pub async fn spoken_after(&self, last: &Came, limit: i64) -> Result<Vec<Spoken>> {
        let rows: Vec<SpokenRow> = on!(&self.read, db => {
            sqlx::query_as(
                "select m.id, m.conversation_id, m.body, m.received_at, p.name, p.email
                 from message m join conversation c on c.id = m.conversation_id
                     join contact p on p.id = c.contact_id
                 where (m.received_at, m.id) > ($1, $2) and m.author <> 'system'
                 order by m.received_at, m.id limit $3",
            )
            .bind(last.0)
            .bind(&last.1)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("reading messages for the index")?;
        Ok(rows.into_iter().map(spoken).collect())
    }

    /// All messages of a conversation, with who the contact is.
    pub async fn spoken_in(&self, id: &ConversationId, limit: i64) -> Result<Vec<Spoken>> {
        let rows: Vec<SpokenRow> = on!(&self.read, db => {
            sqlx::query_as(
                "select m.id, m.conversation_id, m.body, m.received_at, p.name, p.email
                 from message m join conversation c on c.id = m.conversation_id
                     join contact p on p.id = c.contact_id
                 where m.conversation_id = $1 and m.author <> 'system' order by m.seq limit $2",
            )
            .bind(id)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("reading a conversation's messages for the index")?;
        Ok(rows.into_iter().map(spoken).collect())
    }

    /// Those of the conversations (of all where none are named) that a filter leaves, newest first.
    pub async fn sift(
        &self,
        among: Option<&[ConversationId]>,
        filter: &Filter,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<QueueRow>> {
        on!(&self.read, db => {
            filter.page(among, offset, limit).build_query_as().fetch_all(db).await
        })
        .context("sifting conversations")
    }

    /// How many conversations a filter leaves of those (of all where none are named), to a limit.
    pub async fn count_sifted(
        &self,
        among: Option<&[ConversationId]>,
        filter: &Filter,
        limit: i64,
    ) -> Result<i64> {
        on!(&self.read, db => {
            filter.count(among, limit).build_query_scalar().fetch_one(db).await
        })
        .context("counting conversations")
    }
}

fn spoken(row: SpokenRow) -> Spoken {
    let contact = [row.name, row.email].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Spoken {
        id: row.id,
        conversation_id: row.conversation_id,
        body: row.body,
        contact,
        received_at: row.received_at,
    }
}
