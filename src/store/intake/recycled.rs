//! Phone numbers that the network has given to somebody else: they go to whoever wrote under them last, and what
//! the one before wrote stays with that one.

use super::contact::names;
use crate::conversation::{ContactId, Inbound, InboxName, is_another, is_phone};
use crate::store::{Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// What becomes of a phone number that a sender shares with another person.
pub(super) enum Shared {
    /// It is the sender's now.
    Theirs(String),
    /// It stays with the other, who has written under it since.
    Others(String),
}

impl Shared {
    /// The number.
    pub(super) fn phone(&self) -> &str {
        match self {
            Self::Theirs(phone) | Self::Others(phone) => phone,
        }
    }
}

/// The phone number of a sender that another person is known by; none where it is theirs alone.
pub(super) async fn shared(
    tx: &mut Tx,
    inbound: &Inbound,
    known: &HashMap<(InboxName, String), ContactId>,
) -> Result<Option<Shared>> {
    let inbox = &inbound.inbox.name;
    let all: Vec<&str> = names(inbound).collect();
    if inbound.whatsapp.is_none() || all.len() < 2 {
        return Ok(None);
    }
    let Some(phone) = all.iter().copied().find(|name| is_phone(name)) else { return Ok(None) };
    let of = |name: &str| known.get(&(inbox.clone(), name.to_owned()));
    let Some(owner) = of(phone) else { return Ok(None) };
    if all.iter().any(|name| !is_phone(name) && of(name) == Some(owner)) {
        return Ok(None);
    }
    let mut theirs = names_of(tx, inbox, owner).await?;
    let here = known.iter().filter(|((of, _), id)| of == inbox && *id == owner);
    theirs.extend(here.map(|((_, name), _)| name.clone()));
    theirs.sort_unstable();
    theirs.dedup();
    if !is_another(&all, &theirs) {
        return Ok(None);
    }
    let last = last_written(tx, inbox, owner).await?;
    let phone = phone.to_owned();
    if last.is_none_or(|last| inbound.sent_at >= last) {
        tracing::warn!(%inbox, contact.id = %owner,
            "a phone number has come to another person; what was written under it before stays with the one before");
        return Ok(Some(Shared::Theirs(phone)));
    }
    Ok(Some(Shared::Others(phone)))
}

/// Gives phone numbers to those who write under them now.
pub(super) async fn give_phones(
    tx: &mut Tx,
    moved: &[(&InboxName, String, ContactId)],
    now: DateTime<Utc>,
) -> Result<()> {
    for (inbox, phone, contact) in moved {
        within!(tx, conn => {
            sqlx::query(
                "insert into identity (inbox, value, contact_id, seen_at) values ($1, $2, $3, $4)
                 on conflict (inbox, value) do update set contact_id = excluded.contact_id",
            )
            .bind(inbox)
            .bind(phone)
            .bind(contact)
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
        })
        .context("giving a phone number to whom it is now")?;
    }
    Ok(())
}

/// The names by which an inbox knows a contact.
pub(in crate::store) async fn names_of(
    tx: &mut Tx,
    inbox: &InboxName,
    contact: &ContactId,
) -> Result<Vec<String>> {
    within!(tx, conn => {
        sqlx::query_scalar("select value from identity where inbox = $1 and contact_id = $2")
            .bind(inbox)
            .bind(contact)
            .fetch_all(conn)
            .await
    })
    .context("reading the names of a contact")
}

/// When a contact last wrote.
async fn last_written(
    tx: &mut Tx,
    inbox: &InboxName,
    contact: &ContactId,
) -> Result<Option<DateTime<Utc>>> {
    within!(tx, conn => {
        sqlx::query_scalar(
            "select m.sent_at from message m join conversation c on c.id = m.conversation_id
             where c.inbox = $1 and c.contact_id = $2 and m.author = 'customer'
             order by m.sent_at desc limit 1",
        )
        .bind(inbox)
        .bind(contact)
        .fetch_optional(conn)
        .await
    })
    .context("reading when a contact last wrote")
}
