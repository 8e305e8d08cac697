//! Licences: how far each inbox may answer by itself in each risk class.

use super::evidence::touch;
use crate::conversation::InboxName;
use crate::knowledge::Risk;
use crate::store::row::{row, to_json};
use crate::store::{Store, Tx, on, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// The key of the evidence's revision that the stored licences were computed from.
const REVISION: &str = "trust_revision";

/// A licence as it stands in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredLicence {
    /// The inbox it holds for.
    pub inbox: InboxName,
    /// The risk class it holds for.
    pub risk: Risk,
    /// The confidence from which answers go out by themselves; none: nothing does.
    pub threshold: Option<f64>,
    /// The model whose confidence it is about.
    pub model_version: String,
    /// Since when answers go out; none while nothing does.
    pub granted_at: Option<DateTime<Utc>>,
    /// When it was last suspended; only what happened after counts since.
    pub suspended_at: Option<DateTime<Utc>>,
    /// When it was computed.
    pub computed_at: DateTime<Utc>,
    /// All of it.
    pub body: Value,
}

row!(StoredLicence {
    inbox, risk, threshold, model_version, granted_at, suspended_at, computed_at,
} json { body });

/// How many decisions of a class there were, and how many of them were automatic answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Automated {
    /// The risk class.
    pub risk: Risk,
    /// Automatic answers.
    pub answers: i64,
    /// Turns that wanted an answer.
    pub turns: i64,
}

impl Store {
    /// All licences.
    pub async fn licences(&self) -> Result<Vec<StoredLicence>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select inbox, risk, threshold, model_version, granted_at, suspended_at, computed_at, body
                 from licence order by inbox, risk",
            )
            .fetch_all(db)
            .await
        })
        .context("reading the licences")
    }

    /// The evidence's revision that the stored licences were computed from.
    pub async fn trust_revision(&self) -> Result<i64> {
        let value = self.value(REVISION).await?;
        Ok(value.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Stores licences that were computed from a revision of the evidence. A suspension that came
    /// meanwhile stands: a licence computed without it does not take its place.
    pub async fn put_licences(&self, licences: &[StoredLicence], revision: i64) -> Result<()> {
        let mut tx = self.begin().await?;
        for licence in licences {
            put(&mut tx, licence).await?;
        }
        within!(&mut tx, conn => {
            sqlx::query(
                "insert into meta (key, value) values ($1, $2)
                 on conflict (key) do update set value = excluded.value",
            )
            .bind(REVISION)
            .bind(revision.to_string())
            .execute(conn)
            .await
            .map(drop)
        })
        .context("noting what the licences were computed from")?;
        tx.commit().await
    }

    /// Takes a class's licence away at once; `false` when it has none.
    pub async fn suspend(&self, inbox: &InboxName, risk: Risk, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.begin().await?;
        let suspended = within!(&mut tx, conn => {
            sqlx::query(
                "update licence set threshold = null, granted_at = null, suspended_at = $3
                 where inbox = $1 and risk = $2 and threshold is not null",
            )
            .bind(inbox)
            .bind(risk)
            .bind(now)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("suspending a licence")?;
        if suspended == 0 {
            return Ok(false);
        }
        touch(&mut tx).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// How much of an inbox was answered automatically since `since`, by risk class.
    pub async fn automated_since(
        &self,
        inbox: &InboxName,
        since: DateTime<Utc>,
    ) -> Result<Vec<Automated>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select d.risk, count(case when d.action = 'answer' then 1 end) as answers,
                        count(*) as turns
                 from decision d join conversation c on c.id = d.conversation_id
                 where d.created_at >= $2 and c.inbox = $1 and d.action <> 'ignore'
                   and d.risk is not null
                 group by d.risk order by d.risk",
            )
            .bind(inbox)
            .bind(since)
            .fetch_all(db)
            .await
        })
        .context("counting what was answered automatically")
    }
}

async fn put(tx: &mut Tx, licence: &StoredLicence) -> Result<()> {
    let body = to_json(&licence.body)?;
    within!(tx, conn => {
        sqlx::query(
            "insert into licence (inbox, risk, body, threshold, model_version, granted_at, suspended_at,
                 computed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (inbox, risk) do update set body = excluded.body,
                 threshold = excluded.threshold, model_version = excluded.model_version,
                 granted_at = excluded.granted_at, suspended_at = excluded.suspended_at,
                 computed_at = excluded.computed_at
             where licence.suspended_at is null or licence.suspended_at = excluded.suspended_at",
        )
        .bind(&licence.inbox)
        .bind(licence.risk)
        .bind(body)
        .bind(licence.threshold)
        .bind(&licence.model_version)
        .bind(licence.granted_at)
        .bind(licence.suspended_at)
        .bind(licence.computed_at)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("storing a licence")
}

/// Whether answers of a class may go out by themselves at this moment, whatever a node remembers.
pub(crate) async fn is_licensed(tx: &mut Tx, inbox: &InboxName, risk: Risk) -> Result<bool> {
    let licensed: Option<i64> = within!(tx, conn => {
        sqlx::query_scalar(
            "select cast(1 as bigint) from licence
             where inbox = $1 and risk = $2 and threshold is not null",
        )
        .bind(inbox)
        .bind(risk)
        .fetch_optional(conn)
        .await
    })
    .context("asking for a licence")?;
    Ok(licensed.is_some())
}
