//! The summary an agent reads on taking over: told from what is known, nothing made up.

use super::record::Record;
use crate::confidence::Decision;
use crate::conversation::{Summary, Turn};
use crate::triage::{Sentiment, Triage};

/// Characters of the customer's own words that a summary quotes at most.
const QUOTE: usize = 280;

/// Summarises a turn for the person who takes over.
pub(super) fn summary(
    turn: &Turn,
    triage: &Triage,
    decision: &Decision,
    record: &Record,
) -> Summary {
    Summary {
        problem: shortened(&turn.text()),
        tried: tried(record),
        missing: missing(decision, record),
        mood: mood(triage.sentiment).to_owned(),
    }
}

fn tried(record: &Record) -> Vec<String> {
    let mut steps: Vec<String> = record
        .candidates
        .iter()
        .take(3)
        .map(|candidate| {
            format!(
                "Found “{}” ({:.0} % of the question)",
                candidate.question,
                candidate.coverage * 100.0
            )
        })
        .collect();
    if steps.is_empty() {
        steps.push("Searched the knowledge and found nothing".into());
    }
    if let Some(problem) = &record.model_problem {
        steps.push(format!("Asked the model: {problem}"));
    }
    steps
}

fn missing(decision: &Decision, record: &Record) -> String {
    let reason = decision.reasons.first().map_or("", |reason| reason.sentence());
    let questions = record.triage.iter().flat_map(|triage| &triage.questions);
    let open: Vec<&str> = match record.triage.as_ref().map_or(0, |triage| triage.questions.len()) {
        0 | 1 => Vec::new(),
        _ => questions.map(String::as_str).filter(|one| !is_covered(record, one)).collect(),
    };
    if !open.is_empty() {
        return format!("{reason} Without an answer: “{}”.", open.join("”, “"));
    }
    let unmatched =
        record.candidates.first().map(|best| best.unmatched.join(", ")).unwrap_or_default();
    if unmatched.is_empty() {
        reason.to_owned()
    } else {
        format!("{reason} Not covered: {unmatched}.")
    }
}

fn is_covered(record: &Record, question: &str) -> bool {
    record.covered.iter().any(|covered| covered == question)
}

fn mood(sentiment: Sentiment) -> &'static str {
    match sentiment {
        Sentiment::Positive => "pleased",
        Sentiment::Neutral => "calm",
        Sentiment::Negative => "displeased",
        Sentiment::Angry => "angry",
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}
