//! The names of one person, tied to one contact.

use crate::conversation::{ContactId, InboxName, is_another, is_phone};
use crate::store::identity::give;
use crate::store::intake::names_of;
use crate::store::{Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// Ties names to the contact of the first of them that is known, else to a new one. Whoever else had one of them
/// turns out to be the same person.
pub(in crate::store) async fn tie(
    tx: &mut Tx,
    inbox: &InboxName,
    names: &[String],
    now: DateTime<Utc>,
) -> Result<ContactId> {
    let known = known(tx, inbox, names, now).await?;
    let of = |name: &String| known.iter().find(|(value, _)| value == name).map(|(_, id)| id);
    let mut contact = match names.iter().find_map(of) {
        Some(contact) => contact.clone(),
        None => make(tx, now).await?,
    };
    let mut is_unnamed = !names.iter().any(|name| of(name).is_some());
    let mut given: Vec<&ContactId> = Vec::new();
    for (_, other) in &known {
        if *other != contact && !given.contains(&other) {
            give(tx, inbox, other, &contact, now).await?;
            given.push(other);
        }
    }
    for name in names.iter().filter(|name| of(name).is_none()) {
        let owner = claim(tx, inbox, name, &contact, now).await?;
        if owner != contact && is_unnamed {
            forget(tx, &contact).await?;
            contact = owner;
        } else if owner != contact {
            give(tx, inbox, &owner, &contact, now).await?;
        }
        is_unnamed = false;
    }
    Ok(contact)
}

/// Ties a name to a contact; gives whose it is, for somebody else may have made it known just now.
async fn claim(
    tx: &mut Tx,
    inbox: &InboxName,
    name: &str,
    contact: &ContactId,
    now: DateTime<Utc>,
) -> Result<ContactId> {
    within!(tx, conn => {
        sqlx::query_scalar(
            "insert into identity (inbox, value, contact_id, seen_at) values ($1, $2, $3, $4)
             on conflict (inbox, value) do update set seen_at = excluded.seen_at
             returning contact_id",
        )
        .bind(inbox)
        .bind(name)
        .bind(contact)
        .bind(now)
        .fetch_one(conn)
        .await
    })
    .context("tying a name to its contact")
}

/// Takes back a contact that was made and has no name.
async fn forget(tx: &mut Tx, contact: &ContactId) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("delete from contact where id = $1").bind(contact).execute(conn).await.map(drop)
    })
    .context("taking back a contact without a name")
}

/// Names that came together, without the phone number where that is another person's by now.
pub(super) async fn apart(
    tx: &mut Tx,
    inbox: &InboxName,
    names: &[String],
    now: DateTime<Utc>,
) -> Result<Vec<String>> {
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let known = known(tx, inbox, names, now).await?;
    let owner = known.iter().find(|(name, _)| is_phone(name));
    let is_theirs = match owner {
        Some((_, owner)) => !is_another(&all, &names_of(tx, inbox, owner).await?),
        None => true,
    };
    Ok(names.iter().filter(|name| is_theirs || !is_phone(name)).cloned().collect())
}

async fn known(
    tx: &mut Tx,
    inbox: &InboxName,
    names: &[String],
    now: DateTime<Utc>,
) -> Result<Vec<(String, ContactId)>> {
    let mut known = Vec::with_capacity(names.len());
    for name in names {
        // Its row is written, so that who writes under it takes turns with this.
        let found: Option<(String, ContactId)> = within!(tx, conn => {
            sqlx::query_as(
                "update identity set seen_at = $3 where inbox = $1 and value = $2
                 returning value, contact_id",
            )
            .bind(inbox)
            .bind(name)
            .bind(now)
            .fetch_optional(conn)
            .await
        })
        .context("looking whose a name is")?;
        known.extend(found);
    }
    Ok(known)
}

async fn make(tx: &mut Tx, now: DateTime<Utc>) -> Result<ContactId> {
    let id = ContactId::fresh();
    within!(tx, conn => {
        sqlx::query("insert into contact (id, created_at) values ($1, $2)")
            .bind(&id)
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
    })
    .context("storing a new contact")?;
    Ok(id)
}
