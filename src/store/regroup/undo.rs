//! Undoing a regrouping: everything is put back where it was, with what has happened since.

use super::merge::{Stood, hold_contact, merge};
use super::split::shift;
use super::{Regroup, RegroupKind, Regrouped, event};
use crate::conversation::{AgentId, ConversationId, RegroupId, Status};
use crate::store::conversation::hold;
use crate::store::desk::open_turn_for_unanswered;
use crate::store::due::begin_wait;
use crate::store::held::is_held;
use crate::store::{Store, Tx, within};
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
                event(&mut tx, told, agent, "Undone: these are two people.", now).await?;
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

/// Parts two conversations that were merged: the older stands as it stood.
async fn part_again(
    tx: &mut Tx,
    regroup: &Regroup,
    agent: &AgentId,
    now: DateTime<Utc>,
) -> Result<Regrouped> {
    let older = ConversationId::from(regroup.from_id.as_str());
    let stood: Stood =
        serde_json::from_value(regroup.was.clone()).context("reading how it stood")?;
    hold_contact(tx, &older).await?;
    if hold(tx, &older, now).await?.is_none() {
        return Ok(Regrouped::Gone);
    }
    // Put aside it would have no time to come back at.
    let status = if stood.status == Status::Snoozed { Status::WithAgent } else { stood.status };
    within!(tx, conn => {
        sqlx::query(
            "update conversation set merged_into = null, status = $2, assignee = $3, waiting_since = $4
             where id = $1",
        )
        .bind(&older)
        .bind(status)
        .bind(&stood.assignee)
        .bind(stood.waiting_since)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("parting two conversations")?;
    if status == Status::Waiting {
        begin_wait(tx, &older, now).await?;
    }
    for draft in &stood.drafts {
        within!(tx, conn => {
            sqlx::query(
                "update draft set state = 'proposed', settled_at = null
                 where id = $1 and conversation_id = $2 and state = 'superseded'",
            )
            .bind(draft)
            .bind(&older)
            .execute(conn)
            .await
            .map(drop)
        })
        .context("taking up a draft again")?;
    }
    if stood.had_turn {
        open_turn_for_unanswered(tx, &older, now).await?;
    }
    event(tx, &regroup.conversation_id, agent, "Undone: the conversations are two again.", now)
        .await?;
    Ok(Regrouped::Done(older))
}

/// Puts together what was split: moved back where nobody has written there since, else merged.
async fn join_again(
    tx: &mut Tx,
    regroup: &Regroup,
    agent: &AgentId,
    now: DateTime<Utc>,
) -> Result<Regrouped> {
    let from = ConversationId::from(regroup.from_id.as_str());
    let part = ConversationId::from(regroup.into_id.as_str());
    hold_contact(tx, &from).await?;
    let (Some(whole), Some(_)) = (hold(tx, &from, now).await?, hold(tx, &part, now).await?) else {
        return Ok(Regrouped::Gone);
    };
    if is_held(tx, &part).await? || is_held(tx, &from).await? {
        return Ok(Regrouped::Held);
    }
    if is_merged(tx, &from).await? || is_merged(tx, &part).await? {
        return Ok(Regrouped::Unfit);
    }
    let last = regroup.was["last"].as_i64().context("reading what was split off")?;
    if has_gone_on(tx, &part, last).await? || has_gone_on(tx, &from, last).await? {
        return merge(tx, &from, &part, agent, now).await;
    }
    bring_back(tx, &part, &from, last, whole.last_seq).await?;
    event(tx, &from, agent, "Undone: the conversation is one again.", now).await?;
    Ok(Regrouped::Done(from))
}

async fn is_merged(tx: &mut Tx, id: &ConversationId) -> Result<bool> {
    let found: Option<ConversationId> = within!(tx, conn => {
        sqlx::query_scalar("select id from conversation where id = $1 and merged_into is not null")
            .bind(id)
            .fetch_optional(conn)
            .await
    })
    .context("looking whether a conversation was merged")?;
    Ok(found.is_some())
}

/// Whether anything but notes and events has come after a number, or the bot is to answer there anew.
async fn has_gone_on(tx: &mut Tx, id: &ConversationId, last: i64) -> Result<bool> {
    let count: i64 = within!(tx, conn => {
        sqlx::query_scalar(
            "select count(*) from message where conversation_id = $1 and seq > $2
               and (visibility = 'public' or author = 'customer')",
        )
        .bind(id)
        .bind(last)
        .fetch_one(conn)
        .await
    })
    .context("looking whether a conversation has gone on")?;
    Ok(count > 0)
}

/// Moves everything back; notes written since get numbers after all others.
async fn bring_back(
    tx: &mut Tx,
    part: &ConversationId,
    whole: &ConversationId,
    last: i64,
    highest: i64,
) -> Result<()> {
    // A conversation has one open turn; what stayed was answered or is a person's.
    within!(tx, conn => {
        sqlx::query(
            "update turn set state = 'closed', lease_until = null, lease_token = null
             where conversation_id = $1 and state = 'open' and exists (
                 select 1 from turn where conversation_id = $2 and state = 'open')",
        )
        .bind(whole)
        .bind(part)
        .execute(&mut *conn)
        .await?;
        // By way of negative numbers, so that no number is there twice on the way.
        sqlx::query("update message set seq = -seq where conversation_id = $1 and seq > $2")
            .bind(part)
            .bind(last)
            .execute(&mut *conn)
            .await?;
        sqlx::query("update message set seq = $2 - seq where conversation_id = $1 and seq < 0")
            .bind(part)
            .bind(highest)
            .execute(&mut *conn)
            .await
            .map(drop)
    })
    .context("making room for what comes back")?;
    shift(tx, part, whole, 0, i64::MAX).await?;
    within!(tx, conn => {
        sqlx::query(
            "update conversation set
                 last_seq = (select max(seq) from message where conversation_id = $1),
                 status = (select status from conversation where id = $2),
                 assignee = (select assignee from conversation where id = $2),
                 waiting_since = (select waiting_since from conversation where id = $2),
                 snoozed_until = (select snoozed_until from conversation where id = $2),
                 due_since = (select due_since from conversation where id = $2),
                 due_at = (select due_at from conversation where id = $2),
                 handoff_told = (select handoff_told from conversation where id = $2)
             where id = $1",
        )
        .bind(whole)
        .bind(part)
        .execute(&mut *conn)
        .await?;
        sqlx::query(
            "update conversation set status = 'resolved', merged_into = $2, waiting_since = null,
                 snoozed_until = null, due_since = null, due_at = null
             where id = $1",
        )
        .bind(part)
        .bind(whole)
        .execute(&mut *conn)
        .await
        .map(drop)
    })
    .context("closing what was split off")
}
