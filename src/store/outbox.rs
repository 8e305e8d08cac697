//! The outbox: what is to leave, attempt by attempt, in the order of its conversation.

use super::conversation::{hold, settle};
use super::{Store, Tx, on, within};
use crate::conversation::{
    ConversationId, Delivery, Event, InboxName, Message, MessageId, OutboxId, Sent, TurnId,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// A delivery that this node attempts until its lease ends.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Outgoing {
    /// The delivery's id, the same at every attempt.
    pub id: OutboxId,
    /// The conversation it belongs to.
    pub conversation_id: ConversationId,
    /// The message to deliver.
    pub message_id: MessageId,
    /// The turn it answers, for automatic ones.
    pub turn_id: Option<TurnId>,
    /// The inbox it leaves by.
    pub inbox: InboxName,
    /// Which attempt this is, from 1.
    pub attempts: i64,
    /// Proof of the claim.
    pub lease_token: String,
}

/// A message that an inbox has sent.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct SentMessage {
    /// Its place in what the inbox has sent.
    pub position: i64,
    /// The turn it answers, for automatic ones.
    pub turn_id: Option<TurnId>,
    /// The newest message it answers, by the name its sender gave, for automatic ones.
    pub in_reply_to: Option<String>,
    /// How the inbox knows the contact.
    pub identity: String,
    /// The message.
    #[sqlx(flatten)]
    pub message: Message,
}

impl Store {
    /// Claims up to `limit` due deliveries until `until`, never two of one conversation and never
    /// past an earlier one that is still on its way.
    pub async fn claim_outbox(
        &self,
        limit: i64,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Outgoing>> {
        let token = uuid::Uuid::now_v7().to_string();
        on!(&self.write, db => {
            sqlx::query_as(
                "update outbox set state = 'sending', lease_until = $2, lease_token = $3,
                     attempts = attempts + 1, updated_at = $1
                 where state = 'queued' and due_at <= $1 and id in (
                     select o.id from outbox o
                     where o.state = 'queued' and o.due_at <= $1 and not exists (
                         select 1 from outbox e
                         where e.conversation_id = o.conversation_id and e.seq < o.seq
                           and e.state in ('queued', 'sending'))
                     order by o.due_at limit $4)
                 returning id, conversation_id, message_id, turn_id, inbox, attempts, lease_token",
            )
            .bind(now)
            .bind(until)
            .bind(token)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("claiming due deliveries")
    }

    /// When the next delivery falls due or the next lease ends.
    pub async fn next_delivery_due(&self) -> Result<Option<DateTime<Utc>>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select coalesce(o.lease_until, o.due_at) from outbox o
                 where o.state in ('queued', 'sending') and not exists (
                     select 1 from outbox e
                     where e.conversation_id = o.conversation_id and e.seq < o.seq
                       and e.state in ('queued', 'sending'))
                 order by coalesce(o.lease_until, o.due_at) limit 1",
            )
            .fetch_optional(db)
            .await
        })
        .context("looking for the next due delivery")
    }

    /// Deliveries whose node died in the attempt: nobody knows how it ended.
    pub async fn orphaned_deliveries(&self, now: DateTime<Utc>) -> Result<Vec<Outgoing>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select id, conversation_id, message_id, turn_id, inbox, attempts, lease_token
                 from outbox where state = 'sending' and lease_until < $1 order by due_at limit 100",
            )
            .bind(now)
            .fetch_all(db)
            .await
        })
        .context("looking for deliveries left behind")
    }

    /// The message that a delivery carries.
    pub async fn outgoing_message(&self, outgoing: &Outgoing) -> Result<Message> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select id, conversation_id, seq, shown, external_id, author, agent_id, visibility, body,
                        null as delivery, sent_at, received_at, attachments, citations, choices
                 from message where id = $1",
            )
            .bind(&outgoing.message_id)
            .fetch_one(db)
            .await
        })
        .with_context(|| format!("reading the message of delivery {}", outgoing.id))
    }

    /// Records how an attempt ended; `false` when the claim was void by then and nothing changed.
    pub async fn record_attempt(
        &self,
        outgoing: &Outgoing,
        sent: &Sent,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let Some(conversation) = hold(&mut tx, &outgoing.conversation_id, now).await? else {
            return Ok(false);
        };
        let recorded = match sent {
            Sent::Accepted(provider_id) => {
                accept(&mut tx, outgoing, provider_id.as_deref(), now).await?
            }
            Sent::Again(due_at, error) => {
                set_state(&mut tx, outgoing, Delivery::Queued, Some((error, *due_at)), now).await?
            }
            Sent::Refused(error) => {
                set_state(&mut tx, outgoing, Delivery::Failed, Some((error, now)), now).await?
            }
            Sent::Unknown(error) => {
                set_state(&mut tx, outgoing, Delivery::Uncertain, Some((error, now)), now).await?
            }
        };
        let needs_person = matches!(sent, Sent::Refused(_) | Sent::Unknown(_));
        if recorded && needs_person {
            settle(&mut tx, &conversation, Event::HandedOff, None, now).await?;
        }
        tx.commit().await?;
        Ok(recorded)
    }

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
        let known: Option<(Delivery, ConversationId)> = within!(&mut tx, conn => {
            sqlx::query_as(
                "update outbox set updated_at = $2 where id = $1 returning state, conversation_id",
            )
            .bind(id)
            .bind(now)
            .fetch_optional(conn)
            .await
        })
        .context("reading how far a delivery got")?;
        let Some((state, conversation_id)) = known else { return Ok(None) };
        if !state.may_become(news) {
            return Ok(None);
        }
        within!(&mut tx, conn => {
            sqlx::query("update outbox set state = $2 where id = $1")
                .bind(id)
                .bind(news)
                .execute(conn)
                .await
                .map(drop)
        })
        .context("recording how far a delivery got")?;
        let conversation = hold(&mut tx, &conversation_id, now).await?;
        if let Some(conversation) = conversation.filter(|_| news == Delivery::Failed) {
            settle(&mut tx, &conversation, Event::HandedOff, None, now).await?;
        }
        tx.commit().await?;
        Ok(Some(conversation_id))
    }

    /// Marks everything sent to a customer up to their number `shown` as read.
    pub async fn mark_read(
        &self,
        id: &ConversationId,
        shown: i64,
        now: DateTime<Utc>,
    ) -> Result<u64> {
        on!(&self.write, db => {
            sqlx::query(
                "update outbox set state = 'read', updated_at = $3
                 where conversation_id = $1 and state in ('sent', 'delivered') and message_id in (
                     select id from message where conversation_id = $1 and shown <= $2)",
            )
            .bind(id)
            .bind(shown)
            .bind(now)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })
        .context("marking messages as read")
    }

    /// What an inbox has sent after position `after`, in the order it was sent.
    pub async fn sent_after(
        &self,
        inbox: &InboxName,
        after: i64,
        limit: i64,
    ) -> Result<Vec<SentMessage>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select o.position, o.turn_id, a.external_id as in_reply_to,
                        (select i.value from identity i
                         where i.contact_id = c.contact_id and i.inbox = o.inbox
                         order by i.seen_at limit 1) as identity,
                        m.id, m.conversation_id, m.seq, m.shown, m.external_id, m.author, m.agent_id,
                        m.visibility, m.body, o.state as delivery, m.sent_at, m.received_at,
                        m.attachments, m.citations, m.choices
                 from outbox o
                 join message m on m.id = o.message_id
                 join conversation c on c.id = o.conversation_id
                 left join turn t on t.id = o.turn_id
                 left join message a on a.conversation_id = o.conversation_id and a.seq = t.last_seq
                 where o.inbox = $1 and o.position > $2
                 order by o.position limit $3",
            )
            .bind(inbox)
            .bind(after)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("reading what an inbox has sent")
    }
}

/// Marks a delivery as sent and shows its message to the customer. A late success of an attempt
/// whose end was unknown also counts; it never starts a send.
async fn accept(
    tx: &mut Tx,
    outgoing: &Outgoing,
    provider_id: Option<&str>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let position: i64 = within!(tx, conn => {
        sqlx::query_scalar(
            "insert into inbox_position (inbox, position) values ($1, 1)
             on conflict (inbox) do update set position = inbox_position.position + 1 returning position",
        )
        .bind(&outgoing.inbox)
        .fetch_one(conn)
        .await
    })
    .context("counting what an inbox has sent")?;
    let sent = within!(tx, conn => {
        sqlx::query(
            "update outbox set state = 'sent', provider_id = $3, position = $4, updated_at = $5,
                 lease_until = null, last_error = null
             where id = $1 and lease_token = $2 and state in ('sending', 'uncertain')",
        )
        .bind(&outgoing.id)
        .bind(&outgoing.lease_token)
        .bind(provider_id)
        .bind(position)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .context("marking a delivery as sent")?;
    if sent == 0 {
        return Ok(false);
    }
    within!(tx, conn => {
        sqlx::query("update conversation set last_shown = last_shown + 1 where id = $1")
            .bind(&outgoing.conversation_id)
            .execute(&mut *conn)
            .await?;
        sqlx::query(
            "update message set sent_at = $3,
                 shown = (select last_shown from conversation where id = $2)
             where id = $1",
        )
        .bind(&outgoing.message_id)
        .bind(&outgoing.conversation_id)
        .bind(now)
        .execute(&mut *conn)
        .await
        .map(drop)
    })
    .context("showing a sent message to its customer")?;
    Ok(true)
}

async fn set_state(
    tx: &mut Tx,
    outgoing: &Outgoing,
    state: Delivery,
    after: Option<(&String, DateTime<Utc>)>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let (error, due_at) = after.map_or((None, now), |(error, due_at)| (Some(error), due_at));
    let changed = within!(tx, conn => {
        sqlx::query(
            "update outbox set state = $3, last_error = $4, due_at = $5, updated_at = $6,
                 lease_until = null
             where id = $1 and lease_token = $2 and state = 'sending'",
        )
        .bind(&outgoing.id)
        .bind(&outgoing.lease_token)
        .bind(state)
        .bind(error)
        .bind(due_at)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .context("recording an attempt")?;
    Ok(changed == 1)
}
