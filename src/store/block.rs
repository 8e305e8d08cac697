//! Blocking: a contact whom nobody answers. What they write is stored and filed as resolved.

use super::conversation::{hold, settle};
use super::desk::{put_drafts_away, stop_bot};
use super::happening::tell;
use super::held::is_held;
use super::person::with_person;
use super::row::{json, to_json};
use super::{Acted, Store, Tx, on, within};
use crate::conversation::{AgentId, ContactId, ConversationId, Event, Happening, Status};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// A contact whom nobody answers.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Blocked {
    /// The contact.
    pub contact_id: ContactId,
    /// The conversation in which that was said.
    pub conversation_id: ConversationId,
    /// What the contact is called.
    pub name: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// Who said so.
    pub agent_id: AgentId,
    /// Why.
    pub reason: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl Store {
    /// Blocks the contact of a conversation: their open conversations are resolved, and the bot stays out.
    pub async fn block(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        let Some(conversation) = hold(&mut tx, id, now).await? else {
            return Ok(Acted::NoConversation);
        };
        if is_blocked(&mut tx, &conversation.contact_id).await? {
            return Ok(Acted::Stale);
        }
        // A person is blocked by whatever address they are reached.
        let order = Order { conversation: id, agent, reason };
        for contact in person_of(&mut tx, &conversation.contact_id).await? {
            if !shut_out(&mut tx, &contact, &order, now).await? {
                return Ok(Acted::Held);
            }
        }
        let blocked = Happening::Blocked { reason: reason.to_owned() };
        tell(&mut tx, id, Some(agent), &blocked, now).await?;
        tx.commit().await?;
        Ok(Acted::Done(None))
    }

    /// Answers a contact again: what was open when they were blocked comes before a person. Returns what that
    /// touched; none where they were not blocked.
    pub async fn unblock(
        &self,
        contact: &ContactId,
        agent: &AgentId,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<ConversationId>>> {
        let mut tx = self.begin().await?;
        let gone: Vec<(ConversationId, String)> = within!(&mut tx, conn => {
            sqlx::query_as(with_person!(
                "delete from block where contact_id in (select id from person)
                 returning conversation_id, was_open"
            ))
            .bind(contact)
            .fetch_all(conn)
            .await
        })
        .context("unblocking a contact")?;
        let Some((id, _)) = gone.first().cloned() else { return Ok(None) };
        let mut was_open = Vec::new();
        for (_, open) in &gone {
            was_open.extend(json::<Vec<ConversationId>>(open)?);
        }
        for other in &was_open {
            let held = hold(&mut tx, other, now).await?;
            if let Some(closed) = held.filter(|it| it.status == Status::Resolved) {
                settle(&mut tx, &closed, Event::HandedOff, None, now).await?;
            }
        }
        tell(&mut tx, &id, Some(agent), &Happening::Unblocked, now).await?;
        tx.commit().await?;
        was_open.push(id);
        Ok(Some(was_open))
    }

    /// A page of the contacts whom nobody answers, the newest first.
    pub async fn blocked(&self, offset: i64, limit: i64) -> Result<Vec<Blocked>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select b.contact_id, b.conversation_id, p.name, p.email, b.agent_id, b.reason,
                        b.created_at
                 from block b join contact p on p.id = b.contact_id
                 order by b.created_at desc, b.contact_id limit $1 offset $2",
            )
            .bind(limit)
            .bind(offset)
            .fetch_all(db)
            .await
        })
        .context("reading whom nobody answers")
    }
}

/// By whose word a person is blocked, where, and why.
struct Order<'a> {
    conversation: &'a ConversationId,
    agent: &'a AgentId,
    reason: &'a str,
}

/// Blocks one of a person's contacts and closes their open conversations; `false` where words are about to be
/// sent in one of them.
async fn shut_out(
    tx: &mut Tx,
    contact: &ContactId,
    order: &Order<'_>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let open = open_of(tx, contact).await?;
    let was_open = to_json(&open)?;
    within!(tx, conn => {
        sqlx::query(
            "insert into block (contact_id, conversation_id, agent_id, reason, was_open, created_at)
             values ($1, $2, $3, $4, $5, $6) on conflict (contact_id) do nothing",
        )
        .bind(contact)
        .bind(order.conversation)
        .bind(order.agent)
        .bind(order.reason)
        .bind(was_open)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("blocking a contact")?;
    for other in &open {
        if is_held(tx, other).await? {
            return Ok(false);
        }
        close(tx, other, now).await?;
    }
    Ok(true)
}

/// Blocks all of a person's contacts where one of them is: what was found to be the same person is treated
/// alike. Gives `false` where words are about to be sent to one of them.
pub(super) async fn spread(tx: &mut Tx, contact: &ContactId, now: DateTime<Utc>) -> Result<bool> {
    let known: Option<(ConversationId, AgentId, String)> = within!(tx, conn => {
        sqlx::query_as(with_person!(
            "select conversation_id, agent_id, reason from block
             where contact_id in (select id from person) order by created_at limit 1"
        ))
        .bind(contact)
        .fetch_optional(conn)
        .await
    })
    .context("looking whether a person is blocked")?;
    let Some((conversation, agent, reason)) = known else { return Ok(true) };
    let order = Order { conversation: &conversation, agent: &agent, reason: &reason };
    for contact in person_of(tx, contact).await? {
        if !is_blocked(tx, &contact).await? && !shut_out(tx, &contact, &order, now).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The contacts that are one person with a contact, itself included.
async fn person_of(tx: &mut Tx, contact: &ContactId) -> Result<Vec<ContactId>> {
    within!(tx, conn => {
        sqlx::query_scalar(with_person!("select id from person order by id"))
            .bind(contact)
            .fetch_all(conn)
            .await
    })
    .context("reading who is the same person")
}

/// Whether nobody answers a contact.
pub(super) async fn is_blocked(tx: &mut Tx, contact: &ContactId) -> Result<bool> {
    let blocked: Option<ContactId> = within!(tx, conn => {
        sqlx::query_scalar("select contact_id from block where contact_id = $1")
            .bind(contact)
            .fetch_optional(conn)
            .await
    })
    .context("looking whether a contact is blocked")?;
    Ok(blocked.is_some())
}

async fn open_of(tx: &mut Tx, contact: &ContactId) -> Result<Vec<ConversationId>> {
    within!(tx, conn => {
        sqlx::query_scalar(
            "select id from conversation where contact_id = $1 and status <> 'resolved' order by id",
        )
        .bind(contact)
        .fetch_all(conn)
        .await
    })
    .context("reading a contact's open conversations")
}

async fn close(tx: &mut Tx, id: &ConversationId, now: DateTime<Utc>) -> Result<()> {
    let Some(conversation) = hold(tx, id, now).await? else { return Ok(()) };
    stop_bot(tx, id, now).await?;
    put_drafts_away(tx, id, now).await?;
    settle(tx, &conversation, Event::Resolved, None, now).await
}
