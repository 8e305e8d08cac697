//! Units: each wording and each passage of an entry by itself, which is what vectors are made of.
//!
//! An entry's best unit speaks for it: neither an entry with many wordings nor a long answer is
//! blurred into a mean of everything it says.

use crate::knowledge::Entry;
use crate::lang::Lang;
use sha2::{Digest, Sha256};
use std::{collections::HashSet, ops::Range};

/// A passage grows to so many bytes by the paragraphs that follow.
const PASSAGE: usize = 350;
/// A longer one is parted after a sentence.
const LONGEST: usize = 700;
/// Passages of one answer at most; the rest of it is found by its words.
const PASSAGES: usize = 64;

/// A text of an entry that is compared with questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Names text and language; the same text has the same vectors.
    pub key: u64,
    /// Where it stands in the answer; none for a wording.
    pub passage: Option<Range<u32>>,
    /// The text.
    pub text: String,
}

/// The units of an entry: question, ways, learned wordings and a title of its own, then passages.
pub fn units(entry: &Entry) -> Vec<Unit> {
    let mut seen = HashSet::new();
    let wordings = std::iter::once(&entry.question).chain(&entry.ways).chain(&entry.learned);
    let wordings = wordings.map(|text| (None, text.trim().to_owned()));
    let title = std::iter::once((None, entry.title.trim().to_owned()));
    let passages = passages(&entry.answer).into_iter().take(PASSAGES);
    let passages = passages.map(|range| (Some(range.clone()), plain(&entry.answer[range])));
    wordings
        .chain(title)
        .chain(passages)
        .filter(|(_, text)| !text.is_empty() && seen.insert(text.to_lowercase()))
        .map(|(passage, text)| Unit {
            key: key(entry.lang, &text),
            passage: passage.map(narrow),
            text,
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "no answer has 4 GB")]
fn narrow(range: Range<usize>) -> Range<u32> {
    range.start as u32..range.end as u32
}

fn key(lang: Lang, text: &str) -> u64 {
    let hash = Sha256::new().chain_update(lang.as_str()).chain_update(text).finalize();
    hash.iter().take(8).fold(0, |key, &byte| key << 8 | u64::from(byte))
}

/// The passages of an answer: paragraphs, the short ones joined and the long ones parted.
fn passages(answer: &str) -> Vec<Range<usize>> {
    let mut passages: Vec<Range<usize>> = Vec::new();
    for paragraph in paragraphs(answer) {
        match passages.last_mut() {
            Some(last) if paragraph.end - last.start <= PASSAGE => last.end = paragraph.end,
            _ => passages.push(paragraph),
        }
    }
    passages.into_iter().flat_map(|passage| parted(answer, passage)).collect()
}

fn paragraphs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    let blocks = text.split("\n\n").map(move |block| {
        let start = at + block.len() - block.trim_start().len();
        let range = start..start + block.trim().len();
        at += block.len() + 2;
        range
    });
    blocks.filter(|block| !block.is_empty())
}

/// A passage in parts of bearable length, each but the last ending with a sentence, line or word.
fn parted(text: &str, passage: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = passage.start;
    while passage.end - start > LONGEST {
        let reach = &text[start..text.floor_char_boundary(start + LONGEST)];
        let ends = [". ", ".\n", "? ", "! ", "\n", "。", " "];
        let cut = ends.iter().find_map(|end| {
            reach.rfind(end).map(|at| at + end.len()).filter(|&at| at > LONGEST / 3)
        });
        let end = start + cut.unwrap_or(reach.len()).max(1);
        parts.push(trimmed(text, start..end));
        start = end;
    }
    parts.push(trimmed(text, start..passage.end));
    parts.retain(|part| !part.is_empty());
    parts
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
}

/// The words of a passage without marks of Markdown and without addresses of links.
fn plain(passage: &str) -> String {
    let mut plain = String::with_capacity(passage.len());
    let mut rest = passage;
    while let Some(at) = rest.find("](") {
        plain.push_str(&rest[..at]);
        rest = rest[at..].find(')').map_or("", |end| &rest[at + end + 1..]);
    }
    plain.push_str(rest);
    plain.retain(|c| !matches!(c, '*' | '`' | '#' | '[' | ']' | '|' | '>'));
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, passages, plain, units};
    use crate::lang::Lang;
    use crate::search::tests::entry;

    #[test]
    fn a_unit_is_made_of_each_wording_and_passage_once() {
        let mut refund = entry("refund", Lang::EN, "Refund?", "In 5 days.\n\nBy card.");
        refund.title = "refund?".to_owned();
        refund.ways = vec!["Money back".to_owned(), " ".to_owned()];
        refund.learned = vec!["Money back".to_owned(), "whr is my cash".to_owned()];
        let all = units(&refund);
        let texts: Vec<&str> = all.iter().map(|unit| &*unit.text).collect();
        assert_eq!(texts, ["Refund?", "Money back", "whr is my cash", "In 5 days. By card."]);
        assert_eq!(all[3].passage, Some(0..20));
        let german = units(&crate::knowledge::Entry { lang: Lang::DE, ..refund });
        assert_ne!(all[0].key, german[0].key);
    }

    #[test]
    fn passages_are_cut_out_of_the_answer_word_for_word() {
        let sentence = "Returns take thirty days from the day of delivery. ";
        let long = sentence.repeat(40);
        for (answer, expected) in [
            ("", 0),
            (" \n\n\n ", 0),
            ("Short.", 1),
            ("One.\n\nTwo.\n\n- three", 1),
            (&*format!("{}\n\n{}", sentence.repeat(6), sentence.repeat(6)), 2),
            (&*long, 4),
            (&*"退".repeat(700), 4),
        ] {
            let found = passages(answer);
            assert_eq!(found.len(), expected, "{answer}");
            for range in found {
                let passage = &answer[range];
                assert!(passage.len() <= LONGEST && passage == passage.trim(), "{passage}");
            }
        }
        assert!(passages(&long).iter().all(|range| long[range.clone()].ends_with('.')));
    }

    #[test]
    fn marks_and_addresses_are_no_words() {
        assert_eq!(plain("**See** [our\npage](https://x.example/a) `now`"), "See our page now");
        assert_eq!(plain("a](b"), "a");
    }
}
