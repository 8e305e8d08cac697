//! Why: a decision in words, for the panel beside a conversation and for the page that asks.

use super::audit::words;
use crate::conversation::{Action, DraftState, Gate, Mode, Reason, Summary, Verdict, Writer};
use crate::desk::Record;
use crate::knowledge::Risk;
use crate::triage::{Intent, Sentiment, Triage};
use crate::web::markdown::visible;

/// A decision as people read it.
pub(super) struct Why {
    pub(super) action: Action,
    pub(super) headline: &'static str,
    pub(super) licensed: Option<&'static str>,
    pub(super) reasons: Vec<&'static str>,
    pub(super) gates: Vec<Gate>,
    pub(super) confidence: String,
    pub(super) threshold: Option<String>,
    /// Confidence and threshold as places on a line of 100.
    pub(super) bar: (f64, Option<f64>),
    pub(super) risk: &'static str,
    pub(super) candidates: Vec<Candidate>,
    pub(super) triage: Vec<(&'static str, String)>,
    pub(super) summary: Option<Summary>,
    pub(super) model_problem: Option<String>,
    pub(super) made_by: String,
}

/// An entry that search offered.
pub(super) struct Candidate {
    pub(super) question: String,
    pub(super) entry: String,
    pub(super) version: i64,
    pub(super) score: String,
    pub(super) coverage: String,
    pub(super) fields: String,
    pub(super) matched: String,
    pub(super) unmatched: String,
}

impl Why {
    /// Puts a record into words.
    pub(super) fn new(record: Record, summary: Option<Summary>) -> Self {
        let free = record.licensed != record.action;
        Self {
            action: record.action,
            headline: headline(record.action),
            licensed: free.then(|| would_have(record.licensed)),
            reasons: record.reasons.iter().map(|reason: &Reason| reason.sentence()).collect(),
            confidence: percent(record.confidence),
            threshold: record.threshold.map(percent),
            bar: (place(record.confidence), record.threshold.map(place)),
            risk: risk(record.risk),
            candidates: record.candidates.iter().map(Candidate::new).collect(),
            triage: record.triage.as_ref().map(findings).unwrap_or_default(),
            summary: summary.map(shown),
            model_problem: record.model_problem.as_deref().map(visible),
            made_by: format!(
                "{} mode · policy {} · knowledge revision {} · {:.0} ms",
                mode(record.mode),
                record.policy_version,
                record.knowledge_revision,
                record.stages.total
            ),
            gates: record.gates,
        }
    }
}

impl Candidate {
    fn new(candidate: &crate::desk::Candidate) -> Self {
        let fields = &candidate.fields;
        Self {
            question: candidate.question.clone(),
            entry: candidate.entry.to_string(),
            version: candidate.version,
            score: format!("{:.1}", candidate.score),
            coverage: percent(candidate.coverage),
            fields: format!(
                "question {:.1} · ways {:.1} · title {:.1} · answer {:.1}",
                fields.question, fields.ways, fields.title, fields.answer
            ),
            matched: candidate.matched.join(", "),
            unmatched: visible(&candidate.unmatched.join(", ")),
        }
    }
}

/// What has become of a draft and what it counted as, in words; nothing while it waits.
pub(super) fn fate(state: DraftState, verdict: Option<Verdict>) -> Option<String> {
    let fate = match state {
        DraftState::Proposed => return None,
        DraftState::Automatic => "The draft went out by itself.",
        DraftState::Approved => "An agent sent the draft unchanged.",
        DraftState::Edited => "An agent changed the draft and sent it.",
        DraftState::Rejected => "An agent rejected the draft.",
        DraftState::Superseded => "Something newer took the draft's place.",
        DraftState::Shadow => "The draft was written for the record only.",
    };
    let counted = verdict.map(|verdict| format!(" It counts as {}.", words(verdict)));
    Some(format!("{fate}{}", counted.unwrap_or_default()))
}

/// Who wrote a draft, in words.
pub(super) fn writer(writer: &Writer) -> String {
    match writer {
        Writer::Verbatim => "Approved words".to_owned(),
        Writer::Model { name } => format!("Written by {name}"),
    }
}

fn shown(summary: Summary) -> Summary {
    Summary {
        problem: visible(&summary.problem),
        tried: summary.tried.iter().map(|step| visible(step)).collect(),
        missing: visible(&summary.missing),
        mood: summary.mood,
    }
}

fn headline(action: Action) -> &'static str {
    match action {
        Action::Answer => "Answered by itself",
        Action::Clarify => "Asked the customer back",
        Action::Draft => "Drafted, and waits for a person",
        Action::Escalate => "Asks for a person",
        Action::Ignore => "Nothing to answer",
    }
}

fn would_have(licensed: Action) -> &'static str {
    match licensed {
        Action::Answer => "Free to act, the bot would have answered.",
        Action::Clarify => "Free to act, the bot would have asked back.",
        Action::Draft => "Free to act, the bot would have drafted.",
        Action::Escalate => "Free to act, the bot would have asked for a person.",
        Action::Ignore => "Free to act, the bot would have left it at that.",
    }
}

fn risk(risk: Risk) -> &'static str {
    match risk {
        Risk::Low => "low risk",
        Risk::Standard => "standard risk",
        Risk::High => "high risk",
        Risk::Never => "never answered automatically",
    }
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Shadow => "Shadow",
        Mode::Draft => "Draft",
        Mode::Auto => "Auto",
    }
}

fn findings(triage: &Triage) -> Vec<(&'static str, String)> {
    let lang = format!("{} ({})", triage.lang, percent(triage.lang_confidence));
    let mut findings = vec![
        ("Intent", intent(triage.intent).to_owned()),
        ("Mood", mood(triage.sentiment).to_owned()),
        ("Language", lang),
        ("Priority", triage.priority.to_string()),
    ];
    if triage.questions.len() > 1 {
        findings.push((
            "Questions",
            triage.questions.iter().map(|it| visible(it)).collect::<Vec<_>>().join(" · "),
        ));
    }
    for (label, found) in
        [("Topic", &triage.topic), ("Team", &triage.route), ("Rule", &triage.escalate_rule)]
    {
        findings.extend(found.as_ref().map(|found| (label, found.clone())));
    }
    if !triage.signals.is_empty() {
        findings.push(("Signals", visible(&triage.signals.join(", "))));
    }
    findings
}

fn intent(intent: Intent) -> &'static str {
    match intent {
        Intent::Question => "a question",
        Intent::AccountSpecific => "about their order or account",
        Intent::Complaint => "a complaint",
        Intent::PersonWanted => "wants a person",
        Intent::Thanks => "thanks or goodbye",
        Intent::Greeting => "a greeting",
        Intent::OptOut => "wants no more messages",
        Intent::Automatic => "written by a machine",
        Intent::Spam => "advertising or junk",
        Intent::Unreadable => "no words to go by",
    }
}

fn mood(sentiment: Sentiment) -> &'static str {
    match sentiment {
        Sentiment::Positive => "pleased",
        Sentiment::Neutral => "calm",
        Sentiment::Negative => "displeased",
        Sentiment::Angry => "very displeased",
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", place(share))
}

fn place(share: f64) -> f64 {
    if share.is_finite() { (share * 100.0).clamp(0.0, 100.0) } else { 0.0 }
}
