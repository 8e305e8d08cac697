//! Splitting: what was said from a message on becomes a conversation of its own.

use super::merge::hold_contact;
use super::{RegroupKind, Regrouped, Told, tell};
use crate::conversation::{
    AgentId, Attachment, Conversation, ConversationId, Event, Happening, MessageId, Status,
};
use crate::store::conversation::{hold, settle};
use crate::store::held::is_held;
use crate::store::{Store, Tx, happening, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::json;

impl Store {
    /// Splits a conversation before a customer's message; where that was answered together with earlier ones,
    /// before the first of these. What goes on is split off, with its draft, its deliveries and whose move it is.
    pub async fn split_conversation(
        &self,
        id: &ConversationId,
        message: &MessageId,
        agent: &AgentId,
        now: DateTime<Utc>,
    ) -> Result<Regrouped> {
        let mut tx = self.begin().await?;
        if hold_contact(&mut tx, id).await?.is_none() {
            return Ok(Regrouped::Gone);
        }
        let Some(conversation) = hold(&mut tx, id, now).await? else { return Ok(Regrouped::Gone) };
        if is_held(&mut tx, id).await? {
            return Ok(Regrouped::Held);
        }
        let Some((first, came)) = first_to_move(&mut tx, id, message).await? else {
            return Ok(Regrouped::Unfit);
        };
        let part = begin(&mut tx, &conversation, came, now).await?;
        shift(&mut tx, id, &part, first, i64::MAX).await?;
        keep_going(&mut tx, &conversation, agent, now).await?;
        happening::tell(&mut tx, id, Some(agent), &Happening::SplitAway, now).await?;
        let was = json!({ "first": first, "last": conversation.last_seq });
        let (from_id, into_id) = (id.as_str(), part.as_str());
        let told = Told { kind: RegroupKind::Split, from_id, into_id, agent, was };
        let happened = Happening::SplitOff { begun: conversation.created_at };
        tell(&mut tx, &part, &told, &happened, now).await?;
        tx.commit().await?;
        Ok(Regrouped::Done(part))
    }
}

/// The number of the first message to move and when it came, if the conversation can be split there: something
/// of the customer's must stay, and no turn may be torn apart.
async fn first_to_move(
    tx: &mut Tx,
    id: &ConversationId,
    message: &MessageId,
) -> Result<Option<(i64, DateTime<Utc>)>> {
    let mut first: Option<i64> = within!(tx, conn => {
        sqlx::query_scalar(
            "select m.seq from message m join conversation c on c.id = m.conversation_id
             where m.id = $1 and m.conversation_id = $2 and m.author = 'customer'
               and c.merged_into is null",
        )
        .bind(message)
        .bind(id)
        .fetch_optional(conn)
        .await
    })
    .context("looking for the message to split at")?;
    while let Some(at) = first {
        let torn: Option<i64> = within!(tx, conn => {
            sqlx::query_scalar(
                "select min(first_seq) from turn
                 where conversation_id = $1 and first_seq < $2 and last_seq >= $2",
            )
            .bind(id)
            .bind(at)
            .fetch_one(conn)
            .await
        })
        .context("looking for a turn that would be torn apart")?;
        match torn {
            Some(earlier) => first = Some(earlier),
            None => break,
        }
    }
    let Some(first) = first else { return Ok(None) };
    let staying: i64 = within!(tx, conn => {
        sqlx::query_scalar(
            "select count(*) from message where conversation_id = $1 and author = 'customer' and seq < $2",
        )
        .bind(id)
        .bind(first)
        .fetch_one(conn)
        .await
    })
    .context("counting what stays")?;
    let came: DateTime<Utc> = within!(tx, conn => {
        sqlx::query_scalar("select received_at from message where conversation_id = $1 and seq = $2")
            .bind(id)
            .bind(first)
            .fetch_one(conn)
            .await
    })
    .context("reading when a message came")?;
    Ok((staying > 0).then_some((first, came)))
}

/// Begins the conversation that is split off; its numbers go on where those of the other stand.
async fn begin(
    tx: &mut Tx,
    from: &Conversation,
    came: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<ConversationId> {
    let id = ConversationId::fresh();
    within!(tx, conn => {
        sqlx::query(
            "insert into conversation (id, inbox, contact_id, status, assignee, lang, priority, topic,
                 last_seq, last_shown, handoff_told, waiting_since, snoozed_until, due_since, due_at,
                 warn_at, missed_at, claimed_at, priority_by, created_at, updated_at, split_from, split_at)
             select $1, inbox, contact_id, status, assignee, lang, priority, topic, last_seq,
                 last_shown, handoff_told, waiting_since, snoozed_until, due_since, due_at,
                 warn_at, missed_at, claimed_at, priority_by, $3, $4, id, $4
             from conversation where id = $2",
        )
        .bind(&id)
        .bind(&from.id)
        .bind(came)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("beginning the conversation that is split off")?;
    Ok(id)
}

/// What stays: a person's where something of it is unanswered, else done. That a person will answer is no
/// answer.
async fn keep_going(
    tx: &mut Tx,
    from: &Conversation,
    agent: &AgentId,
    now: DateTime<Utc>,
) -> Result<()> {
    let unanswered: i64 = within!(tx, conn => {
        sqlx::query_scalar(
            "select count(*) from message where conversation_id = $1 and author = 'customer'
               and seq > coalesce((select max(m.seq) from message m
                   where m.conversation_id = $1 and m.visibility = 'public' and (m.author = 'agent'
                       or exists (select 1 from outbox o join decision d on d.turn_id = o.turn_id
                                  where o.message_id = m.id and d.action in ('answer', 'clarify')))), 0)",
        )
        .bind(&from.id)
        .fetch_one(conn)
        .await
    })
    .context("looking for what nobody has answered")?;
    let event = if unanswered > 0 { Event::AgentTook } else { Event::Resolved };
    let from = Conversation { status: Status::Waiting, ..from.clone() };
    settle(tx, &from, event, Some(agent), now).await
}

/// Moves messages from one number to another, and all that hangs on them, under the numbers that they have.
pub(super) async fn shift(
    tx: &mut Tx,
    from: &ConversationId,
    to: &ConversationId,
    first: i64,
    last: i64,
) -> Result<()> {
    let files: Vec<String> = within!(tx, conn => {
        sqlx::query_scalar(
            "select attachments from message
             where conversation_id = $1 and seq between $2 and $3 and attachments <> '[]'",
        )
        .bind(from)
        .bind(first)
        .bind(last)
        .fetch_all(conn)
        .await
    })
    .context("reading the files that move")?;
    macro_rules! moving {
        ($($sql:literal),+ $(,)?) => {$(
            within!(tx, conn => {
                sqlx::query($sql)
                    .bind(from)
                    .bind(to)
                    .bind(first)
                    .bind(last)
                    .execute(conn)
                    .await
                    .map(drop)
            })
            .context("moving what hangs on messages")?;
        )+};
    }
    // What is found by its turn moves before the turns do. Whoever considers one loses it: they have read it
    // where it was.
    moving!(
        "update audit set conversation_id = $2 where conversation_id = $1 and decision_id in (
             select d.id from decision d join turn t on t.id = d.turn_id
             where t.conversation_id = $1 and t.first_seq between $3 and $4)",
        "update decision set conversation_id = $2 where conversation_id = $1 and turn_id in (
             select id from turn where conversation_id = $1 and first_seq between $3 and $4)",
        "update draft set conversation_id = $2 where conversation_id = $1 and turn_id in (
             select id from turn where conversation_id = $1 and first_seq between $3 and $4)",
        "update turn set conversation_id = $2, lease_until = null, lease_token = null
         where conversation_id = $1 and first_seq between $3 and $4",
        "update outbox set conversation_id = $2 where conversation_id = $1 and seq between $3 and $4",
        "update regroup set conversation_id = $2 where conversation_id = $1 and message_id in (
             select id from message where conversation_id = $1 and seq between $3 and $4)",
        "update message set conversation_id = $2 where conversation_id = $1 and seq between $3 and $4",
    );
    for file in files {
        let files: Vec<Attachment> = crate::store::row::json(&file)?;
        for file in files {
            within!(tx, conn => {
                sqlx::query("update attachment set conversation_id = $2 where id = $1")
                    .bind(&file.id)
                    .bind(to)
                    .execute(conn)
                    .await
                    .map(drop)
            })
            .context("moving a file")?;
        }
    }
    Ok(())
}
