//! How far a delivery got, as the channel, its receiver or a person tells.
//!
//! Such news overtakes our own record of the attempt at times; it counts all the same.

use super::Outgoing;
use super::part::learn_part;
use crate::conversation::{
    ConversationId, Delivery, Event, InboxName, MessageId, OutboxId, named_part,
};
use crate::store::conversation::{hold, settle};
use crate::store::{Acted, Store, Tx, on, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// A delivery and where it belongs.
#[derive(sqlx::FromRow)]
pub(super) struct Known {
    pub(super) id: OutboxId,
    conversation_id: ConversationId,
    message_id: MessageId,
    inbox: InboxName,
    pub(super) state: Delivery,
    /// How many parts of it the channel has.
    pub(super) parts: i64,
}

impl Store {
    /// The delivery of a message that an inbox has sent.
    pub async fn find_delivery(
        &self,
        inbox: &InboxName,
        message: &MessageId,
    ) -> Result<Option<OutboxId>> {
        on!(&self.read, db => {
            sqlx::query_scalar("select id from outbox where inbox = $1 and message_id = $2")
                .bind(inbox)
                .bind(message)
                .fetch_optional(db)
                .await
        })
        .context("looking for a delivery")
    }

    /// Takes in news of how far a delivery got; older news than what is known changes nothing. A
    /// message that failed after all puts its conversation before a person. Returns the conversation
    /// if anything changed.
    pub async fn record_progress(
        &self,
        id: &OutboxId,
        news: Delivery,
        now: DateTime<Utc>,
    ) -> Result<Option<ConversationId>> {
        let mut tx = self.begin().await?;
        let Some(conversation_id) = learn(&mut tx, id, news, None, now).await? else {
            // News of a part may have been kept, though nothing is to be seen of it.
            tx.commit().await?;
            return Ok(None);
        };
        if news == Delivery::Failed {
            let conversation = hold(&mut tx, &conversation_id, now).await?;
            if let Some(conversation) = conversation {
                settle(&mut tx, &conversation, Event::HandedOff, None, now).await?;
            }
        }
        tx.commit().await?;
        Ok(Some(conversation_id))
    }

    /// A person's word on a delivery of unknown end: it was sent, or it is to be sent again.
    pub async fn settle_uncertain(
        &self,
        conversation: &ConversationId,
        message: &MessageId,
        was_sent: bool,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        let id: Option<OutboxId> = within!(&mut tx, conn => {
            sqlx::query_scalar(
                "select id from outbox
                 where conversation_id = $1 and message_id = $2 and state = 'uncertain'",
            )
            .bind(conversation)
            .bind(message)
            .fetch_optional(conn)
            .await
        })
        .context("looking for a delivery of unknown end")?;
        let Some(id) = id else { return Ok(Acted::Stale) };
        let Some(known) = held(&mut tx, &id, now).await? else { return Ok(Acted::Stale) };
        if known.state != Delivery::Uncertain {
            return Ok(Acted::Stale);
        }
        if was_sent {
            mark_sent(&mut tx, &known, None, now).await?;
        } else {
            set(&mut tx, &known, Delivery::Queued, None, now).await?;
        }
        tx.commit().await?;
        Ok(Acted::Done(Some(id)))
    }
}

/// Takes in news of a delivery, or of a part of one (see [`part_name`](crate::conversation::part_name)), with what
/// whoever brings it says of a failure; older news than what is known changes nothing. Gives the conversation where
/// something changed.
pub(in crate::store) async fn learn(
    tx: &mut Tx,
    id: &OutboxId,
    news: Delivery,
    words: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<ConversationId>> {
    let (id, part) = named_part(id.as_str());
    let Some(known) = held(tx, &id, now).await? else { return Ok(None) };
    if let Some(part) = part {
        let has_changed = learn_part(tx, &known, part, (news, words), now).await?;
        return Ok(has_changed.then_some(known.conversation_id));
    }
    if !known.state.may_become(news) {
        return Ok(None);
    }
    let is_there = matches!(news, Delivery::Sent | Delivery::Delivered | Delivery::Read);
    if is_there && known.state.may_become(Delivery::Sent) {
        mark_sent(tx, &known, None, now).await?;
    }
    set(tx, &known, news, words, now).await?;
    Ok(Some(known.conversation_id))
}

/// Marks an attempt as successful, if it is still the one under way or its end was unknown. A late
/// success counts; it never starts a send.
pub(super) async fn accept(
    tx: &mut Tx,
    outgoing: &Outgoing,
    provider_id: Option<&str>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let known: Option<Known> = within!(tx, conn => {
        sqlx::query_as(
            "select id, conversation_id, message_id, inbox, state, parts from outbox
             where id = $1 and lease_token = $2 and state in ('sending', 'uncertain')",
        )
        .bind(&outgoing.id)
        .bind(&outgoing.lease_token)
        .fetch_optional(conn)
        .await
    })
    .context("looking for the attempt")?;
    let Some(known) = known else {
        keep_name(tx, outgoing, provider_id).await?;
        return Ok(false);
    };
    mark_sent(tx, &known, provider_id, now).await?;
    Ok(true)
}

/// Keeps the channel's name for a delivery of which news came before our own record.
async fn keep_name(tx: &mut Tx, outgoing: &Outgoing, provider_id: Option<&str>) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "update outbox set provider_id = $3
             where id = $1 and lease_token = $2 and provider_id is null
               and state in ('sent', 'delivered', 'read', 'failed')",
        )
        .bind(&outgoing.id)
        .bind(&outgoing.lease_token)
        .bind(provider_id)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("keeping the channel's name for a delivery")
}

/// Reads a delivery with its conversation held, so that nothing else changes it meanwhile.
async fn held(tx: &mut Tx, id: &OutboxId, now: DateTime<Utc>) -> Result<Option<Known>> {
    let conversation: Option<ConversationId> = within!(tx, conn => {
        sqlx::query_scalar("select conversation_id from outbox where id = $1")
            .bind(id)
            .fetch_optional(conn)
            .await
    })
    .context("looking for a delivery's conversation")?;
    let Some(conversation) = conversation else { return Ok(None) };
    hold(tx, &conversation, now).await?;
    within!(tx, conn => {
        sqlx::query_as("select id, conversation_id, message_id, inbox, state, parts from outbox where id = $1")
            .bind(id)
            .fetch_optional(conn)
            .await
    })
    .context("reading how far a delivery got")
}

/// Marks a delivery as sent, gives it its place in what the inbox has sent, and shows its message
/// to the customer.
async fn mark_sent(
    tx: &mut Tx,
    known: &Known,
    provider_id: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    let position: i64 = within!(tx, conn => {
        sqlx::query_scalar(
            "insert into inbox_position (inbox, position) values ($1, 1)
             on conflict (inbox) do update set position = inbox_position.position + 1 returning position",
        )
        .bind(&known.inbox)
        .fetch_one(conn)
        .await
    })
    .context("counting what an inbox has sent")?;
    within!(tx, conn => {
        sqlx::query(
            "update outbox set state = 'sent', provider_id = $2, position = $3, updated_at = $4,
                 lease_until = null, last_error = null, settle_at = null
             where id = $1",
        )
        .bind(&known.id)
        .bind(provider_id)
        .bind(position)
        .bind(now)
        .execute(&mut *conn)
        .await?;
        sqlx::query("update conversation set last_shown = last_shown + 1 where id = $1")
            .bind(&known.conversation_id)
            .execute(&mut *conn)
            .await?;
        sqlx::query(
            "update message set sent_at = $3,
                 shown = (select last_shown from conversation where id = $2)
             where id = $1",
        )
        .bind(&known.message_id)
        .bind(&known.conversation_id)
        .bind(now)
        .execute(&mut *conn)
        .await
        .map(drop)
    })
    .context("showing a sent message to its customer")
}

/// Records a state that news brought.
pub(super) async fn set(
    tx: &mut Tx,
    known: &Known,
    state: Delivery,
    words: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "update outbox set state = $2, due_at = $3, updated_at = $3, lease_until = null,
                 settle_at = null, last_error = coalesce($4, last_error)
             where id = $1",
        )
        .bind(&known.id)
        .bind(state)
        .bind(now)
        .bind(words)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("recording how far a delivery got")
}
