//! Storing what comes in: message, conversation and due turn together, many deliveries a commit.

use super::row::to_json;
use super::{Store, Tx, within};
use crate::conversation::{
    Author, ContactId, Conversation, ConversationId, Event, Inbound, MessageId, Priority, Status,
    TurnId, Visibility,
};
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};

/// After this long a resolved conversation is left alone and a new message begins another.
const REOPEN_WITHIN: TimeDelta = TimeDelta::hours(72);

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

impl Store {
    /// Stores all of `batch` with one commit, or none of it.
    pub async fn receive(&self, batch: &[Inbound], now: DateTime<Utc>) -> Result<Vec<Received>> {
        let mut tx = self.begin().await?;
        let mut received = Vec::with_capacity(batch.len());
        for inbound in batch {
            received.push(receive_one(&mut tx, inbound, now).await?);
        }
        tx.commit().await?;
        Ok(received)
    }
}

async fn receive_one(tx: &mut Tx, inbound: &Inbound, now: DateTime<Utc>) -> Result<Received> {
    let contact_id = contact(tx, inbound, now).await?;
    if let Some((message_id, conversation_id)) = earlier_delivery(tx, inbound).await? {
        let duplicate = true;
        return Ok(Received { message_id, conversation_id, contact_id, duplicate, due_at: None });
    }
    let conversation = conversation_with_room(tx, inbound, &contact_id, now).await?;
    let message_id = insert_message(tx, inbound, &conversation, now).await?;
    attach(tx, inbound, &conversation).await?;
    let due_at = if conversation.status.opens_turn() {
        Some(open_turn(tx, inbound, &conversation, now).await?)
    } else {
        None
    };
    let conversation_id = conversation.id;
    Ok(Received { message_id, conversation_id, contact_id, duplicate: false, due_at })
}

/// Finds or makes the contact. The identity's row is written either way, which also makes the
/// messages of one contact wait for each other.
async fn contact(tx: &mut Tx, inbound: &Inbound, now: DateTime<Utc>) -> Result<ContactId> {
    let known: Option<ContactId> = within!(tx, conn => {
        sqlx::query_scalar(
            "update identity set seen_at = $3 where inbox = $1 and value = $2 returning contact_id",
        )
        .bind(&inbound.inbox.name)
        .bind(&inbound.identity)
        .bind(now)
        .fetch_optional(conn)
        .await
    })
    .context("looking for the contact")?;
    if let Some(id) = known {
        return Ok(id);
    }
    let id = ContactId::fresh();
    within!(tx, conn => {
        sqlx::query("insert into contact (id, name, email, created_at) values ($1, $2, $3, $4)")
            .bind(&id)
            .bind(&inbound.name)
            .bind(&inbound.email)
            .bind(now)
            .execute(&mut *conn)
            .await?;
        sqlx::query("insert into identity (inbox, value, contact_id, seen_at) values ($1, $2, $3, $4)")
            .bind(&inbound.inbox.name)
            .bind(&inbound.identity)
            .bind(&id)
            .bind(now)
            .execute(&mut *conn)
            .await
            .map(drop)
    })
    .context("storing a new contact")?;
    Ok(id)
}

async fn earlier_delivery(
    tx: &mut Tx,
    inbound: &Inbound,
) -> Result<Option<(MessageId, ConversationId)>> {
    let Some(external_id) = &inbound.external_id else { return Ok(None) };
    within!(tx, conn => {
        sqlx::query_as("select id, conversation_id from message where inbox = $1 and external_id = $2")
            .bind(&inbound.inbox.name)
            .bind(external_id)
            .fetch_optional(conn)
            .await
    })
    .context("looking for an earlier delivery")
}

/// The conversation that the message joins, with its counters already moved on for it.
async fn conversation_with_room(
    tx: &mut Tx,
    inbound: &Inbound,
    contact_id: &ContactId,
    now: DateTime<Utc>,
) -> Result<Conversation> {
    let last: Option<Conversation> = within!(tx, conn => {
        sqlx::query_as(
            "select id, inbox, contact_id, status, assignee, lang, priority, topic, last_seq,
                    handoff_told, waiting_since, created_at, updated_at
             from conversation where contact_id = $1 and inbox = $2
             order by created_at desc limit 1",
        )
        .bind(contact_id)
        .bind(&inbound.inbox.name)
        .fetch_optional(conn)
        .await
    })
    .context("looking for the contact's conversation")?;
    let is_over = |last: &Conversation| {
        last.status == Status::Resolved && last.updated_at + REOPEN_WITHIN < now
    };
    match last {
        Some(last) if !is_over(&last) => advance(tx, last, now).await,
        _ => begin_conversation(tx, inbound, contact_id, now).await,
    }
}

async fn advance(tx: &mut Tx, last: Conversation, now: DateTime<Utc>) -> Result<Conversation> {
    let status = last.status.after(Event::CustomerWrote);
    let reopened = last.status == Status::Resolved;
    within!(tx, conn => {
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
    .context("moving the conversation on")
}

async fn begin_conversation(
    tx: &mut Tx,
    inbound: &Inbound,
    contact_id: &ContactId,
    now: DateTime<Utc>,
) -> Result<Conversation> {
    let conversation = Conversation {
        id: ConversationId::fresh(),
        inbox: inbound.inbox.name.clone(),
        contact_id: contact_id.clone(),
        status: Status::Bot,
        assignee: None,
        lang: None,
        priority: Priority::Normal,
        topic: None,
        last_seq: 1,
        handoff_told: false,
        waiting_since: None,
        created_at: now,
        updated_at: now,
    };
    within!(tx, conn => {
        sqlx::query(
            "insert into conversation (id, inbox, contact_id, status, priority, last_seq, last_shown,
                 handoff_told, created_at, updated_at)
             values ($1, $2, $3, $4, $5, 1, 1, false, $6, $6)",
        )
        .bind(&conversation.id)
        .bind(&conversation.inbox)
        .bind(&conversation.contact_id)
        .bind(conversation.status)
        .bind(conversation.priority)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("beginning a conversation")?;
    Ok(conversation)
}

async fn insert_message(
    tx: &mut Tx,
    inbound: &Inbound,
    conversation: &Conversation,
    now: DateTime<Utc>,
) -> Result<MessageId> {
    let id = MessageId::fresh();
    let attachments = to_json(&inbound.attachments)?;
    within!(tx, conn => {
        sqlx::query(
            "insert into message (id, conversation_id, seq, shown, inbox, external_id, author,
                 visibility, body, attachments, citations, choices, sent_at, received_at)
             values ($1, $2, $3, (select last_shown from conversation where id = $2), $4, $5, $6, $7,
                 $8, $9, '[]', '[]', $10, $11)",
        )
        .bind(&id)
        .bind(&conversation.id)
        .bind(conversation.last_seq)
        .bind(&inbound.inbox.name)
        .bind(&inbound.external_id)
        .bind(Author::Customer)
        .bind(Visibility::Public)
        .bind(&inbound.body)
        .bind(attachments)
        .bind(inbound.sent_at)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("storing the message")?;
    Ok(id)
}

async fn attach(tx: &mut Tx, inbound: &Inbound, conversation: &Conversation) -> Result<()> {
    for attachment in &inbound.attachments {
        within!(tx, conn => {
            sqlx::query("update attachment set conversation_id = $2 where id = $1")
                .bind(&attachment.id)
                .bind(&conversation.id)
                .execute(conn)
                .await
                .map(drop)
        })
        .context("tying an attachment to its conversation")?;
    }
    Ok(())
}

/// Opens a turn, or re-dates the open one: whoever works on it loses it. A draft that waited for
/// approval is out of date; its turn's messages are answered together with the new one.
async fn open_turn(
    tx: &mut Tx,
    inbound: &Inbound,
    conversation: &Conversation,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>> {
    let first_seq = match conversation.status {
        Status::Waiting => supersede_drafts(tx, conversation, now).await?,
        Status::Bot | Status::WithAgent | Status::Snoozed | Status::Resolved => {
            conversation.last_seq
        }
    };
    let quiet = TimeDelta::seconds(i64::from(inbound.inbox.quiet_seconds));
    let cap = TimeDelta::seconds(i64::from(inbound.inbox.quiet_cap_seconds)).max(quiet);
    within!(tx, conn => {
        sqlx::query_scalar(
            "insert into turn (id, conversation_id, state, first_seq, last_seq, opened_at, due_at,
                 cap_at, attempts)
             values ($1, $2, 'open', $3, $4, $5, $6, $7, 0)
             on conflict (conversation_id) where state = 'open' do update set
                 last_seq = excluded.last_seq, attempts = 0, lease_until = null, lease_token = null,
                 due_at = case when excluded.due_at < turn.cap_at then excluded.due_at else turn.cap_at end
             returning due_at",
        )
        .bind(TurnId::fresh())
        .bind(&conversation.id)
        .bind(first_seq)
        .bind(conversation.last_seq)
        .bind(now)
        .bind(now + quiet)
        .bind(now + cap)
        .fetch_one(conn)
        .await
    })
    .context("opening the turn")
}

async fn supersede_drafts(
    tx: &mut Tx,
    conversation: &Conversation,
    now: DateTime<Utc>,
) -> Result<i64> {
    let turns: Vec<TurnId> = within!(tx, conn => {
        sqlx::query_scalar(
            "update draft set state = 'superseded', settled_at = $2
             where conversation_id = $1 and state = 'proposed' returning turn_id",
        )
        .bind(&conversation.id)
        .bind(now)
        .fetch_all(conn)
        .await
    })
    .context("putting away the draft that a new message has made out of date")?;
    let Some(turn) = turns.first() else { return Ok(conversation.last_seq) };
    within!(tx, conn => {
        sqlx::query_scalar("select first_seq from turn where id = $1").bind(turn).fetch_one(conn).await
    })
    .context("reading where the earlier turn began")
}
