//! Learned wordings: how customers asked for an entry, as agents have approved.

use super::meta::next_knowledge_revision;
use super::{Store, Tx, on, within};
use crate::conversation::{AgentId, TurnId};
use crate::knowledge::{ArticleId, EntryId};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// A customer's wording to be learned; free of personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWording {
    /// The entry it asks for.
    pub entry: EntryId,
    /// The entry's article.
    pub article: ArticleId,
    /// The words.
    pub words: String,
    /// What two wordings share that say the same.
    pub likeness: String,
    /// The most that the entry keeps; of more, the oldest go.
    pub most: i64,
}

/// A learned wording.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Wording {
    /// Its identifier.
    pub id: String,
    /// The entry it asks for.
    pub entry_id: EntryId,
    /// The words.
    pub words: String,
    /// Who approved the draft it comes from.
    pub agent_id: Option<AgentId>,
    /// When it was learned.
    pub created_at: DateTime<Utc>,
    /// When it was removed, if it was.
    pub removed_at: Option<DateTime<Utc>>,
}

impl Store {
    /// A page of the wordings learned for an entry, or for all, newest first; the removed ones come
    /// along, so that they can be brought back.
    pub async fn wordings(
        &self,
        entry: Option<&EntryId>,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Wording>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select id, entry_id, words, agent_id, created_at, removed_at from wording
                 where $1 is null or entry_id = $1
                 order by created_at desc, id desc limit $3 offset $2",
            )
            .bind(entry)
            .bind(offset)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("reading the learned wordings")
    }

    /// Forgets a learned wording for good, until [`Store::restore_wording`]; `false` when it is none.
    pub async fn remove_wording(
        &self,
        id: &str,
        agent: &AgentId,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        self.mark_wording(id, Some((agent, now))).await
    }

    /// Brings a removed wording back; `false` when it was not removed.
    pub async fn restore_wording(&self, id: &str) -> Result<bool> {
        self.mark_wording(id, None).await
    }

    async fn mark_wording(
        &self,
        id: &str,
        removed: Option<(&AgentId, DateTime<Utc>)>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let article: Option<ArticleId> = within!(&mut tx, conn => {
            sqlx::query_scalar(
                "update wording set removed_at = $2, removed_by = $3
                 where id = $1 and (removed_at is null) = $4 returning article_id",
            )
            .bind(id)
            .bind(removed.map(|(_, at)| at))
            .bind(removed.map(|(agent, _)| agent))
            .bind(removed.is_some())
            .fetch_optional(conn)
            .await
        })
        .context("removing or restoring a wording")?;
        let Some(article) = article else { return Ok(false) };
        next_knowledge_revision(&mut tx, &[article]).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The live wordings by entry, newest first.
    pub(super) async fn learned(&self) -> Result<HashMap<EntryId, Vec<String>>> {
        let rows: Vec<(EntryId, String)> = on!(&self.read, db => {
            sqlx::query_as(
                "select entry_id, words from wording where removed_at is null
                 order by entry_id, created_at desc, id desc",
            )
            .fetch_all(db)
            .await
        })
        .context("reading the learned wordings")?;
        let mut learned: HashMap<EntryId, Vec<String>> = HashMap::new();
        for (entry, words) in rows {
            learned.entry(entry).or_default().push(words);
        }
        Ok(learned)
    }
}

/// Learns a wording, unless the entry has it or had it taken away; returns whether it did.
pub(super) async fn learn(
    tx: &mut Tx,
    wording: &NewWording,
    turn: &TurnId,
    agent: &AgentId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let learned = within!(tx, conn => {
        sqlx::query(
            "insert into wording (id, entry_id, article_id, words, likeness, decision_id, agent_id,
                 created_at)
             values ($1, $2, $3, $4, $5, (select id from decision where turn_id = $6), $7, $8)
             on conflict (entry_id, likeness) do nothing",
        )
        .bind(uuid::Uuid::now_v7().to_string())
        .bind(&wording.entry)
        .bind(&wording.article)
        .bind(&wording.words)
        .bind(&wording.likeness)
        .bind(turn)
        .bind(agent)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .context("learning a wording")?;
    if learned == 0 {
        return Ok(false);
    }
    within!(tx, conn => {
        sqlx::query(
            "delete from wording where removed_at is null and entry_id = $1 and id not in (
                 select id from wording where removed_at is null and entry_id = $1
                 order by created_at desc, id desc limit $2)",
        )
        .bind(&wording.entry)
        .bind(wording.most)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("making room for a wording")?;
    next_knowledge_revision(tx, std::slice::from_ref(&wording.article)).await?;
    Ok(true)
}
