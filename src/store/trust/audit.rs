//! The audit: automatic answers that wait for a person's verdict, and what they were found to be.

use super::evidence::count_audit;
use crate::conversation::{
    AgentId, Alarm, Basis, ConversationId, DecisionId, DraftId, InboxName, Turn, Verdict,
};
use crate::knowledge::Risk;
use crate::store::conversation::hold;
use crate::store::{Acted, Store, Tx, on, within};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// An automatic answer under audit.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Audit {
    /// The decision.
    pub decision_id: DecisionId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// What went out.
    pub draft_id: Option<DraftId>,
    /// Its inbox.
    pub inbox: InboxName,
    /// Its risk class.
    pub risk: Risk,
    /// The probability with which it was drawn; none where only an alarm brought it here.
    pub probability: Option<f64>,
    /// What gave alarm, if anything did.
    pub alarm: Option<Alarm>,
    /// What a person found.
    pub verdict: Option<Verdict>,
    /// When it came under audit.
    pub created_at: DateTime<Utc>,
}

/// A line of the audit queue.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct AuditRow {
    /// The answer under audit.
    #[sqlx(flatten)]
    pub audit: Audit,
    /// The contact's name.
    pub contact: Option<String>,
    /// The last words of the customer that were answered.
    pub asked: Option<String>,
}

impl Audit {
    /// Whether only an alarm brought it here, so that it stays out of every estimate.
    pub fn is_alarm_only(&self) -> bool {
        self.probability.is_none()
    }
}

impl Store {
    /// A page of what waits for a verdict: alarms first, then what waits longest.
    pub async fn audits(&self, offset: i64, limit: i64) -> Result<Vec<AuditRow>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select a.decision_id, a.conversation_id, a.draft_id, a.inbox, a.risk, a.probability,
                        a.alarm, a.verdict, a.created_at, p.name as contact,
                        (select m.body from message m
                         where m.conversation_id = a.conversation_id and m.seq = t.last_seq) as asked
                 from (select decision_id from audit where state = 'waiting'
                       order by case when alarm is null then 1 else 0 end, created_at, decision_id
                       limit $2 offset $1) few
                 join audit a on a.decision_id = few.decision_id
                 join conversation c on c.id = a.conversation_id
                 join contact p on p.id = c.contact_id
                 join decision d on d.id = a.decision_id join turn t on t.id = d.turn_id
                 order by case when a.alarm is null then 1 else 0 end, a.created_at, a.decision_id",
            )
            .bind(offset)
            .bind(limit)
            .fetch_all(db)
            .await
        })
        .context("reading the audit queue")
    }

    /// The automatic answers of a conversation that are or were under audit, oldest first.
    pub async fn audits_of(&self, conversation: &ConversationId) -> Result<Vec<Audit>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select decision_id, conversation_id, draft_id, inbox, risk, probability, alarm,
                        verdict, created_at
                 from audit where conversation_id = $1 order by created_at, decision_id",
            )
            .bind(conversation)
            .fetch_all(db)
            .await
        })
        .with_context(|| format!("reading the audit of conversation {conversation}"))
    }

    /// The answer under audit of that decision.
    pub async fn find_audit(&self, decision: &DecisionId) -> Result<Option<Audit>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select decision_id, conversation_id, draft_id, inbox, risk, probability, alarm,
                        verdict, created_at
                 from audit where decision_id = $1",
            )
            .bind(decision)
            .fetch_optional(db)
            .await
        })
        .with_context(|| format!("looking for the audit of decision {decision}"))
    }

    /// A person's verdict on an automatic answer, with the evidence that follows, once: given a
    /// second time it is [`Acted::Stale`].
    pub async fn settle_audit(
        &self,
        decision: &DecisionId,
        agent: &AgentId,
        verdict: Verdict,
        now: DateTime<Utc>,
    ) -> Result<Acted> {
        let Some(audit) = self.find_audit(decision).await? else {
            return Ok(Acted::NoConversation);
        };
        let mut tx = self.begin().await?;
        hold(&mut tx, &audit.conversation_id, now).await?;
        let settled = within!(&mut tx, conn => {
            sqlx::query(
                "update audit set state = 'settled', verdict = $2, agent_id = $3, settled_at = $4
                 where decision_id = $1 and state = 'waiting'",
            )
            .bind(decision)
            .bind(verdict)
            .bind(agent)
            .bind(now)
            .execute(&mut *conn)
            .await
            .map(|done| done.rows_affected())
        })
        .context("settling an audit")?;
        if settled == 0 {
            return Ok(Acted::Stale);
        }
        if let Some(draft) = &audit.draft_id {
            within!(&mut tx, conn => {
                sqlx::query("update draft set verdict = $2, agent_id = $3, settled_at = $4 where id = $1")
                    .bind(draft)
                    .bind(verdict)
                    .bind(agent)
                    .bind(now)
                    .execute(conn)
                    .await
                    .map(drop)
            })
            .context("noting an audit's verdict on its draft")?;
        }
        count_audit(&mut tx, decision, verdict, now).await?;
        tx.commit().await?;
        Ok(Acted::Done(None))
    }

    /// Whether each answer of a class that was drawn and decided since `since` was wrong, in the
    /// order of the verdicts.
    pub async fn audited_since(
        &self,
        inbox: &InboxName,
        risk: Risk,
        since: DateTime<Utc>,
    ) -> Result<Vec<bool>> {
        on!(&self.read, db => {
            sqlx::query_scalar(
                "select verdict = 'wrong' from audit
                 where inbox = $1 and risk = $2 and state = 'settled' and probability is not null
                   and created_at >= $3
                 order by settled_at, decision_id",
            )
            .bind(inbox)
            .bind(risk)
            .bind(since)
            .fetch_all(db)
            .await
        })
        .context("reading what the audit found")
    }
}

/// Puts an automatic answer that was drawn under audit.
pub(crate) async fn insert_audit(
    tx: &mut Tx,
    turn: &Turn,
    decision: &DecisionId,
    draft: Option<&DraftId>,
    basis: &Basis,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(probability) = basis.drawn else { return Ok(()) };
    within!(tx, conn => {
        sqlx::query(
            "insert into audit (decision_id, conversation_id, draft_id, inbox, risk, probability, state,
                 created_at)
             values ($1, $2, $3, $4, $5, $6, 'waiting', $7)",
        )
        .bind(decision)
        .bind(&turn.conversation.id)
        .bind(draft)
        .bind(&turn.inbox.name)
        .bind(basis.risk)
        .bind(probability)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
    })
    .context("putting an answer under audit")
}
