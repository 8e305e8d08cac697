//! What is stored of a WhatsApp message besides the message, and what follows from it.

use super::change::follow;
use super::opt;
use crate::conversation::{
    ContactId, ConversationId, Event, Inbound, InboxName, MessageId, Status, Whatsapp, WhatsappKind,
};
use crate::store::conversation::{hold, settle};
use crate::store::desk::stop_bot;
use crate::store::intake::Joining;
use crate::store::{Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;

/// How long a customer may be answered freely after they wrote (Meta, "Customer service windows").
const WINDOW: TimeDelta = TimeDelta::hours(24);

/// How long a turn waits at most for a voice note to be fetched, from its newest message on.
const LISTEN: TimeDelta = TimeDelta::seconds(60);

/// A message that came by WhatsApp.
pub(super) struct Came<'a> {
    id: &'a MessageId,
    pub(super) conversation: &'a ConversationId,
    /// Whose move it is there.
    pub(super) status: Status,
    pub(super) contact: &'a ContactId,
    pub(super) inbound: &'a Inbound,
    pub(super) whatsapp: &'a Whatsapp,
}

fn all<'a>(joining: &'a [Joining<'_>]) -> Vec<Came<'a>> {
    let came = joining.iter().filter_map(|joining| {
        let inbound = joining.incoming.inbound;
        Some(Came {
            id: &joining.message_id,
            conversation: &joining.conversation.id,
            status: joining.conversation.status,
            contact: &joining.incoming.sender.id,
            inbound,
            whatsapp: inbound.whatsapp.as_deref()?,
        })
    });
    came.collect()
}

/// Stores what WhatsApp tells of messages, the files that are to be fetched, and until when each customer may be
/// answered; a person who wrote in the app has taken the conversation. Turns that are open wait for voice notes.
pub(in crate::store) async fn insert(
    tx: &mut Tx,
    joining: &[Joining<'_>],
    now: DateTime<Utc>,
) -> Result<()> {
    let came = all(joining);
    if came.is_empty() {
        return Ok(());
    }
    let mut is_listening = insert_told(tx, &came).await?;
    let files: Vec<_> = came.iter().filter(|came| came.whatsapp.media.is_some()).collect();
    if !files.is_empty() {
        is_listening |= files.iter().any(|came| is_heard(came.whatsapp.kind));
        insert_files(tx, &files, now).await?;
    }
    let theirs: Vec<_> = came.iter().filter(|came| !came.whatsapp.from_us).collect();
    if !theirs.is_empty() {
        open_windows(tx, &theirs).await?;
        opt::heed(tx, &theirs, now).await?;
    }
    for ours in came.iter().filter(|came| came.whatsapp.from_us) {
        taken_over(tx, ours.conversation, now).await?;
    }
    let mut names: HashMap<&InboxName, Vec<&str>> = HashMap::new();
    for came in &came {
        let of = names.entry(&came.inbound.inbox.name).or_default();
        of.extend(came.inbound.external_id.as_deref());
    }
    for (inbox, names) in names {
        follow(tx, inbox, &names, now).await?;
    }
    if is_listening {
        wait_for_voices(tx, &came, now).await?;
    }
    Ok(())
}

/// Whether the bot waits for a file of this kind.
fn is_heard(kind: WhatsappKind) -> bool {
    matches!(kind, WhatsappKind::Voice | WhatsappKind::Audio)
}

/// Gives whether voice notes that came before, of whomever, are still being fetched.
async fn insert_told(tx: &mut Tx, came: &[Came<'_>]) -> Result<bool> {
    let coming: Vec<bool> = within!(tx, conn => {
        let mut insert = sqlx::QueryBuilder::new(
            "insert into whatsapp (message_id, kind, answers, forwarded, about, raw) ",
        );
        insert.push_values(came, |mut row, came| {
            let told = came.whatsapp;
            row.push_bind(came.id).push_bind(told.kind).push_bind(&told.answers);
            row.push_bind(told.forwarded).push_bind(&told.about).push_bind(&told.raw);
        });
        insert.push(
            " returning exists (select 1 from whatsapp_media where state = 'coming' and waits)",
        );
        insert.build_query_scalar().fetch_all(conn).await
    })
    .context("storing what WhatsApp tells of messages")?;
    Ok(coming.contains(&true))
}

/// Records files that are still at Meta; of each message one.
async fn insert_files(tx: &mut Tx, came: &[&Came<'_>], now: DateTime<Utc>) -> Result<()> {
    let files: Vec<_> = came
        .iter()
        .filter_map(|came| {
            let file = came.inbound.attachments.first()?;
            Some((came, file, came.whatsapp.media.as_ref()?))
        })
        .collect();
    if files.is_empty() {
        return Ok(());
    }
    within!(tx, conn => {
        let mut insert = sqlx::QueryBuilder::new(
            "insert into attachment (id, inbox, contact_id, conversation_id, name, media_type, size,
                 created_at) ",
        );
        insert.push_values(&files, |mut row, (came, file, _)| {
            row.push_bind(&file.id).push_bind(&came.inbound.inbox.name).push_bind(came.contact);
            row.push_bind(came.conversation).push_bind(&file.name).push_bind(&file.media_type);
            row.push_bind(file.size).push_bind(now);
        });
        insert.build().execute(&mut *conn).await?;
        let mut insert = sqlx::QueryBuilder::new(
            "insert into whatsapp_media (attachment_id, inbox, message_id, media_id, sha256, waits,
                 state, attempts, due_at) ",
        );
        insert.push_values(&files, |mut row, (came, file, media)| {
            row.push_bind(&file.id).push_bind(&came.inbound.inbox.name).push_bind(came.id);
            row.push_bind(&media.id).push_bind(&media.sha256);
            row.push_bind(is_heard(came.whatsapp.kind));
            row.push("'coming'").push("0").push_bind(now);
        });
        insert.build().execute(conn).await?;
    });
    Ok(())
}

/// Moves forward until when customers may be answered freely; it never moves back.
async fn open_windows(tx: &mut Tx, theirs: &[&Came<'_>]) -> Result<()> {
    within!(tx, conn => {
        let mut update = sqlx::QueryBuilder::new("with told (id, until) as (");
        update.push_values(theirs, |mut row, came| {
            row.push_bind(came.conversation).push_bind(came.inbound.sent_at + WINDOW);
        });
        update.push(
            ") update conversation set window_expires_at = told.until from told
             where conversation.id = told.id
               and (window_expires_at is null or window_expires_at < told.until)",
        );
        update.build().execute(conn).await.map(drop)
    })
    .context("keeping until when customers may be answered")
}

/// Somebody of the business has written in the WhatsApp Business app: the conversation is theirs.
async fn taken_over(tx: &mut Tx, id: &ConversationId, now: DateTime<Utc>) -> Result<()> {
    let Some(conversation) = hold(tx, id, now).await? else { return Ok(()) };
    stop_bot(tx, id, now).await?;
    settle(tx, &conversation, Event::AgentTook, None, now).await?;
    crate::store::due::end_wait(tx, id).await
}

/// Lets the turns of these conversations wait for voice notes that are being fetched.
async fn wait_for_voices(tx: &mut Tx, came: &[Came<'_>], now: DateTime<Utc>) -> Result<()> {
    within!(tx, conn => {
        let mut update = sqlx::QueryBuilder::new("update turn set due_at = ");
        update.push_bind(now + LISTEN).push(" where state = 'open' and due_at < ");
        update.push_bind(now + LISTEN).push(
            " and conversation_id in (select m.conversation_id from whatsapp_media w
                 join message m on m.id = w.message_id
                 where w.state = 'coming' and w.waits and m.conversation_id in (",
        );
        let mut list = update.separated(", ");
        for came in came {
            list.push_bind(came.conversation);
        }
        update.push("))");
        update.build().execute(conn).await.map(drop)
    })
    .context("letting turns wait for voice notes")
}
