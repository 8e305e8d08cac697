//! Merging: of two conversations of one contact the newer goes on, and shows the older's messages among its own.

use super::{RegroupKind, Regrouped, Told, tell};
use crate::conversation::{
    AgentId, ContactId, Conversation, ConversationId, DraftId, Event, Happening, Status,
};
use crate::store::conversation::{hold, settle};
use crate::store::due::reckon;
use crate::store::held::is_held;
use crate::store::{Store, Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How the older conversation stood, to be put back.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stood {
    pub(super) status: Status,
    pub(super) assignee: Option<AgentId>,
    pub(super) waiting_since: Option<DateTime<Utc>>,
    /// Its clock.
    #[serde(flatten)]
    pub(super) clock: Clock,
    /// Since when the customer waited in the newer one by itself.
    #[serde(default)]
    pub(super) newer_since: Option<DateTime<Utc>>,
    /// The drafts that waited.
    pub(super) drafts: Vec<DraftId>,
    /// Whether the bot was about to answer.
    pub(super) had_turn: bool,
}

/// Since when a customer waits, since when an agent has it, and when it was found to be late.
#[derive(Debug, Default, Serialize, Deserialize, sqlx::FromRow)]
#[serde(default)]
pub(super) struct Clock {
    pub(super) due_since: Option<DateTime<Utc>>,
    pub(super) claimed_at: Option<DateTime<Utc>>,
    pub(super) missed_at: Option<DateTime<Utc>>,
}

impl Store {
    /// Merges two conversations of one contact in one inbox, whichever is named first: the newer goes on, since
    /// that is where the contact's next message goes. What waited in the older is put before a person there.
    pub async fn merge_conversations(
        &self,
        one: &ConversationId,
        other: &ConversationId,
        agent: &AgentId,
        now: DateTime<Utc>,
    ) -> Result<Regrouped> {
        let mut tx = self.begin().await?;
        let merged = merge(&mut tx, one, other, agent, now).await?;
        if matches!(merged, Regrouped::Done(_)) {
            tx.commit().await?;
        }
        Ok(merged)
    }
}

/// Merges within a transaction, which is to be left without effect unless it is done.
pub(super) async fn merge(
    tx: &mut Tx,
    one: &ConversationId,
    other: &ConversationId,
    agent: &AgentId,
    now: DateTime<Utc>,
) -> Result<Regrouped> {
    let Some(contact) = hold_contact(tx, one).await? else { return Ok(Regrouped::Gone) };
    let found = pair(tx, one, other).await?;
    let [(older, is_merged), (newer, is_newer_merged)] = found.as_slice() else {
        return Ok(if one == other { Regrouped::Unfit } else { Regrouped::Gone });
    };
    if *is_merged || *is_newer_merged {
        return Ok(Regrouped::Unfit);
    }
    // The older first, as whoever settles a merged conversation does.
    let (Some(older), Some(newer)) = (hold(tx, older, now).await?, hold(tx, newer, now).await?)
    else {
        return Ok(Regrouped::Gone);
    };
    if older.contact_id != contact || newer.contact_id != contact || older.inbox != newer.inbox {
        return Ok(Regrouped::Unfit);
    }
    if is_held(tx, &older.id).await? {
        return Ok(Regrouped::Held);
    }
    let mut stood = close(tx, &older, &newer.id, now).await?;
    if let Some((event, who)) = stood.needs() {
        settle(tx, &newer, event, who, now).await?;
    }
    stood.newer_since = clock(tx, &newer.id).await?.due_since;
    if let Some(since) = stood.waits_since(now) {
        wait_since(tx, &newer.id, since).await?;
    }
    let happened = Happening::Merged { begun: older.created_at };
    let (from_id, into_id) = (older.id.as_str(), newer.id.as_str());
    let told = Told { kind: RegroupKind::Conversation, from_id, into_id, agent, was: json!(stood) };
    tell(tx, &newer.id, &told, &happened, now).await?;
    Ok(Regrouped::Done(newer.id))
}

impl Stood {
    /// Since when the customer waits for what was not answered in the older one.
    fn waits_since(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.clock.due_since.or(self.had_turn.then_some(now))
    }

    /// What the conversation that goes on needs, because the older one did.
    fn needs(&self) -> Option<(Event, Option<&AgentId>)> {
        let waits = self.had_turn || !self.drafts.is_empty();
        match self.status {
            Status::WithAgent | Status::Snoozed => Some((Event::AgentTook, self.assignee.as_ref())),
            Status::Waiting => Some((Event::HandedOff, None)),
            Status::Bot | Status::Resolved => waits.then_some((Event::HandedOff, None)),
        }
    }
}

/// Holds how the contact of a conversation is known, so that no message of theirs comes in meanwhile.
pub(super) async fn hold_contact(
    tx: &mut Tx,
    conversation: &ConversationId,
) -> Result<Option<ContactId>> {
    let contact: Option<ContactId> = within!(tx, conn => {
        sqlx::query_scalar("select contact_id from conversation where id = $1")
            .bind(conversation)
            .fetch_optional(conn)
            .await
    })
    .context("looking for a conversation's contact")?;
    if let Some(contact) = &contact {
        within!(tx, conn => {
            sqlx::query("update identity set seen_at = seen_at where contact_id = $1")
                .bind(contact)
                .execute(conn)
                .await
                .map(drop)
        })
        .context("holding how a contact is known")?;
    }
    Ok(contact)
}

/// Two conversations, the older first, and whether each was merged already.
async fn pair(
    tx: &mut Tx,
    one: &ConversationId,
    other: &ConversationId,
) -> Result<Vec<(ConversationId, bool)>> {
    within!(tx, conn => {
        sqlx::query_as(
            "select id, merged_into is not null from conversation where id = $1 or id = $2
             order by created_at, id",
        )
        .bind(one)
        .bind(other)
        .fetch_all(conn)
        .await
    })
    .context("looking for two conversations")
}

async fn clock(tx: &mut Tx, id: &ConversationId) -> Result<Clock> {
    within!(tx, conn => {
        sqlx::query_as("select due_since, claimed_at, missed_at from conversation where id = $1")
            .bind(id)
            .fetch_one(conn)
            .await
    })
    .context("reading a conversation's clock")
}

/// Lets a customer wait since a moment at the latest, where a person has the word.
async fn wait_since(tx: &mut Tx, id: &ConversationId, since: DateTime<Utc>) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "update conversation set due_since = $2
             where id = $1 and status in ('waiting', 'with_agent')
               and (due_since is null or due_since > $2)",
        )
        .bind(id)
        .bind(since)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("noting since when the customer of two conversations waits")?;
    reckon(tx, id).await
}

/// Closes the older conversation: what is on its way still leaves, what was to be decided is not.
async fn close(
    tx: &mut Tx,
    older: &Conversation,
    newer: &ConversationId,
    now: DateTime<Utc>,
) -> Result<Stood> {
    let clock = clock(tx, &older.id).await?;
    let closed = within!(tx, conn => {
        sqlx::query(
            "update turn set state = 'closed', decided_at = $2, lease_until = null, lease_token = null
             where conversation_id = $1 and state = 'open'",
        )
        .bind(&older.id)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .context("closing the turn of a merged conversation")?;
    let drafts: Vec<DraftId> = within!(tx, conn => {
        sqlx::query_scalar(
            "update draft set state = 'superseded', settled_at = $2
             where conversation_id = $1 and state = 'proposed' returning id",
        )
        .bind(&older.id)
        .bind(now)
        .fetch_all(conn)
        .await
    })
    .context("putting away the draft of a merged conversation")?;
    within!(tx, conn => {
        sqlx::query(
            "update conversation set status = 'resolved', merged_into = $2, waiting_since = null,
                 snoozed_until = null, due_since = null, due_at = null, warn_at = null,
                 missed_at = null, claimed_at = null, updated_at = $3
             where id = $1",
        )
        .bind(&older.id)
        .bind(newer)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("closing a merged conversation")?;
    Ok(Stood {
        status: older.status,
        assignee: older.assignee.clone(),
        waiting_since: older.waiting_since,
        clock,
        newer_since: None,
        drafts,
        had_turn: closed > 0,
    })
}
