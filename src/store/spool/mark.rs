//! How far a spool's records are in the database: told with the records, so that each is stored once.

use crate::store::{Store, Tx, on, within};
use anyhow::{Context, Result};

/// Up to which record of a node's spool all are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpoolMark<'a> {
    /// The node whose spool it is.
    pub node: &'a str,
    /// The record's number.
    pub number: u64,
}

impl Store {
    /// Up to which record of a node's spool all are stored; 0 before any.
    pub async fn spool_stored(&self, node: &str) -> Result<u64> {
        let stored: Option<i64> = on!(&self.read, db => {
            sqlx::query_scalar("select stored from spool where node = $1")
                .bind(node)
                .fetch_optional(db)
                .await
        })
        .context("reading how far the spool is stored")?;
        Ok(stored.and_then(|number| u64::try_from(number).ok()).unwrap_or(0))
    }
}

/// Notes within a transaction how far a spool is stored.
pub(in crate::store) async fn note_stored(tx: &mut Tx, stored: SpoolMark<'_>) -> Result<()> {
    let number =
        i64::try_from(stored.number).context("a spool of more records than can be counted")?;
    within!(tx, conn => {
        sqlx::query(
            "insert into spool (node, stored) values ($1, $2)
             on conflict (node) do update set stored = excluded.stored
             where spool.stored < excluded.stored",
        )
        .bind(stored.node)
        .bind(number)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("noting how far the spool is stored")
}
