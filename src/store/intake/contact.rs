//! Who wrote: contacts found by how their inbox knows them, or made.

use crate::conversation::{ContactId, Inbound, InboxName};
use crate::store::{Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// How an inbox knows a contact.
type Identity = (InboxName, String);

/// Who wrote a message.
pub(super) struct Sender {
    pub(super) id: ContactId,
    /// Whether this is the first message that is stored of them.
    pub(super) is_new: bool,
}

/// Who wrote each message of a batch, in its order; who is unknown is made.
pub(super) async fn find_or_make(
    tx: &mut Tx,
    batch: &[Inbound],
    now: DateTime<Utc>,
) -> Result<Vec<Sender>> {
    let mut known = known(tx, batch, now).await?;
    let mut unknown = Vec::new();
    let mut senders = Vec::with_capacity(batch.len());
    for inbound in batch {
        let identity = (inbound.inbox.name.clone(), inbound.identity.clone());
        let mut is_new = false;
        let id = known.entry(identity).or_insert_with(|| {
            let id = ContactId::fresh();
            unknown.push((inbound, id.clone()));
            is_new = true;
            id
        });
        senders.push(Sender { id: id.clone(), is_new });
    }
    if !unknown.is_empty() {
        insert(tx, &unknown, now).await.context("storing new contacts")?;
    }
    for (inbound, sender) in batch.iter().zip(&senders).filter(|(_, sender)| !sender.is_new) {
        introduce(tx, inbound, &sender.id).await?;
    }
    Ok(senders)
}

/// The contacts that are known. Their identities' rows are written, which also makes the messages of
/// one contact wait for each other.
async fn known(
    tx: &mut Tx,
    batch: &[Inbound],
    now: DateTime<Utc>,
) -> Result<HashMap<Identity, ContactId>> {
    let found: Vec<(InboxName, String, ContactId)> = within!(tx, conn => {
        let mut update = sqlx::QueryBuilder::new("update identity set seen_at = ");
        update.push_bind(now).push(" where ");
        let mut either = update.separated(" or ");
        for inbound in batch {
            either.push("(inbox = ").push_bind_unseparated(&inbound.inbox.name);
            either.push_unseparated(" and value = ").push_bind_unseparated(&inbound.identity);
            either.push_unseparated(")");
        }
        update.push(" returning inbox, value, contact_id");
        update.build_query_as().fetch_all(conn).await
    })
    .context("looking for contacts")?;
    Ok(found.into_iter().map(|(inbox, value, id)| ((inbox, value), id)).collect())
}

/// Keeps what a contact says of who they are; who says nothing keeps what was said before.
async fn introduce(tx: &mut Tx, inbound: &Inbound, id: &ContactId) -> Result<()> {
    if inbound.name.is_none() && inbound.email.is_none() {
        return Ok(());
    }
    within!(tx, conn => {
        sqlx::query(
            "update contact set email = coalesce($3, email),
                 name = case when name_by is null then coalesce($2, name) else name end
             where id = $1",
        )
        .bind(id)
        .bind(&inbound.name)
        .bind(&inbound.email)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("keeping who a contact says they are")
}

async fn insert(tx: &mut Tx, unknown: &[(&Inbound, ContactId)], now: DateTime<Utc>) -> Result<()> {
    within!(tx, conn => {
        let mut insert = sqlx::QueryBuilder::new("insert into contact (id, name, email, created_at) ");
        insert.push_values(unknown, |mut row, (inbound, id)| {
            row.push_bind(id).push_bind(&inbound.name).push_bind(&inbound.email).push_bind(now);
        });
        insert.build().execute(&mut *conn).await?;
        let mut insert = sqlx::QueryBuilder::new("insert into identity (inbox, value, contact_id, seen_at) ");
        insert.push_values(unknown, |mut row, (inbound, id)| {
            row.push_bind(&inbound.inbox.name).push_bind(&inbound.identity);
            row.push_bind(id).push_bind(now);
        });
        insert.build().execute(&mut *conn).await?;
    });
    Ok(())
}
