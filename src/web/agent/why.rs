//! Why: a decision in words, for the panel beside a conversation and for the page that asks.

use super::audit::words as said_verdict;
use super::candidate::Candidate;
use super::list::said_reason;
use super::summary::model_problem;
use super::{gate, share, summary};
use crate::answer::{ModelUse, Understood};
use crate::confidence::Features;
use crate::conversation::{
    Action, DraftState, Gate, Mode, ProposedDraft, Reason, Status, Summary, Writer,
};
use crate::desk::Record;
use crate::knowledge::Risk;
use crate::triage::{Intent, Sentiment, Triage};
use crate::web::markdown::visible;
use crate::web::words;

/// A decision as people read it.
pub(super) struct Why {
    pub(super) action: Action,
    pub(super) headline: String,
    pub(super) licensed: Option<String>,
    pub(super) reasons: Vec<String>,
    pub(super) gates: Vec<Gate>,
    pub(super) confidence: String,
    pub(super) threshold: Option<String>,
    /// What the threshold stands on.
    pub(super) evidence: Option<String>,
    /// What else the questions were understood by.
    pub(super) context: Vec<String>,
    pub(super) features: Vec<(String, String)>,
    /// Confidence and threshold as places on a line of 100.
    pub(super) bar: (f64, Option<f64>),
    pub(super) risk: String,
    pub(super) candidates: Vec<Candidate>,
    pub(super) triage: Vec<(String, String)>,
    pub(super) summary: Option<Summary>,
    pub(super) model_problem: Option<String>,
    pub(super) made_by: String,
    /// What the model's calls took.
    pub(super) model_use: Option<String>,
}

impl Why {
    /// Puts a record into words.
    pub(super) fn new(record: Record, summary: Option<&Summary>) -> Self {
        let free = record.licensed != record.action;
        let (confidence, threshold) = side_by_side(record.confidence, record.threshold);
        Self {
            evidence: evidence(&record),
            context: record.understood.iter().filter_map(context).collect(),
            features: record.features.as_ref().map(features).unwrap_or_default(),
            action: record.action,
            headline: headline(record.action),
            licensed: free.then(|| would_have(record.licensed)),
            reasons: record.reasons.iter().map(|reason| said(&record, *reason)).collect(),
            confidence,
            threshold,
            bar: (place(record.confidence), record.threshold.map(place)),
            risk: risk(record.risk),
            candidates: record.candidates.iter().map(Candidate::new).collect(),
            triage: record.triage.as_ref().map(findings).unwrap_or_default(),
            summary: summary.map(|summary| summary::told(summary, |reason| said(&record, reason))),
            model_problem: record.model_problem.as_deref().map(|it| visible(&model_problem(it))),
            made_by: t!(
                "why-made-by",
                mode = mode(record.mode),
                policy = record.policy_version.as_str(),
                confidence = record.model_version.as_deref().unwrap_or("?"),
                revision = record.knowledge_revision.to_string(),
                time = format!("{:.0}", record.stages.total)
            ),
            model_use: record.model.as_ref().map(model_use),
            gates: record.gates.into_iter().map(|gate| gate::told(&gate)).collect(),
        }
    }
}

/// Why it was decided so, in words. The reason that a person has the conversation is also that of one who
/// was only awaited; which of them it was, the gate says.
fn said(record: &Record, reason: Reason) -> String {
    let standing = record.gates.iter().find(|gate| gate.name == "bot's turn");
    let awaited = standing.is_some_and(|gate| gate.detail != Status::WithAgent.as_str());
    if reason == Reason::WithPerson && awaited {
        return t!("why-awaited");
    }
    said_reason(reason)
}

/// What a model's calls took, in words.
fn model_use(used: &ModelUse) -> String {
    let (read, written) = (used.tokens_in, used.tokens_out);
    let cost = match used.cost_micros {
        0 => String::new(),
        micros => {
            let cost = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
            format!(" · {}", t!("why-cost", cost = cost))
        }
    };
    let repaired =
        used.repaired.as_ref().map(|_| format!(" · {}", t!("why-repaired"))).unwrap_or_default();
    let sure =
        used.logprob.map(|mean| format!(" · {}", t!("why-sure", mean = format!("{mean:.2}"))));
    let sure = sure.unwrap_or_default();
    let hidden = match used.left.as_ref().map_or(0, |left| left.hidden.len()) {
        0 => String::new(),
        count => format!(" · {}", t!("why-hidden", count = count)),
    };
    format!(
        "{} · {}{cost} · {} ms{sure}{repaired}{hidden}",
        visible(&used.name),
        t!("why-tokens", read = read.to_string(), written = written.to_string()),
        used.milliseconds
    )
}

/// What a threshold stands on, or why there is none.
fn evidence(record: &Record) -> Option<String> {
    let licence = record.licence.as_ref()?;
    let bound = t!(
        "why-bound",
        alpha = share::percent(licence.alpha),
        certainty = share::percent(1.0 - licence.delta)
    );
    if record.risk == Risk::Never {
        return None;
    }
    let audited = record
        .audit_probability
        .filter(|_| record.action == Action::Answer)
        .map(|chance| format!(" {}", t!("why-audited", chance = share::percent(chance))));
    Some(match record.threshold {
        Some(_) => {
            let licensed = t!("why-licensed", n = licence.n, k = licence.k, bound = bound);
            format!("{licensed}{}", audited.unwrap_or_default())
        }
        None => t!("why-not-licensed", bound = bound, missing = licence.missing),
    })
}

/// What else a question was understood by, in words.
fn context(understood: &Understood) -> Option<String> {
    Some(match understood {
        Understood::Itself => return None,
        Understood::FollowUp { entry: Some(entry), read_as } => {
            t!("why-follow-up-on", entry = entry.to_string(), words = visible(read_as))
        }
        Understood::FollowUp { entry: None, read_as } => {
            t!("why-follow-up", words = visible(read_as))
        }
        Understood::Subject { name } => {
            t!("why-subject", words = visible(name))
        }
        Understood::Rewritten { read_as } => t!("why-rewritten", words = visible(read_as)),
        Understood::Choice { entry, read_as } => {
            t!("why-choice", entry = entry.to_string(), words = visible(read_as))
        }
        Understood::NoChoice { read_as } => {
            t!("why-no-choice", words = visible(read_as))
        }
    })
}

fn features(features: &Features) -> Vec<(String, String)> {
    let named = features.named().into_iter();
    named.map(|(name, value)| (name.replace('_', " "), format!("{value:.2}"))).collect()
}

/// Confidence and threshold in as many figures as tell them apart.
fn side_by_side(confidence: f64, threshold: Option<f64>) -> (String, Option<String>) {
    let Some(threshold) = threshold else { return (percent(confidence), None) };
    let (short, needed) = (percent(confidence), percent(threshold));
    if short != needed || (confidence - threshold).abs() < 1e-9 {
        return (short, Some(needed));
    }
    let long = |share: f64| format!("{:.2} %", place(share));
    (long(confidence), Some(long(threshold)))
}

/// What has become of a draft, what it counted as and why it was refused, in words; nothing while it
/// waits.
pub(super) fn fate(draft: &ProposedDraft) -> Option<String> {
    if draft.state == DraftState::Proposed {
        return None;
    }
    let fate = words::say_of("fate", draft.state.as_str());
    let counted = draft
        .verdict
        .map(|verdict| format!(" {}", t!("fate-counts", verdict = said_verdict(verdict))));
    let reason = draft
        .reject_reason
        .as_ref()
        .map(|reason| format!(" {} {}", t!("fate-why"), visible(reason)));
    Some(format!("{fate}{}{}", counted.unwrap_or_default(), reason.unwrap_or_default()))
}

/// Who wrote a draft, in words.
pub(super) fn writer(writer: &Writer) -> String {
    match writer {
        Writer::Verbatim => t!("writer-verbatim"),
        Writer::Model { name } => t!("writer-model", name = name.as_str()),
    }
}

fn headline(action: Action) -> String {
    words::say_of("action", action.as_str())
}

fn would_have(licensed: Action) -> String {
    words::say_of("would-have", licensed.as_str())
}

fn risk(risk: Risk) -> String {
    words::say_of("risk", risk.as_str())
}

fn mode(mode: Mode) -> String {
    words::say_of("mode", mode.as_str())
}

fn findings(triage: &Triage) -> Vec<(String, String)> {
    let lang = format!("{} ({})", triage.lang, percent(triage.lang_confidence));
    let mut findings = vec![
        (t!("triage-intent"), intent(triage.intent)),
        (t!("summary-mood"), mood(triage.sentiment)),
        (t!("language"), lang),
        (t!("triage-priority"), words::say_of("priority", triage.priority.as_str())),
    ];
    if triage.questions.len() > 1 {
        findings.push((
            t!("triage-questions"),
            triage.questions.iter().map(|it| visible(it)).collect::<Vec<_>>().join(" · "),
        ));
    }
    for (label, found) in [
        (t!("triage-topic"), &triage.topic),
        (t!("triage-team"), &triage.route),
        (t!("triage-rule"), &triage.escalate_rule),
    ] {
        findings.extend(found.clone().map(|found| (label, found)));
    }
    if !triage.signals.is_empty() {
        findings.push((t!("triage-signals"), visible(&triage.signals.join(", "))));
    }
    findings
}

fn intent(intent: Intent) -> String {
    words::say_of("intent", intent.as_str())
}

fn mood(sentiment: Sentiment) -> String {
    words::say_of("mood", sentiment.as_str())
}

/// A share as a whole percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0} %", place(share))
}

fn place(share: f64) -> f64 {
    if share.is_finite() { (share * 100.0).clamp(0.0, 100.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn confidence_and_threshold_are_told_apart() {
        for (confidence, threshold, shown) in [
            (0.72, None, ("72 %", None)),
            (0.72, Some(0.8), ("72 %", Some("80 %"))),
            (0.832, Some(0.834), ("83.20 %", Some("83.40 %"))),
            (0.83, Some(0.83), ("83 %", Some("83 %"))),
        ] {
            let (confidence, threshold) = side_by_side(confidence, threshold);
            assert_eq!((confidence.as_str(), threshold.as_deref()), shown);
        }
    }
}
