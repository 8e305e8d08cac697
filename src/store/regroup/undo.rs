//! Undoing a regrouping: everything is put back where it was, with what has happened since.

use super::merge::{Stood, hold_contact};
use super::rejoin::join_again;
use super::{Regroup, RegroupKind, Regrouped};
use crate::conversation::{AgentId, ConversationId, DraftId, Happening, RegroupId, Status};
use crate::store::block::is_blocked;
use crate::store::conversation::hold;
use crate::store::due::{begin_wait, end_wait, reckon};
use crate::store::{Store, Tx, happening, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

impl Store {
    /// Undoes a regrouping, within thirty days.
    pub async fn undo_regroup(
        &self,
        id: &RegroupId,
        agent: &AgentId,
        now: DateTime<Utc>,
    ) -> Result<Regrouped> {
        let mut tx = self.begin().await?;
        let Some(regroup) = take(&mut tx, id, now).await? else { return Ok(Regrouped::Gone) };
        if !(Regroup { undone_at: None, ..regroup.clone() }).can_be_undone(now) {
            return Ok(Regrouped::Unfit);
        }
        let undone = match regroup.kind {
            RegroupKind::Contact => {
                let told = &regroup.conversation_id;
                happening::tell(&mut tx, told, Some(agent), &Happening::TwoPeople, now).await?;
                Regrouped::Done(told.clone())
            }
            RegroupKind::Conversation => part_again(&mut tx, &regroup, agent, now).await?,
            RegroupKind::Split => join_again(&mut tx, &regroup, agent, now).await?,
        };
        if matches!(undone, Regrouped::Done(_)) {
            tx.commit().await?;
        }
        Ok(undone)
    }
}

/// Marks a regrouping as undone, if nobody has yet.
async fn take(tx: &mut Tx, id: &RegroupId, now: DateTime<Utc>) -> Result<Option<Regroup>> {
    within!(tx, conn => {
        sqlx::query_as(
            "update regroup set undone_at = $2 where id = $1 and undone_at is null
             returning id, kind, from_id, into_id, conversation_id, message_id, agent_id, created_at,
                 undone_at, was",
        )
        .bind(id)
        .bind(now)
        .fetch_optional(conn)
        .await
    })
    .context("looking for what is to be undone")
}

/// Parts two conversations that were merged: the older stands as it stood. Weeks may have passed, so that what
/// the bot was about to answer there is a person's matter, and of somebody who was blocked meanwhile nobody's.
async fn part_again(
    tx: &mut Tx,
    regroup: &Regroup,
    agent: &AgentId,
    now: DateTime<Utc>,
) -> Result<Regrouped> {
    let id = ConversationId::from(regroup.from_id.as_str());
    let stood: Stood =
        serde_json::from_value(regroup.was.clone()).context("reading how it stood")?;
    hold_contact(tx, &id).await?;
    let Some(older) = hold(tx, &id, now).await? else { return Ok(Regrouped::Gone) };
    if is_blocked(tx, &older.contact_id).await? {
        stand(tx, &id, Status::Resolved, &stood, now).await?;
        end_wait(tx, &id).await?;
    } else {
        let status = stood.stands_again();
        stand(tx, &id, status, &stood, now).await?;
        // What was put aside comes back as if its time were over.
        if status == Status::Waiting || stood.status == Status::Snoozed {
            begin_wait(tx, &id, now).await?;
        }
        take_up_drafts(tx, &id, &stood.drafts).await?;
    }
    let newer = ConversationId::from(regroup.into_id.as_str());
    wait_alone(tx, &newer, &stood).await?;
    happening::tell(tx, &regroup.conversation_id, Some(agent), &Happening::Parted, now).await?;
    Ok(Regrouped::Done(id))
}

impl Stood {
    /// How a conversation stands once it is parted. Put aside it would have no time to come back at.
    fn stands_again(&self) -> Status {
        match self.status {
            Status::WithAgent | Status::Snoozed => Status::WithAgent,
            Status::Waiting => Status::Waiting,
            Status::Bot | Status::Resolved if self.had_turn => Status::Waiting,
            Status::Bot | Status::Resolved => self.status,
        }
    }
}

/// Puts the older conversation back as it stood, in a status.
async fn stand(
    tx: &mut Tx,
    id: &ConversationId,
    status: Status,
    stood: &Stood,
    now: DateTime<Utc>,
) -> Result<()> {
    let waiting_since = (status == Status::Waiting).then(|| stood.waiting_since.unwrap_or(now));
    within!(tx, conn => {
        sqlx::query(
            "update conversation set merged_into = null, status = $2, assignee = $3, waiting_since = $4,
                 due_since = $5, claimed_at = $6, missed_at = $7
             where id = $1",
        )
        .bind(id)
        .bind(status)
        .bind(&stood.assignee)
        .bind(waiting_since)
        .bind(stood.clock.due_since)
        .bind(stood.clock.claimed_at)
        .bind(stood.clock.missed_at)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("parting two conversations")?;
    reckon(tx, id).await
}

async fn take_up_drafts(tx: &mut Tx, id: &ConversationId, drafts: &[DraftId]) -> Result<()> {
    for draft in drafts {
        within!(tx, conn => {
            sqlx::query(
                "update draft set state = 'proposed', settled_at = null
                 where id = $1 and conversation_id = $2 and state = 'superseded'",
            )
            .bind(draft)
            .bind(id)
            .execute(conn)
            .await
            .map(drop)
        })
        .context("taking up a draft again")?;
    }
    Ok(())
}

/// Where nobody has answered since the merge, the customer waits in the newer conversation since when they
/// waited there by itself; where they did not, since they wrote there, if they did.
async fn wait_alone(tx: &mut Tx, newer: &ConversationId, stood: &Stood) -> Result<()> {
    let Some(shared) = stood.clock.due_since else { return Ok(()) };
    let since: Option<Option<DateTime<Utc>>> = within!(tx, conn => {
        sqlx::query_scalar(
            "update conversation set due_since = coalesce($2, (
                 select min(received_at) from message
                 where conversation_id = $1 and author = 'customer' and seq > coalesce((
                     select max(seq) from message where conversation_id = $1
                       and author in ('bot', 'agent') and visibility = 'public'), 0)),
                 case when status = 'waiting' then due_since end)
             where id = $1 and due_since <= $3 returning due_since",
        )
        .bind(newer)
        .bind(stood.newer_since)
        .bind(shared)
        .fetch_optional(conn)
        .await
    })
    .context("noting since when the customer of a parted conversation waits")?;
    match since {
        Some(None) => end_wait(tx, newer).await,
        Some(Some(_)) => reckon(tx, newer).await,
        None => Ok(()),
    }
}
