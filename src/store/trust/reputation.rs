//! Reputation: how long an entry's text has stood, and what people made of drafts from it.

use crate::knowledge::{Entry, Reputation};
use crate::store::{Store, on};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

impl Store {
    /// What is known of an entry at a moment; of a version that was never stored the age is 0.
    pub async fn reputation(&self, entry: &Entry, now: DateTime<Utc>) -> Result<Reputation> {
        let (right, wrong, written): (i64, i64, Option<DateTime<Utc>>) = on!(&self.read, db => {
            sqlx::query_as(
                "select cast(coalesce(sum(case when evidence.wrong then 0 else 1 end), 0) as bigint),
                     cast(coalesce(sum(case when evidence.wrong then 1 else 0 end), 0) as bigint),
                     (select created_at from article_version where article_id = $2 and version = $3)
                 from decision join evidence on evidence.decision_id = decision.id
                 where decision.entry = $1 and evidence.source in ('verdict', 'audit')",
            )
            .bind(&entry.id)
            .bind(&entry.article)
            .bind(entry.version)
            .fetch_one(db)
            .await
        })
        .context("reading what is known of an entry")?;
        let count = |number: i64| u32::try_from(number).unwrap_or(0);
        let days = written.map_or(0, |written| count((now - written).num_days()));
        Ok(Reputation { entry: entry.id.clone(), days, right: count(right), wrong: count(wrong) })
    }
}
