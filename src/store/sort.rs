//! How people sort conversations: a priority set by hand, and tags.

use super::conversation::hold;
use super::due::reckon;
use super::happening::tell;
use super::{Acted, Store, Tx, on, within};
use crate::conversation::{AgentId, ConversationId, Happening, Priority, Tag};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

impl Store {
    /// Sets the priority by hand: what triage finds later does not undo it.
    pub async fn set_priority(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        to: Priority,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        let Some(conversation) = hold(&mut tx, id, now).await? else {
            return Ok(Acted::NoConversation);
        };
        within!(&mut tx, conn => {
            sqlx::query("update conversation set priority = $2, priority_by = $3 where id = $1")
                .bind(id)
                .bind(to)
                .bind(agent)
                .execute(conn)
                .await
                .map(drop)
        })
        .context("setting a priority")?;
        reckon(&mut tx, id).await?;
        if conversation.priority != to {
            tell(&mut tx, id, Some(agent), &Happening::Priority { to }, now).await?;
        }
        tx.commit().await?;
        Ok(Acted::Done(None))
    }

    /// Adds a tag; one that is there already changes nothing.
    pub async fn add_tag(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        tag: &Tag,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        if hold(&mut tx, id, now).await?.is_none() {
            return Ok(Acted::NoConversation);
        }
        if !insert_tag(&mut tx, id, agent, tag, now).await? {
            return Ok(Acted::Done(None));
        }
        if tags(&mut tx, id).await? > Tag::MOST {
            return Ok(Acted::Full);
        }
        tell(&mut tx, id, Some(agent), &Happening::Tagged { tag: tag.clone() }, now).await?;
        tx.commit().await?;
        Ok(Acted::Done(None))
    }

    /// Takes a tag off; one that is not there changes nothing.
    pub async fn remove_tag(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        tag: &Tag,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        if hold(&mut tx, id, now).await?.is_none() {
            return Ok(Acted::NoConversation);
        }
        let removed = within!(&mut tx, conn => {
            sqlx::query("delete from tag where conversation_id = $1 and name = $2")
                .bind(id)
                .bind(tag)
                .execute(conn)
                .await
                .map(|done| done.rows_affected())
        })
        .context("taking a tag off")?;
        if removed == 1 {
            tell(&mut tx, id, Some(agent), &Happening::Untagged { tag: tag.clone() }, now).await?;
            tx.commit().await?;
        }
        Ok(Acted::Done(None))
    }

    /// The tags in use, the most frequent first.
    pub async fn tags(&self, limit: i64) -> Result<Vec<Tag>> {
        on!(&self.read, db => {
            sqlx::query_scalar("select name from tag group by name order by count(*) desc, name limit $1")
                .bind(limit)
                .fetch_all(db)
                .await
        })
        .context("reading the tags in use")
    }
}

async fn insert_tag(
    tx: &mut Tx,
    id: &ConversationId,
    agent: &AgentId,
    tag: &Tag,
    now: DateTime<Utc>,
) -> Result<bool> {
    within!(tx, conn => {
        sqlx::query(
            "insert into tag (conversation_id, name, agent_id, created_at) values ($1, $2, $3, $4)
             on conflict (conversation_id, name) do nothing",
        )
        .bind(id)
        .bind(tag)
        .bind(agent)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
    })
    .context("adding a tag")
}

async fn tags(tx: &mut Tx, id: &ConversationId) -> Result<i64> {
    within!(tx, conn => {
        sqlx::query_scalar("select count(*) from tag where conversation_id = $1")
            .bind(id)
            .fetch_one(conn)
            .await
    })
    .context("counting a conversation's tags")
}
