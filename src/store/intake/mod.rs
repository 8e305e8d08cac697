//! Storing what comes in: message, conversation and due turn together, many deliveries a commit.
//!
//! A batch is stored with a handful of statements however large it is: each statement costs about as
//! much as all the rows it writes. What depends on an earlier delivery of the same batch, a second
//! message of one contact or under one name, or a mail that answers one of it, waits for the next wave within
//! the transaction.

mod contact;
mod joining;
mod mail;
mod recycled;
mod thread;
mod turn;

pub(super) use recycled::names_of;
pub(super) use thread::going_on;

#[cfg(test)]
use super::Store;
use super::row::to_json;
use super::{Tx, whatsapp, within};
use crate::conversation::{
    Author, ContactId, Conversation, ConversationId, Inbound, InboxName, MessageId, OutboxId,
    Visibility,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// What has become of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The message, now or from its first delivery.
    pub message_id: MessageId,
    /// The conversation it is in.
    pub conversation_id: ConversationId,
    /// The contact who wrote it.
    pub contact_id: ContactId,
    /// Whether it had come before.
    pub duplicate: bool,
    /// When the bot will consider it, if it will.
    pub due_at: Option<DateTime<Utc>>,
}

/// A delivery whose sender is known, and its place in the batch.
pub(super) struct Incoming<'a> {
    place: usize,
    pub(super) inbound: &'a Inbound,
    pub(super) sender: contact::Sender,
}

/// A delivery that is new, with the conversation it joins, whose counters have moved on for it.
pub(super) struct Joining<'a> {
    pub(super) incoming: Incoming<'a>,
    pub(super) conversation: Conversation,
    pub(super) message_id: MessageId,
    voice: Voice,
    /// The delivery of ours that it reports on.
    delivery: Option<OutboxId>,
}

/// Who speaks in a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    /// The contact: the bot considers what they say.
    Customer,
    /// Somebody else in a thread of mails: shown to people only.
    Participant,
    /// A mail program by itself: filed.
    Machine,
    /// The contact, in a form that cannot be read here: the bot finds no words, so that a person looks.
    Unreadable,
    /// Somebody of the business, by another way than ours: told, never sent.
    Colleague,
}

impl Voice {
    fn stored(self) -> (Author, Visibility) {
        match self {
            Self::Customer => (Author::Customer, Visibility::Public),
            Self::Participant => (Author::Participant, Visibility::Public),
            Self::Machine => (Author::Machine, Visibility::Private),
            Self::Unreadable => (Author::Customer, Visibility::Private),
            Self::Colleague => (Author::Agent, Visibility::Public),
        }
    }

    /// Whether it is the contact's.
    fn is_theirs(self) -> bool {
        matches!(self, Self::Customer | Self::Unreadable)
    }
}

#[cfg(test)]
impl Store {
    /// Stores all of `batch` with one commit, or none of it.
    pub async fn receive(&self, batch: &[Inbound], now: DateTime<Utc>) -> Result<Vec<Received>> {
        let mut tx = self.begin().await?;
        let received = receive(&mut tx, batch, now).await?;
        tx.commit().await?;
        Ok(received)
    }
}

/// Messages that a handful of statements store; more would be expressions too deep for SQLite.
const AT_ONCE: usize = 128;

/// Stores messages within a transaction.
pub(super) async fn receive(
    tx: &mut Tx,
    batch: &[Inbound],
    now: DateTime<Utc>,
) -> Result<Vec<Received>> {
    let mut received = Vec::with_capacity(batch.len());
    for some in batch.chunks(AT_ONCE) {
        received.extend(receive_some(tx, some, now).await?);
    }
    Ok(received)
}

async fn receive_some(tx: &mut Tx, batch: &[Inbound], now: DateTime<Utc>) -> Result<Vec<Received>> {
    let senders = contact::find_or_make(tx, batch, now).await?;
    let mut waiting: Vec<Incoming<'_>> = batch
        .iter()
        .zip(senders)
        .enumerate()
        .map(|(place, (inbound, sender))| Incoming { place, inbound, sender })
        .collect();
    let mut received = Vec::with_capacity(batch.len());
    while !waiting.is_empty() {
        let (wave, mut later) = first_of_each(waiting);
        let (stored, put_off) = receive_wave(tx, wave, now).await?;
        received.extend(stored);
        later.extend(put_off);
        later.sort_by_key(|incoming| incoming.place);
        waiting = later;
    }
    received.sort_by_key(|(place, _)| *place);
    Ok(received.into_iter().map(|(_, received)| received).collect())
}

/// Parts a batch into deliveries that do not depend on each other, and those that come after them.
fn first_of_each(batch: Vec<Incoming<'_>>) -> (Vec<Incoming<'_>>, Vec<Incoming<'_>>) {
    let mut contacts = HashSet::new();
    let mut names = HashSet::new();
    let mut mails = HashSet::new();
    batch.into_iter().partition(|incoming| {
        let is_first = contacts.insert(incoming.sender.id.clone());
        let is_new = incoming.name().is_none_or(|name| names.insert(name));
        let mail = incoming.inbound.mail.as_deref();
        let answers = mail.map_or(&[][..], |mail| &mail.answers);
        let stands_alone = !answers.iter().any(|id| mails.contains(id.as_str()));
        let own = mail.and_then(|mail| mail.message_id.as_deref());
        let is_new_mail = own.is_none_or(|id| mails.insert(id));
        is_first && is_new && stands_alone && is_new_mail
    })
}

impl<'a> Incoming<'a> {
    /// What its sender calls the message, in its inbox.
    fn name(&self) -> Option<(&'a InboxName, &'a str)> {
        let external_id = self.inbound.external_id.as_deref()?;
        Some((&self.inbound.inbox.name, external_id))
    }
}

/// Stores a wave; gives what became of it, and what has to come with the next one after all.
async fn receive_wave<'a>(
    tx: &mut Tx,
    wave: Vec<Incoming<'a>>,
    now: DateTime<Utc>,
) -> Result<(Vec<(usize, Received)>, Vec<Incoming<'a>>)> {
    let earlier = earlier_deliveries(tx, &wave).await?;
    let mut received = Vec::with_capacity(wave.len());
    let mut fresh = Vec::with_capacity(wave.len());
    for incoming in wave {
        match incoming.name().and_then(|(inbox, id)| earlier.get(&(inbox.clone(), id.to_owned()))) {
            Some(first) => received.push((incoming.place, repeated(incoming, first))),
            None => fresh.push(incoming),
        }
    }
    if fresh.is_empty() {
        return Ok((received, Vec::new()));
    }
    let (fresh, put_off) = thread::place(tx, fresh, now).await?;
    let joining = joining::join(tx, fresh, now).await?;
    insert_messages(tx, &joining, now).await?;
    attach(tx, &joining).await?;
    mail::insert(tx, &joining, now).await?;
    let due = turn::open(tx, &joining, now).await?;
    whatsapp::insert(tx, &joining, now).await?;
    mail::follow(tx, &joining, now).await?;
    received.extend(joining.into_iter().map(|joining| {
        let due_at = due.get(&joining.conversation.id).copied();
        (joining.incoming.place, stored(joining, due_at))
    }));
    Ok((received, put_off))
}

fn repeated(incoming: Incoming<'_>, first: &(MessageId, ConversationId)) -> Received {
    Received {
        message_id: first.0.clone(),
        conversation_id: first.1.clone(),
        contact_id: incoming.sender.id,
        duplicate: true,
        due_at: None,
    }
}

fn stored(joining: Joining<'_>, due_at: Option<DateTime<Utc>>) -> Received {
    Received {
        message_id: joining.message_id,
        conversation_id: joining.conversation.id,
        contact_id: joining.incoming.sender.id,
        duplicate: false,
        due_at,
    }
}

/// The messages that are stored already under the names of these, by inbox and name.
async fn earlier_deliveries(
    tx: &mut Tx,
    wave: &[Incoming<'_>],
) -> Result<HashMap<(InboxName, String), (MessageId, ConversationId)>> {
    let names: Vec<_> = wave.iter().filter_map(Incoming::name).collect();
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(InboxName, String, MessageId, ConversationId)> = within!(tx, conn => {
        let mut query = sqlx::QueryBuilder::new(
            "select inbox, external_id, id, conversation_id from message where ",
        );
        let mut either = query.separated(" or ");
        for (inbox, external_id) in names {
            either.push("(inbox = ").push_bind_unseparated(inbox);
            either.push_unseparated(" and external_id = ").push_bind_unseparated(external_id);
            either.push_unseparated(")");
        }
        query.build_query_as().fetch_all(conn).await
    })
    .context("looking for earlier deliveries")?;
    Ok(found.into_iter().map(|(inbox, name, id, conv)| ((inbox, name), (id, conv))).collect())
}

async fn insert_messages(tx: &mut Tx, joining: &[Joining<'_>], now: DateTime<Utc>) -> Result<()> {
    let mut files = Vec::with_capacity(joining.len());
    for joining in joining {
        files.push(to_json(&joining.incoming.inbound.attachments)?);
    }
    within!(tx, conn => {
        let mut insert = sqlx::QueryBuilder::new(
            "insert into message (id, conversation_id, seq, shown, inbox, external_id, author,
                 visibility, body, attachments, citations, choices, sent_at, received_at) ",
        );
        insert.push_values(joining.iter().zip(&files), |mut row, (joining, files)| {
            let (inbound, conversation) = (joining.incoming.inbound, &joining.conversation);
            row.push_bind(&joining.message_id).push_bind(&conversation.id);
            row.push_bind(conversation.last_seq);
            let (author, visibility) = joining.voice.stored();
            if joining.voice == Voice::Customer {
                row.push("(select last_shown from conversation where id = ");
                row.push_bind_unseparated(&conversation.id).push_unseparated(")");
            } else {
                row.push("null");
            }
            row.push_bind(&inbound.inbox.name).push_bind(&inbound.external_id);
            row.push_bind(author).push_bind(visibility);
            row.push_bind(&inbound.body).push_bind(files).push("'[]'").push("'[]'");
            row.push_bind(inbound.sent_at).push_bind(now);
        });
        insert.build().execute(conn).await.map(drop)
    })
    .context("storing messages")
}

/// Ties files that were uploaded before to the conversation; those of a mail and of WhatsApp come with it.
async fn attach(tx: &mut Tx, joining: &[Joining<'_>]) -> Result<()> {
    let files = |joining: &Joining<'_>| {
        let inbound = joining.incoming.inbound;
        let come_with_it = inbound.mail.is_some() || inbound.whatsapp.is_some();
        if come_with_it { Vec::new() } else { inbound.attachments.clone() }
    };
    for (joining, file) in joining.iter().flat_map(|j| files(j).into_iter().map(move |f| (j, f))) {
        within!(tx, conn => {
            sqlx::query("update attachment set conversation_id = $2 where id = $1")
                .bind(&file.id)
                .bind(&joining.conversation.id)
                .execute(conn)
                .await
                .map(drop)
        })
        .context("tying an attachment to its conversation")?;
    }
    Ok(())
}
