//! The audit: an automatic answer before a person, and their verdict on it.

use super::act::LONGEST;
use super::form::{Act, tidy};
use super::page::PageError;
use super::share::percent;
use crate::conversation::{Alarm, Citation, ConversationId, DecisionId, Message, Verdict};
use crate::desk::Record;
use crate::store::{Acted, Audit, Store};
use crate::web::{Error, markdown};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

const NO_VERDICT: &str = "There is no verdict yet. Say whether the answer was right.";

const TOO_LONG: &str = "This is too long. Use at most 20,000 characters.";

const JUDGED: &str = "Nothing was changed: a verdict on this answer was given before, here or by a \
    colleague. What you wrote is kept as a note to add.";

/// An automatic answer that waits for a verdict.
pub(super) struct AuditView {
    pub(super) decision: DecisionId,
    /// Why it is here.
    pub(super) drawn: String,
    /// What the customer had written.
    pub(super) asked: String,
    /// The answer as the customer read it.
    pub(super) answer: String,
    pub(super) citations: Vec<Citation>,
    /// The number of its message, when the page shows it.
    pub(super) seq: Option<i64>,
}

impl AuditView {
    /// Puts an answer under audit into words; `messages` are those that the page shows, `sent` the
    /// one that carried the answer.
    pub(super) fn new(
        audit: &Audit,
        record: &Record,
        messages: &[Message],
        sent: Option<&Message>,
    ) -> Self {
        let asked = messages.iter().filter(|message| record.messages.contains(&message.id));
        let asked: Vec<String> = asked.map(|it| markdown::visible(&it.words())).collect();
        let first = record.candidates.first().map(|candidate| markdown::visible(&candidate.asked));
        let draft = record.draft.as_ref();
        let answer = sent.map(|it| it.body.as_str()).or(draft.map(|draft| draft.text.as_str()));
        let apart = if audit.is_alarm_only() {
            " What gives alarm is wrong more often than the rest, so it stays out of every estimate."
        } else {
            ""
        };
        Self {
            decision: audit.decision_id.clone(),
            drawn: format!("{}{apart}", drawn(audit.alarm, audit.probability)),
            asked: if asked.is_empty() { first.unwrap_or_default() } else { asked.join("\n") },
            answer: markdown::to_html(answer.unwrap_or_default()),
            citations: draft.map(|draft| draft.citations.clone()).unwrap_or_default(),
            seq: sent.map(|message| message.seq),
        }
    }
}

/// The answer of a conversation that waits for a verdict: the one that is wanted, else the first.
pub(super) async fn find_waiting(
    store: &Store,
    conversation: &ConversationId,
    wanted: Option<&DecisionId>,
) -> anyhow::Result<Option<Audit>> {
    let audits = store.audits_of(conversation).await?;
    let is_wanted = |audit: &Audit| wanted.is_none_or(|wanted| *wanted == audit.decision_id);
    Ok(audits.into_iter().find(|audit| audit.verdict.is_none() && is_wanted(audit)))
}

/// Why an answer is under audit, in words.
pub(super) fn drawn(alarm: Option<Alarm>, probability: Option<f64>) -> String {
    let lot = probability
        .map(|probability| format!("Drawn by lot, with a chance of {}.", percent(probability)));
    let alarm = alarm.map(|alarm| format!("Alarm: {}", alarm.sentence()));
    [alarm, lot].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Takes in a verdict and goes on to the next answer.
pub(super) async fn judge(act: Act) -> Result<Response, PageError> {
    let act = Act { panel: "audit", text: tidy(&act.sent.reason), ..act };
    let Ok(verdict) = act.sent.verdict.parse::<Verdict>() else {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, NO_VERDICT).await;
    };
    if act.text.chars().count() > LONGEST {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, TOO_LONG).await;
    }
    let decision = act.audit().unwrap_or_else(|| DecisionId::from(""));
    let audit = act.web.desk.store.find_audit(&decision).await?;
    if audit.is_none_or(|audit| audit.conversation_id != act.id) {
        return Err(Error::NotFound("there is no such answer under audit".into()).into());
    }
    let next = act.next(|row| row.audit.as_ref() == Some(&decision)).await?;
    match act.web.desk.audit(&decision, &act.agent.id, verdict).await? {
        Acted::Done(_) => {}
        Acted::Stale | Acted::Held => return act.again(StatusCode::CONFLICT, JUDGED).await,
        Acted::NoConversation => {
            return Err(Error::NotFound("there is no such answer under audit".into()).into());
        }
    }
    if !act.text.is_empty() {
        let note = format!("Audit, {}: {}", words(verdict), act.text);
        act.web.desk.note(&act.id, &act.agent.id, &note).await?;
    }
    Ok(Redirect::to(&format!("{next}&done=audited-{verdict}")).into_response())
}

/// A verdict in words.
pub(super) fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "right",
        Verdict::Wording => "right but for its wording",
        Verdict::Wrong => "wrong",
    }
}
