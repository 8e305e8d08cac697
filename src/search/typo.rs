//! Typos: the term a customer may have meant by a word that no entry holds.

use super::{analyser::Word, query::Known, schema::FIELDS, snapshot::Snapshot};
use crate::lang::Lang;
use std::collections::BTreeMap;
use tantivy::{Term, query::FuzzyTermQuery};

/// How many words of one query are guessed at: each guess walks the dictionary.
pub const GUESSES: u32 = 4;
/// Every term begins with its language.
const LANG_CHARS: usize = 2;
/// Shorter terms have too many neighbours.
const SHORTEST: usize = 4;
/// From here on a word may be two letters off.
const LONG: usize = 8;

/// Whether a word's term is long enough to be mistyped; numbers are what they are.
pub fn is_guessable(word: &Word) -> bool {
    let stem = word.term.chars().skip(LANG_CHARS);
    stem.count() >= SHORTEST && !word.surface.contains(char::is_numeric)
}

/// The nearest term of the language that some entry holds; of equally near ones the commonest.
pub fn guess(snapshot: &Snapshot, lang: Lang, word: &Word) -> anyhow::Result<Option<Known>> {
    let is_long = word.surface.chars().count() >= LONG;
    for (distance, trust) in [(1, 0.7), (2, 0.5)] {
        if distance == 2 && !is_long {
            break;
        }
        let near = near(snapshot, lang, &word.term, distance)?;
        let commonest = near.iter().rev().max_by_key(|&(_, entries)| entries);
        if let Some((term, &entries)) = commonest {
            return Ok(Some(Known::new(snapshot, &word.surface, term, entries, trust)));
        }
    }
    Ok(None)
}

/// The terms of the language within a number of edits, each with the entries that hold it.
fn near(
    snapshot: &Snapshot,
    lang: Lang,
    term: &str,
    distance: u8,
) -> anyhow::Result<BTreeMap<String, u64>> {
    let mut near = BTreeMap::new();
    let fuzzy = FuzzyTermQuery::new(Term::from_field_text(FIELDS.terms, term), distance, true);
    for segment in snapshot.searcher.segment_readers() {
        let index = segment.inverted_index(FIELDS.terms)?;
        let terms = index.terms().search(fuzzy.automaton()?);
        let mut found = terms.ge(lang.as_str()).lt(format!("{lang}\u{10ffff}")).into_stream()?;
        while let Some((term, postings)) = found.next() {
            let term = String::from_utf8_lossy(term).into_owned();
            *near.entry(term).or_default() += u64::from(postings.doc_freq);
        }
    }
    Ok(near)
}
