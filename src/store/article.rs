//! Articles with their versions, by source; nothing cited is ever lost.

use super::meta::next_knowledge_revision;
use super::row::{json, row, to_json};
use super::{Store, Tx, on, within};
use crate::knowledge::{Article, ArticleId, Entry, Problem};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// What bringing a source up to date has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The knowledge revision after it.
    pub revision: i64,
    /// The articles that are new or changed.
    pub written: Vec<ArticleId>,
    /// The articles that were taken down.
    pub removed: Vec<ArticleId>,
}

/// An article's row, as much of it as a comparison needs.
#[derive(sqlx::FromRow)]
struct Stored {
    id: ArticleId,
    source: String,
    file: String,
    version: i64,
    content: String,
    live: bool,
}

/// An article as it stood in one version.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleVersion {
    /// What it said.
    pub article: Article,
    /// The version.
    pub version: i64,
    /// When that version came.
    pub created_at: DateTime<Utc>,
    /// The newest version there is.
    pub newest: i64,
    /// Whether it is still in use.
    pub live: bool,
}

row!(ArticleVersion { version, created_at, newest, live } json { article });

impl Store {
    /// An article as it stood in a version, or in its newest.
    pub async fn find_article(
        &self,
        id: &ArticleId,
        version: Option<i64>,
    ) -> Result<Option<ArticleVersion>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select v.content as article, v.version, v.created_at, a.version as newest, a.live
                 from article a join article_version v on v.article_id = a.id
                     and v.version = coalesce($2, a.version)
                 where a.id = $1",
            )
            .bind(id)
            .bind(version)
            .fetch_optional(db)
            .await
        })
        .with_context(|| format!("reading article {id}"))
    }

    /// Makes `source` consist of `articles`, each with the file it stands in. Articles of a file in
    /// `keep_files` stay as they are; all others of the source are taken down.
    pub async fn sync_source(
        &self,
        source: &str,
        articles: &[(String, Article)],
        keep_files: &[String],
        now: DateTime<Utc>,
    ) -> Result<Changes> {
        self.bring_in(source, articles, |stored| keep_files.contains(&stored.file), now).await
    }

    /// Writes `articles` and takes down the source's others, but for those to `keep`.
    async fn bring_in(
        &self,
        source: &str,
        articles: &[(String, Article)],
        keep: impl Fn(&Stored) -> bool,
        now: DateTime<Utc>,
    ) -> Result<Changes> {
        let mut tx = self.begin().await?;
        let stored = stored_articles(&mut tx).await?;
        let mut written = Vec::new();
        for (file, article) in articles {
            let before = stored.get(&article.id);
            let content = to_json(article)?;
            let same = before.is_some_and(|stored| {
                stored.live
                    && stored.content == content
                    && stored.source == source
                    && stored.file == *file
            });
            if !same {
                let changed = before.is_none_or(|stored| stored.content != content);
                let version = before.map_or(0, |stored| stored.version) + i64::from(changed);
                let (source, file, live) = (source.to_owned(), file.clone(), true);
                let row = Stored { id: article.id.clone(), source, file, version, content, live };
                write_article(&mut tx, &row, now).await?;
                written.push(row.id);
            }
        }
        let named: HashSet<&ArticleId> = articles.iter().map(|(_, article)| &article.id).collect();
        let gone = |stored: &&Stored| {
            stored.live && stored.source == source && !named.contains(&stored.id) && !keep(stored)
        };
        let removed: Vec<ArticleId> =
            stored.values().filter(gone).map(|stored| stored.id.clone()).collect();
        take_down(&mut tx, &removed, now).await?;
        let revision = revision_after(&mut tx, &[written.as_slice(), &removed].concat()).await?;
        tx.commit().await?;
        Ok(Changes { revision, written, removed })
    }

    /// Adds or replaces articles of `source` and leaves its others as they are.
    pub async fn add_articles(
        &self,
        source: &str,
        articles: &[(String, Article)],
        now: DateTime<Utc>,
    ) -> Result<Changes> {
        self.bring_in(source, articles, |_| true, now).await
    }

    /// Takes down every article of `source`.
    pub async fn take_down_source(&self, source: &str, now: DateTime<Utc>) -> Result<Changes> {
        self.sync_source(source, &[], &[], now).await
    }

    /// Whether anything but the sample was ever brought in.
    pub async fn has_source_other_than_sample(&self) -> Result<bool> {
        let other: Option<i64> = on!(&self.read, db => {
            sqlx::query_scalar("select cast(1 as bigint) from article where source <> 'sample' and live limit 1")
                .fetch_optional(db)
                .await
        })
        .context("looking for knowledge of the business's own")?;
        Ok(other.is_some())
    }

    /// Every live entry of every source, with its version and the wordings learned for it.
    pub async fn entries(&self) -> Result<Vec<Entry>> {
        let rows: Vec<(i64, String)> = on!(&self.read, db => {
            sqlx::query_as("select version, content from article where live order by id").fetch_all(db).await
        })
        .context("reading the live articles")?;
        let mut learned = self.learned().await?;
        let mut entries = Vec::new();
        for (version, content) in rows {
            let article: Article = json(&content)?;
            entries.extend(article.entries.into_iter().map(|entry| {
                let learned = learned.remove(&entry.id).unwrap_or_default();
                Entry { version, learned, ..entry }
            }));
        }
        Ok(entries)
    }

    /// Puts the problems of a source in place of its earlier ones.
    pub async fn put_problems(
        &self,
        source: &str,
        problems: &[Problem],
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        within!(&mut tx, conn => {
            sqlx::query("delete from knowledge_problem where source = $1").bind(source).execute(conn).await.map(drop)
        })?;
        for problem in problems {
            let line = i64::try_from(problem.line).unwrap_or(i64::MAX);
            within!(&mut tx, conn => {
                sqlx::query(
                    "insert into knowledge_problem (source, file, line, what, fix, found_at)
                     values ($1, $2, $3, $4, $5, $6)",
                )
                .bind(source)
                .bind(&problem.file)
                .bind(line)
                .bind(&problem.what)
                .bind(&problem.fix)
                .bind(now)
                .execute(conn)
                .await
                .map(drop)
            })?;
        }
        tx.commit().await
    }

    /// The problems of all sources, by file and line.
    pub async fn problems(&self) -> Result<Vec<Problem>> {
        let rows: Vec<(String, i64, String, String)> = on!(&self.read, db => {
            sqlx::query_as("select file, line, what, fix from knowledge_problem order by file, line")
                .fetch_all(db)
                .await
        })
        .context("reading the knowledge's problems")?;
        Ok(rows
            .into_iter()
            .map(|(file, line, what, fix)| Problem {
                file,
                line: usize::try_from(line).unwrap_or(0),
                what,
                fix,
            })
            .collect())
    }
}

async fn stored_articles(tx: &mut Tx) -> Result<HashMap<ArticleId, Stored>> {
    let rows: Vec<Stored> = within!(tx, conn => {
        sqlx::query_as("select id, source, file, version, content, live from article")
            .fetch_all(conn)
            .await
    })
    .context("reading the stored articles")?;
    Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
}

async fn write_article(tx: &mut Tx, article: &Stored, now: DateTime<Utc>) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "insert into article (id, source, file, version, content, live, updated_at)
             values ($1, $2, $3, $4, $5, true, $6)
             on conflict (id) do update set source = excluded.source, file = excluded.file,
                 version = excluded.version, content = excluded.content, live = true,
                 updated_at = excluded.updated_at",
        )
        .bind(&article.id)
        .bind(&article.source)
        .bind(&article.file)
        .bind(article.version)
        .bind(&article.content)
        .bind(now)
        .execute(&mut *conn)
        .await?;
        sqlx::query(
            "insert into article_version (article_id, version, content, created_at)
             values ($1, $2, $3, $4) on conflict (article_id, version) do nothing",
        )
        .bind(&article.id)
        .bind(article.version)
        .bind(&article.content)
        .bind(now)
        .execute(&mut *conn)
        .await
        .map(drop)
    })
    .with_context(|| format!("storing article {}", article.id))
}

async fn take_down(tx: &mut Tx, articles: &[ArticleId], now: DateTime<Utc>) -> Result<()> {
    for id in articles {
        within!(tx, conn => {
            sqlx::query("update article set live = false, updated_at = $2 where id = $1")
                .bind(id)
                .bind(now)
                .execute(conn)
                .await
                .map(drop)
        })
        .with_context(|| format!("taking down article {id}"))?;
    }
    Ok(())
}

async fn revision_after(tx: &mut Tx, changed: &[ArticleId]) -> Result<i64> {
    if !changed.is_empty() {
        return next_knowledge_revision(tx, changed).await;
    }
    let value: Option<String> = within!(tx, conn => {
        sqlx::query_scalar("select value from meta where key = 'knowledge_revision'")
            .fetch_optional(conn)
            .await
    })?;
    Ok(value.and_then(|text| text.parse().ok()).unwrap_or(0))
}
