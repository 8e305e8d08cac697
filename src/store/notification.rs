//! Notifications that were asked for: each becomes one message, now or when its time has come, or says why not.
//!
//! One that waits is no message yet, so that what is said in its conversation meanwhile does not wait behind it.

use super::consent::{Said, record};
use super::conversation::hold;
use super::intake::going_on;
use super::row::{row, to_json};
use super::suppression::{Row as StandingRow, standing};
use super::{Store, Tx, on, template, whatsapp, within};
use crate::conversation::{
    AgentId, Author, ContactId, Conversation, ConversationId, Delivery, FilledTemplate, Hours,
    InboxName, MARKETING, MessageId, NOTIFICATIONS, NotificationId, NotificationState, Notify,
    OutboxId, Standing, TemplateCategory, TemplateState, Unwanted, may_notify, unwanted,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// A notification that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct NewNotification {
    /// The inbox that it leaves by.
    pub inbox: InboxName,
    /// Its name at whoever asks: the same at every attempt.
    pub key: String,
    /// Tells it from another one of the same name.
    pub print: String,
    /// What else it is called there.
    pub reference: Option<String>,
    /// The customer's number or id.
    pub address: String,
    /// What they are called, where we do not know that.
    pub name: Option<String>,
    /// What it says.
    pub filled: FilledTemplate,
    /// When and how the customer agreed.
    pub consent: Option<(DateTime<Utc>, String)>,
    /// Who asks; nobody for a program.
    pub agent_id: Option<AgentId>,
    /// What they are called.
    pub by_name: String,
    /// When it may leave at the soonest.
    pub not_before: Option<DateTime<Utc>>,
    /// From when on it must not leave any more.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What has become of asking for a notification.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// It was taken.
    Taken(NotificationId, ConversationId),
    /// It had been taken before.
    Known(NotificationId),
    /// Its name is that of another one.
    Other,
    /// The customer does not want it; nothing was kept.
    Refused(Unwanted),
}

/// A notification as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// The inbox that it leaves by.
    pub inbox: InboxName,
    /// What it is called at whoever asked.
    pub reference: Option<String>,
    /// The customer's number or id.
    pub address: String,
    /// The conversation that it belongs to.
    pub conversation_id: ConversationId,
    /// The message that it has become.
    pub message_id: Option<MessageId>,
    /// The template.
    pub template: String,
    /// Its language.
    pub lang: String,
    /// What has become of it.
    pub state: NotificationState,
    /// Why it was refused; none where its template cannot be sent any more.
    pub reason: Option<Unwanted>,
    /// Who asked.
    pub by_name: String,
    /// When it leaves, or should have.
    pub due_at: DateTime<Utc>,
    /// From when on it must not leave any more.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// How far its message got.
    pub delivery: Option<Delivery>,
    /// When that was known.
    pub delivery_at: Option<DateTime<Utc>>,
    /// Why its message did not leave or arrive.
    pub error: Option<String>,
    /// What it says.
    pub filled: FilledTemplate,
}

row!(Notification {
    id, inbox, reference, address, conversation_id, message_id, template, lang, state, reason, by_name,
    due_at, expires_at, created_at, delivery, delivery_at, error,
} json { filled });

/// A notification that has fallen due.
struct Due {
    inbox: InboxName,
    address: String,
    conversation_id: ConversationId,
    agent_id: Option<AgentId>,
    expires_at: Option<DateTime<Utc>>,
    filled: FilledTemplate,
}

row!(Due { inbox, address, conversation_id, agent_id, expires_at } json { filled });

macro_rules! told {
    ($which:literal) => {
        concat!(
            "select n.id, n.inbox, n.reference, n.address, n.conversation_id, n.message_id, n.template,
                    n.lang, n.state, n.reason, n.by_name, n.due_at, n.expires_at, n.created_at,
                    o.state as delivery, o.updated_at as delivery_at, o.last_error as error, n.filled
             from notification n left join outbox o on o.message_id = n.message_id ",
            $which
        )
    };
}

impl Store {
    /// Takes a notification, and its message where it may leave now; `quiet` are the hours in which nobody is notified.
    pub async fn ask_to_notify(
        &self,
        new: &NewNotification,
        quiet: Option<&Hours>,
        now: DateTime<Utc>,
    ) -> Result<Asked> {
        if let Some(known) = self.known_request(&new.inbox, &new.key, &new.print).await? {
            return Ok(known);
        }
        let mut tx = self.begin().await?;
        let names = std::slice::from_ref(&new.address);
        let contact = whatsapp::tie(&mut tx, &new.inbox, names, now).await?;
        call(&mut tx, &contact, new.name.as_deref()).await?;
        agree(&mut tx, &contact, new).await?;
        let earliest = new.not_before.map_or(now, |at| at.max(now));
        let category = new.filled.category;
        let standing = how(&mut tx, &new.inbox, &new.address).await?;
        let due_at = match may_notify(category, standing, quiet, earliest) {
            Notify::Not(unwanted) => return Ok(Asked::Refused(unwanted)),
            Notify::Later(at) => at,
            Notify::Now => earliest,
        };
        let conversation = conversation_for(&mut tx, &new.inbox, &contact, now).await?;
        let id = NotificationId::fresh();
        if !insert(&mut tx, &id, (new, &contact, &conversation), due_at, now).await? {
            drop(tx);
            let known = self.known_request(&new.inbox, &new.key, &new.print).await?;
            return known.context("a notification of this name was taken and is gone");
        }
        if due_at <= now {
            become_message(&mut tx, &id, (&conversation, new.agent_id.as_ref()), &new.filled, now)
                .await?;
        }
        tx.commit().await?;
        Ok(Asked::Taken(id, conversation))
    }

    /// The notification that was taken under the same name, if one was.
    pub async fn known_request(
        &self,
        inbox: &InboxName,
        key: &str,
        print: &str,
    ) -> Result<Option<Asked>> {
        let known: Option<(NotificationId, String)> = on!(&self.write, db => {
            sqlx::query_as("select id, print from notification where inbox = $1 and key = $2")
                .bind(inbox)
                .bind(key)
                .fetch_optional(db)
                .await
        })
        .context("looking for an earlier request to notify")?;
        Ok(known.map(|(id, known)| if known == print { Asked::Known(id) } else { Asked::Other }))
    }

    /// A notification of an inbox.
    pub async fn notification(
        &self,
        inbox: &InboxName,
        id: &NotificationId,
    ) -> Result<Option<Notification>> {
        on!(&self.read, db => {
            sqlx::query_as(told!("where n.inbox = $1 and n.id = $2"))
                .bind(inbox)
                .bind(id)
                .fetch_optional(db)
                .await
        })
        .context("reading a notification")
    }

    /// A page of the notifications, the newest first.
    pub async fn notifications(&self, offset: i64, limit: i64) -> Result<Vec<Notification>> {
        on!(&self.read, db => {
            sqlx::query_as(told!("order by n.created_at desc, n.id desc limit $1 offset $2"))
                .bind(limit)
                .bind(offset)
                .fetch_all(db)
                .await
        })
        .context("reading the notifications")
    }

    /// When the next notification falls due.
    pub async fn next_notification_due(&self) -> Result<Option<DateTime<Utc>>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select due_at from notification where state = 'waiting' order by due_at limit 1",
            )
            .fetch_optional(db)
            .await
        })
        .context("looking for the next due notification")
    }

    /// The notifications that have fallen due, and by which inbox they leave.
    pub async fn due_notifications(
        &self,
        limit: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<(NotificationId, InboxName)>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select id, inbox from notification where state = 'waiting' and due_at <= $1
                 order by due_at limit $2",
            )
            .bind(now)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("looking for due notifications")
    }

    /// Lets a notification become its message, if it still waits and may; else keeps why not. Gives the conversation
    /// where something changed.
    pub async fn let_notification_go(
        &self,
        id: &NotificationId,
        quiet: Option<&Hours>,
        now: DateTime<Utc>,
    ) -> Result<Option<ConversationId>> {
        let mut tx = self.begin().await?;
        let due: Option<Due> = within!(&mut tx, conn => {
            // Its row is written, so that of several nodes one lets it go.
            sqlx::query_as(
                "update notification set updated_at = $2
                 where id = $1 and state = 'waiting' and due_at <= $2
                 returning inbox, address, conversation_id, agent_id, expires_at, filled",
            )
            .bind(id)
            .bind(now)
            .fetch_optional(conn)
            .await
        })
        .context("taking a due notification")?;
        let Some(mut due) = due else { return Ok(None) };
        let category = present_category(&mut tx, &due.inbox, &due.filled).await?;
        let standing = how(&mut tx, &due.inbox, &due.address).await?;
        let changed = if due.expires_at.is_some_and(|at| at <= now) {
            end(&mut tx, id, NotificationState::Expired, None).await?;
            None
        } else if let Some(category) = category {
            // What Meta takes it for by now counts, not what it was when it was asked for.
            due.filled.category = category;
            match may_notify(category, standing, quiet, now) {
                Notify::Now => {
                    let to = going_on(&mut tx, &due.conversation_id).await?;
                    become_message(&mut tx, id, (&to, due.agent_id.as_ref()), &due.filled, now)
                        .await?;
                    Some(to)
                }
                Notify::Later(at) => {
                    put_off(&mut tx, id, at).await?;
                    None
                }
                Notify::Not(unwanted) => {
                    end(&mut tx, id, NotificationState::Refused, Some(unwanted)).await?;
                    None
                }
            }
        } else {
            end(&mut tx, id, NotificationState::Refused, None).await?;
            None
        };
        tx.commit().await?;
        Ok(changed)
    }

    /// Puts off a notification that still waits.
    pub async fn put_notification_off(&self, id: &NotificationId, at: DateTime<Utc>) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query("update notification set due_at = $2 where id = $1 and state = 'waiting'")
                .bind(id)
                .bind(at)
                .execute(db)
                .await
                .map(drop)
        })
        .context("putting a notification off that could not be let go")
    }

    /// Whether a message was asked for as a notification.
    pub async fn is_notification(&self, message: &MessageId) -> Result<bool> {
        on!(&self.read, db => {
            sqlx::query_scalar("select exists (select 1 from notification where message_id = $1)")
                .bind(message)
                .fetch_one(db)
                .await
        })
        .context("looking whether a message is a notification")
    }

    /// Until when a message may leave that was asked for as a notification.
    pub async fn expiry_of(&self, message: &MessageId) -> Result<Option<DateTime<Utc>>> {
        let expires: Option<Option<DateTime<Utc>>> = on!(&self.read, db => {
            sqlx::query_scalar("select expires_at from notification where message_id = $1")
                .bind(message)
                .fetch_optional(db)
                .await
        })
        .context("reading until when a notification may leave")?;
        Ok(expires.flatten())
    }
}

/// Keeps what a customer is called, where that is not known.
async fn call(tx: &mut Tx, contact: &ContactId, name: Option<&str>) -> Result<()> {
    let Some(name) = name else { return Ok(()) };
    within!(tx, conn => {
        sqlx::query("update contact set name = coalesce(name, $2) where id = $1")
            .bind(contact)
            .bind(name)
            .execute(conn)
            .await
            .map(drop)
    })
    .context("keeping what a customer is called")
}

/// Keeps the consent that comes with a request: of advertising only where that is what is sent.
async fn agree(tx: &mut Tx, contact: &ContactId, new: &NewNotification) -> Result<()> {
    let Some((at, how)) = &new.consent else { return Ok(()) };
    let is_ad =
        matches!(new.filled.category, TemplateCategory::Marketing | TemplateCategory::Other);
    for category in [Some(NOTIFICATIONS), is_ad.then_some(MARKETING)].into_iter().flatten() {
        let said = Said { category, wanted: true, words: how, at: *at };
        record(tx, &new.inbox, contact, &said).await?;
    }
    Ok(())
}

/// What a template is for by now; none where it cannot be sent any more.
async fn present_category(
    tx: &mut Tx,
    inbox: &InboxName,
    filled: &FilledTemplate,
) -> Result<Option<TemplateCategory>> {
    let present: Option<(TemplateCategory, TemplateState)> = within!(tx, conn => {
        sqlx::query_as(
            "select category, state from template where inbox = $1 and name = $2 and lang = $3",
        )
        .bind(inbox)
        .bind(&filled.name)
        .bind(&filled.lang)
        .fetch_optional(conn)
        .await
    })
    .context("reading what a template is for by now")?;
    Ok(present.filter(|(_, state)| *state == TemplateState::Approved).map(|(category, _)| category))
}

/// Whether a delivery carries a notification: nobody's answer, for which nobody is asked when it fails.
pub(super) async fn carries_notification(tx: &mut Tx, outbox: &OutboxId) -> Result<bool> {
    within!(tx, conn => {
        sqlx::query_scalar(
            "select exists (select 1 from outbox o join notification n on n.message_id = o.message_id
                            where o.id = $1)",
        )
        .bind(outbox)
        .fetch_one(conn)
        .await
    })
    .context("looking whether a delivery carries a notification")
}

async fn how(tx: &mut Tx, inbox: &InboxName, address: &str) -> Result<Standing> {
    let row: StandingRow = within!(tx, conn => {
        sqlx::query_as(standing!()).bind(inbox).bind(address).fetch_one(conn).await
    })
    .context("reading how a customer stands to notifications")?;
    Ok(row.into())
}

/// Why the customer of a conversation may not be sent a template of that category, if so.
pub(super) async fn unwanted_by(
    tx: &mut Tx,
    conversation: &Conversation,
    category: TemplateCategory,
) -> Result<Option<Unwanted>> {
    let address: Option<String> = within!(tx, conn => {
        sqlx::query_scalar(
            "select value from identity where inbox = $1 and contact_id = $2 order by seen_at limit 1",
        )
        .bind(&conversation.inbox)
        .bind(&conversation.contact_id)
        .fetch_optional(conn)
        .await
    })
    .context("looking how an inbox knows a contact")?;
    let Some(address) = address else { return Ok(None) };
    Ok(unwanted(category, how(tx, &conversation.inbox, &address).await?))
}

/// The newest conversation of a contact, held, or a new one: nothing is left to do there, until the customer answers.
async fn conversation_for(
    tx: &mut Tx,
    inbox: &InboxName,
    contact: &ContactId,
    now: DateTime<Utc>,
) -> Result<ConversationId> {
    let newest: Option<ConversationId> = within!(tx, conn => {
        sqlx::query_scalar(
            "select id from conversation where contact_id = $1 and inbox = $2 and merged_into is null
             order by created_at desc limit 1",
        )
        .bind(contact)
        .bind(inbox)
        .fetch_optional(conn)
        .await
    })
    .context("looking for a customer's conversation")?;
    if let Some(newest) = newest {
        return Ok(newest);
    }
    let fresh = ConversationId::fresh();
    within!(tx, conn => {
        sqlx::query(
            "insert into conversation (id, inbox, contact_id, status, priority, last_seq, last_shown,
                 handoff_told, created_at, updated_at)
             values ($1, $2, $3, 'resolved', 'normal', 0, 0, false, $4, $4)",
        )
        .bind(&fresh)
        .bind(inbox)
        .bind(contact)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("beginning a conversation with a notification")?;
    Ok(fresh)
}

async fn insert(
    tx: &mut Tx,
    id: &NotificationId,
    (new, contact, conversation): (&NewNotification, &ContactId, &ConversationId),
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let filled = to_json(&new.filled)?;
    let added = within!(tx, conn => {
        sqlx::query(
            "insert into notification (id, inbox, key, print, reference, address, contact_id,
                 conversation_id, template, lang, category, filled, state, agent_id, by_name, due_at,
                 expires_at, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', $13, $14, $15, $16, $17,
                 $17)
             on conflict (inbox, key) do nothing",
        )
        .bind(id)
        .bind(&new.inbox)
        .bind(&new.key)
        .bind(&new.print)
        .bind(&new.reference)
        .bind(&new.address)
        .bind(contact)
        .bind(conversation)
        .bind(&new.filled.name)
        .bind(&new.filled.lang)
        .bind(new.filled.category)
        .bind(filled)
        .bind(&new.agent_id)
        .bind(&new.by_name)
        .bind(due_at)
        .bind(new.expires_at)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .context("storing a notification")?;
    Ok(added == 1)
}

/// Puts the message of a notification into the outbox. It is nobody's answer: it takes nothing over and settles nothing.
async fn become_message(
    tx: &mut Tx,
    id: &NotificationId,
    (conversation, agent): (&ConversationId, Option<&AgentId>),
    filled: &FilledTemplate,
    now: DateTime<Utc>,
) -> Result<()> {
    hold(tx, conversation, now).await?;
    let outbox: OutboxId =
        template::send(tx, conversation, (Author::System, agent), filled, now).await?;
    within!(tx, conn => {
        sqlx::query(
            "update notification set state = 'sending', updated_at = $3, conversation_id = $4,
                 message_id = (select message_id from outbox where id = $2)
             where id = $1",
        )
        .bind(id)
        .bind(&outbox)
        .bind(now)
        .bind(conversation)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("recording that a notification is a message")
}

async fn end(
    tx: &mut Tx,
    id: &NotificationId,
    state: NotificationState,
    reason: Option<Unwanted>,
) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("update notification set state = $2, reason = $3 where id = $1")
            .bind(id)
            .bind(state)
            .bind(reason)
            .execute(conn)
            .await
            .map(drop)
    })
    .context("recording why a notification does not leave")
}

async fn put_off(tx: &mut Tx, id: &NotificationId, at: DateTime<Utc>) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("update notification set due_at = $2 where id = $1")
            .bind(id)
            .bind(at)
            .execute(conn)
            .await
            .map(drop)
    })
    .context("putting a notification off")
}
