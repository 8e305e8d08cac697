//! Concluding a turn: its decision and everything that follows from it, in one transaction.

use super::block::is_blocked;
use super::conversation::{NewMessage, hold, say, settle};
use super::due::begin_wait;
use super::mail::has_enough;
use super::row::to_json;
use super::trust::{insert_audit, is_licensed, raise_of_last};
use super::turn::Claimed;
use super::{Store, Tx, desk, within};
use crate::conversation::{
    Action, Alarm, Author, Conclusion, Conversation, DecisionId, Draft, DraftId, DraftState, Mode,
    OutboxId, Reason, Turn,
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// Whether a conclusion took effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concluded {
    /// It did; with the delivery that follows, if any.
    Done(Option<OutboxId>),
    /// It did not: the turn changed meanwhile and is considered again or belongs to a person now.
    Changed,
    /// It did not: it would answer automatically where no licence is in force any more.
    NotLicensed,
    /// It did not: the address that it would write to has had its automatic mails within the hour.
    TooManyMails,
}

impl Store {
    /// Writes a turn's decision with all its effects, unless the turn has changed since it was read.
    pub async fn conclude(
        &self,
        claimed: &Claimed,
        turn: &Turn,
        conclusion: &Conclusion,
        now: DateTime<Utc>,
    ) -> Result<Concluded> {
        let mut tx = self.begin().await?;
        // Everybody locks the conversation before its parts, so that nobody waits in a circle.
        let held = hold(&mut tx, &turn.conversation.id, now).await?;
        if let Some(held) = held
            && is_blocked(&mut tx, &held.contact_id).await?
        {
            // They were blocked while this was considered: nobody answers them.
            desk::close_turn(&mut tx, &held.id, now).await?;
            tx.commit().await?;
            return Ok(Concluded::Changed);
        }
        if conclusion.action == Action::Answer && !may_answer(&mut tx, turn, conclusion).await? {
            return Ok(Concluded::NotLicensed);
        }
        if conclusion.reply.is_some()
            && let Some(most) = turn.inbox.most_automatic
            && has_enough(&mut tx, (&turn.inbox.name, &turn.conversation.id), most, now).await?
        {
            return Ok(Concluded::TooManyMails);
        }
        if !close_turn(&mut tx, claimed, turn.last_seq(), now).await? {
            return Ok(Concluded::Changed);
        }
        if let Some(alarm) = alarm(conclusion) {
            raise_of_last(&mut tx, &turn.conversation.id, alarm, now).await?;
        }
        insert_decision(&mut tx, turn, conclusion, now).await?;
        let draft = match &conclusion.draft {
            Some(draft) => Some(insert_draft(&mut tx, turn, conclusion, draft, now).await?),
            None => None,
        };
        if let Some(basis) = &conclusion.basis {
            insert_audit(&mut tx, turn, &conclusion.id, draft.as_ref(), basis, now).await?;
        }
        let outbox_id = match &conclusion.reply {
            Some(reply) => {
                let message = NewMessage {
                    author: Author::Bot,
                    agent_id: None,
                    body: &reply.body,
                    citations: &reply.citations,
                    choices: &reply.choices,
                    files: &[],
                    turn_id: Some(&turn.id),
                };
                Some(say(&mut tx, &turn.conversation.id, &message, now).await?)
            }
            None => None,
        };
        update_conversation(&mut tx, turn, conclusion, now).await?;
        tx.commit().await?;
        Ok(Concluded::Done(outbox_id))
    }

    /// Puts a turn that cannot even be read before a person, from its claim alone.
    pub async fn give_up(
        &self,
        claimed: &Claimed,
        reason: Reason,
        now: DateTime<Utc>,
    ) -> Result<Concluded> {
        let mut tx = self.begin().await?;
        let reasons = to_json(&[reason])?;
        let closed = within!(&mut tx, conn => {
            sqlx::query(
                "update conversation set status = 'waiting', updated_at = $2,
                     priority = case when priority_by is null then 'high' else priority end,
                     waiting_since = coalesce(waiting_since, $2)
                 where id = $1",
            )
            .bind(&claimed.conversation_id)
            .bind(now)
            .execute(&mut *conn)
            .await?;
            sqlx::query(
                "insert into decision (id, turn_id, conversation_id, action, reasons, confidence,
                     record, created_at)
                 values ($1, $2, $3, 'escalate', $4, 0.0, '{}', $5)",
            )
            .bind(DecisionId::fresh())
            .bind(&claimed.id)
            .bind(&claimed.conversation_id)
            .bind(reasons)
            .bind(now)
            .execute(&mut *conn)
            .await?;
            sqlx::query(
                "update turn set state = 'decided', decided_at = $3, lease_until = null,
                     lease_token = null
                 where id = $1 and state = 'open' and lease_token = $2",
            )
            .bind(&claimed.id)
            .bind(&claimed.lease_token)
            .bind(now)
            .execute(&mut *conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("giving up on a turn")?;
        if closed == 0 {
            return Ok(Concluded::Changed);
        }
        begin_wait(&mut tx, &claimed.conversation_id, now).await?;
        tx.commit().await?;
        Ok(Concluded::Done(None))
    }
}

/// Whether an automatic answer is within a licence now. A node may not know yet that another one has
/// seen a suspension; the store does.
async fn may_answer(tx: &mut Tx, turn: &Turn, conclusion: &Conclusion) -> Result<bool> {
    match &conclusion.basis {
        Some(basis) => is_licensed(tx, &turn.inbox.name, basis.risk).await,
        None => Ok(false),
    }
}

/// What the turn says of the automatic answer before it, if anything.
fn alarm(conclusion: &Conclusion) -> Option<Alarm> {
    if conclusion.reasons.contains(&Reason::PersonWanted) {
        return Some(Alarm::PersonWanted);
    }
    conclusion.reasons.contains(&Reason::Complaint).then_some(Alarm::Complaint)
}

async fn close_turn(
    tx: &mut Tx,
    claimed: &Claimed,
    last_seq: i64,
    now: DateTime<Utc>,
) -> Result<bool> {
    let closed = within!(tx, conn => {
        sqlx::query(
            "update turn set state = 'decided', decided_at = $4, lease_until = null, lease_token = null
             where id = $1 and state = 'open' and lease_token = $2 and last_seq = $3",
        )
        .bind(&claimed.id)
        .bind(&claimed.lease_token)
        .bind(last_seq)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .context("closing the turn")?;
    Ok(closed == 1)
}

async fn insert_decision(
    tx: &mut Tx,
    turn: &Turn,
    conclusion: &Conclusion,
    now: DateTime<Utc>,
) -> Result<()> {
    let summary = conclusion.summary.as_ref().map(to_json).transpose()?;
    let (reasons, record) = (to_json(&conclusion.reasons)?, to_json(&conclusion.record)?);
    let basis = conclusion.basis.as_ref();
    let features = basis.map(|basis| to_json(&basis.features)).transpose()?;
    within!(tx, conn => {
        sqlx::query(
            "insert into decision (id, turn_id, conversation_id, action, reasons, confidence, summary,
                 record, created_at, risk, features, eligible, share, entry)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(&conclusion.id)
        .bind(&turn.id)
        .bind(&turn.conversation.id)
        .bind(conclusion.action)
        .bind(reasons)
        .bind(conclusion.confidence)
        .bind(summary)
        .bind(record)
        .bind(now)
        .bind(basis.map(|basis| basis.risk))
        .bind(features)
        .bind(basis.map(|basis| basis.eligible))
        .bind(basis.map(|basis| basis.share))
        .bind(basis.and_then(|basis| basis.entry.as_ref()))
        .execute(conn)
        .await
        .map(drop)
    })
    .context("storing the decision")
}

async fn insert_draft(
    tx: &mut Tx,
    turn: &Turn,
    conclusion: &Conclusion,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<DraftId> {
    let id = DraftId::fresh();
    let state = match (conclusion.mode, conclusion.action) {
        (Mode::Shadow, _) => DraftState::Shadow,
        (_, Action::Answer) => DraftState::Automatic,
        (_, Action::Draft) => DraftState::Proposed,
        (_, Action::Clarify | Action::Escalate | Action::Ignore) => DraftState::Superseded,
    };
    let body = to_json(draft)?;
    within!(tx, conn => {
        sqlx::query(
            "insert into draft (id, turn_id, conversation_id, base_seq, state, body, created_at)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&id)
        .bind(&turn.id)
        .bind(&turn.conversation.id)
        .bind(turn.last_seq())
        .bind(state)
        .bind(body)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("storing the draft")?;
    Ok(id)
}

async fn update_conversation(
    tx: &mut Tx,
    turn: &Turn,
    conclusion: &Conclusion,
    now: DateTime<Utc>,
) -> Result<()> {
    let told = conclusion.reply.as_ref().is_some_and(|reply| reply.tells_handoff);
    let conversation: Conversation = within!(tx, conn => {
        sqlx::query_as(
            "update conversation
             set lang = $2, priority = case when priority_by is null then $3 else priority end,
                 topic = coalesce($4, topic), updated_at = $5,
                 handoff_told = handoff_told or $6
             where id = $1
             returning id, inbox, contact_id, status, assignee, lang, priority, topic, last_seq,
                 handoff_told, waiting_since, created_at, updated_at",
        )
        .bind(&turn.conversation.id)
        .bind(conclusion.lang)
        .bind(conclusion.priority)
        .bind(&conclusion.topic)
        .bind(now)
        .bind(told)
        .fetch_one(conn)
        .await
    })
    .context("updating the conversation after its decision")?;
    settle(tx, &conversation, conclusion.event, None, now).await
}
