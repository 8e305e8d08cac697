//! How a message joins its conversation: a chat's goes on in its contact's newest, or begins another once that
//! is long over; a mail joins the thread that it answers however old that is, since people answer mails weeks
//! later and mean the same matter.

use super::mail::voice;
use super::thread::Placed;
use super::{Incoming, Joining, Voice};
use crate::conversation::{ContactId, Conversation, ConversationId, Event, MessageId, Status};
use crate::store::due::{begin_wait, end_wait};
use crate::store::trust::raise_of_reopened;
use crate::store::{Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{HashMap, HashSet};

/// After this long a resolved conversation is left alone and a new message begins another.
const REOPEN_WITHIN: TimeDelta = TimeDelta::hours(72);

/// Lets each delivery join its conversation; no two of them are of one contact or join the same.
pub(super) async fn join<'a>(
    tx: &mut Tx,
    fresh: Vec<Placed<'a>>,
    now: DateTime<Utc>,
) -> Result<Vec<Joining<'a>>> {
    let mut last = last_conversations(tx, &fresh).await?;
    let blocked = blocked(tx, &fresh).await?;
    let mut begun = Vec::new();
    let mut joining = Vec::with_capacity(fresh.len());
    for (incoming, place) in fresh {
        let voice = voice(incoming.inbound, place.as_ref());
        let is_blocked = blocked.contains(&incoming.sender.id);
        let delivery = place.as_ref().and_then(|place| place.delivery.clone());
        let earlier = match place {
            Some(place) => Some(place.conversation),
            None => last.remove(&incoming.sender.id).filter(|last| !is_over(last, now)),
        };
        let conversation = match (earlier, voice) {
            (Some(earlier), Voice::Customer | Voice::Unreadable) => {
                advance(tx, earlier, is_blocked, now).await?
            }
            (Some(earlier), Voice::Participant | Voice::Machine | Voice::Colleague) => {
                number(tx, &earlier.id, now).await?
            }
            (None, _) => {
                let is_closed = is_blocked || voice == Voice::Machine;
                begun.push((begin(&incoming, is_closed, now), voice));
                begun[begun.len() - 1].0.clone()
            }
        };
        let message_id = MessageId::fresh();
        joining.push(Joining { incoming, conversation, message_id, voice, delivery });
    }
    if !begun.is_empty() {
        insert(tx, &begun).await?;
    }
    Ok(joining)
}

/// A new conversation; closed from the start where nobody is to answer.
fn begin(incoming: &Incoming<'_>, is_closed: bool, now: DateTime<Utc>) -> Conversation {
    let inbox = incoming.inbound.inbox.name.clone();
    let begun = Conversation::begun(inbox, incoming.sender.id.clone(), now);
    let status = if is_closed { Status::Resolved } else { begun.status };
    Conversation { status, ..begun }
}

/// Numbers a message that is not the customer's: neither whose move it is changes, nor what the customer sees.
async fn number(tx: &mut Tx, id: &ConversationId, now: DateTime<Utc>) -> Result<Conversation> {
    within!(tx, conn => {
        sqlx::query_as(
            "update conversation set last_seq = last_seq + 1, updated_at = $2 where id = $1
             returning id, inbox, contact_id, status, assignee, lang, priority, topic, last_seq,
                 handoff_told, waiting_since, created_at, updated_at",
        )
        .bind(id)
        .bind(now)
        .fetch_one(conn)
        .await
    })
    .context("numbering a mail")
}

fn is_over(last: &Conversation, now: DateTime<Utc>) -> bool {
    last.status == Status::Resolved && last.updated_at + REOPEN_WITHIN < now
}

async fn last_conversations(
    tx: &mut Tx,
    fresh: &[Placed<'_>],
) -> Result<HashMap<ContactId, Conversation>> {
    let known = fresh.iter().map(|(incoming, _)| incoming);
    let is_chat = |it: &&Incoming<'_>| !it.sender.is_new && it.inbound.mail.is_none();
    let known: Vec<_> = known.filter(is_chat).collect();
    if known.is_empty() {
        return Ok(HashMap::new());
    }
    let last: Vec<Conversation> = within!(tx, conn => {
        let mut query = sqlx::QueryBuilder::new(
            "select id, inbox, contact_id, status, assignee, lang, priority, topic, last_seq,
                    handoff_told, waiting_since, created_at, updated_at
             from conversation where id in (",
        );
        let mut list = query.separated(", ");
        for incoming in known {
            list.push("(select id from conversation where contact_id = ");
            list.push_bind_unseparated(&incoming.sender.id).push_unseparated(" and inbox = ");
            list.push_bind_unseparated(&incoming.inbound.inbox.name);
            list.push_unseparated(" and merged_into is null order by created_at desc limit 1)");
        }
        query.push(")");
        query.build_query_as().fetch_all(conn).await
    })
    .context("looking for the contacts' conversations")?;
    Ok(last.into_iter().map(|last| (last.contact_id.clone(), last)).collect())
}

/// Those of the senders whom nobody answers.
async fn blocked(tx: &mut Tx, fresh: &[Placed<'_>]) -> Result<HashSet<ContactId>> {
    let known = fresh.iter().map(|(incoming, _)| incoming);
    let known: Vec<_> = known.filter(|incoming| !incoming.sender.is_new).collect();
    if known.is_empty() {
        return Ok(HashSet::new());
    }
    let blocked: Vec<ContactId> = within!(tx, conn => {
        let mut query = sqlx::QueryBuilder::new("select contact_id from block where contact_id in (");
        let mut list = query.separated(", ");
        for incoming in known {
            list.push_bind(&incoming.sender.id);
        }
        query.push(")");
        query.build_query_scalar().fetch_all(conn).await
    })
    .context("looking whom nobody answers")?;
    Ok(blocked.into_iter().collect())
}

/// Moves a conversation on by a message of its contact; what the blocked write is filed as resolved.
async fn advance(
    tx: &mut Tx,
    last: Conversation,
    is_blocked: bool,
    now: DateTime<Utc>,
) -> Result<Conversation> {
    let status =
        if is_blocked { Status::Resolved } else { last.status.after(Event::CustomerWrote) };
    let reopened = last.status == Status::Resolved && !is_blocked;
    if reopened {
        raise_of_reopened(tx, &last.id, now).await?;
    }
    let conversation = within!(tx, conn => {
        sqlx::query_as(
            "update conversation
             set last_seq = last_seq + 1, last_shown = last_shown + 1, status = $2, updated_at = $3,
                 handoff_told = case when $4 then false else handoff_told end
             where id = $1
             returning id, inbox, contact_id, status, assignee, lang, priority, topic, last_seq,
                 handoff_told, waiting_since, created_at, updated_at",
        )
        .bind(&last.id)
        .bind(status)
        .bind(now)
        .bind(reopened)
        .fetch_one(conn)
        .await
    })
    .context("moving the conversation on")?;
    match status {
        Status::WithAgent => begin_wait(tx, &last.id, now).await?,
        Status::Resolved => end_wait(tx, &last.id).await?,
        Status::Bot | Status::Waiting | Status::Snoozed => {}
    }
    Ok(conversation)
}

async fn insert(tx: &mut Tx, begun: &[(Conversation, Voice)]) -> Result<()> {
    within!(tx, conn => {
        let mut insert = sqlx::QueryBuilder::new(
            "insert into conversation (id, inbox, contact_id, status, priority, last_seq, last_shown,
                 handoff_told, created_at, updated_at) ",
        );
        insert.push_values(begun, |mut row, (conversation, voice)| {
            let shown = if *voice == Voice::Customer { conversation.last_seq } else { 0 };
            row.push_bind(&conversation.id).push_bind(&conversation.inbox);
            row.push_bind(&conversation.contact_id).push_bind(conversation.status);
            row.push_bind(conversation.priority).push_bind(conversation.last_seq);
            row.push_bind(shown).push_bind(conversation.handoff_told);
            row.push_bind(conversation.created_at).push_bind(conversation.updated_at);
        });
        insert.build().execute(conn).await.map(drop)
    })
    .context("beginning conversations")
}
