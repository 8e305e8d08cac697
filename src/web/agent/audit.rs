//! The audit: an automatic answer before a person, and their verdict on it.

use super::act::LONGEST;
use super::form::{Act, tidy};
use super::page::PageError;
use super::share::percent;
use crate::conversation::{Alarm, Citation, ConversationId, DecisionId, Message, Verdict};
use crate::desk::Record;
use crate::store::{Acted, Audit, Store};
use crate::web::words::say_of;
use crate::web::{Error, markdown};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

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
        let apart =
            if audit.is_alarm_only() { format!(" {}", t!("audit-apart")) } else { String::new() };
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
    let lot = probability.map(|probability| t!("audit-drawn", chance = percent(probability)));
    let alarm = alarm.map(|alarm| format!("{} {}", t!("alarm"), say_of("alarm", alarm.as_str())));
    [alarm, lot].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Takes in a verdict and goes on to the next answer.
pub(super) async fn judge(act: Act) -> Result<Response, PageError> {
    let act = Act { panel: "audit", text: tidy(&act.sent.reason), ..act };
    let Ok(verdict) = act.sent.verdict.parse::<Verdict>() else {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, t!("no-verdict")).await;
    };
    if act.text.chars().count() > LONGEST {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, t!("too-long")).await;
    }
    let decision = act.audit().unwrap_or_else(|| DecisionId::from(""));
    let audit = act.web.desk.store.find_audit(&decision).await?;
    if audit.is_none_or(|audit| audit.conversation_id != act.id) {
        return Err(Error::NotFound(t!("error-no-audit")).into());
    }
    let next = act.next(|row| row.audit.as_ref() == Some(&decision)).await?;
    match act.web.desk.audit(&decision, &act.agent.id, verdict).await? {
        Acted::Done(_) => {}
        Acted::Stale
        | Acted::Held
        | Acted::NoFile
        | Acted::Full
        | Acted::Blocked
        | Acted::Nobody
        | Acted::Unwanted(_) => {
            return act.again(StatusCode::CONFLICT, t!("judged")).await;
        }
        Acted::NoConversation => {
            return Err(Error::NotFound(t!("error-no-audit")).into());
        }
    }
    if !act.text.is_empty() {
        let note = format!("Audit, {}: {}", words(verdict), act.text);
        act.web.desk.note(&act.id, &act.agent.id, &note).await?;
    }
    Ok(Redirect::to(&format!("{next}&done=audited-{verdict}")).into_response())
}

/// A verdict in words.
pub(super) fn words(verdict: Verdict) -> String {
    say_of("verdict", verdict.as_str())
}
