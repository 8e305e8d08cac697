//! The query: which terms a text is searched by, and what each of them is worth.
//!
//! A term's rarity is counted over whole entries, not per field: a word that stands in every answer
//! is no treasure because it is rare among questions. On public question sets this alone found
//! the right entry first for one question in sixty more.

use super::{
    analyser,
    schema::{ANSWER, FIELDS},
    snapshot::Snapshot,
    stop::is_stop_word,
    typo,
};
use crate::lang::Lang;
use std::collections::HashSet;
use tantivy::{
    Term,
    query::{Bm25StatisticsProvider, BooleanQuery, BoostQuery, Occur, TermQuery},
    schema::{Field, IndexRecordOption},
};

/// More of a text is not read; the longest question that makes sense is far shorter.
const TEXT_BYTES: usize = 8_000;
/// More terms are not searched by; the rarest stay.
const TERMS: usize = 64;
/// From this many entries on, terms that a fifth of them hold are left out if there are rarer
/// ones: they cost most and tell least.
const COMMON_MATTERS: u64 = 2_000;
const COMMON_SHARE: u64 = 5;
/// Of those, terms that one in so many holds gather no candidates by their answers, unless they are
/// among the rarest few: an answer mentions much, and its postings are the longest to walk.
const FREQUENT_SHARE: u64 = 20;
const RAREST: usize = 3;

/// What a text is searched by.
#[derive(Debug, Default)]
pub struct Plan {
    /// Terms that some entry holds.
    pub known: Vec<Known>,
    /// Words that none does.
    pub unknown: Vec<String>,
    /// What a term that no entry holds weighs: more than any that one does.
    pub unknown_weight: f64,
    /// More entries than these hold a frequent term.
    frequent: u64,
}

/// A term that some entry holds.
#[derive(Debug)]
pub struct Known {
    /// The word as the customer wrote it.
    pub surface: String,
    /// The term.
    pub term: String,
    /// The entries that hold it.
    pub entries: u64,
    /// Its weight by rarity.
    pub weight: f64,
    /// How sure we are that the customer meant it: 1, or less where we guessed at a typo.
    pub trust: f64,
}

impl Plan {
    /// Plans the search of a text in a language, guessing at typos if told to.
    pub fn of(snapshot: &Snapshot, text: &str, lang: Lang, guesses: bool) -> anyhow::Result<Self> {
        let entries = snapshot.entries;
        let mut plan = Self {
            unknown_weight: weight(0, entries),
            frequent: if entries < COMMON_MATTERS { entries } else { entries / FREQUENT_SHARE },
            ..Self::default()
        };
        let mut guesses_left = if guesses { typo::GUESSES } else { 0 };
        for word in asked(lang, &text[..text.floor_char_boundary(TEXT_BYTES)]) {
            if let Some(known) = known(snapshot, &word)? {
                plan.known.push(known);
                continue;
            }
            let guess = match guesses_left.checked_sub(1) {
                Some(left) if typo::is_guessable(&word) => {
                    guesses_left = left;
                    typo::guess(snapshot, lang, &word)?
                }
                _ => None,
            };
            match guess {
                Some(known) => plan.known.push(known),
                None => plan.unknown.push(word.surface),
            }
        }
        plan.bound(entries);
        Ok(plan)
    }

    /// Leaves the terms that are worth their time, rarest first.
    fn bound(&mut self, entries: u64) {
        self.known.sort_by(|a, b| (a.entries, &a.term).cmp(&(b.entries, &b.term)));
        self.known.dedup_by(|b, a| a.term == b.term);
        let is_common =
            |known: &Known| entries >= COMMON_MATTERS && known.entries > entries / COMMON_SHARE;
        if self.known.first().is_some_and(|rarest| !is_common(rarest)) {
            self.known.retain(|known| !is_common(known));
        }
        self.known.truncate(TERMS);
        self.unknown.truncate(TERMS);
    }

    /// The plan as a query: any term in any text, weighed by rarity and by the text's boost.
    #[expect(clippy::cast_possible_truncation, reason = "tantivy scores in single precision")]
    pub fn query(&self) -> BooleanQuery {
        let clauses = self.known.iter().enumerate().flat_map(|(place, known)| {
            let is_brief = place >= RAREST && known.entries > self.frequent;
            let texts = if is_brief { &FIELDS.texts[..ANSWER] } else { &FIELDS.texts[..] };
            texts.iter().map(|text| {
                let term = Term::from_field_text(text.field, &known.term);
                let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                let boost = text.reach * known.trust as f32;
                (Occur::Should, Box::new(BoostQuery::new(Box::new(query), boost)) as _)
            })
        });
        BooleanQuery::new(clauses.collect())
    }
}

/// The words a text asks by, each once: all but stop words, or all when there are no others.
fn asked(lang: Lang, text: &str) -> Vec<analyser::Word> {
    let mut words = analyser::words(lang, text);
    let mut seen = HashSet::new();
    words.retain(|word| seen.insert(word.term.clone()));
    if words.iter().any(|word| !is_stop_word(lang, &word.surface)) {
        words.retain(|word| !is_stop_word(lang, &word.surface));
    }
    words
}

fn known(snapshot: &Snapshot, word: &analyser::Word) -> anyhow::Result<Option<Known>> {
    for term in std::iter::once(&word.term).chain(&word.bare) {
        let entries = snapshot.searcher.doc_freq(&Term::from_field_text(FIELDS.terms, term))?;
        if entries > 0 {
            return Ok(Some(Known::new(snapshot, &word.surface, term, entries, 1.0)));
        }
    }
    Ok(None)
}

impl Known {
    /// A term held by so many entries of the snapshot.
    pub fn new(snapshot: &Snapshot, surface: &str, term: &str, entries: u64, trust: f64) -> Self {
        Self {
            surface: surface.to_owned(),
            term: term.to_owned(),
            entries,
            weight: weight(entries, snapshot.entries),
            trust,
        }
    }
}

/// The weight of a term that `holding` of `entries` hold.
#[expect(clippy::cast_precision_loss, reason = "an index has fewer than 2^52 entries")]
fn weight(holding: u64, entries: u64) -> f64 {
    let (holding, entries) = (holding as f64, entries as f64);
    ((entries - holding + 0.5) / (holding + 0.5)).ln_1p()
}

/// Tells tantivy how rare the plan's terms are over whole entries.
pub struct Rarity<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The snapshot it was made for.
    pub snapshot: &'a Snapshot,
}

impl Bm25StatisticsProvider for Rarity<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let mut texts = FIELDS.texts.iter().zip(self.snapshot.tokens);
        Ok(texts.find(|(text, _)| text.field == field).map_or(0, |(_, tokens)| tokens))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.snapshot.entries)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let text = term.serialized_value_bytes();
        let known = self.plan.known.iter().find(|known| known.term.as_bytes() == text);
        Ok(known.map_or(0, |known| known.entries))
    }
}
