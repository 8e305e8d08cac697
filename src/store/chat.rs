//! Visitors of the web chat: sessions that outlive a reload and can move to another device.

use super::{Store, on, within};
use crate::conversation::{ContactId, ConversationId, InboxName};
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};

/// A visitor is forgotten after this long without a visit.
const VISITOR_LIFE: TimeDelta = TimeDelta::days(180);

/// A visitor's session.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ChatSession {
    /// The inbox it belongs to.
    pub inbox: InboxName,
    /// The contact it speaks for.
    pub contact_id: ContactId,
}

/// Who a session is begun for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visitor<'a> {
    /// Somebody new, whom the inbox will know under this name.
    New(&'a str),
    /// A contact who is known already, say on another device.
    Known(&'a ContactId),
}

impl Store {
    /// Begins a visitor's session.
    pub async fn begin_chat(
        &self,
        token_hash: &str,
        inbox: &InboxName,
        visitor: Visitor<'_>,
        now: DateTime<Utc>,
    ) -> Result<ChatSession> {
        let mut tx = self.begin().await?;
        let contact_id = match visitor {
            Visitor::Known(known) => known.clone(),
            Visitor::New(identity) => {
                let id = ContactId::fresh();
                within!(&mut tx, conn => {
                    sqlx::query("insert into contact (id, created_at) values ($1, $2)")
                        .bind(&id)
                        .bind(now)
                        .execute(&mut *conn)
                        .await?;
                    sqlx::query(
                        "insert into identity (inbox, value, contact_id, seen_at) values ($1, $2, $3, $4)",
                    )
                    .bind(inbox)
                    .bind(identity)
                    .bind(&id)
                    .bind(now)
                    .execute(&mut *conn)
                    .await
                    .map(drop)
                })
                .context("storing a visitor")?;
                id
            }
        };
        within!(&mut tx, conn => {
            sqlx::query(
                "insert into chat_session (token_hash, inbox, contact_id, created_at, seen_at)
                 values ($1, $2, $3, $4, $4)",
            )
            .bind(token_hash)
            .bind(inbox)
            .bind(&contact_id)
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
        })
        .context("beginning a visitor's session")?;
        tx.commit().await?;
        Ok(ChatSession { inbox: inbox.clone(), contact_id })
    }

    /// The session under the hash of its token, unless it has run out.
    pub async fn find_chat(
        &self,
        token_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<ChatSession>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select inbox, contact_id from chat_session where token_hash = $1 and seen_at > $2",
            )
            .bind(token_hash)
            .bind(now - VISITOR_LIFE)
            .fetch_optional(db)
            .await
        })
        .context("looking for a visitor's session")
    }

    /// How the inbox knows a contact.
    pub async fn identity_of(&self, inbox: &InboxName, contact: &ContactId) -> Result<String> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select value from identity where inbox = $1 and contact_id = $2 order by seen_at limit 1",
            )
            .bind(inbox)
            .bind(contact)
            .fetch_one(db)
            .await
        })
        .with_context(|| format!("reading how {inbox} knows contact {contact}"))
    }

    /// The newest conversation of a contact in an inbox.
    pub async fn find_newest_conversation(
        &self,
        inbox: &InboxName,
        contact: &ContactId,
    ) -> Result<Option<ConversationId>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select id from conversation where contact_id = $1 and inbox = $2
                 order by created_at desc limit 1",
            )
            .bind(contact)
            .bind(inbox)
            .fetch_optional(db)
            .await
        })
        .context("looking for a contact's conversation")
    }
}
