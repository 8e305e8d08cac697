//! What is known of stored files; their bytes lie in the data folder.

use super::{Store, on};
use crate::conversation::{AttachmentId, ContactId, ConversationId, InboxName};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// A file that a customer has uploaded.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredAttachment {
    /// Its identifier, also its file name on disk.
    pub id: AttachmentId,
    /// The inbox it came in by.
    pub inbox: InboxName,
    /// Who sent it.
    pub contact_id: ContactId,
    /// The conversation it was sent in, once it was.
    pub conversation_id: Option<ConversationId>,
    /// The name the sender gave it.
    pub name: String,
    /// The media type found by its content.
    pub media_type: String,
    /// Its size in bytes.
    pub size: i64,
}

impl Store {
    /// Records an uploaded file.
    pub async fn add_attachment(&self, file: &StoredAttachment, now: DateTime<Utc>) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query(
                "insert into attachment (id, inbox, contact_id, name, media_type, size, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&file.id)
            .bind(&file.inbox)
            .bind(&file.contact_id)
            .bind(&file.name)
            .bind(&file.media_type)
            .bind(file.size)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
        })
        .context("recording an attachment")
    }

    /// How many files a contact has sent since `since`.
    pub async fn count_attachments(
        &self,
        contact: &ContactId,
        since: DateTime<Utc>,
    ) -> Result<i64> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select count(*) from attachment where contact_id = $1 and created_at >= $2",
            )
            .bind(contact)
            .bind(since)
            .fetch_one(db)
            .await
        })
        .context("counting a contact's files")
    }

    /// The file of that id.
    pub async fn find_attachment(&self, id: &AttachmentId) -> Result<Option<StoredAttachment>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select id, inbox, contact_id, conversation_id, name, media_type, size
                 from attachment where id = $1",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })
        .with_context(|| format!("reading attachment {id}"))
    }
}
