//! When the templates of an inbox are listed again, by which node, and how it went.

use super::replace;
use crate::conversation::{InboxName, Template};
use crate::store::{Store, Tx, on, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// A list that this node reads until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DueSync {
    /// The inbox.
    pub inbox: InboxName,
    /// Which attempt this is since the last that went well, from 1.
    pub attempts: i64,
    /// Until when it is this node's.
    pub lease_until: DateTime<Utc>,
    /// Proof of the claim.
    pub lease_token: String,
}

/// How reading the list went last.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SyncState {
    /// When it last went well.
    pub synced_at: Option<DateTime<Utc>>,
    /// When it last failed, unless it went well since.
    pub failed_at: Option<DateTime<Utc>>,
    /// Why.
    pub last_error: Option<String>,
}

impl Store {
    /// Has the templates of an inbox listed by then.
    pub async fn ask_for_templates(&self, inbox: &InboxName, at: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        ask(&mut tx, inbox, at).await?;
        tx.commit().await
    }

    /// How reading an inbox's list went last; none where nobody has tried.
    pub async fn template_sync(&self, inbox: &InboxName) -> Result<Option<SyncState>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select synced_at, failed_at, last_error from template_sync where inbox = $1",
            )
            .bind(inbox)
            .fetch_optional(db)
            .await
        })
        .context("reading when templates were listed")
    }

    /// When the next list is to be read.
    pub async fn next_sync_due(&self) -> Result<Option<DateTime<Utc>>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select coalesce(lease_until, due_at) from template_sync
                 order by coalesce(lease_until, due_at) limit 1",
            )
            .fetch_optional(db)
            .await
        })
        .context("looking for the next list of templates to read")
    }

    /// Claims the lists that are to be read, until `until`.
    pub async fn claim_syncs(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<DueSync>> {
        let token = uuid::Uuid::now_v7().to_string();
        // What is asked for while the list is read makes `due_at` earlier again, and is not lost with it.
        on!(&self.write, db => {
            sqlx::query_as(
                "update template_sync set due_at = $2, lease_until = $2, lease_token = $3,
                     attempts = attempts + 1
                 where due_at <= $1 and (lease_until is null or lease_until <= $1)
                 returning inbox, attempts, lease_until, lease_token",
            )
            .bind(now)
            .bind(until)
            .bind(token)
            .fetch_all(db)
            .await
        })
        .context("claiming lists of templates")
    }

    /// Ends a claim with the templates that were listed, or with why they could not be; the next is read at `next`
    /// unless it was asked for meanwhile. `false` where the claim was void by then and nothing changed.
    pub async fn settle_sync(
        &self,
        due: &DueSync,
        listed: Result<&[Template], &str>,
        next: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let is_well = listed.is_ok();
        let settled = within!(&mut tx, conn => {
            sqlx::query(
                "update template_sync set lease_until = null, lease_token = null,
                     due_at = case when due_at < $3 then due_at else $4 end,
                     attempts = case when $5 then 0 else attempts end,
                     synced_at = case when $5 then $6 else synced_at end,
                     failed_at = case when $5 then null else $6 end, last_error = $7
                 where inbox = $1 and lease_token = $2",
            )
            .bind(&due.inbox)
            .bind(&due.lease_token)
            .bind(due.lease_until)
            .bind(next)
            .bind(is_well)
            .bind(now)
            .bind(listed.err())
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("recording that templates were listed")?;
        if settled == 0 {
            return Ok(false);
        }
        if let Ok(templates) = listed {
            replace(&mut tx, &due.inbox, templates).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// Has the templates of an inbox listed by then.
pub(super) async fn ask(tx: &mut Tx, inbox: &InboxName, at: DateTime<Utc>) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "insert into template_sync (inbox, due_at, attempts) values ($1, $2, 0)
             on conflict (inbox) do update set due_at = excluded.due_at
             where excluded.due_at < template_sync.due_at",
        )
        .bind(inbox)
        .bind(at)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("asking for an inbox's templates")
}
