//! Who has a conversation: given to an agent by hand or by rule, and lost by one who is away too long.

use super::conversation::{hold, settle};
use super::desk::{hold_to_act, stop_bot};
use super::happening::tell;
use super::{Acted, Store, Tx, on, within};
use crate::conversation::{AgentId, ConversationId, Event, Happening, Status};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

impl Store {
    /// Gives a conversation to an agent, said by `by` where a person did; the bot stays out from then on.
    pub async fn assign(
        &self,
        id: &ConversationId,
        to: &AgentId,
        by: Option<&AgentId>,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let mut tx = self.begin().await?;
        let conversation = match hold_to_act(&mut tx, id, now).await? {
            Ok(conversation) => conversation,
            Err(refused) => return Ok(refused),
        };
        if !works_queues(&mut tx, to).await? {
            return Ok(Acted::Nobody);
        }
        if conversation.status == Status::WithAgent && conversation.assignee.as_ref() == Some(to) {
            return Ok(Acted::Done(None));
        }
        stop_bot(&mut tx, id, now).await?;
        settle(&mut tx, &conversation, Event::AgentTook, Some(to), now).await?;
        if by != Some(to) {
            disclaim(&mut tx, id).await?;
        }
        tell(&mut tx, id, by, &Happening::Assigned { to: to.clone() }, now).await?;
        tx.commit().await?;
        Ok(Acted::Done(None))
    }

    /// Puts before the others what agents took and left: their customers wait, and they themselves were
    /// last seen before `seen`. Returns the conversations.
    pub async fn lapse(
        &self,
        seen: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<ConversationId>> {
        let left: Vec<ConversationId> = on!(&self.read, db => {
            sqlx::query_scalar(
                "select c.id from conversation c
                 where c.status = 'with_agent' and c.claimed_at <= $1 and c.due_since is not null
                   and not exists (select 1 from session s
                                   where s.agent_id = c.assignee and s.seen_at > $1)
                   and not exists (select 1 from held_send h where h.conversation_id = c.id)",
            )
            .bind(seen)
            .fetch_all(db)
            .await
        })
        .context("looking for conversations whose agents are away")?;
        let mut lapsed = Vec::with_capacity(left.len());
        for id in left {
            if self.lapse_one(&id, seen, now).await? {
                lapsed.push(id);
            }
        }
        Ok(lapsed)
    }

    async fn lapse_one(
        &self,
        id: &ConversationId,
        seen: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        let Some(conversation) = hold(&mut tx, id, now).await? else { return Ok(false) };
        let lapsed = within!(&mut tx, conn => {
            sqlx::query(
                "update conversation set status = 'waiting', assignee = null, claimed_at = null,
                     waiting_since = due_since, updated_at = $3
                 where id = $1 and status = 'with_agent' and claimed_at <= $2
                   and due_since is not null",
            )
            .bind(id)
            .bind(seen)
            .bind(now)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("putting a conversation before the others")?;
        if lapsed == 0 {
            return Ok(false);
        }
        let happening = Happening::Lapsed { from: conversation.assignee };
        tell(&mut tx, id, None, &happening, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Whether somebody works here and may work queues.
async fn works_queues(tx: &mut Tx, id: &AgentId) -> Result<bool> {
    let found: Option<AgentId> = within!(tx, conn => {
        sqlx::query_scalar(
            "select id from agent where id = $1 and left_at is null and role <> 'viewer'",
        )
        .bind(id)
        .fetch_optional(conn)
        .await
    })
    .context("looking whether somebody works here")?;
    Ok(found.is_some())
}

/// What was given to somebody is not theirs to lose before they have taken it up.
async fn disclaim(tx: &mut Tx, id: &ConversationId) -> Result<()> {
    within!(tx, conn => {
        sqlx::query("update conversation set claimed_at = null where id = $1")
            .bind(id)
            .execute(conn)
            .await
            .map(drop)
    })
    .context("noting that a conversation was given")
}
