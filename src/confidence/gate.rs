//! The gates of the policy, in order, each with the reason that it gives an agent.

use super::bound::Licence;
use super::policy::{Facts, nothing_to_answer, person_needed, rivals};
use crate::answer::Asked;
use crate::config::Policy;
use crate::conversation::{Gate, Reason, Status};
use crate::knowledge::Risk;
use crate::triage::{Intent, READ_CHARS};

/// The name of the last gate: whether the evidence allows it.
pub(super) const LAST: &str = "confidence";

/// Every gate with the reason it gives when it fails. Later gates are shown even when an earlier
/// one fails, so that an agent sees the whole picture.
pub(super) fn gates(
    facts: &Facts<'_>,
    policy: &Policy,
    risk: Risk,
    (threshold, licence): (Option<f64>, &Licence),
) -> Vec<(Gate, Reason)> {
    let mut gates = standing(facts, policy);
    if let Some(post) = &facts.post {
        gates.extend(post.gates(risk, facts.turn.inbox.most_automatic));
    }
    gates.extend(evidence(facts, policy, risk));
    gates.push(last(facts.confidence, risk, threshold, licence));
    gates
}

/// Whether answers as sure as this one were shown to be right often enough.
fn last(confidence: f64, risk: Risk, threshold: Option<f64>, licence: &Licence) -> (Gate, Reason) {
    match threshold {
        Some(needed) => {
            let detail = format!("{confidence:.3} of {needed:.3}");
            gate(LAST, confidence >= needed, Reason::NotSure, detail)
        }
        None if risk == Risk::Never => {
            gate(LAST, false, Reason::RiskNever, format!("{confidence:.3}; none is enough"))
        }
        None => {
            let detail =
                format!("{confidence:.3}; at least {} more verdicts needed", licence.missing);
            gate(LAST, false, Reason::NotLicensed, detail)
        }
    }
}

/// Whether the bot may speak here at all.
fn standing(facts: &Facts<'_>, policy: &Policy) -> Vec<(Gate, Reason)> {
    let triage = facts.triage;
    let greeting = (triage.intent == Intent::Greeting).then_some(Reason::Greeting);
    let intent = nothing_to_answer(triage.intent).or(person_needed(triage.intent)).or(greeting);
    let status = facts.turn.conversation.status;
    let rule = triage.escalate_rule.clone();
    let files = facts.turn.has_unknown_files();
    let length = facts.turn.text().chars().count();
    let (said, most) = (facts.replies_in_a_row, policy.max_replies_in_a_row);
    vec![
        gate("bot's turn", status == Status::Bot, Reason::WithPerson, status.to_string()),
        gate("intent", intent.is_none(), intent.unwrap_or(Reason::Sure), triage.intent.to_string()),
        gate("rules", rule.is_none(), Reason::RuleMatched, rule.unwrap_or("none matched".into())),
        gate("length", length <= READ_CHARS, Reason::TooLong, format!("{length} characters")),
        gate("files", !files, Reason::HasAttachments, if files { "some" } else { "none" }.into()),
        heard(facts),
        gate(
            "replies in a row",
            said < i64::from(most),
            Reason::NotSure,
            format!("{said} of {most}"),
        ),
    ]
}

/// Whether the words are the customer's own. A machine may mishear a name, a number or a `not`, and all that
/// follows, the check of the draft against its citations too, would take that for what was said. What the
/// confidence is worth was shown on written words. So a person reads the answer first, unless the business
/// says otherwise.
fn heard(facts: &Facts<'_>) -> (Gate, Reason) {
    let heard = facts.turn.is_heard();
    let detail = if heard { "transcribed by a machine" } else { "none" };
    gate("voice notes", !heard || facts.trusts_hearing, Reason::Heard, detail.into())
}

/// Whether what was found and drafted bears an answer.
fn evidence(facts: &Facts<'_>, policy: &Policy, risk: Risk) -> Vec<(Gate, Reason)> {
    let questions = facts.asked.len();
    let found = questions > 0 && facts.asked.iter().all(|asked| !asked.hits.is_empty());
    let covered = facts.drafted.covered.len();
    let rivals = rivals(facts, policy).len();
    let language = facts.triage.lang.to_string();
    let missed = facts.asked.iter().any(Asked::is_missed);
    vec![
        gate("asked back", !missed, Reason::AskedBefore, asked_back(facts).into()),
        gate("found", found, Reason::NothingFound, format!("{questions} questions")),
        gate("risk", risk != Risk::Never, Reason::RiskNever, told(risk, facts)),
        gate("language", same_language(facts), Reason::OtherLanguage, language),
        gate("documented", documented(facts), Reason::Undocumented, undocumented(facts)),
        gate(
            "covered",
            covered >= questions,
            Reason::NotCovered,
            format!("{covered} of {questions}"),
        ),
        gate("one meaning", rivals < 2, Reason::Ambiguous, format!("{rivals} equally likely")),
    ]
}

fn gate(name: &str, passed: bool, reason: Reason, detail: String) -> (Gate, Reason) {
    (Gate { name: name.to_owned(), passed, detail }, reason)
}

/// The risk class, with the words that raised it.
fn told(risk: Risk, facts: &Facts<'_>) -> String {
    match &facts.triage.injection {
        Some(words) => format!("{risk}; it reads like orders to a machine: {words}"),
        None => risk.to_string(),
    }
}

fn asked_back(facts: &Facts<'_>) -> &'static str {
    match facts.asked.iter().find(|asked| asked.is_chosen() || asked.is_missed()) {
        None => "nothing was asked back",
        Some(asked) if asked.is_missed() => "none of the choices was named",
        Some(_) => "the customer chose",
    }
}

fn same_language(facts: &Facts<'_>) -> bool {
    facts
        .asked
        .iter()
        .filter_map(|asked| asked.hits.first())
        .all(|hit| hit.entry.lang == facts.triage.lang)
}

fn documented(facts: &Facts<'_>) -> bool {
    facts.drafted.draft.is_some()
        && facts.grounding.undocumented.is_empty()
        && facts.drafted.answerable != Some(false)
}

fn undocumented(facts: &Facts<'_>) -> String {
    if facts.drafted.draft.is_none() {
        return "no draft".into();
    }
    if facts.drafted.answerable == Some(false) {
        return "the model finds no answer in the sources".into();
    }
    match facts.grounding.undocumented.first() {
        Some(first) => format!("not documented: {first}"),
        None => "everything stands in a cited excerpt".into(),
    }
}
