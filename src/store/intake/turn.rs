//! Opening turns: from when each conversation's bot is to answer.

use super::Joining;
use crate::conversation::{Conversation, ConversationId, Status, TurnId};
use crate::store::{Tx, within};
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;

/// Opens a turn for each, or re-dates the open one: whoever works on it loses it. A draft that
/// waited for approval is out of date; its turn's messages are answered together with the new one.
/// Returns when each falls due; where a person has the conversation, none is opened. Whoever else than the
/// customer speaks opens none and leaves the open one as it is.
pub(super) async fn open(
    tx: &mut Tx,
    joining: &[Joining<'_>],
    now: DateTime<Utc>,
) -> Result<HashMap<ConversationId, DateTime<Utc>>> {
    let mut opening = Vec::with_capacity(joining.len());
    for joining in joining.iter().filter(|joining| joining.voice.is_theirs()) {
        let first_seq = first_seq(tx, &joining.conversation, now).await?;
        if joining.conversation.status.opens_turn() {
            opening.push((joining, first_seq));
        }
    }
    if opening.is_empty() {
        return Ok(HashMap::new());
    }
    let due: Vec<(ConversationId, DateTime<Utc>)> = within!(tx, conn => {
        let mut insert = sqlx::QueryBuilder::new(
            "insert into turn (id, conversation_id, state, first_seq, last_seq, opened_at, due_at,
                 cap_at, attempts) ",
        );
        insert.push_values(&opening, |mut row, (joining, first_seq)| {
            let (quiet, cap) = waits(joining);
            row.push_bind(TurnId::fresh()).push_bind(&joining.conversation.id).push("'open'");
            row.push_bind(*first_seq).push_bind(joining.conversation.last_seq);
            row.push_bind(now).push_bind(now + quiet).push_bind(now + cap).push("0");
        });
        insert.push(
            " on conflict (conversation_id) where state = 'open' do update set
                 last_seq = excluded.last_seq, attempts = 0, lease_until = null, lease_token = null,
                 due_at = case when excluded.due_at < turn.cap_at then excluded.due_at else turn.cap_at end
             returning conversation_id, due_at",
        );
        insert.build_query_as().fetch_all(conn).await
    })
    .context("opening turns")?;
    Ok(due.into_iter().collect())
}

/// How long quiet must last to end a burst, and the most that a burst may delay its answer.
fn waits(joining: &Joining<'_>) -> (TimeDelta, TimeDelta) {
    let inbox = &joining.incoming.inbound.inbox;
    let quiet = TimeDelta::seconds(i64::from(inbox.quiet_seconds));
    (quiet, TimeDelta::seconds(i64::from(inbox.quiet_cap_seconds)).max(quiet))
}

/// Where the turn begins: with the new message, or with what a draft would have answered that the
/// message makes out of date.
async fn first_seq(tx: &mut Tx, conversation: &Conversation, now: DateTime<Utc>) -> Result<i64> {
    match conversation.status {
        Status::Waiting | Status::WithAgent | Status::Snoozed => {
            supersede_drafts(tx, conversation, now).await
        }
        // A draft that waits makes its conversation wait: here there is none.
        Status::Bot | Status::Resolved => Ok(conversation.last_seq),
    }
}

async fn supersede_drafts(
    tx: &mut Tx,
    conversation: &Conversation,
    now: DateTime<Utc>,
) -> Result<i64> {
    let turns: Vec<TurnId> = within!(tx, conn => {
        sqlx::query_scalar(
            "update draft set state = 'superseded', settled_at = $2
             where conversation_id = $1 and state = 'proposed' returning turn_id",
        )
        .bind(&conversation.id)
        .bind(now)
        .fetch_all(conn)
        .await
    })
    .context("putting away the draft that a new message has made out of date")?;
    let Some(turn) = turns.first() else { return Ok(conversation.last_seq) };
    within!(tx, conn => {
        sqlx::query_scalar("select first_seq from turn where id = $1").bind(turn).fetch_one(conn).await
    })
    .context("reading where the earlier turn began")
}
