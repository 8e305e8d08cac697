//! A mark that changes when any conversation does, for pages that follow what other nodes do.

use super::{Store, on};
use crate::conversation::Status;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// When conversations last changed, by their status. Two marks that differ say that something
/// happened between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeMark(Vec<Option<DateTime<Utc>>>);

impl ChangeMark {
    /// When a conversation changed last, if there is any.
    pub fn newest(&self) -> Option<DateTime<Utc>> {
        self.0.iter().flatten().max().copied()
    }
}

impl Store {
    /// The mark of this moment; each status costs one look into an index.
    pub async fn change_mark(&self) -> Result<ChangeMark> {
        let mut newest = Vec::with_capacity(Status::ALL.len());
        for status in Status::ALL {
            let at = on!(&self.read, db => {
                sqlx::query_scalar("select max(updated_at) from conversation where status = $1")
                    .bind(status)
                    .fetch_one(db)
                    .await
            });
            newest.push(at.context("asking when conversations last changed")?);
        }
        Ok(ChangeMark(newest))
    }
}
