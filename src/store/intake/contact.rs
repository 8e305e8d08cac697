//! Who wrote: contacts found by how their inbox knows them, or made.

use super::recycled::{Shared, give_phones, shared};
use crate::conversation::{ContactId, Inbound, InboxName};
use crate::store::identity::give;
use crate::store::{Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// How an inbox knows a contact.
type Identity = (InboxName, String);

/// Who wrote a message.
pub(in crate::store) struct Sender {
    pub(in crate::store) id: ContactId,
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
    let (mut unknown, mut tying, mut same) = (Vec::new(), Vec::new(), Vec::new());
    let (mut senders, mut moved) = (Vec::with_capacity(batch.len()), Vec::new());
    for inbound in batch {
        let inbox = &inbound.inbox.name;
        let shared = shared(tx, inbound, &known).await?;
        let is_shared = |name: &&str| shared.as_ref().is_some_and(|it| it.phone() == *name);
        let found = names(inbound)
            .filter(|name| !is_shared(name))
            .find_map(|name| known.get(&(inbox.clone(), name.to_owned())));
        let (id, is_new) =
            found.map_or_else(|| (ContactId::fresh(), true), |id| (id.clone(), false));
        if is_new {
            unknown.push((inbound, id.clone()));
        }
        for name in names(inbound).filter(|name| !is_shared(name)) {
            match known.entry((inbox.clone(), name.to_owned())) {
                Entry::Vacant(free) => {
                    free.insert(id.clone());
                    if !(is_new && name == inbound.identity) {
                        tying.push((inbox, name, id.clone()));
                    }
                }
                Entry::Occupied(mut taken) if *taken.get() != id => {
                    same.push((inbox, taken.insert(id.clone()), id.clone()));
                }
                Entry::Occupied(_) => {}
            }
        }
        if let Some(Shared::Theirs(phone)) = shared {
            known.insert((inbox.clone(), phone.clone()), id.clone());
            moved.push((inbox, phone, id.clone()));
        }
        senders.push(Sender { id, is_new });
    }
    if !unknown.is_empty() {
        insert(tx, &unknown, now).await.context("storing new contacts")?;
    }
    if !tying.is_empty() {
        tie(tx, &tying, now).await?;
    }
    give_phones(tx, &moved, now).await?;
    for (inbox, other, id) in same {
        give(tx, inbox, &other, &id, now).await?;
        for sender in senders.iter_mut().filter(|sender| sender.id == other) {
            sender.id = id.clone();
        }
    }
    for (inbound, sender) in batch.iter().zip(&senders).filter(|(_, sender)| !sender.is_new) {
        introduce(tx, inbound, &sender.id).await?;
    }
    Ok(senders)
}

/// The names under which a message's sender comes, the best first.
pub(super) fn names(inbound: &Inbound) -> impl Iterator<Item = &str> {
    let own = std::iter::once(&inbound.identity);
    let others = inbound.aliases.iter().filter(|name| **name != inbound.identity);
    own.chain(others).map(String::as_str)
}

/// Ties further names to contacts.
async fn tie(
    tx: &mut Tx,
    tying: &[(&InboxName, &str, ContactId)],
    now: DateTime<Utc>,
) -> Result<()> {
    within!(tx, conn => {
        let mut insert =
            sqlx::QueryBuilder::new("insert into identity (inbox, value, contact_id, seen_at) ");
        insert.push_values(tying, |mut row, (inbox, name, id)| {
            row.push_bind(*inbox).push_bind(*name).push_bind(id).push_bind(now);
        });
        insert.push(" on conflict (inbox, value) do nothing");
        insert.build().execute(conn).await.map(drop)
    })
    .context("tying names to contacts")
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
        for (inbox, name) in batch.iter().flat_map(|it| names(it).map(|name| (&it.inbox.name, name))) {
            either.push("(inbox = ").push_bind_unseparated(inbox);
            either.push_unseparated(" and value = ").push_bind_unseparated(name);
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
