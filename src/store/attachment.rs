//! What is known of stored files; their bytes lie in the data folder.

use super::{Store, Tx, on, within};
use crate::conversation::{
    AgentId, Attachment, AttachmentId, ContactId, ConversationId, InboxName, MessageId,
};
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};

/// An agent's file that is in no message yet, by the conversation it was uploaded in or one that went on for that.
const UNSENT: &str = "with recursive part (id) as (
         select id from conversation where id = $1
         union
         select c.id from conversation c join part p on c.merged_into = p.id
     )
     select id, name, media_type, size from attachment
     where id = $2 and agent_id = $3 and message_id is null
       and conversation_id in (select id from part)";

type Unsent = (AttachmentId, String, String, i64);

/// A file that a customer, or an agent for them, has uploaded.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredAttachment {
    /// Its identifier, also its file name on disk.
    pub id: AttachmentId,
    /// The inbox it came in by.
    pub inbox: InboxName,
    /// Who sent it, or to whom it is sent.
    pub contact_id: ContactId,
    /// The conversation it was sent in, once it was; that of an agent's file is known before.
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

    /// Records a file that an agent means to send in a conversation.
    pub async fn add_agent_file(
        &self,
        file: &StoredAttachment,
        agent: &AgentId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query(
                "insert into attachment (id, inbox, contact_id, conversation_id, name, media_type,
                     size, agent_id, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(&file.id)
            .bind(&file.inbox)
            .bind(&file.contact_id)
            .bind(&file.conversation_id)
            .bind(&file.name)
            .bind(&file.media_type)
            .bind(file.size)
            .bind(agent)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
        })
        .context("recording an agent's file")
    }

    /// How many files an agent has uploaded since `since`.
    pub async fn count_agent_files(&self, agent: &AgentId, since: DateTime<Utc>) -> Result<i64> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select count(*) from attachment where agent_id = $1 and created_at >= $2",
            )
            .bind(agent)
            .bind(since)
            .fetch_one(db)
            .await
        })
        .context("counting an agent's files")
    }

    /// Which of these files an agent can still send in a conversation, in the order named.
    pub async fn unsent_files(
        &self,
        conversation: &ConversationId,
        agent: &AgentId,
        files: &[AttachmentId],
    ) -> Result<Vec<Attachment>> {
        let mut unsent = Vec::with_capacity(files.len());
        for file in files {
            let found: Option<Unsent> = on!(&self.read, db => {
                sqlx::query_as(UNSENT).bind(conversation).bind(file).bind(agent).fetch_optional(db).await
            })
            .context("reading what an agent has attached")?;
            unsent.extend(found.map(attachment));
        }
        Ok(unsent)
    }

    /// Whether a file has reached its contact: they sent it, or they see the message it went with.
    pub async fn is_theirs(&self, file: &AttachmentId) -> Result<bool> {
        let theirs: Option<bool> = on!(&self.read, db => {
            sqlx::query_scalar(
                "select a.agent_id is null or exists (select 1 from message m
                     where m.id = a.message_id and m.visibility = 'public' and m.shown is not null)
                 from attachment a where a.id = $1",
            )
            .bind(file)
            .fetch_optional(db)
            .await
        })
        .context("looking whether a customer has a file")?;
        Ok(theirs.unwrap_or(false))
    }

    /// How many files a contact has sent since `since`.
    pub async fn count_attachments(
        &self,
        contact: &ContactId,
        since: DateTime<Utc>,
    ) -> Result<i64> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select count(*) from attachment where contact_id = $1 and created_at >= $2
                   and agent_id is null",
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

fn attachment((id, name, media_type, size): Unsent) -> Attachment {
    Attachment { id, name, media_type, size, url: None, missing: None, heard: None }
}

/// The files that an agent sends in a conversation; nothing unless all of them can be sent, each once.
pub(super) async fn ready(
    tx: &mut Tx,
    conversation: &ConversationId,
    agent: &AgentId,
    files: &[AttachmentId],
) -> Result<Option<Vec<Attachment>>> {
    let mut ready: Vec<Attachment> = Vec::with_capacity(files.len());
    for file in files {
        let found: Option<Unsent> = within!(tx, conn => {
            sqlx::query_as(UNSENT).bind(conversation).bind(file).bind(agent).fetch_optional(conn).await
        })
        .context("reading what an agent sends")?;
        match found {
            Some(found) if ready.iter().all(|it| it.id != found.0) => ready.push(attachment(found)),
            Some(_) | None => return Ok(None),
        }
    }
    Ok(Some(ready))
}

/// Ties files of the team to the message that they go with. They are its contact's from then on, even if they
/// were uploaded before its conversation went on for another.
pub(super) async fn tie(
    tx: &mut Tx,
    conversation: &ConversationId,
    message: &MessageId,
    files: &[Attachment],
) -> Result<()> {
    for file in files {
        let tied = within!(tx, conn => {
            sqlx::query(
                "update attachment set message_id = $2, conversation_id = $3,
                     contact_id = (select contact_id from conversation where id = $3),
                     inbox = (select inbox from conversation where id = $3)
                 where id = $1 and message_id is null",
            )
            .bind(&file.id)
            .bind(message)
            .bind(conversation)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("tying a file to its message")?;
        ensure!(tied == 1, "file {} went out meanwhile", file.id);
    }
    Ok(())
}
