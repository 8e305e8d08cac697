//! How far each mailbox has been read, and which node reads it.
//!
//! One node reads a mailbox at a time. What it has read is noted under its lease: a node that was cut off and
//! comes back finds that another reads now, and notes nothing.

use super::{Store, on};
use crate::conversation::InboxName;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// A node's hold on a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxLease {
    /// The inbox.
    pub inbox: InboxName,
    /// The folder.
    pub folder: String,
    /// The node.
    pub owner: String,
}

/// How far a mailbox has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Cursor {
    /// While it is the same, an identifier names the same mail; none before the first look.
    pub validity: Option<i64>,
    /// Everything up to this identifier was stored.
    pub last_uid: i64,
    /// What came before this is not read.
    pub not_before: Option<DateTime<Utc>>,
    /// When the mailbox was first looked at.
    pub begun_at: DateTime<Utc>,
    /// When the newest mail that was stored had come.
    pub newest_at: Option<DateTime<Utc>>,
}

impl Store {
    /// Takes or keeps a hold on a mailbox until `until`; none while another node has it.
    pub async fn hold_mailbox(
        &self,
        lease: &MailboxLease,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<Cursor>> {
        on!(&self.write, db => {
            sqlx::query_as(
                "insert into mailbox (inbox, folder, last_uid, begun_at, owner, lease_until)
                 values ($1, $2, 0, $4, $3, $5)
                 on conflict (inbox, folder) do update set owner = $3, lease_until = $5
                 where mailbox.owner is null or mailbox.owner = $3 or mailbox.lease_until < $4
                 returning validity, last_uid, not_before, begun_at, newest_at",
            )
            .bind(&lease.inbox)
            .bind(&lease.folder)
            .bind(&lease.owner)
            .bind(now)
            .bind(until)
            .fetch_optional(db)
            .await
        })
        .context("taking hold of a mailbox")
    }

    /// Lets go of a mailbox, so that another node need not wait.
    pub async fn leave_mailbox(&self, lease: &MailboxLease) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query(
                "update mailbox set owner = null, lease_until = null
                 where inbox = $1 and folder = $2 and owner = $3",
            )
            .bind(&lease.inbox)
            .bind(&lease.folder)
            .bind(&lease.owner)
            .execute(db)
            .await
            .map(drop)
        })
        .context("letting go of a mailbox")
    }

    /// Notes how far a mailbox was read; false when another node reads it now. Never goes back, as long as
    /// the server counts on.
    pub async fn note_read(&self, lease: &MailboxLease, cursor: &Cursor) -> Result<bool> {
        let noted = on!(&self.write, db => {
            sqlx::query(
                "update mailbox set validity = $4, last_uid = $5, not_before = $6, newest_at = $7
                 where inbox = $1 and folder = $2 and owner = $3
                   and (validity is null or validity <> $4 or last_uid <= $5)",
            )
            .bind(&lease.inbox)
            .bind(&lease.folder)
            .bind(&lease.owner)
            .bind(cursor.validity)
            .bind(cursor.last_uid)
            .bind(cursor.not_before)
            .bind(cursor.newest_at)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })
        .context("noting how far a mailbox was read")?;
        Ok(noted > 0)
    }
}
