//! Letting notifications go: each that has fallen due becomes its message, waits on, or keeps why it does not leave.

use super::how;
use crate::conversation::{
    AgentId, Author, ConversationId, FilledTemplate, Hours, InboxName, NotificationId,
    NotificationState, Notify, OutboxId, TemplateCategory, TemplateState, Unwanted, may_notify,
};
use crate::store::conversation::hold;
use crate::store::intake::going_on;
use crate::store::row::row;
use crate::store::{Store, Tx, on, template, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

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

impl Store {
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
                    let of = (&due.conversation_id, due.agent_id.as_ref());
                    Some(become_message(&mut tx, id, of, &due.filled, now).await?)
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

/// Puts the message of a notification into the outbox; gives the conversation that it is in. It is nobody's answer: it
/// takes nothing over and settles nothing.
pub(super) async fn become_message(
    tx: &mut Tx,
    id: &NotificationId,
    (conversation, agent): (&ConversationId, Option<&AgentId>),
    filled: &FilledTemplate,
    now: DateTime<Utc>,
) -> Result<ConversationId> {
    let conversation = hold_going_on(tx, conversation, now).await?;
    let outbox: OutboxId =
        template::send(tx, &conversation, (Author::System, agent), filled, now).await?;
    within!(tx, conn => {
        sqlx::query(
            "update notification set state = 'sending', updated_at = $3, conversation_id = $4,
                 message_id = (select message_id from outbox where id = $2)
             where id = $1",
        )
        .bind(id)
        .bind(&outbox)
        .bind(now)
        .bind(&conversation)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("recording that a notification is a message")?;
    Ok(conversation)
}

/// Holds the conversation that goes on for one. Where it is merged between being found and being held, another goes
/// on; the older is held before the newer, as by whoever merges them.
async fn hold_going_on(
    tx: &mut Tx,
    id: &ConversationId,
    now: DateTime<Utc>,
) -> Result<ConversationId> {
    let mut found = going_on(tx, id).await?;
    loop {
        hold(tx, &found, now).await?;
        let next = going_on(tx, &found).await?;
        if next == found {
            return Ok(found);
        }
        found = next;
    }
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
