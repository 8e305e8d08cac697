//! Names: titles that a conversation speaks of by name, such as a product, a branch or a hotel.
//!
//! A title is kept as one term, without stop words, case and accents. A text names it where its
//! words stand in a row in it; a title of one word only where that word is at home in its own
//! entries: "Returns" is a topic, which anybody may mention, "Ridgeline" is a name. A title that only an
//! entry or two bear is what they say, and tells them from the rest.

use super::{
    analyser,
    schema::{FIELDS, TITLE},
    snapshot::Snapshot,
    stop::is_stop_word,
};
use crate::knowledge::Entry;
use crate::lang::Lang;
use std::collections::BTreeSet;
use tantivy::{DocAddress, DocSet, TERMINATED, Term, schema::IndexRecordOption};

/// Longer titles are headlines, which nobody says by heart.
const WORDS: usize = 6;
/// The share of its own entries, one in so many, that may hold a name's word beside them.
const ABROAD: u64 = 5;
/// So many entries bear a title that is a name.
const BEARERS: u64 = 3;
/// Letters of a word that may stand for a title.
const SHORTEST: usize = 4;
/// Words of a text that are looked at.
const READ_WORDS: usize = 400;

/// A title that a text speaks of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    words: String,
    is_whole: bool,
}

impl Name {
    /// Whether an entry bears it as its title.
    pub fn is_of(&self, entry: &Entry) -> bool {
        of_title(&entry.title, entry.lang).is_some_and(|name| name == self.words)
    }

    /// The text without the words of the names, which say nothing among those that bear them; whole
    /// where nothing else would be left.
    pub fn rest(text: &str, lang: Lang, names: &[Self]) -> String {
        let known: BTreeSet<&str> = names.iter().flat_map(|name| name.words.split(' ')).collect();
        let is_name = |token: &&str| {
            let words = analyser::plain(lang, token);
            !words.is_empty() && words.iter().all(|word| known.contains(word.as_str()))
        };
        let rest: Vec<&str> = text.split_whitespace().filter(|token| !is_name(token)).collect();
        let rest = rest.join(" ");
        if telling(&rest, lang).is_empty() { text.to_owned() } else { rest }
    }

    /// The words of the title.
    pub fn as_str(&self) -> &str {
        &self.words
    }

    /// Whether it was called by its whole title, not by a word of it.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }
}

/// The term that a title is kept as; none where it is too long or says nothing.
pub fn of_title(title: &str, lang: Lang) -> Option<String> {
    let words = telling(title, lang);
    (1..=WORDS).contains(&words.len()).then(|| words.join(" "))
}

/// The titles that a text names, in the order of its words; of two at one place the longer. Words of
/// titles count only where no whole one is named: many a title holds a word like "north".
pub fn named(snapshot: &Snapshot, text: &str, lang: Lang) -> anyhow::Result<Vec<Name>> {
    let words = telling(text, lang);
    let words = &words[..words.len().min(READ_WORDS)];
    let mut names = Vec::new();
    let mut first = 0;
    while first < words.len() {
        let longest = WORDS.min(words.len() - first);
        let mut found = None;
        for length in (1..=longest).rev() {
            let name = words[first..first + length].join(" ");
            if is_name(snapshot, &name, length, lang)? {
                found = Some((Name { words: name, is_whole: true }, length));
                break;
            }
        }
        if found.is_none() {
            let name = nickname(snapshot, &words[first], lang)?;
            found = name.map(|words| (Name { words, is_whole: false }, 1));
        }
        let length = found.as_ref().map_or(1, |(_, length)| *length);
        names.extend(found.map(|(name, _)| name));
        first += length;
    }
    if names.iter().any(Name::is_whole) {
        names.retain(Name::is_whole);
    }
    Ok(names)
}

/// Where the entries are that bear one of the names.
pub fn bearers(snapshot: &Snapshot, names: &[Name]) -> anyhow::Result<BTreeSet<DocAddress>> {
    let mut bearers = BTreeSet::new();
    for (ordinal, segment) in (0..).zip(snapshot.searcher.segment_readers()) {
        let index = segment.inverted_index(FIELDS.name)?;
        for name in names {
            let Some(mut found) =
                index.read_postings(&term(&name.words), IndexRecordOption::Basic)?
            else {
                continue;
            };
            while found.doc() != TERMINATED {
                if !segment.is_deleted(found.doc()) {
                    bearers.insert(DocAddress::new(ordinal, found.doc()));
                }
                found.advance();
            }
        }
    }
    Ok(bearers)
}

fn is_name(snapshot: &Snapshot, name: &str, words: usize, lang: Lang) -> anyhow::Result<bool> {
    let bearers = snapshot.searcher.doc_freq(&term(name))?;
    let is_borne = bearers >= BEARERS;
    Ok(is_borne && (words > 1 || is_at_home(snapshot, name, lang, bearers)?))
}

/// Whether a word hardly occurs but in the entries of one title.
fn is_at_home(snapshot: &Snapshot, word: &str, lang: Lang, bearers: u64) -> anyhow::Result<bool> {
    for word in analyser::words(lang, word) {
        let term = Term::from_field_text(FIELDS.terms, &word.term);
        if snapshot.searcher.doc_freq(&term)? > bearers + bearers / ABROAD {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The title that one word of it is enough for: "the Belfry" is the Cambridge Belfry where no other
/// title holds the word and few entries of others do.
fn nickname(snapshot: &Snapshot, word: &str, lang: Lang) -> anyhow::Result<Option<String>> {
    let Some(written) = analyser::words(lang, word).into_iter().next() else { return Ok(None) };
    let in_title = Term::from_field_text(FIELDS.texts[TITLE].field, &written.term);
    let holding = snapshot.searcher.doc_freq(&in_title)?;
    let is_long = word.chars().count() >= SHORTEST;
    if holding < BEARERS || !is_long || !is_at_home(snapshot, word, lang, holding)? {
        return Ok(None);
    }
    for (ordinal, segment) in (0..).zip(snapshot.searcher.segment_readers()) {
        let index = segment.inverted_index(FIELDS.texts[TITLE].field)?;
        let found = index.read_postings(&in_title, IndexRecordOption::Basic)?;
        if let Some(first) = found.map(|found| found.doc()).filter(|doc| *doc != TERMINATED) {
            let entry = snapshot.entry(DocAddress::new(ordinal, first))?;
            let Some(name) = of_title(&entry.title, entry.lang) else { return Ok(None) };
            let bearers = snapshot.searcher.doc_freq(&term(&name))?;
            return Ok((bearers == holding).then_some(name));
        }
    }
    Ok(None)
}

fn term(name: &str) -> Term {
    Term::from_field_text(FIELDS.name, name)
}

fn telling(text: &str, lang: Lang) -> Vec<String> {
    let mut words = analyser::plain(lang, text);
    words.retain(|word| !is_stop_word(lang, word));
    words
}
