//! Files that are fetched from Meta: claimed when due, and what became of each.

use super::status::before_person;
use crate::conversation::{
    Attachment, AttachmentId, ConversationId, Happening, InboxName, MessageId, Missing,
};
use crate::store::conversation::hold;
use crate::store::happening::tell;
use crate::store::row::{json, to_json};
use crate::store::{Store, Tx, on, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// A file to be fetched.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DueMedia {
    /// The file's id here.
    pub attachment_id: AttachmentId,
    /// The inbox it came in by.
    pub inbox: InboxName,
    /// The message it came with.
    pub message_id: MessageId,
    /// Its id at Meta.
    pub media_id: String,
    /// The hash of its bytes, where that was told.
    pub sha256: Option<String>,
    /// Which attempt this is, from 1.
    pub attempts: i64,
    /// Proof of the claim.
    pub lease_token: String,
}

/// What became of an attempt to fetch a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// Its bytes are laid down.
    Here {
        /// The media type found by its content.
        media_type: String,
        /// Its size in bytes.
        size: i64,
    },
    /// It is tried again then.
    Later(DateTime<Utc>, String),
    /// It cannot be fetched; why.
    Lost(String),
}

impl Store {
    /// When the next file is to be fetched.
    pub async fn next_media_due(&self) -> Result<Option<DateTime<Utc>>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select coalesce(lease_until, due_at) from whatsapp_media where state = 'coming'
                 order by coalesce(lease_until, due_at) limit 1",
            )
            .fetch_optional(db)
            .await
        })
        .context("looking for the next file to fetch")
    }

    /// Claims up to `limit` files that are to be fetched, until `until`.
    pub async fn claim_media(
        &self,
        limit: i64,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<DueMedia>> {
        let token = uuid::Uuid::now_v7().to_string();
        // The condition stands twice on purpose: two nodes may look at once.
        on!(&self.write, db => {
            sqlx::query_as(
                "update whatsapp_media set lease_until = $2, lease_token = $3, attempts = attempts + 1
                 where state = 'coming' and due_at <= $1 and (lease_until is null or lease_until < $1)
                   and attachment_id in (
                     select attachment_id from whatsapp_media
                     where state = 'coming' and due_at <= $1
                       and (lease_until is null or lease_until < $1)
                     order by due_at limit $4)
                 returning attachment_id, inbox, message_id, media_id, sha256, attempts, lease_token",
            )
            .bind(now)
            .bind(until)
            .bind(token)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("claiming files to fetch")
    }

    /// Records what became of an attempt. A file that is here lets its turn be considered once `quiet` is over; one
    /// that cannot be fetched puts its conversation before a person. Gives the conversation, unless somebody else
    /// has the claim by now.
    pub async fn settle_media(
        &self,
        media: &DueMedia,
        fetched: &Fetched,
        now: DateTime<Utc>,
        due_at: DateTime<Utc>,
    ) -> Result<Option<ConversationId>> {
        let mut tx = self.begin().await?;
        let Some(id) = conversation(&mut tx, &media.message_id).await? else { return Ok(None) };
        hold(&mut tx, &id, now).await?;
        if !end_attempt(&mut tx, media, fetched).await? {
            return Ok(None);
        }
        match fetched {
            Fetched::Later(..) => {}
            Fetched::Here { media_type, size } => {
                record(&mut tx, media, media_type, *size).await?;
                change_file(&mut tx, media, |file| {
                    file.media_type.clone_from(media_type);
                    file.size = *size;
                    file.missing = None;
                })
                .await?;
                hasten(&mut tx, &id, due_at).await?;
            }
            Fetched::Lost(words) => {
                let lost = |file: &mut Attachment| file.missing = Some(Missing::Lost);
                let name = change_file(&mut tx, media, lost).await?;
                let happened = Happening::FileLost { name, words: words.clone() };
                tell(&mut tx, &id, None, &happened, now).await?;
                hasten(&mut tx, &id, due_at).await?;
                before_person(&mut tx, &id, now).await?;
            }
        }
        tx.commit().await?;
        Ok(Some(id))
    }
}

async fn conversation(tx: &mut Tx, message: &MessageId) -> Result<Option<ConversationId>> {
    within!(tx, conn => {
        sqlx::query_scalar("select conversation_id from message where id = $1")
            .bind(message)
            .fetch_optional(conn)
            .await
    })
    .context("looking for the conversation of a file")
}

async fn end_attempt(tx: &mut Tx, media: &DueMedia, fetched: &Fetched) -> Result<bool> {
    let (state, due_at, words) = match fetched {
        Fetched::Here { .. } => ("here", None, None),
        Fetched::Later(due_at, words) => ("coming", Some(*due_at), Some(words)),
        Fetched::Lost(words) => ("lost", None, Some(words)),
    };
    let changed = within!(tx, conn => {
        sqlx::query(
            "update whatsapp_media set state = $3, due_at = coalesce($4, due_at), last_error = $5,
                 lease_until = null, lease_token = null
             where attachment_id = $1 and lease_token = $2 and state = 'coming'",
        )
        .bind(&media.attachment_id)
        .bind(&media.lease_token)
        .bind(state)
        .bind(due_at)
        .bind(words)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .context("recording an attempt to fetch a file")?;
    Ok(changed == 1)
}

async fn record(tx: &mut Tx, media: &DueMedia, media_type: &str, size: i64) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("update attachment set media_type = $2, size = $3 where id = $1")
            .bind(&media.attachment_id)
            .bind(media_type)
            .bind(size)
            .execute(conn)
            .await
            .map(drop)
    })
    .context("recording a file that was fetched")
}

/// Changes what stands of the file at its message; gives its name.
async fn change_file(
    tx: &mut Tx,
    media: &DueMedia,
    change: impl Fn(&mut Attachment),
) -> Result<String> {
    let files: String = within!(tx, conn => {
        sqlx::query_scalar("select attachments from message where id = $1")
            .bind(&media.message_id)
            .fetch_one(conn)
            .await
    })
    .context("reading the files of a message")?;
    let mut files: Vec<Attachment> = json(&files)?;
    let mut name = String::new();
    for file in files.iter_mut().filter(|file| file.id == media.attachment_id) {
        change(file);
        name.clone_from(&file.name);
    }
    within!(tx, conn => {
        sqlx::query("update message set attachments = $2 where id = $1")
            .bind(&media.message_id)
            .bind(to_json(&files)?)
            .execute(conn)
            .await
            .map(drop)
    })
    .context("writing the files of a message")?;
    Ok(name)
}

/// The open turn waits no longer than this, unless another voice note is still to come.
async fn hasten(tx: &mut Tx, id: &ConversationId, due_at: DateTime<Utc>) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "update turn set due_at = $2
             where conversation_id = $1 and state = 'open' and due_at > $2 and not exists (
                 select 1 from whatsapp_media w join message m on m.id = w.message_id
                 where m.conversation_id = $1 and w.state = 'coming' and w.waits)",
        )
        .bind(id)
        .bind(due_at)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("letting a turn go on")
}
