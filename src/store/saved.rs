//! Saved replies: own ones and everybody's; what is put away can be brought back.

use super::row::row;
use super::{Store, Tx, on, within};
use crate::conversation::{AgentId, SavedReply, SavedReplyId};
use anyhow::{Context, Result};

row!(SavedReply { id, owner_id, title, body, lang, shortcut, written_by, updated_at, removed_at });

/// What became of a saved reply that was to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is stored.
    Done,
    /// Another reply of the same owner has its shortcut.
    ShortcutTaken,
    /// There is no such reply any more.
    Gone,
}

impl Store {
    /// The replies that an agent may use, by title: their own and everybody's.
    pub async fn saved_replies(&self, agent: &AgentId, limit: i64) -> Result<Vec<SavedReply>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select id, owner_id, title, body, lang, shortcut, written_by, updated_at, removed_at
                 from saved_reply
                 where removed_at is null and (owner_id is null or owner_id = $1)
                 order by title, id limit $2",
            )
            .bind(agent)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("reading saved replies")
    }

    /// A reply, if an agent may use it, put away or not.
    pub async fn find_saved_reply(
        &self,
        id: &SavedReplyId,
        agent: &AgentId,
    ) -> Result<Option<SavedReply>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select id, owner_id, title, body, lang, shortcut, written_by, updated_at, removed_at
                 from saved_reply where id = $1 and (owner_id is null or owner_id = $2)",
            )
            .bind(id)
            .bind(agent)
            .fetch_optional(db)
            .await
        })
        .context("looking for a saved reply")
    }

    /// Stores a new reply.
    pub async fn add_saved_reply(&self, reply: &SavedReply) -> Result<Saved> {
        let mut tx = self.begin().await?;
        if is_taken(&mut tx, reply).await? {
            return Ok(Saved::ShortcutTaken);
        }
        within!(&mut tx, conn => {
            sqlx::query(
                "insert into saved_reply (id, owner_id, title, body, lang, shortcut, written_by,
                     created_at, updated_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
            )
            .bind(&reply.id)
            .bind(&reply.owner_id)
            .bind(&reply.title)
            .bind(&reply.body)
            .bind(reply.lang)
            .bind(&reply.shortcut)
            .bind(&reply.written_by)
            .bind(reply.updated_at)
            .execute(conn)
            .await
            .map(drop)
        })
        .context("storing a saved reply")?;
        tx.commit().await?;
        Ok(Saved::Done)
    }

    /// Changes a reply, and puts it away or brings it back.
    pub async fn put_saved_reply(&self, reply: &SavedReply) -> Result<Saved> {
        let mut tx = self.begin().await?;
        if reply.removed_at.is_none() && is_taken(&mut tx, reply).await? {
            return Ok(Saved::ShortcutTaken);
        }
        let changed = within!(&mut tx, conn => {
            sqlx::query(
                "update saved_reply set owner_id = $2, title = $3, body = $4, lang = $5, shortcut = $6,
                     written_by = $7, updated_at = $8, removed_at = $9
                 where id = $1",
            )
            .bind(&reply.id)
            .bind(&reply.owner_id)
            .bind(&reply.title)
            .bind(&reply.body)
            .bind(reply.lang)
            .bind(&reply.shortcut)
            .bind(&reply.written_by)
            .bind(reply.updated_at)
            .bind(reply.removed_at)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("changing a saved reply")?;
        tx.commit().await?;
        Ok(if changed == 1 { Saved::Done } else { Saved::Gone })
    }
}

/// Whether another reply of the same owner has the shortcut.
async fn is_taken(tx: &mut Tx, reply: &SavedReply) -> Result<bool> {
    let Some(shortcut) = &reply.shortcut else { return Ok(false) };
    let owner = reply.owner_id.as_ref().map_or("", |id| id.as_str());
    let other: Option<String> = within!(tx, conn => {
        sqlx::query_scalar(
            "select id from saved_reply
             where removed_at is null and coalesce(owner_id, '') = $1 and shortcut = $2 and id <> $3",
        )
        .bind(owner)
        .bind(shortcut)
        .bind(&reply.id)
        .fetch_optional(conn)
        .await
    })
    .context("looking whether a shortcut is taken")?;
    Ok(other.is_some())
}
