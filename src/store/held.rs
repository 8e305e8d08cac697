//! Held sends: what an agent has said to send waits here until it can no longer be taken back.

use super::attachment::ready;
use super::conversation::{NewMessage, hold, note, settle};
use super::desk::stop_bot;
use super::row::{row, to_json};
use super::{Acted, Store, Tx, on, within};
use crate::conversation::{AgentId, Author, ConversationId, DraftId, Event, HeldSend, SendAct};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

row!(HeldSend { conversation_id, agent_id, due_at } json { act });

impl Store {
    /// Puts words on hold, unless others wait there or the draft is no longer the one that waits. Own
    /// words make the conversation the agent's at once, so that the bot does not speak before them.
    pub async fn hold_send(&self, held: &HeldSend, now: DateTime<Utc>) -> Result<Acted> {
        let mut tx = self.begin().await?;
        let id = &held.conversation_id;
        let Some(conversation) = hold(&mut tx, id, now).await? else {
            return Ok(Acted::NoConversation);
        };
        if ready(&mut tx, id, &held.agent_id, held.act.files()).await?.is_none() {
            return Ok(Acted::NoFile);
        }
        match &held.act {
            SendAct::Approve { draft, .. } if !waits(&mut tx, id, draft).await? => {
                return Ok(Acted::Stale);
            }
            SendAct::Approve { .. } => {}
            SendAct::Reply { .. } => {
                stop_bot(&mut tx, id, now).await?;
                settle(&mut tx, &conversation, Event::AgentTook, Some(&held.agent_id), now).await?;
            }
        }
        if !insert(&mut tx, held, now).await? {
            return Ok(Acted::Held);
        }
        tx.commit().await?;
        Ok(Acted::Done(None))
    }

    /// Takes held words back; none where they are on their way or were not this agent's.
    pub async fn take_back(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        now: DateTime<Utc>,
    ) -> Result<Option<HeldSend>> {
        let mut tx = self.begin().await?;
        hold(&mut tx, id, now).await?;
        let taken: Option<HeldSend> = within!(&mut tx, conn => {
            sqlx::query_as(
                "delete from held_send
                 where conversation_id = $1 and agent_id = $2 and due_at > $3 and lease_until is null
                 returning conversation_id, agent_id, act, due_at",
            )
            .bind(id)
            .bind(agent)
            .bind(now)
            .fetch_optional(conn)
            .await
        })
        .context("taking back what was to be sent")?;
        tx.commit().await?;
        Ok(taken)
    }

    /// All that is on hold, soonest due first: a few seconds' work of all agents.
    pub async fn held(&self) -> Result<Vec<HeldSend>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select conversation_id, agent_id, act, due_at from held_send order by due_at",
            )
            .fetch_all(db)
            .await
        })
        .context("reading what is on hold")
    }

    /// When the next held words fall due or a lease on some ends.
    pub async fn next_send_due(&self) -> Result<Option<DateTime<Utc>>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select coalesce(lease_until, due_at) from held_send
                 order by coalesce(lease_until, due_at) limit 1",
            )
            .fetch_optional(db)
            .await
        })
        .context("looking for the next held words")
    }

    /// Claims up to `limit` held words that can no longer be taken back, until `until`.
    pub async fn claim_sends(
        &self,
        limit: i64,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<HeldSend>> {
        on!(&self.write, db => {
            sqlx::query_as(
                "update held_send set lease_until = $2
                 where coalesce(lease_until, due_at) <= $1 and conversation_id in (
                     select conversation_id from held_send
                     where coalesce(lease_until, due_at) <= $1
                     order by coalesce(lease_until, due_at) limit $3)
                 returning conversation_id, agent_id, act, due_at",
            )
            .bind(now)
            .bind(until)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("claiming held words")
    }

    /// Ends a hold whose words could not be sent: they become a note with their files, so that
    /// nothing is lost.
    pub async fn drop_send(&self, held: &HeldSend, why: &str, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let id = &held.conversation_id;
        hold(&mut tx, id, now).await?;
        if !release(&mut tx, id, &held.agent_id, held.due_at).await? {
            return Ok(());
        }
        let files = ready(&mut tx, id, &held.agent_id, held.act.files()).await?;
        let message = NewMessage {
            author: Author::Agent,
            agent_id: Some(&held.agent_id),
            body: &format!("{why}\n\n{}", held.act.text()),
            citations: &[],
            choices: &[],
            files: &files.unwrap_or_default(),
            turn_id: None,
        };
        note(&mut tx, id, &message, now).await?;
        tx.commit().await
    }
}

/// Whether words wait in a conversation to be sent.
pub(super) async fn is_held(tx: &mut Tx, id: &ConversationId) -> Result<bool> {
    let held: Option<ConversationId> = within!(tx, conn => {
        sqlx::query_scalar("select conversation_id from held_send where conversation_id = $1")
            .bind(id)
            .fetch_optional(conn)
            .await
    })
    .context("looking for words on hold")?;
    Ok(held.is_some())
}

/// Lets go of what an agent has on hold until then, as it is done; `false` when it is no longer there: it has
/// been done already, and other words may wait by now.
pub(super) async fn release(
    tx: &mut Tx,
    id: &ConversationId,
    agent: &AgentId,
    due_at: DateTime<Utc>,
) -> Result<bool> {
    within!(tx, conn => {
        sqlx::query(
            "delete from held_send where conversation_id = $1 and agent_id = $2 and due_at = $3",
        )
        .bind(id)
        .bind(agent)
        .bind(due_at)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
    })
    .context("letting go of held words")
}

async fn insert(tx: &mut Tx, held: &HeldSend, now: DateTime<Utc>) -> Result<bool> {
    let act = to_json(&held.act)?;
    within!(tx, conn => {
        sqlx::query(
            "insert into held_send (conversation_id, agent_id, act, due_at, created_at)
             values ($1, $2, $3, $4, $5) on conflict (conversation_id) do nothing",
        )
        .bind(&held.conversation_id)
        .bind(&held.agent_id)
        .bind(act)
        .bind(held.due_at)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
    })
    .context("putting words on hold")
}

/// Whether a draft is still the one that waits, and about the customer's newest words.
async fn waits(tx: &mut Tx, id: &ConversationId, draft: &DraftId) -> Result<bool> {
    let found: Option<i64> = within!(tx, conn => {
        sqlx::query_scalar(
            "select base_seq from draft where id = $1 and conversation_id = $2 and state = 'proposed'
               and base_seq = (select max(seq) from message
                               where conversation_id = $2 and author = 'customer')",
        )
        .bind(draft)
        .bind(id)
        .fetch_optional(conn)
        .await
    })
    .context("looking whether the draft still waits")?;
    Ok(found.is_some())
}
