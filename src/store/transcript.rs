//! What a machine heard in customers' voice notes, kept beside the messages that carry them.

use super::{Store, on};
use crate::conversation::{AttachmentId, Message};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

impl Store {
    /// Keeps what `model` heard in a file. What was kept first stays, so that a turn reads the same however
    /// often it is read.
    pub async fn put_transcript(
        &self,
        file: &AttachmentId,
        words: &str,
        model: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query(
                "insert into transcript (attachment_id, words, model, created_at)
                 values ($1, $2, $3, $4) on conflict (attachment_id) do nothing",
            )
            .bind(file)
            .bind(words)
            .bind(model)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
        })
        .with_context(|| format!("keeping what was heard in attachment {file}"))
    }

    /// Whether something was heard in a file.
    pub async fn has_transcript(&self, file: &AttachmentId) -> Result<bool> {
        let count: i64 = on!(&self.read, db => {
            sqlx::query_scalar("select count(*) from transcript where attachment_id = $1")
                .bind(file)
                .fetch_one(db)
                .await
        })
        .with_context(|| format!("looking for what was heard in attachment {file}"))?;
        Ok(count > 0)
    }

    /// Messages with what was heard in their files.
    pub async fn heard(&self, mut messages: Vec<Message>) -> Result<Vec<Message>> {
        let files = messages.iter().flat_map(|message| &message.attachments);
        let sounds = files.filter(|file| file.is_sound()).map(|file| file.id.clone()).collect();
        let heard = self.transcripts(sounds).await?;
        for file in messages.iter_mut().flat_map(|message| &mut message.attachments) {
            file.heard = heard.get(&file.id).cloned();
        }
        Ok(messages)
    }

    async fn transcripts(&self, files: Vec<AttachmentId>) -> Result<HashMap<AttachmentId, String>> {
        if files.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(AttachmentId, String)> = on!(&self.read, db => {
            let mut query = sqlx::QueryBuilder::new(
                "select attachment_id, words from transcript where attachment_id in (",
            );
            let mut list = query.separated(", ");
            for file in files {
                list.push_bind(file);
            }
            query.push(")").build_query_as().fetch_all(db).await
        })
        .context("reading what was heard in files")?;
        Ok(rows.into_iter().collect())
    }
}
