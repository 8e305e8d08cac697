//! What was sent, for whoever reads it by cursor, and what of it was read.

use crate::conversation::{ConversationId, InboxName, Message, TurnId};
use crate::store::{Store, on};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

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
}
