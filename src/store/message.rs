//! One message by its id.

use super::{Store, on};
use crate::conversation::{Message, MessageId};
use anyhow::{Context, Result};

impl Store {
    /// The message of that id, if there is one.
    pub async fn find_message(&self, id: &MessageId) -> Result<Option<Message>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select m.id, m.conversation_id, m.seq, m.shown, m.external_id, m.author, m.agent_id,
                        m.visibility, m.body, o.state as delivery, m.sent_at, m.received_at,
                        m.attachments, m.citations, m.choices
                 from message m left join outbox o on o.message_id = m.id where m.id = $1",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })
        .with_context(|| format!("reading message {id}"))
    }
}
