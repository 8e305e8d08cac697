//! Fusion: one score out of what each ranker says, with weights that were fitted on labelled questions.

use crate::knowledge::Rankers;

/// The score of an entry, and whether it is written in another language than the customer's.
pub fn score(rankers: &Rankers, foreign: bool) -> f64 {
    let words = rankers.words.unwrap_or(0.0);
    let encoder = rankers.encoder.unwrap_or(0.0);
    let mine = 0.3 * rankers.bm25 + 0.4 * words + 0.6 * encoder;
    if foreign { mine * 0.5 } else { mine }
}
