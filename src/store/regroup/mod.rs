//! Regrouping: contacts found to be one person, conversations put together or taken apart, and undoing that.
//!
//! Nothing is copied and no message gets another number, so that nothing is lost and nothing is there twice.
//! Contacts of one person stay apart and are tied by a row: an answer leaves by the address that was written from.
//! Of two conversations the older is closed and shown within the newer, which goes on; both keep their turns,
//! drafts, audits, deliveries and records. What is split off moves, with everything that hangs on its messages, under the
//! numbers that it had, so that a decision still finds the words that it was made on.

mod contacts;
mod merge;
mod rejoin;
mod split;
mod undo;

use super::row::{row, to_json};
use super::{Store, Tx, happening, on, within};
use crate::conversation::{AgentId, ConversationId, Happening, MessageId, RegroupId};
use crate::word::words;
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

/// How long a regrouping can be undone.
pub const UNDO_DAYS: TimeDelta = TimeDelta::days(30);

words! {
    /// What people regroup.
    RegroupKind {
        /// Two contacts are one person.
        Contact = "contact",
        /// Two conversations are one.
        Conversation = "conversation",
        /// A conversation is two.
        Split = "split",
    }
}

/// A regrouping.
#[derive(Debug, Clone, PartialEq)]
pub struct Regroup {
    /// Its identifier.
    pub id: RegroupId,
    /// What was regrouped.
    pub kind: RegroupKind,
    /// What was put together with another, or split.
    pub from_id: String,
    /// What goes on for it, or was split off.
    pub into_id: String,
    /// The conversation in which it is told.
    pub conversation_id: ConversationId,
    /// The line that tells it.
    pub message_id: MessageId,
    /// Who did it.
    pub agent_id: AgentId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was undone, if it was.
    pub undone_at: Option<DateTime<Utc>>,
    /// What has to be put back.
    pub(super) was: Value,
}

row!(Regroup {
    id, kind, from_id, into_id, conversation_id, message_id, agent_id, created_at, undone_at,
} json { was });

impl Regroup {
    /// Whether it can still be undone.
    pub fn can_be_undone(&self, now: DateTime<Utc>) -> bool {
        self.undone_at.is_none() && now < self.created_at + UNDO_DAYS
    }
}

/// What became of a wish to regroup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Regrouped {
    /// It is done; the conversation to go on with.
    Done(ConversationId),
    /// There is no such conversation, contact or regrouping.
    Gone,
    /// Words wait there to be sent; they leave, or are taken back, before.
    Held,
    /// It does not fit: it is done already, or belongs to somebody else, or something newer rests on it.
    Unfit,
}

impl Store {
    /// The regroupings that are told in conversations.
    pub async fn regroups(&self, conversations: &[ConversationId]) -> Result<Vec<Regroup>> {
        let mut all = Vec::new();
        for id in conversations {
            let told: Vec<Regroup> = on!(&self.read, db => {
                sqlx::query_as(
                    "select id, kind, from_id, into_id, conversation_id, message_id, agent_id,
                            created_at, undone_at, was
                     from regroup where conversation_id = $1 order by created_at",
                )
                .bind(id)
                .fetch_all(db)
                .await
            })
            .context("reading what was regrouped")?;
            all.extend(told);
        }
        Ok(all)
    }

    /// The conversation that goes on for one; itself where it was merged into none.
    pub async fn survivor(&self, id: &ConversationId) -> Result<ConversationId> {
        let found: Option<ConversationId> = on!(&self.read, db => {
            sqlx::query_scalar(
                "with recursive line (id, next) as (
                     select id, merged_into from conversation where id = $1
                     union
                     select c.id, c.merged_into from conversation c join line l on c.id = l.next
                 ) select id from line where next is null",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })
        .context("looking for the conversation that goes on")?;
        Ok(found.unwrap_or_else(|| id.clone()))
    }

    /// The conversations that one goes on for, however far back.
    pub async fn merged_into(&self, id: &ConversationId) -> Result<Vec<ConversationId>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "with recursive part (id) as (
                     select id from conversation where merged_into = $1
                     union
                     select c.id from conversation c join part p on c.merged_into = p.id
                 ) select id from part",
            )
            .bind(id)
            .fetch_all(db)
            .await
        })
        .context("looking for the conversations that one goes on for")
    }
}

/// Whether another conversation goes on for one.
pub(super) async fn is_merged(tx: &mut Tx, id: &ConversationId) -> Result<bool> {
    let found: Option<ConversationId> = within!(tx, conn => {
        sqlx::query_scalar("select id from conversation where id = $1 and merged_into is not null")
            .bind(id)
            .fetch_optional(conn)
            .await
    })
    .context("looking whether a conversation was merged")?;
    Ok(found.is_some())
}

/// What is written down of a regrouping.
struct Told<'a> {
    kind: RegroupKind,
    from_id: &'a str,
    into_id: &'a str,
    agent: &'a AgentId,
    was: Value,
}

/// Writes a regrouping down, and tells it in a conversation.
async fn tell(
    tx: &mut Tx,
    conversation: &ConversationId,
    told: &Told<'_>,
    happened: &Happening,
    now: DateTime<Utc>,
) -> Result<()> {
    let message = happening::tell(tx, conversation, Some(told.agent), happened, now).await?;
    let was = to_json(&told.was)?;
    within!(tx, conn => {
        sqlx::query(
            "insert into regroup (id, kind, from_id, into_id, conversation_id, message_id, was,
                 agent_id, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(RegroupId::fresh())
        .bind(told.kind)
        .bind(told.from_id)
        .bind(told.into_id)
        .bind(conversation)
        .bind(&message)
        .bind(was)
        .bind(told.agent)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("writing down what was regrouped")
}
