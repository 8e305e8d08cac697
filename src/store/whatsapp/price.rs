//! What messages cost, as statuses tell it: the same whatever their order, and counted once.

use crate::conversation::{Amount, ConversationId, MessageId, OutboxId, Price, StatusNews};
use crate::store::{Store, Tx, on, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// The last part of a message, or all of it.
const LAST: i64 = -1;

/// What a message, or a part of one, costs.
pub(super) type Told<'a> = BTreeMap<(OutboxId, i64), (&'a Price, DateTime<Utc>)>;

#[derive(sqlx::FromRow)]
struct Row {
    message_id: MessageId,
    category: String,
    kind: Option<String>,
    billable: bool,
    micros: Option<i64>,
    currency: Option<String>,
}

impl Store {
    /// What the messages of a conversation cost; one that travels in parts stands there once for each.
    pub async fn prices(&self, id: &ConversationId) -> Result<Vec<(MessageId, Price)>> {
        let rows: Vec<Row> = on!(&self.read, db => {
            sqlx::query_as(
                "select o.message_id, p.category, p.kind, p.billable, p.micros, p.currency
                 from outbox o join price p on p.outbox_id = o.id
                 where o.conversation_id = $1 order by o.seq, p.part",
            )
            .bind(id)
            .fetch_all(db)
            .await
        })
        .context("reading what messages cost")?;
        Ok(rows.into_iter().map(Row::price).collect())
    }

    /// What a message costs.
    pub async fn prices_of(&self, message: &MessageId) -> Result<Vec<Price>> {
        let rows: Vec<Row> = on!(&self.read, db => {
            sqlx::query_as(
                "select o.message_id, p.category, p.kind, p.billable, p.micros, p.currency
                 from outbox o join price p on p.outbox_id = o.id
                 where o.message_id = $1 order by p.part",
            )
            .bind(message)
            .fetch_all(db)
            .await
        })
        .context("reading what a message costs")?;
        Ok(rows.into_iter().map(|row| row.price().1).collect())
    }
}

impl Row {
    fn price(self) -> (MessageId, Price) {
        let amount = self.micros.zip(self.currency);
        let amount = amount.map(|(micros, currency)| Amount { micros, currency });
        let Self { message_id, category, kind, billable, .. } = self;
        (message_id, Price { category, kind, billable, amount })
    }
}

/// Notes what a status says of the price of a part, or of the last one; the newest counts, and of two of one moment
/// always the same.
pub(super) fn note<'a>(
    told: &mut Told<'a>,
    id: &OutboxId,
    part: Option<i64>,
    news: &'a StatusNews,
) {
    let Some(price) = &news.price else { return };
    let part = part.unwrap_or(LAST);
    let newer = (news.at, content(price));
    let known = told.get(&(id.clone(), part)).map(|(price, at)| (*at, content(price)));
    if known.is_none_or(|known| known < newer) {
        told.insert((id.clone(), part), (price, news.at));
    }
}

fn content(price: &Price) -> (&str, &str, bool) {
    (&price.category, price.kind.as_deref().unwrap_or_default(), price.billable)
}

/// Keeps prices; gives those that were not known before.
pub(super) async fn keep(tx: &mut Tx, told: &Told<'_>) -> Result<Vec<Price>> {
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let known = known(tx, told).await?;
    within!(tx, conn => {
        let mut insert = sqlx::QueryBuilder::new(
            "insert into price (outbox_id, part, category, kind, billable, micros, currency, told_at) ",
        );
        insert.push_values(told, |mut row, ((id, part), (price, at))| {
            row.push_bind(id).push_bind(*part).push_bind(&price.category).push_bind(&price.kind);
            row.push_bind(price.billable).push_bind(price.amount.as_ref().map(|it| it.micros));
            row.push_bind(price.amount.as_ref().map(|it| &it.currency)).push_bind(*at);
        });
        insert.push(
            " on conflict (outbox_id, part) do update set category = excluded.category, kind = excluded.kind,
                 billable = excluded.billable, micros = excluded.micros, currency = excluded.currency,
                 told_at = excluded.told_at
             where price.told_at < excluded.told_at or price.told_at = excluded.told_at
                 and (price.category, coalesce(price.kind, ''), price.billable)
                     < (excluded.category, coalesce(excluded.kind, ''), excluded.billable)",
        );
        insert.build().execute(conn).await.map(drop)
    })
    .context("keeping what messages cost")?;
    let new = told.iter().filter(|(key, _)| !known.contains(*key));
    Ok(new.map(|(_, (price, _))| (*price).clone()).collect())
}

/// Those of which a price is kept already. Their conversations are held, so that nobody else keeps one meanwhile.
async fn known(tx: &mut Tx, told: &Told<'_>) -> Result<BTreeSet<(OutboxId, i64)>> {
    let known: Vec<(OutboxId, i64)> = within!(tx, conn => {
        let mut query =
            sqlx::QueryBuilder::new("select outbox_id, part from price where outbox_id in (");
        let mut list = query.separated(", ");
        for (id, _) in told.keys() {
            list.push_bind(id);
        }
        query.push(")");
        query.build_query_as().fetch_all(conn).await
    })
    .context("looking which prices are known")?;
    Ok(known.into_iter().collect())
}
