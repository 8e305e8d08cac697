//! Features: the numbers a confidence is made of; named, bounded and stored with every decision.

use super::wording::likeness;
use crate::answer::{Asked, Drafted, ground::Grounding};
use crate::knowledge::Hit;
use crate::triage::Triage;
use serde::{Deserialize, Serialize};

/// What the features are computed from.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// What triage found.
    pub triage: &'a Triage,
    /// Each question with what search found for it.
    pub asked: &'a [Asked],
    /// The draft and what its writer says of it.
    pub drafted: &'a Drafted,
    /// How far the draft stands in its citations.
    pub grounding: &'a Grounding,
}

/// The numbers, each from 0 to 1 unless it says otherwise. With several questions each is that of
/// the weakest, for an answer is as right as its worst part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Features {
    /// The IDF-weighted share of the question's terms found in the best entry.
    pub coverage: f64,
    /// How far the best entry leads, as a share of its score; 1 where it stands alone.
    pub margin: f64,
    /// The part of the best entry's score that its question and ways to ask account for.
    pub asked_alike: f64,
    /// How much the question reads like the best entry's own wordings.
    pub likeness: f64,
    /// How much more than like the next entry's.
    pub likeness_lead: f64,
    /// The best score by term of the question, squeezed into 0 to 1.
    pub strength: f64,
    /// The share of the question's terms that the best entry lacks.
    pub unknown: f64,
    /// Words of the question, squeezed: 0 for none, 1 for thirty or more.
    pub length: f64,
    /// How many questions there are; not bounded by 1.
    pub questions: f64,
    /// 1 where every best entry is in the customer's language.
    pub same_language: f64,
    /// The share of the draft's sentences that their citations back.
    pub grounded: f64,
    /// The model's own word, 1 where none was asked.
    pub answerable: f64,
}

/// Computes the features.
pub fn features(evidence: &Evidence<'_>) -> Features {
    let of_each: Vec<[f64; 9]> =
        evidence.asked.iter().map(|asked| of_question(asked, evidence.triage)).collect();
    let weakest = |index: usize| {
        of_each.iter().map(|numbers| numbers[index]).min_by(f64::total_cmp).unwrap_or(0.0)
    };
    Features {
        coverage: weakest(0),
        margin: weakest(1),
        asked_alike: weakest(2),
        strength: weakest(3),
        unknown: 1.0 - weakest(4),
        length: weakest(5),
        questions: count(evidence.asked.len()),
        same_language: weakest(6),
        likeness: weakest(7),
        likeness_lead: weakest(8),
        grounded: evidence.grounding.share.clamp(0.0, 1.0),
        answerable: if evidence.drafted.answerable == Some(false) { 0.0 } else { 1.0 },
    }
}

/// Coverage, margin, alikeness, strength, known share, length, same language, likeness and its lead
/// of one question.
fn of_question(asked: &Asked, triage: &Triage) -> [f64; 9] {
    let words = count(asked.question.split_whitespace().count());
    let length = (words / 30.0).min(1.0);
    let Some(best) = asked.hits.first() else {
        return [0.0, 0.0, 0.0, 0.0, 0.0, length, 0.0, 0.0, 0.0];
    };
    let terms = count(best.matched.len() + best.unmatched.len()).max(1.0);
    let per_term = best.score / terms;
    let same_language = if best.entry.lang == triage.lang { 1.0 } else { 0.0 };
    [
        best.coverage.clamp(0.0, 1.0),
        margin(&asked.hits),
        asked_alike(best),
        per_term / (per_term + 4.0),
        count(best.matched.len()) / terms,
        length,
        same_language,
        likeness(&asked.question, &best.entry),
        likeness_lead(asked, best),
    ]
}

/// How much more the question reads like the best entry than like any other that says something else.
fn likeness_lead(asked: &Asked, best: &Hit) -> f64 {
    let others = asked.hits.iter().filter(|hit| hit.entry.answer != best.entry.answer);
    let next = others.map(|hit| likeness(&asked.question, &hit.entry)).fold(0.0, f64::max);
    likeness(&asked.question, &best.entry) - next
}

/// How far the best hit leads the first that says something else.
fn margin(hits: &[Hit]) -> f64 {
    let Some(best) = hits.first() else { return 0.0 };
    let rival = hits.iter().skip(1).find(|hit| hit.entry.answer != best.entry.answer);
    match rival {
        Some(rival) if best.score > 0.0 => {
            ((best.score - rival.score) / best.score).clamp(0.0, 1.0)
        }
        Some(_) => 0.0,
        None => 1.0,
    }
}

fn asked_alike(hit: &Hit) -> f64 {
    let fields = &hit.fields;
    let all = fields.question + fields.ways + fields.title + fields.answer;
    if all > 0.0 { ((fields.question + fields.ways) / all).clamp(0.0, 1.0) } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "counts of words and hits are small")]
fn count(number: usize) -> f64 {
    number as f64
}
