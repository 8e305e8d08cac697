//! Single values: the signing key, the knowledge revision.

use super::{Store, Tx, on, within};
use anyhow::{Context, Result};

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
}

/// Counts the knowledge revision up by one and returns it.
pub(super) async fn next_knowledge_revision(tx: &mut Tx) -> Result<i64> {
    let value: String = within!(tx, conn => {
        sqlx::query_scalar(
            "insert into meta (key, value) values ('knowledge_revision', '1')
             on conflict (key) do update set value = cast(cast(meta.value as bigint) + 1 as text)
             returning value",
        )
        .fetch_one(conn)
        .await
    })?;
    value.parse().context("reading the knowledge revision")
}
