//! Why: a decision in words, for the panel beside a conversation and for the page that asks.

use super::audit::words;
use super::share;
use crate::answer::{ModelUse, Understood};
use crate::confidence::Features;
use crate::conversation::{Action, DraftState, Gate, Mode, ProposedDraft, Reason, Summary, Writer};
use crate::desk::Record;
use crate::knowledge::{Rankers, Risk};
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
    /// What the threshold stands on.
    pub(super) evidence: Option<String>,
    /// What else the questions were understood by.
    pub(super) context: Vec<String>,
    pub(super) features: Vec<(String, String)>,
    /// Confidence and threshold as places on a line of 100.
    pub(super) bar: (f64, Option<f64>),
    pub(super) risk: &'static str,
    pub(super) candidates: Vec<Candidate>,
    pub(super) triage: Vec<(&'static str, String)>,
    pub(super) summary: Option<Summary>,
    pub(super) model_problem: Option<String>,
    pub(super) made_by: String,
    /// What the model's calls took.
    pub(super) model_use: Option<String>,
}

/// An entry that search offered.
pub(super) struct Candidate {
    pub(super) question: String,
    pub(super) entry: String,
    pub(super) version: i64,
    pub(super) score: String,
    pub(super) coverage: String,
    pub(super) rankers: String,
    pub(super) passage: Option<String>,
    pub(super) fields: String,
    pub(super) matched: String,
    pub(super) unmatched: String,
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
            reasons: record.reasons.iter().map(|reason: &Reason| reason.sentence()).collect(),
            confidence,
            threshold,
            bar: (place(record.confidence), record.threshold.map(place)),
            risk: risk(record.risk),
            candidates: record.candidates.iter().map(Candidate::new).collect(),
            triage: record.triage.as_ref().map(findings).unwrap_or_default(),
            summary: summary.map(shown),
            model_problem: record.model_problem.as_deref().map(visible),
            made_by: format!(
                "{} mode · policy {} · confidence {} · knowledge revision {} · {:.0} ms",
                mode(record.mode),
                record.policy_version,
                record.model_version.as_deref().unwrap_or("unknown"),
                record.knowledge_revision,
                record.stages.total
            ),
            model_use: record.model.as_ref().map(model_use),
            gates: record.gates,
        }
    }
}

/// What a model's calls took, in words.
fn model_use(used: &ModelUse) -> String {
    let (read, written) = (used.tokens_in, used.tokens_out);
    let cost = match used.cost_micros {
        0 => String::new(),
        micros => format!(" · cost {}.{:06}", micros / 1_000_000, micros % 1_000_000),
    };
    let repaired = used.repaired.as_ref().map(|_| " · asked once more").unwrap_or_default();
    let sure = used.logprob.map(|mean| format!(" · mean token probability {mean:.2}"));
    let sure = sure.unwrap_or_default();
    let hidden = match used.left.as_ref().map_or(0, |left| left.hidden.len()) {
        0 => String::new(),
        count => format!(" · {count} personal details hidden"),
    };
    format!(
        "{} · {read} tokens read, {written} written{cost} · {} ms{sure}{repaired}{hidden}",
        visible(&used.name),
        used.milliseconds
    )
}

impl Candidate {
    fn new(candidate: &crate::desk::Candidate) -> Self {
        let fields = &candidate.fields;
        Self {
            question: candidate.question.clone(),
            entry: candidate.entry.to_string(),
            version: candidate.version,
            score: format!("{:.2}", candidate.score),
            rankers: rankers(&candidate.rankers),
            passage: candidate.passage.as_deref().map(visible),
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

/// What a threshold stands on, or why there is none.
fn evidence(record: &Record) -> Option<String> {
    let licence = record.licence.as_ref()?;
    let bound = format!(
        "at most {} wrong, with {} certainty",
        share::percent(licence.alpha),
        share::percent(1.0 - licence.delta)
    );
    if record.risk == Risk::Never {
        return None;
    }
    let audited = record
        .audit_probability
        .filter(|_| record.action == Action::Answer)
        .map(|chance| format!(" Audited with a chance of {}.", share::percent(chance)));
    Some(match record.threshold {
        Some(_) => format!(
            "Licensed by {} verdicts, {} wrong: {bound}.{}",
            licence.n,
            licence.k,
            audited.unwrap_or_default()
        ),
        None => format!(
            "Not licensed yet: to show {bound}, {} more right verdicts are needed at least.",
            licence.missing
        ),
    })
}

/// What else a question was understood by, in words.
fn context(understood: &Understood) -> Option<String> {
    Some(match understood {
        Understood::Itself => return None,
        Understood::FollowUp { entry: Some(entry), read_as } => {
            format!("A follow-up on {entry}, read as “{}”", visible(read_as))
        }
        Understood::FollowUp { entry: None, read_as } => {
            format!("A follow-up, read as “{}”", visible(read_as))
        }
        Understood::Subject { name } => {
            format!("The conversation speaks of “{}”", visible(name))
        }
        Understood::Rewritten { read_as } => format!("The model read it as “{}”", visible(read_as)),
        Understood::Choice { entry, read_as } => {
            format!("The customer chose {entry}, read as “{}”", visible(read_as))
        }
        Understood::NoChoice { read_as } => {
            format!("The customer named none of the choices, read as “{}”", visible(read_as))
        }
    })
}

fn features(features: &Features) -> Vec<(String, String)> {
    let named = features.named().into_iter();
    named.map(|(name, value)| (name.replace('_', " "), format!("{value:.2}"))).collect()
}

fn rankers(rankers: &Rankers) -> String {
    let score = |name: &str, score: Option<f64>| score.map(|score| format!("{name} {score:.2}"));
    let scores = [
        score("BM25", Some(rankers.bm25)),
        score("words", rankers.words),
        score("encoder", rankers.encoder),
        score("learned", rankers.head),
    ];
    scores.into_iter().flatten().collect::<Vec<_>>().join(" · ")
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
    let fate = match draft.state {
        DraftState::Proposed => return None,
        DraftState::Automatic => "The draft went out by itself.",
        DraftState::Approved => "An agent sent the draft unchanged.",
        DraftState::Edited => "An agent changed the draft and sent it.",
        DraftState::Rejected => "An agent rejected the draft.",
        DraftState::Superseded => "Something newer took the draft's place.",
        DraftState::Shadow => "The draft was written for the record only.",
    };
    let counted = draft.verdict.map(|verdict| format!(" It counts as {}.", words(verdict)));
    let reason = draft.reject_reason.as_ref().map(|reason| format!(" Why: {}", visible(reason)));
    Some(format!("{fate}{}{}", counted.unwrap_or_default(), reason.unwrap_or_default()))
}

/// Who wrote a draft, in words.
pub(super) fn writer(writer: &Writer) -> String {
    match writer {
        Writer::Verbatim => "Approved words".to_owned(),
        Writer::Model { name } => format!("Written by {name}"),
    }
}

/// A summary with what cannot be seen made visible.
pub(super) fn shown(summary: &Summary) -> Summary {
    Summary {
        problem: visible(&summary.problem),
        tried: summary.tried.iter().map(|step| visible(step)).collect(),
        missing: visible(&summary.missing),
        mood: visible(&summary.mood),
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
