//! Visitors of the web chat: sessions that outlive a reload and can move to another device.

use super::{Store, Tx, on, within};
use crate::conversation::{ContactId, ConversationId, InboxName, MessageId, Status};
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};

/// A visitor is forgotten after this long without a visit.
const VISITOR_LIFE: TimeDelta = TimeDelta::days(180);

/// Conversations that a chat shows; whoever has more has them from long ago.
const CONVERSATIONS: i64 = 20;

/// A visitor's session.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ChatSession {
    /// The inbox it belongs to.
    pub inbox: InboxName,
    /// The contact it speaks for.
    pub contact_id: ContactId,
}

/// How a conversation of a visitor stands.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ChatState {
    /// The conversation.
    pub id: ConversationId,
    /// Whose move it is.
    pub status: Status,
    /// The number of the newest message that the visitor sees.
    pub last_shown: i64,
    /// Whether something of ours is on its way: a turn is open or a message waits to leave.
    pub busy: bool,
    /// Where the visitor wants to be reached besides.
    pub email: Option<String>,
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
        begin_session(&mut tx, token_hash, inbox, &contact_id, now).await?;
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

    /// Notes a visit, so that the session lasts; once a day is often enough.
    pub async fn note_visit(&self, token_hash: &str, now: DateTime<Utc>) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query("update chat_session set seen_at = $2 where token_hash = $1 and seen_at < $3")
                .bind(token_hash)
                .bind(now)
                .bind(now - TimeDelta::days(1))
                .execute(db)
                .await
                .map(drop)
        })
        .context("noting a visit")
    }

    /// Ends a visitor's session.
    pub async fn end_chat(&self, token_hash: &str) -> Result<()> {
        on!(&self.write, db => {
            sqlx::query("delete from chat_session where token_hash = $1")
                .bind(token_hash)
                .execute(db)
                .await
                .map(drop)
        })
        .context("ending a visitor's session")
    }

    /// How the conversations of a contact in an inbox stand, the newest first.
    pub async fn chat_states(
        &self,
        inbox: &InboxName,
        contact: &ContactId,
    ) -> Result<Vec<ChatState>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select c.id, c.status, c.last_shown,
                        exists (select 1 from turn t
                                where t.conversation_id = c.id and t.state = 'open')
                        or exists (select 1 from outbox o
                                   where o.conversation_id = c.id and o.state in ('queued', 'sending'))
                            as busy,
                        p.email
                 from conversation c join contact p on p.id = c.contact_id
                 where c.contact_id = $1 and c.inbox = $2
                 order by (c.merged_into is not null), c.created_at desc, c.id desc limit $3",
            )
            .bind(contact)
            .bind(inbox)
            .bind(CONVERSATIONS)
            .fetch_all(db)
            .await
        })
        .context("reading how a visitor's conversations stand")
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

    /// The conversation of a contact in an inbox that a message stands in.
    pub async fn find_chat_with(
        &self,
        inbox: &InboxName,
        contact: &ContactId,
        message: &MessageId,
    ) -> Result<Option<ConversationId>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select c.id from message m join conversation c on c.id = m.conversation_id
                 where m.id = $1 and c.contact_id = $2 and c.inbox = $3",
            )
            .bind(message)
            .bind(contact)
            .bind(inbox)
            .fetch_optional(db)
            .await
        })
        .context("looking for the conversation of a visitor's message")
    }
}

/// Begins a session under the hash of its token.
pub(super) async fn begin_session(
    tx: &mut Tx,
    token_hash: &str,
    inbox: &InboxName,
    contact: &ContactId,
    now: DateTime<Utc>,
) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "insert into chat_session (token_hash, inbox, contact_id, created_at, seen_at)
             values ($1, $2, $3, $4, $4)",
        )
        .bind(token_hash)
        .bind(inbox)
        .bind(contact)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("beginning a visitor's session")
}
