//! An entry that search offered, as the why panel shows it.

use super::why::percent;
use crate::knowledge::Rankers;
use crate::web::markdown::{to_words, visible};

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

impl Candidate {
    /// Puts an entry of the record into words.
    pub(super) fn new(candidate: &crate::desk::Candidate) -> Self {
        let fields = &candidate.fields;
        Self {
            question: candidate.question.clone(),
            entry: candidate.entry.to_string(),
            version: candidate.version,
            score: format!("{:.2}", candidate.score),
            rankers: rankers(&candidate.rankers),
            passage: candidate.passage.as_deref().map(to_words),
            coverage: percent(candidate.coverage),
            fields: t!(
                "why-by-field",
                question = format!("{:.1}", fields.question),
                ways = format!("{:.1}", fields.ways),
                title = format!("{:.1}", fields.title),
                answer = format!("{:.1}", fields.answer)
            ),
            matched: candidate.matched.join(", "),
            unmatched: visible(&candidate.unmatched.join(", ")),
        }
    }
}

fn rankers(rankers: &Rankers) -> String {
    let score = |name: String, score: Option<f64>| score.map(|score| format!("{name} {score:.2}"));
    let scores = [
        score("BM25".to_owned(), Some(rankers.bm25)),
        score(t!("ranker-words"), rankers.words),
        score(t!("ranker-encoder"), rankers.encoder),
        score(t!("ranker-learned"), rankers.head),
    ];
    scores.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
