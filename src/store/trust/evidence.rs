//! Labelled turns: stored with the act that labels them, each decision once.

use crate::conversation::{DecisionId, InboxName, Source, TurnId, Verdict};
use crate::knowledge::Risk;
use crate::store::meta::next_revision;
use crate::store::row::{row, to_json};
use crate::store::{Store, Tx, on, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// The key of the number that counts changes of the evidence.
const REVISION: &str = "evidence_revision";

/// Rows of one statement.
const ROWS: usize = 500;

/// A labelled turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Where the label comes from.
    pub source: Source,
    /// The set it was declared in.
    pub set_name: Option<String>,
    /// Its name in that set.
    pub case_name: Option<String>,
    /// The inbox it stands for; none for all.
    pub inbox: Option<InboxName>,
    /// The decision it is about.
    pub decision_id: Option<DecisionId>,
    /// The risk class.
    pub risk: Risk,
    /// Whether the turn passed every gate but the confidence.
    pub eligible: bool,
    /// Whether sending the draft would have been wrong.
    pub wrong: bool,
    /// The probability with which it was looked at.
    pub probability: f64,
    /// The share of turns of its time that sure answers were looked at with.
    pub share: f64,
    /// When the turn was decided.
    pub happened_at: DateTime<Utc>,
    /// The features, by name.
    pub features: Value,
}

row!(Evidence {
    source, set_name, case_name, inbox, decision_id, risk, eligible, wrong, probability, share,
    happened_at,
} json { features });

/// A set that an admin has declared to stand for customers.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct DeclaredSet {
    /// Its name.
    pub name: String,
    /// The inbox it stands for; none for all.
    pub inbox: Option<InboxName>,
    /// Its labelled turns.
    pub turns: i64,
    /// When it was declared.
    pub declared_at: DateTime<Utc>,
}

impl Store {
    /// All labelled turns, in the order they came.
    pub async fn evidence(&self) -> Result<Vec<Evidence>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select source, set_name, case_name, inbox, decision_id, risk, eligible, wrong,
                        probability, share, happened_at, features
                 from evidence order by created_at, id",
            )
            .fetch_all(db)
            .await
        })
        .context("reading the evidence")
    }

    /// A number that grows with each change of the evidence; 0 before any.
    pub async fn evidence_revision(&self) -> Result<i64> {
        let value = self.value(REVISION).await?;
        Ok(value.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Puts the labelled turns of a set in place of its earlier ones, for whatever inboxes those
    /// stood; `false` when they are the same as before and nothing was changed.
    pub async fn put_set(&self, set: &str, rows: &[Evidence], now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.begin().await?;
        if prints_of_set(&mut tx, set).await? == prints(rows)? {
            return Ok(false);
        }
        within!(&mut tx, conn => {
            sqlx::query("delete from evidence where set_name = $1").bind(set).execute(conn).await.map(drop)
        })
        .context("putting away a set's earlier evidence")?;
        for rows in rows.chunks(ROWS) {
            insert_all(&mut tx, set, rows, now).await?;
        }
        next_revision(&mut tx, REVISION).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The sets that were declared, by name.
    pub async fn declared_sets(&self) -> Result<Vec<DeclaredSet>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select set_name as name, inbox, count(*) as turns, max(created_at) as declared_at
                 from evidence where set_name is not null group by set_name, inbox
                 order by set_name, inbox",
            )
            .fetch_all(db)
            .await
        })
        .context("reading the declared sets")
    }
}

/// What tells two labelled turns of a set apart.
type Print = (Option<String>, Option<String>, String, bool, bool, String);

async fn prints_of_set(tx: &mut Tx, set: &str) -> Result<Vec<Print>> {
    let mut found: Vec<Print> = within!(tx, conn => {
        sqlx::query_as(
            "select case_name, inbox, risk, eligible, wrong, features from evidence where set_name = $1",
        )
        .bind(set)
        .fetch_all(conn)
        .await
    })
    .context("reading a set's earlier evidence")?;
    found.sort();
    Ok(found)
}

fn prints(rows: &[Evidence]) -> Result<Vec<Print>> {
    let print = |row: &Evidence| -> Result<Print> {
        let inbox = row.inbox.as_ref().map(|inbox| inbox.as_str().to_owned());
        let (risk, features) = (row.risk.as_str().to_owned(), to_json(&row.features)?);
        Ok((row.case_name.clone(), inbox, risk, row.eligible, row.wrong, features))
    };
    let mut prints = rows.iter().map(print).collect::<Result<Vec<_>>>()?;
    prints.sort();
    Ok(prints)
}

async fn insert_all(tx: &mut Tx, set: &str, rows: &[Evidence], now: DateTime<Utc>) -> Result<()> {
    let texts = rows.iter().map(|row| to_json(&row.features)).collect::<Result<Vec<_>>>()?;
    within!(tx, conn => {
        let mut insert = sqlx::QueryBuilder::new(
            "insert into evidence (id, source, set_name, case_name, inbox, risk, features, eligible,
                 wrong, probability, share, happened_at, created_at) ",
        );
        insert.push_values(rows.iter().zip(&texts), |mut values, (row, features)| {
            values.push_bind(fresh_id()).push_bind(row.source).push_bind(set);
            values.push_bind(&row.case_name).push_bind(&row.inbox).push_bind(row.risk);
            values.push_bind(features).push_bind(row.eligible).push_bind(row.wrong);
            values.push_bind(row.probability).push_bind(row.share);
            values.push_bind(row.happened_at).push_bind(now);
        });
        insert.build().execute(conn).await.map(drop)
    })
    .context("storing a declared set")
}

/// Counts what was done with a turn's draft as evidence, once; a decision that says nothing of its
/// features, as those of earlier programs, counts for nothing.
pub(crate) async fn count_verdict(
    tx: &mut Tx,
    turn: &TurnId,
    verdict: Verdict,
    now: DateTime<Utc>,
) -> Result<()> {
    let counted = within!(tx, conn => {
        sqlx::query(
            "insert into evidence (id, source, inbox, decision_id, risk, features, eligible, wrong,
                 probability, share, happened_at, created_at)
             select $1, 'verdict', c.inbox, d.id, d.risk, d.features, d.eligible, $3, 1.0, d.share,
                    d.created_at, $4
             from decision d join conversation c on c.id = d.conversation_id
             where d.turn_id = $2 and d.features is not null
             on conflict (decision_id) do nothing",
        )
        .bind(fresh_id())
        .bind(turn)
        .bind(verdict == Verdict::Wrong)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .context("counting a verdict")?;
    if counted > 0 {
        next_revision(tx, REVISION).await?;
    }
    Ok(())
}

/// Counts a person's verdict on an automatic answer as evidence, once: as the audit's where it was
/// drawn, as an alarm's otherwise.
pub(super) async fn count_audit(
    tx: &mut Tx,
    decision: &DecisionId,
    verdict: Verdict,
    now: DateTime<Utc>,
) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "insert into evidence (id, source, inbox, decision_id, risk, features, eligible, wrong,
                 probability, share, happened_at, created_at)
             select $1, case when a.probability is null then 'alarm' else 'audit' end, a.inbox, d.id,
                    d.risk, d.features, d.eligible, $3, coalesce(a.probability, 0.0), d.share,
                    d.created_at, $4
             from audit a join decision d on d.id = a.decision_id
             where a.decision_id = $2 and d.features is not null
             on conflict (decision_id) do nothing",
        )
        .bind(fresh_id())
        .bind(decision)
        .bind(verdict == Verdict::Wrong)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("counting an audit's verdict")?;
    next_revision(tx, REVISION).await.map(drop)
}

/// Says that the licences are to be computed anew.
pub(super) async fn touch(tx: &mut Tx) -> Result<()> {
    next_revision(tx, REVISION).await.map(drop)
}

fn fresh_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
