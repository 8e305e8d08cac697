//! How numbers fare: looked at by one node at a time, and told of by Meta in between.

use crate::conversation::{InboxName, NumberHealth, NumberNews};
use crate::store::{Store, Tx, on, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

impl Store {
    /// How a number fares; none where nobody has looked yet.
    pub async fn number(&self, inbox: &InboxName) -> Result<Option<NumberHealth>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select shown, name, quality, tier, throughput, token_ends, data_ends, restriction,
                     told_restriction, told_at, problem, looked_at, heard_at
                 from whatsapp_number where inbox = $1",
            )
            .bind(inbox)
            .fetch_optional(db)
            .await
        })
        .context("reading how a number fares")
    }

    /// Claims the look at a number that is due, until `until`; false where it is not, or another node looks.
    pub async fn claim_number(
        &self,
        inbox: &InboxName,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool> {
        let claimed: Option<InboxName> = on!(&self.write, db => {
            sqlx::query_scalar(
                "insert into whatsapp_number (inbox, due_at) values ($1, $3)
                 on conflict (inbox) do update set due_at = excluded.due_at
                 where whatsapp_number.due_at <= $2
                 returning inbox",
            )
            .bind(inbox)
            .bind(now)
            .bind(until)
            .fetch_optional(db)
            .await
        })
        .context("claiming the look at a number")?;
        Ok(claimed.is_some())
    }

    /// Keeps what a look brought, or why it brought nothing; the next is due at `next`.
    pub async fn save_look(
        &self,
        inbox: &InboxName,
        looked: Result<&NumberHealth, &str>,
        next: DateTime<Utc>,
    ) -> Result<()> {
        let health = match looked {
            Ok(health) => health,
            Err(problem) => return self.note_unseen(inbox, problem, next).await,
        };
        on!(&self.write, db => {
            sqlx::query(
                "update whatsapp_number set shown = $2, name = $3, quality = $4, tier = $5, throughput = $6,
                     token_ends = $7, data_ends = $8, restriction = $9, problem = $10, looked_at = $11, due_at = $12
                 where inbox = $1",
            )
            .bind(inbox)
            .bind(&health.shown)
            .bind(&health.name)
            .bind(health.quality)
            .bind(&health.tier)
            .bind(&health.throughput)
            .bind(health.token_ends)
            .bind(health.data_ends)
            .bind(&health.restriction)
            .bind(&health.problem)
            .bind(health.looked_at)
            .bind(next)
            .execute(db)
            .await
            .map(drop)
        })
        .context("keeping how a number fares")
    }

    async fn note_unseen(
        &self,
        inbox: &InboxName,
        problem: &str,
        next: DateTime<Utc>,
    ) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query("update whatsapp_number set problem = $2, due_at = $3 where inbox = $1")
                .bind(inbox)
                .bind(problem)
                .bind(next)
                .execute(db)
                .await
                .map(drop)
        })
        .context("keeping why a number could not be looked at")
    }

    /// Notes that Meta has called.
    pub async fn note_heard(&self, inbox: &InboxName, now: DateTime<Utc>) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query(
                "insert into whatsapp_number (inbox, heard_at, due_at) values ($1, $2, $2)
                 on conflict (inbox) do update set heard_at = excluded.heard_at",
            )
            .bind(inbox)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
        })
        .context("noting that Meta has called")
    }
}

/// Takes in what Meta tells of a number by itself.
pub(super) async fn hear(
    tx: &mut Tx,
    inbox: &InboxName,
    all: &[&NumberNews],
    now: DateTime<Utc>,
) -> Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    // Its row is written first, so that two who tell take turns.
    let mut health: NumberHealth = within!(tx, conn => {
        sqlx::query_as(
            "insert into whatsapp_number (inbox, due_at) values ($1, $2)
             on conflict (inbox) do update set due_at = whatsapp_number.due_at
             returning shown, name, quality, tier, throughput, token_ends, data_ends, restriction,
                 told_restriction, told_at, problem, looked_at, heard_at",
        )
        .bind(inbox)
        .bind(now)
        .fetch_one(conn)
        .await
    })
    .context("reading how a number fares")?;
    let mut has_changed = false;
    for news in all {
        has_changed |= health.hear(news);
    }
    if !has_changed {
        return Ok(());
    }
    within!(tx, conn => {
        sqlx::query(
            "update whatsapp_number set name = $2, quality = $3, tier = $4, throughput = $5,
                 told_restriction = $6, told_at = $7
             where inbox = $1",
        )
        .bind(inbox)
        .bind(&health.name)
        .bind(health.quality)
        .bind(&health.tier)
        .bind(&health.throughput)
        .bind(&health.told_restriction)
        .bind(health.told_at)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("keeping how a number fares")
}
