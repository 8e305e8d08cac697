//! A hit: an entry that a search offers, and how it came to be found.

use super::Entry;
use serde::{Deserialize, Serialize};

/// What each field of an entry added to a hit's score, boosts included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldScores {
    /// The question.
    pub question: f64,
    /// The ways to ask it.
    pub ways: f64,
    /// The article's title.
    pub title: f64,
    /// The answer.
    pub answer: f64,
}

/// What each ranker makes of an entry, comparable over searches; none where a ranker had no say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Rankers {
    /// The BM25 score as a share of what the query's words weigh by their rarity.
    pub bm25: f64,
    /// The share of what the query's words weigh that its title, answer and best wording hold.
    #[serde(default)]
    pub together: f64,
    /// The cosine of the best wording or passage by the static embeddings.
    pub words: Option<f64>,
    /// The cosine of the best wording or passage by the sentence encoder.
    pub encoder: Option<f64>,
    /// How much better the entry's wordings together explain the question than no entry in particular
    /// does, by the static embeddings; 0 where they explain it no better, below it for worse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words_lift: Option<f64>,
    /// The same by the sentence encoder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoder_lift: Option<f64>,
    /// The probability of this entry among all by what its confirmed wordings have taught.
    pub head: Option<f64>,
}

/// An entry that a search offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The entry, as the index held it.
    pub entry: Entry,
    /// The score that orders hits, all rankers taken together.
    pub score: f64,
    /// What each ranker makes of it.
    #[serde(default)]
    pub rankers: Rankers,
    /// The score's parts.
    pub fields: FieldScores,
    /// The query's terms found in the entry, as the analyser writes them.
    pub matched: Vec<String>,
    /// The query's terms not found in it.
    pub unmatched: Vec<String>,
    /// The share of the query's weight (each term by its rarity) that the entry covers, 0 to 1.
    pub coverage: f64,
    /// The part of the answer that matched best, word for word.
    #[serde(default)]
    pub passage: Option<String>,
}
