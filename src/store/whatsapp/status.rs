//! How far messages of ours got: many statuses with few statements, the same whatever their order.

use super::{Taken, price};
use crate::conversation::{
    ConversationId, Delivery, Event, Happening, InboxName, Kept, OutboxId, Status, StatusNews,
    named_part,
};
use crate::store::consent::heed_failure;
use crate::store::conversation::{hold, settle};
use crate::store::happening::tell;
use crate::store::notification::carries_notification;
use crate::store::outbox::learn;
use crate::store::{Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap};

/// Statuses that are looked up with one statement.
const ROWS: usize = 500;

/// A delivery that statuses are about.
#[derive(Clone, sqlx::FromRow)]
struct Known {
    id: OutboxId,
    provider_id: Option<String>,
    conversation_id: ConversationId,
    state: Delivery,
    is_shown: bool,
}

/// What statuses together say of a delivery.
struct Moved<'a> {
    known: Known,
    to: Delivery,
    by: &'a StatusNews,
}

impl Moved<'_> {
    /// Whether it only got farther: that it was sent is recorded, and nothing waits for it.
    fn is_plain(&self) -> bool {
        self.known.is_shown && self.to != Delivery::Failed && self.known.provider_id.is_some()
    }
}

/// What a batch of statuses says.
#[derive(Default)]
struct Merged<'a> {
    moved: Vec<Moved<'a>>,
    /// Of parts that are not the last of their message.
    parts: Vec<(ConversationId, &'a StatusNews)>,
    /// Of messages that were not sent from here.
    strays: Vec<&'a StatusNews>,
    prices: price::Told<'a>,
}

/// Takes statuses in, and notes what changed. Gives the statuses of messages that were not sent from here.
pub(super) async fn take(
    tx: &mut Tx,
    inbox: &InboxName,
    statuses: &[&StatusNews],
    taken: &mut Taken,
    now: DateTime<Utc>,
) -> Result<Vec<Kept>> {
    let mut strays = Vec::new();
    for some in statuses.chunks(ROWS) {
        let mut found = find(tx, inbox, some).await?;
        if lock(tx, &found, now).await? {
            // Only what is read with the conversations held is certain.
            found = find(tx, inbox, some).await?;
        }
        let Merged { moved, parts, strays: stray, prices } = merge(&found, some);
        strays.extend(stray.into_iter().map(kept));
        taken.prices.extend(price::keep(tx, &prices).await?);
        for (conversation, status) in parts {
            if part_news(tx, &conversation, status, now).await? {
                taken.changed.push(conversation);
                taken.stirs = true;
            }
        }
        taken.changed.extend(moved.iter().map(|moved| moved.known.conversation_id.clone()));
        taken.stirs |= !moved.iter().all(Moved::is_plain);
        advance(tx, &moved, now).await?;
    }
    Ok(strays)
}

fn kept(status: &StatusNews) -> Kept {
    let id = format!("status {} {}", status.id, status.state);
    Kept { id, kind: "status".into(), body: status.raw.clone() }
}

async fn find(tx: &mut Tx, inbox: &InboxName, statuses: &[&StatusNews]) -> Result<Vec<Known>> {
    if statuses.is_empty() {
        return Ok(Vec::new());
    }
    within!(tx, conn => {
        let mut query = sqlx::QueryBuilder::new(
            "select o.id, o.provider_id, o.conversation_id, o.state, m.shown is not null as is_shown
             from outbox o join message m on m.id = o.message_id where o.inbox = ",
        );
        query.push_bind(inbox).push(" and (o.provider_id in (");
        let mut list = query.separated(", ");
        for status in statuses {
            list.push_bind(&status.id);
        }
        query.push(") or o.id in (");
        let mut list = query.separated(", ");
        list.push("''");
        for name in statuses.iter().filter_map(|status| status.outbox.as_ref()) {
            list.push_bind(named_part(name.as_str()).0);
        }
        query.push("))");
        query.build_query_as().fetch_all(conn).await
    })
    .context("looking for the deliveries of statuses")
}

/// Holds the conversations of deliveries, always in the same order, so that nobody waits for each other; gives whether
/// somebody else may have written meanwhile.
async fn lock(tx: &mut Tx, known: &[Known], now: DateTime<Utc>) -> Result<bool> {
    let Tx::Postgres(..) = tx else {
        // SQLite has one writer.
        return Ok(false);
    };
    let mut ids: Vec<&ConversationId> = known.iter().map(|known| &known.conversation_id).collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        hold(tx, id, now).await?;
    }
    Ok(true)
}

/// What the statuses say of each delivery.
fn merge<'a>(found: &[Known], statuses: &[&'a StatusNews]) -> Merged<'a> {
    let by_id: HashMap<&OutboxId, usize> =
        found.iter().enumerate().map(|(place, known)| (&known.id, place)).collect();
    let by_name: HashMap<&str, usize> = found
        .iter()
        .enumerate()
        .filter_map(|(place, known)| Some((known.provider_id.as_deref()?, place)))
        .collect();
    let mut moved = BTreeMap::<usize, (Delivery, &StatusNews)>::new();
    let mut merged = Merged::default();
    for status in statuses {
        let named = status.outbox.as_ref().map(|name| named_part(name.as_str()));
        let place = named.as_ref().and_then(|(id, _)| by_id.get(id));
        let Some(place) = place.or_else(|| by_name.get(&*status.id)) else {
            merged.strays.push(*status);
            continue;
        };
        let known = &found[*place];
        let part = named.as_ref().and_then(|(_, part)| *part);
        price::note(&mut merged.prices, &known.id, part, status);
        if matches!(named, Some((_, Some(_)))) {
            merged.parts.push((known.conversation_id.clone(), status));
            continue;
        }
        let state = moved.get(place).map_or(known.state, |(state, _)| *state);
        if may_follow(state, status.state) {
            moved.insert(*place, (status.state, status));
        }
    }
    let moved = moved.into_iter().map(|(place, (to, by))| {
        let known = found[place].clone();
        Moved { known, to, by }
    });
    Merged { moved: moved.collect(), ..merged }
}

/// Whether a status counts after another. That a message was sent is older news than that it failed, which only
/// its arrival belies: in whatever order they come, the same is left in the end.
fn may_follow(state: Delivery, news: Delivery) -> bool {
    state.may_become(news) && (state, news) != (Delivery::Failed, Delivery::Sent)
}

async fn advance(tx: &mut Tx, moved: &[Moved<'_>], now: DateTime<Utc>) -> Result<()> {
    for state in [Delivery::Sent, Delivery::Delivered, Delivery::Read] {
        let plain = moved.iter().filter(|it| it.is_plain()).filter(|moved| moved.to == state);
        let ids: Vec<&OutboxId> = plain.map(|moved| &moved.known.id).collect();
        set(tx, &ids, state, now).await?;
    }
    for one in moved.iter().filter(|it| !it.is_plain()) {
        first_news(tx, one, now).await?;
    }
    Ok(())
}

async fn set(tx: &mut Tx, ids: &[&OutboxId], state: Delivery, now: DateTime<Utc>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    within!(tx, conn => {
        let mut update = sqlx::QueryBuilder::new("update outbox set lease_until = null, state = ");
        update.push_bind(state).push(", due_at = ").push_bind(now);
        update.push(", updated_at = ").push_bind(now).push(" where id in (");
        let mut list = update.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        update.push(")");
        update.build().execute(conn).await.map(drop)
    })
    .context("recording how far deliveries got")
}

/// News that overtook our own record of the attempt, or that it failed.
async fn first_news(tx: &mut Tx, moved: &Moved<'_>, now: DateTime<Utc>) -> Result<()> {
    let (id, words) = (&moved.known.id, moved.by.words.as_deref());
    learn(tx, id, moved.to, words, now).await?;
    within!(tx, conn => {
        sqlx::query("update outbox set provider_id = coalesce(provider_id, $2) where id = $1")
            .bind(id)
            .bind(&moved.by.id)
            .execute(conn)
            .await
            .map(drop)
    })
    .context("recording what WhatsApp calls a message")?;
    match moved.to {
        Delivery::Failed => {
            undelivered(tx, (&moved.known.conversation_id, id), moved.by, now).await
        }
        Delivery::Queued
        | Delivery::Sending
        | Delivery::Uncertain
        | Delivery::Sent
        | Delivery::Delivered
        | Delivery::Read => Ok(()),
    }
}

/// News of a part that is not the last of its message; whether something changed.
async fn part_news(
    tx: &mut Tx,
    conversation: &ConversationId,
    status: &StatusNews,
    now: DateTime<Utc>,
) -> Result<bool> {
    let Some(part) = &status.outbox else { return Ok(false) };
    let changed = learn(tx, part, status.state, status.words.as_deref(), now).await?;
    if changed.is_some() && status.state == Delivery::Failed {
        undelivered(tx, (conversation, part), status, now).await?;
    }
    Ok(changed.is_some())
}

/// A message of ours did not arrive: people are told why, and see to it unless it was a notification.
async fn undelivered(
    tx: &mut Tx,
    (conversation, id): (&ConversationId, &OutboxId),
    status: &StatusNews,
    now: DateTime<Utc>,
) -> Result<()> {
    let words = status.words.clone().unwrap_or_default();
    heed_failure(tx, conversation, &words, (status.at, now)).await?;
    tell(tx, conversation, None, &Happening::Undelivered { words }, now).await?;
    if carries_notification(tx, id).await? {
        return Ok(());
    }
    before_person(tx, conversation, now).await
}

/// Puts a conversation before a person; what was put aside comes back to whoever did that.
pub(super) async fn before_person(
    tx: &mut Tx,
    id: &ConversationId,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(conversation) = hold(tx, id, now).await? else { return Ok(()) };
    let event = match conversation.status {
        Status::Snoozed => Event::Woken,
        Status::Bot | Status::Waiting | Status::WithAgent | Status::Resolved => Event::HandedOff,
    };
    settle(tx, &conversation, event, None, now).await
}

#[cfg(test)]
mod tests {
    use super::may_follow;
    use crate::conversation::Delivery::{Delivered, Failed, Read, Sending, Sent, Uncertain};

    #[test]
    fn in_whatever_order_statuses_come_the_same_is_left() {
        for (first, all, last) in [
            (Sending, vec![Sent, Delivered, Read], Read),
            (Uncertain, vec![Sent, Delivered], Delivered),
            (Sending, vec![Sent, Failed], Failed),
            (Sending, vec![Failed, Delivered], Delivered),
            (Sending, vec![Sent, Failed, Delivered, Read], Read),
        ] {
            for turns in 0..all.len() {
                for is_reversed in [false, true] {
                    let mut order = all.clone();
                    order.rotate_left(turns);
                    if is_reversed {
                        order.reverse();
                    }
                    let after = order.iter().chain(&all).fold(first, |state, news| {
                        if may_follow(state, *news) { *news } else { state }
                    });
                    assert_eq!(after, last, "{order:?}");
                }
            }
        }
    }
}
