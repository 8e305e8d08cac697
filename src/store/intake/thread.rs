//! Which conversation a mail joins: the one it answers, by what only its answer can name, else a new one.
//!
//! In order: the delivery that a report is about, a signed address, the mails it answers (ours by the names that
//! we gave them, others by the names that are stored), a token in the subject where its writer is the contact,
//! and mails of the same writer that answer it and came before it. Never just the newest of its contact, as in
//! a chat: a mail has a subject of its own.

use super::Incoming;
use crate::conversation::{
    ContactId, Conversation, ConversationId, InboxName, Mail, MessageId, OutboxId, Report,
    read_own_message_id, read_subject_token,
};
use crate::store::conversation::hold;
use crate::store::person::with_person;
use crate::store::row::json;
use crate::store::{Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::HashSet;

/// Mails that one may answer; more are not looked for.
const ANSWERED: usize = 50;

/// Earlier mails of a writer that may answer a mail that came late.
const CAME_BEFORE: i64 = 50;

/// Where a mail belongs.
pub(super) struct Place {
    /// The conversation, held.
    pub(super) conversation: Conversation,
    /// Whether its writer is the contact whose it is.
    pub(super) is_contact: bool,
    /// The delivery that it reports on.
    pub(super) delivery: Option<OutboxId>,
}

/// A delivery with its place; what is no mail, or begins a conversation, has none.
pub(super) type Placed<'a> = (Incoming<'a>, Option<Place>);

/// Finds each mail its place. Those whose conversation another of the wave joins already come with the next.
pub(super) async fn place<'a>(
    tx: &mut Tx,
    wave: Vec<Incoming<'a>>,
    now: DateTime<Utc>,
) -> Result<(Vec<Placed<'a>>, Vec<Incoming<'a>>)> {
    let mut taken = HashSet::new();
    let (mut placed, mut later) = (Vec::with_capacity(wave.len()), Vec::new());
    for incoming in wave {
        let place = match &incoming.inbound.mail {
            Some(mail) => find(tx, &incoming, mail, now).await?,
            None => None,
        };
        match place {
            Some(place) if !taken.insert(place.conversation.id.clone()) => later.push(incoming),
            place => placed.push((incoming, place)),
        }
    }
    Ok((placed, later))
}

async fn find(
    tx: &mut Tx,
    incoming: &Incoming<'_>,
    mail: &Mail,
    now: DateTime<Utc>,
) -> Result<Option<Place>> {
    let inbox = &incoming.inbound.inbox.name;
    let about = match &mail.report {
        Some(report) => reported(tx, inbox, report, &mail.answers).await?,
        None => None,
    };
    let (delivery, mut found) = about.map_or((None, None), |(id, found)| (Some(id), Some(found)));
    if found.is_none()
        && let Some(named) = &mail.thread
    {
        found = in_inbox(tx, inbox, named).await?;
    }
    if found.is_none() {
        found = answered(tx, inbox, &incoming.sender.id, &mail.answers).await?;
    }
    if found.is_none() && !incoming.sender.is_new {
        found = by_subject(tx, inbox, &incoming.sender.id, &mail.subject).await?;
    }
    if found.is_none() && !incoming.sender.is_new {
        found = answered_before(tx, inbox, &incoming.sender.id, mail).await?;
    }
    let Some(found) = found else { return Ok(None) };
    let going_on = going_on(tx, &found).await?;
    let Some(conversation) = hold(tx, &going_on, now).await? else { return Ok(None) };
    let is_contact = is_same_person(tx, &conversation.contact_id, &incoming.sender.id).await?;
    Ok(Some(Place { conversation, is_contact, delivery }))
}

/// The delivery that a report is about: named by the signed address that it was sent to, or by the Message-ID
/// of the mail that it tells of.
async fn reported(
    tx: &mut Tx,
    inbox: &InboxName,
    report: &Report,
    answers: &[String],
) -> Result<Option<(OutboxId, ConversationId)>> {
    let mut names = report.about.iter().chain(answers).filter_map(|id| read_own_message_id(id));
    let message = names.next().map(|(_, message)| message);
    within!(tx, conn => {
        sqlx::query_as(
            "select id, conversation_id from outbox where inbox = $1 and (id = $2 or message_id = $3)
             order by case when id = $2 then 0 else 1 end limit 1",
        )
        .bind(inbox)
        .bind(&report.outbox_id)
        .bind(message)
        .fetch_optional(conn)
        .await
    })
    .context("looking for the delivery that a report is about")
}

async fn in_inbox(
    tx: &mut Tx,
    inbox: &InboxName,
    id: &ConversationId,
) -> Result<Option<ConversationId>> {
    within!(tx, conn => {
        sqlx::query_scalar("select id from conversation where id = $1 and inbox = $2")
            .bind(id)
            .bind(inbox)
            .fetch_optional(conn)
            .await
    })
    .context("looking for the conversation that an address names")
}

/// The conversation of the first mail that is answered and known here. Two mails of one name may be known:
/// then the writer's own counts.
async fn answered(
    tx: &mut Tx,
    inbox: &InboxName,
    writer: &ContactId,
    answers: &[String],
) -> Result<Option<ConversationId>> {
    for name in answers.iter().take(ANSWERED) {
        let own = read_own_message_id(name);
        let found: Option<ConversationId> = match &own {
            Some((_, message)) => ours(tx, inbox, message).await?,
            None => theirs(tx, inbox, writer, name).await?,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

async fn ours(
    tx: &mut Tx,
    inbox: &InboxName,
    message: &MessageId,
) -> Result<Option<ConversationId>> {
    within!(tx, conn => {
        sqlx::query_scalar(
            "select conversation_id from message
             where id = $1 and inbox = $2 and visibility = 'public' and author in ('bot', 'agent')",
        )
        .bind(message)
        .bind(inbox)
        .fetch_optional(conn)
        .await
    })
    .context("looking for the mail of ours that is answered")
}

async fn theirs(
    tx: &mut Tx,
    inbox: &InboxName,
    writer: &ContactId,
    name: &str,
) -> Result<Option<ConversationId>> {
    within!(tx, conn => {
        sqlx::query_scalar(
            "select m.conversation_id from mail a join message m on m.id = a.message_id
                 join conversation c on c.id = m.conversation_id
             where a.inbox = $1 and a.mail_id = $2
             order by case when c.contact_id = $3 then 0 else 1 end, m.received_at desc, m.id desc
             limit 1",
        )
        .bind(inbox)
        .bind(name)
        .bind(writer)
        .fetch_optional(conn)
        .await
    })
    .context("looking for the mail that is answered")
}

async fn by_subject(
    tx: &mut Tx,
    inbox: &InboxName,
    writer: &ContactId,
    subject: &str,
) -> Result<Option<ConversationId>> {
    let Some(token) = read_subject_token(subject) else { return Ok(None) };
    within!(tx, conn => {
        sqlx::query_scalar(
            "select id from conversation
             where contact_id = $1 and inbox = $2 and replace(id, '-', '') like '%' || $3
             order by created_at desc limit 1",
        )
        .bind(writer)
        .bind(inbox)
        .bind(token)
        .fetch_optional(conn)
        .await
    })
    .context("looking for the conversation that a subject names")
}

/// The conversation of a mail of the same writer that answers this one and has overtaken it on the way.
async fn answered_before(
    tx: &mut Tx,
    inbox: &InboxName,
    writer: &ContactId,
    mail: &Mail,
) -> Result<Option<ConversationId>> {
    let Some(name) = &mail.message_id else { return Ok(None) };
    let newest: Vec<(ConversationId, String)> = within!(tx, conn => {
        sqlx::query_as(
            "select m.conversation_id, a.answers
             from conversation c join message m on m.conversation_id = c.id
                 join mail a on a.message_id = m.id
             where c.contact_id = $1 and c.inbox = $2 and m.author = 'customer'
             order by m.received_at desc, m.id desc limit $3",
        )
        .bind(writer)
        .bind(inbox)
        .bind(CAME_BEFORE)
        .fetch_all(conn)
        .await
    })
    .context("looking for mails that answer one that came late")?;
    for (id, answers) in newest {
        if json::<Vec<String>>(&answers)?.contains(name) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The conversation that goes on for one that was merged, or itself.
pub(in crate::store) async fn going_on(tx: &mut Tx, id: &ConversationId) -> Result<ConversationId> {
    within!(tx, conn => {
        sqlx::query_scalar(
            "with recursive next (id, merged_into) as (
                 select id, merged_into from conversation where id = $1
                 union
                 select c.id, c.merged_into from conversation c join next n on c.id = n.merged_into
             )
             select id from next where merged_into is null",
        )
        .bind(id)
        .fetch_one(conn)
        .await
    })
    .context("looking for the conversation that goes on")
}

async fn is_same_person(tx: &mut Tx, contact: &ContactId, writer: &ContactId) -> Result<bool> {
    if contact == writer {
        return Ok(true);
    }
    let found: Option<ContactId> = within!(tx, conn => {
        sqlx::query_scalar(with_person!("select id from person where id = $2"))
            .bind(contact)
            .bind(writer)
            .fetch_optional(conn)
            .await
    })
    .context("looking whether two contacts are one person")?;
    Ok(found.is_some())
}
