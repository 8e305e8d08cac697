//! Undoing a split: what was split off comes back, or is merged where somebody has written since.

use super::merge::{hold_contact, merge};
use super::split::shift;
use super::{Regroup, Regrouped, is_merged};
use crate::conversation::{AgentId, ConversationId, Happening};
use crate::store::conversation::hold;
use crate::store::held::is_held;
use crate::store::{Tx, happening, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// Puts together what was split: moved back where nobody has written there since, else merged.
pub(super) async fn join_again(
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
    happening::tell(tx, &from, Some(agent), &Happening::Rejoined, now).await?;
    Ok(Regrouped::Done(from))
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
    close_into(tx, part, whole).await
}

/// Lets a conversation stand as the one that was split off does, and closes that; what the customer sees goes
/// on under the higher number of both.
async fn close_into(tx: &mut Tx, part: &ConversationId, whole: &ConversationId) -> Result<()> {
    within!(tx, conn => {
        sqlx::query(
            "update conversation set
                 last_seq = (select max(seq) from message where conversation_id = $1),
                 last_shown = (select max(last_shown) from conversation where id in ($1, $2)),
                 status = (select status from conversation where id = $2),
                 assignee = (select assignee from conversation where id = $2),
                 waiting_since = (select waiting_since from conversation where id = $2),
                 snoozed_until = (select snoozed_until from conversation where id = $2),
                 due_since = (select due_since from conversation where id = $2),
                 due_at = (select due_at from conversation where id = $2),
                 warn_at = (select warn_at from conversation where id = $2),
                 missed_at = (select missed_at from conversation where id = $2),
                 claimed_at = (select claimed_at from conversation where id = $2),
                 priority = (select priority from conversation where id = $2),
                 priority_by = (select priority_by from conversation where id = $2),
                 handoff_told = (select handoff_told from conversation where id = $2)
             where id = $1",
        )
        .bind(whole)
        .bind(part)
        .execute(&mut *conn)
        .await?;
        sqlx::query(
            "update conversation set status = 'resolved', merged_into = $2, waiting_since = null,
                 snoozed_until = null, due_since = null, due_at = null, warn_at = null,
                 missed_at = null, claimed_at = null
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
