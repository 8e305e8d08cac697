//! Notifications that were asked for: each becomes one message, now or when its time has come, or says why not.
//!
//! One that waits is no message yet, so that what is said in its conversation meanwhile does not wait behind it.

mod ask;
mod go;

pub use ask::{Asked, NewNotification};

use super::row::row;
use super::suppression::{Row as StandingRow, standing};
use super::{Store, Tx, on, within};
use crate::conversation::{
    Conversation, ConversationId, Delivery, FilledTemplate, InboxName, MessageId, NotificationId,
    NotificationState, OutboxId, Standing, TemplateCategory, Unwanted, unwanted,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

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

    /// The number or id that a message was asked for, where it is a notification.
    pub async fn notified_address(&self, message: &MessageId) -> Result<Option<String>> {
        on!(&self.read, db => {
            sqlx::query_scalar("select address from notification where message_id = $1")
                .bind(message)
                .fetch_optional(db)
                .await
        })
        .context("reading whom a notification is for")
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
