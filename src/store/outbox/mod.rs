//! The outbox: what is to leave, attempt by attempt, in the order of its conversation.

mod doubt;
mod part;
mod progress;
mod sent;

pub(super) use progress::learn;
pub use sent::SentMessage;

use self::progress::accept;
use super::address::mark;
use super::consent::heed_failure;
use super::conversation::{hold, settle};
use super::notification::carries_notification;
use super::{Db, Store, Tx, on, within};
use crate::conversation::{
    AddressMark, ConversationId, Delivery, Event, InboxName, Message, MessageId, OutboxId, Sent,
    TurnId, unknown_address,
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
    /// The address it goes to, where the contact has several.
    pub recipient: Option<String>,
    /// When it was put into the outbox.
    pub created_at: DateTime<Utc>,
    /// Which attempt this is, from 1.
    pub attempts: i64,
    /// Proof of the claim.
    pub lease_token: String,
    /// How many parts of it the channel has, where it travels in several.
    pub parts: i64,
}

impl Store {
    /// Claims up to `limit` due deliveries until `until`, never two of one conversation and never
    /// past an earlier one that is still on its way. Only a notification that is put off holds nothing up.
    pub async fn claim_outbox(
        &self,
        limit: i64,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Outgoing>> {
        let token = uuid::Uuid::now_v7().to_string();
        // The condition stands twice on purpose: the outer one is checked again on a row that another
        // node has just let go of.
        macro_rules! claim {
            ($skip_locked:literal) => {
                concat!(
                    "update outbox set state = 'sending', lease_until = $2, lease_token = $3,
                         attempts = attempts + 1, updated_at = $1
                     where state = 'queued' and due_at <= $1 and id in (
                         select o.id from outbox o
                         where o.state = 'queued' and o.due_at <= $1 and not exists (
                             select 1 from outbox e
                             where e.conversation_id = o.conversation_id and e.seq < o.seq
                               and e.state in ('queued', 'sending')
                               and (e.state = 'sending' or e.due_at <= $1 or not exists (
                                   select 1 from notification n where n.message_id = e.message_id)))
                         order by o.due_at limit $4 ", $skip_locked, ")
                     returning id, conversation_id, message_id, turn_id, inbox, recipient, created_at,
                         attempts, lease_token, parts"
                )
            };
        }
        let sql = match &self.write {
            Db::Sqlite(_) => claim!(""),
            Db::Postgres(_) => claim!("for update skip locked"),
        };
        on!(&self.write, db => {
            sqlx::query_as(sql).bind(now).bind(until).bind(token).bind(limit).fetch_all(db).await
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
                       and e.state in ('queued', 'sending')
                       and (e.state = 'sending' or not exists (
                           select 1 from notification n where n.message_id = e.message_id)))
                 order by coalesce(o.lease_until, o.due_at) limit 1",
            )
            .fetch_optional(db)
            .await
        })
        .context("looking for the next due delivery")
    }

    /// Deliveries whose node died in the attempt: nobody knows how it ended. They are this node's to settle until
    /// `until`; the token stays, so that a node that was only slow can still tell how it ended.
    pub async fn claim_orphans(
        &self,
        limit: i64,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Outgoing>> {
        let left_behind: bool = on!(&self.read, db => {
            sqlx::query_scalar(
                "select exists (select 1 from outbox where state = 'sending' and lease_until < $1)",
            )
            .bind(now)
            .fetch_one(db)
            .await
        })
        .context("looking for deliveries left behind")?;
        // Looking first keeps a node with other work from taking the write lock for nothing.
        if !left_behind {
            return Ok(Vec::new());
        }
        macro_rules! claim {
            ($skip_locked:literal) => {
                concat!(
                    "update outbox set lease_until = $2
                     where state = 'sending' and lease_until < $1 and id in (
                         select id from outbox where state = 'sending' and lease_until < $1
                         order by due_at limit $3 ",
                    $skip_locked,
                    ")
                     returning id, conversation_id, message_id, turn_id, inbox, recipient, created_at,
                         attempts, lease_token, parts"
                )
            };
        }
        let sql = match &self.write {
            Db::Sqlite(_) => claim!(""),
            Db::Postgres(_) => claim!("for update skip locked"),
        };
        on!(&self.write, db => {
            sqlx::query_as(sql).bind(now).bind(until).bind(limit).fetch_all(db).await
        })
        .context("claiming deliveries left behind")
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
            Sent::Held(due_at, error) => {
                give_back(&mut tx, outgoing).await?;
                set_state(&mut tx, outgoing, Delivery::Queued, Some((error, *due_at)), now).await?
            }
            Sent::Part(_) => anyhow::bail!("a part is no end of an attempt"),
            Sent::Refused(error) => {
                set_state(&mut tx, outgoing, Delivery::Failed, Some((error, now)), now).await?
            }
            Sent::Unknown(error) => {
                set_state(&mut tx, outgoing, Delivery::Uncertain, Some((error, now)), now).await?
            }
        };
        let needs_person = match sent {
            Sent::Unknown(_) => true,
            Sent::Refused(_) => !carries_notification(&mut tx, &outgoing.id).await?,
            Sent::Accepted(_) | Sent::Part(_) | Sent::Again(..) | Sent::Held(..) => false,
        };
        if recorded
            && let (Sent::Refused(words), Some(address)) = (sent, &outgoing.recipient)
            && let Some(status) = unknown_address(words)
        {
            mark(&mut tx, address, AddressMark::Bounced, (Some(status), words), now).await?;
        }
        if recorded && let Sent::Refused(words) = sent {
            heed_failure(&mut tx, &conversation.id, words, (now, now)).await?;
        }
        if recorded && needs_person {
            // It may have moved to another conversation since it was claimed.
            let now_in = whereabouts(&mut tx, &outgoing.id).await?;
            let conversation = match now_in.filter(|id| *id != conversation.id) {
                Some(id) => hold(&mut tx, &id, now).await?.unwrap_or(conversation),
                None => conversation,
            };
            settle(&mut tx, &conversation, Event::HandedOff, None, now).await?;
        }
        tx.commit().await?;
        Ok(recorded)
    }
}

impl Store {
    /// Ends a delivery before its attempt: what it carries is not wanted any more.
    pub async fn withdraw(
        &self,
        outgoing: &Outgoing,
        words: &str,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        hold(&mut tx, &outgoing.conversation_id, now).await?;
        give_back(&mut tx, outgoing).await?;
        let after = Some((&words.to_owned(), now));
        let withdrawn = set_state(&mut tx, outgoing, Delivery::Failed, after, now).await?;
        tx.commit().await?;
        Ok(withdrawn)
    }
}

/// Takes back an attempt that was none: the channel was not asked.
async fn give_back(tx: &mut Tx, outgoing: &Outgoing) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "update outbox set attempts = attempts - 1
             where id = $1 and lease_token = $2 and state = 'sending' and attempts > 0",
        )
        .bind(&outgoing.id)
        .bind(&outgoing.lease_token)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("taking an attempt back")
}

/// The conversation in which a delivery is.
async fn whereabouts(tx: &mut Tx, id: &OutboxId) -> Result<Option<ConversationId>> {
    within!(tx, conn => {
        sqlx::query_scalar("select conversation_id from outbox where id = $1")
            .bind(id)
            .fetch_optional(conn)
            .await
    })
    .context("looking for a delivery's conversation")
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
