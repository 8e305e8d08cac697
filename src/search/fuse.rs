//! Fusion: one score out of what each ranker says of an entry.
//!
//! The weights were fitted on labelled questions (conditional logit over the entries), one set of
//! them for every company of rankers, so that an absent one is no vote against an entry, and by the
//! question's language where there were questions to learn from. A score is the log-odds of its
//! entry: two scores that differ by one differ by a factor e in belief.

use crate::lang::Lang;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    // A file that cannot be read leaves BM25 alone; a test holds that it can.
    serde_json::from_str(include_str!("../../models/fusion.json")).unwrap_or_default()
});

/// What each ranker says of an entry.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// The question's language.
    pub lang: Lang,
    /// The BM25 score as a share of the query's weight.
    pub bm25: f64,
    /// The share of the query's weight that its title, answer and best wording hold.
    pub together: f64,
    /// The cosine by static embeddings.
    pub words: Option<f64>,
    /// What their head makes of all wordings.
    pub words_lift: Option<f64>,
    /// The cosine by the sentence encoder.
    pub encoder: Option<f64>,
    /// What its head makes of all wordings.
    pub encoder_lift: Option<f64>,
    /// Whether the entry is written in another language than the question.
    pub is_foreign: bool,
}

/// The weights, by the company of rankers that have a say.
#[derive(Debug, Default, Deserialize)]
struct Weights {
    bm25: Company,
    words: Company,
    encoder: Company,
    both: Company,
    /// In place of `words`, for questions of these languages.
    langs: BTreeMap<Lang, Company>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Company {
    bm25: f64,
    together: f64,
    words: f64,
    words_lift: f64,
    encoder: f64,
    encoder_lift: f64,
    /// Added for an entry in another language.
    foreign: f64,
}

impl Default for Company {
    fn default() -> Self {
        Self {
            bm25: 1.0,
            together: 0.0,
            words: 0.0,
            words_lift: 0.0,
            encoder: 0.0,
            encoder_lift: 0.0,
            foreign: -1.0,
        }
    }
}

/// The score of an entry: its log-odds among all.
pub fn score(seen: &Seen) -> f64 {
    let company = company(seen);
    let foreign = if seen.is_foreign { company.foreign } else { 0.0 };
    // Words that two languages share are names more often than meaning.
    let told = if seen.is_foreign { 0.5 } else { 1.0 };
    company.bm25 * told * seen.bm25
        + company.together * told * seen.together
        + company.words * seen.words.unwrap_or(0.0)
        + company.encoder * seen.encoder.unwrap_or(0.0)
        + heads(company, seen)
        + foreign
}

/// The part of the score that the heads account for; none where there is no head.
pub fn lift(seen: &Seen) -> Option<f64> {
    seen.words_lift.or(seen.encoder_lift)?;
    Some(heads(company(seen), seen))
}

fn heads(company: &Company, seen: &Seen) -> f64 {
    company.words_lift * seen.words_lift.unwrap_or(0.0)
        + company.encoder_lift * seen.encoder_lift.unwrap_or(0.0)
}

fn company(seen: &Seen) -> &'static Company {
    match (seen.words, seen.encoder) {
        (None, None) => &WEIGHTS.bm25,
        (Some(_), None) => WEIGHTS.langs.get(&seen.lang).unwrap_or(&WEIGHTS.words),
        (None, Some(_)) => &WEIGHTS.encoder,
        (Some(_), Some(_)) => &WEIGHTS.both,
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, Weights, score};
    use crate::lang::Lang;

    #[test]
    fn the_shipped_weights_can_be_read() {
        let read = serde_json::from_str::<Weights>(include_str!("../../models/fusion.json"));
        assert!(read.is_ok(), "{read:?}");
    }

    #[test]
    fn more_of_anything_is_a_better_score_and_another_language_a_worse_one() {
        let seen = Seen {
            lang: Lang::EN,
            bm25: 0.5,
            together: 0.5,
            words: Some(0.5),
            words_lift: Some(0.1),
            encoder: Some(0.5),
            encoder_lift: Some(0.1),
            is_foreign: false,
        };
        for (what, better) in [
            ("bm25", Seen { bm25: 0.9, ..seen }),
            ("together", Seen { together: 0.9, ..seen }),
            ("words", Seen { words: Some(0.9), words_lift: Some(0.3), ..seen }),
            ("encoder", Seen { encoder: Some(0.9), encoder_lift: Some(0.3), ..seen }),
        ] {
            assert!(score(&better) > score(&seen), "{what}");
            assert!(score(&Seen { is_foreign: true, ..better }) < score(&better), "{what}");
        }
    }
}
