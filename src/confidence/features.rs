//! Features: the numbers a confidence is made of; named, bounded and stored with every decision.

use super::wording::likeness;
use crate::answer::{Asked, Drafted, ground::Grounding};
use crate::knowledge::Hit;
use crate::triage::Triage;
use serde::{Deserialize, Serialize};

/// A question of so many words is long.
const LONG: f64 = 30.0;

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
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Features {
    /// The IDF-weighted share of the question's terms found in the best entry.
    pub coverage: f64,
    /// How far the best entry leads, as a share of its score; 1 where it stands alone.
    pub margin: f64,
    /// How much the question reads like the best entry's own wordings.
    pub likeness: f64,
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

impl Features {
    /// Each number with its name, in a fixed order.
    pub fn named(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("coverage", self.coverage),
            ("margin", self.margin),
            ("likeness", self.likeness),
            ("unknown", self.unknown),
            ("length", self.length),
            ("questions", self.questions),
            ("same_language", self.same_language),
            ("grounded", self.grounded),
            ("answerable", self.answerable),
        ]
    }
}

/// Computes the features.
pub fn features(evidence: &Evidence<'_>) -> Features {
    let of_each: Vec<Likelihood> =
        evidence.asked.iter().map(|asked| of_question(asked, evidence.triage)).collect();
    let weakest = |number: fn(&Likelihood) -> f64| {
        of_each.iter().map(number).min_by(f64::total_cmp).unwrap_or(0.0)
    };
    Features {
        coverage: weakest(|question| question.coverage),
        margin: weakest(|question| question.margin),
        likeness: weakest(|question| question.likeness),
        unknown: 1.0 - weakest(|question| question.known),
        length: weakest(|question| question.length),
        questions: count(evidence.asked.len()),
        same_language: weakest(|question| question.same_language),
        grounded: evidence.grounding.share.clamp(0.0, 1.0),
        answerable: if evidence.drafted.answerable == Some(false) { 0.0 } else { 1.0 },
    }
}

/// The numbers of one question.
#[derive(Default)]
struct Likelihood {
    coverage: f64,
    margin: f64,
    likeness: f64,
    known: f64,
    length: f64,
    same_language: f64,
}

fn of_question(asked: &Asked, triage: &Triage) -> Likelihood {
    let length = (count(asked.words().split_whitespace().count()) / LONG).min(1.0);
    let Some(best) = asked.hits.first() else {
        return Likelihood { length, ..Likelihood::default() };
    };
    let terms = count(best.matched.len() + best.unmatched.len()).max(1.0);
    Likelihood {
        coverage: best.coverage.clamp(0.0, 1.0),
        margin: margin(&asked.hits),
        likeness: likeness(asked.words(), &best.entry),
        known: count(best.matched.len()) / terms,
        length,
        same_language: if best.entry.lang == triage.lang { 1.0 } else { 0.0 },
    }
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

#[expect(clippy::cast_precision_loss, reason = "counts of words and hits are small")]
fn count(number: usize) -> f64 {
    number as f64
}
