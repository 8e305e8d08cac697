//! Single values: the signing key, the knowledge revision.

use super::{Store, Tx, on, within};
use crate::knowledge::ArticleId;
use anyhow::{Context, Result};
use std::collections::HashSet;

/// So many knowledge revisions are remembered by what they changed; whoever is further behind reads
/// everything anew.
const REMEMBERED: i64 = 1000;

impl Store {
    /// The value under `key`; `fresh` is stored and returned when there is none yet.
    pub async fn value_or(&self, key: &str, fresh: &str) -> Result<String> {
        on!(&self.write, db => {
            sqlx::query("insert into meta (key, value) values ($1, $2) on conflict (key) do nothing")
                .bind(key)
                .bind(fresh)
                .execute(db)
                .await
                .map(drop)
        })
        .with_context(|| format!("storing a first value for {key}"))?;
        self.value(key).await?.with_context(|| format!("the value for {key} is gone"))
    }

    /// The value under `key`.
    pub async fn value(&self, key: &str) -> Result<Option<String>> {
        on!(&self.read, db => {
            sqlx::query_scalar("select value from meta where key = $1").bind(key).fetch_optional(db).await
        })
        .with_context(|| format!("reading the value of {key}"))
    }

    /// The number of the newest state of the knowledge; 0 before any.
    pub async fn knowledge_revision(&self) -> Result<i64> {
        let value = self.value("knowledge_revision").await?;
        Ok(value.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// The articles that were touched after knowledge revision `after`, up to `until`; none where
    /// that is not known of each revision between.
    pub async fn changed_articles(
        &self,
        after: i64,
        until: i64,
    ) -> Result<Option<HashSet<ArticleId>>> {
        let changes: Vec<(i64, ArticleId)> = on!(&self.read, db => {
            sqlx::query_as(
                "select revision, article_id from knowledge_change where revision > $1 and revision <= $2",
            )
            .bind(after)
            .bind(until)
            .fetch_all(db)
            .await
        })
        .context("reading what has changed in the knowledge")?;
        let known: HashSet<i64> = changes.iter().map(|(revision, _)| *revision).collect();
        let is_whole = after > 0 && (after + 1..=until).all(|revision| known.contains(&revision));
        Ok(is_whole.then(|| changes.into_iter().map(|(_, article)| article).collect()))
    }
}

/// Counts the number under `key` up by one and returns it.
pub(super) async fn next_revision(tx: &mut Tx, key: &str) -> Result<i64> {
    let value: String = within!(tx, conn => {
        sqlx::query_scalar(
            "insert into meta (key, value) values ($1, '1')
             on conflict (key) do update set value = cast(cast(meta.value as bigint) + 1 as text)
             returning value",
        )
        .bind(key)
        .fetch_one(conn)
        .await
    })
    .with_context(|| format!("counting up {key}"))?;
    value.parse().with_context(|| format!("reading {key}"))
}

/// Counts the knowledge revision up by one for a change of these articles, and returns it.
pub(super) async fn next_knowledge_revision(tx: &mut Tx, articles: &[ArticleId]) -> Result<i64> {
    let revision = next_revision(tx, "knowledge_revision").await?;
    for articles in articles.chunks(500) {
        within!(tx, conn => {
            let mut insert =
                sqlx::QueryBuilder::new("insert into knowledge_change (revision, article_id) ");
            insert.push_values(articles, |mut row, article| {
                row.push_bind(revision).push_bind(article);
            });
            insert.push(" on conflict (revision, article_id) do nothing");
            insert.build().execute(conn).await.map(drop)
        })
        .context("noting what a knowledge revision changes")?;
    }
    within!(tx, conn => {
        sqlx::query("delete from knowledge_change where revision <= $1")
            .bind(revision - REMEMBERED)
            .execute(conn)
            .await
            .map(drop)
    })
    .context("forgetting what old knowledge revisions changed")?;
    Ok(revision)
}
