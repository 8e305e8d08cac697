//! Passages: what a citation brings to bear, which is the whole of each sentence that its excerpt touches.
//!
//! An excerpt may begin in the middle of a number or behind a "not"; the sentence around it may not.

use super::super::text::sentences;
use crate::knowledge::Entry;
use std::ops::Range;

/// The whole sentences of the entry's answer that the excerpt touches; empty where it stands there
/// nowhere.
pub fn cited<'a>(entry: &'a Entry, excerpt: &str) -> &'a str {
    let answer = entry.answer.as_str();
    let excerpt = excerpt.trim();
    let Some(start) = answer.find(excerpt).filter(|_| !excerpt.is_empty()) else { return "" };
    let end = start + excerpt.len();
    let touched = |range: &Range<usize>| range.start < end && start < range.end;
    let mut touched = whole_sentences(answer).into_iter().filter(touched);
    let Some(first) = touched.next() else { return "" };
    let last = touched.next_back().unwrap_or_else(|| first.clone());
    answer.get(first.start..last.end).unwrap_or_default().trim()
}

/// Where each sentence stands; a line that only goes on does not end one.
fn whole_sentences(answer: &str) -> Vec<Range<usize>> {
    let mut flat = String::with_capacity(answer.len());
    let mut lines = answer.split('\n').peekable();
    while let Some(line) = lines.next() {
        flat.push_str(line);
        if let Some(next) = lines.peek() {
            let goes_on = !line.trim().is_empty() && !begins_block(next);
            flat.push(if goes_on { ' ' } else { '\n' });
        }
    }
    let mut start = 0;
    let ranges = sentences(&flat).into_iter().map(|sentence| {
        let range = start..start + sentence.len();
        start = range.end;
        range
    });
    ranges.collect()
}

/// Whether a line of Markdown begins something of its own: an item, a heading, a row, a blank.
fn begins_block(line: &str) -> bool {
    let line = line.trim_start();
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.is_empty()
        || line.starts_with(['-', '*', '+', '#', '>', '|', '`'])
        || (number.len() < line.len() && number.starts_with(['.', ')']))
}

/// The parts of a sentence that speak of one thing each: between commas and joining words.
///
/// `whole` are places that must not be cut through, such as a date with a comma in it.
pub fn clauses(sentence: &str, whole: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut cuts = vec![0];
    let mut start = 0;
    for word in sentence.split_inclusive(|c: char| c.is_whitespace()) {
        let end = start + word.len();
        let bare = word.trim_end();
        let folded = bare.to_lowercase();
        if JOINS.contains(&folded.as_str()) || bare.starts_with(['(', '–', '—']) {
            cuts.push(start);
        }
        if bare.ends_with([',', ';', ':', ')', '–', '—']) {
            cuts.push(end);
        }
        start = end;
    }
    cuts.retain(|cut| !whole.iter().any(|range| range.start < *cut && *cut < range.end));
    cuts.push(sentence.len());
    cuts.dedup();
    cuts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

/// Words that join one statement to another.
const JOINS: &[&str] = &[
    "and",
    "or",
    "but",
    "while",
    "whereas",
    "otherwise",
    "und",
    "oder",
    "aber",
    "sonst",
    "während",
    "sondern",
    "y",
    "o",
    "pero",
    "mientras",
    "et",
    "ou",
    "mais",
    "tandis",
    "e",
    "mas",
    "enquanto",
];

#[cfg(test)]
mod tests {
    use super::{cited, clauses};
    use crate::answer::tests::entry;

    #[test]
    fn an_excerpt_brings_the_sentences_it_touches() {
        let entry = entry(
            "a",
            "?",
            "Sale items cannot be returned\nafter 130 days. Others can. We\npay.\n\n- One item\n- Two, e.g. hats",
        );
        for (excerpt, passage) in [
            ("be returned", "Sale items cannot be returned\nafter 130 days."),
            ("30 days", "Sale items cannot be returned\nafter 130 days."),
            ("Others", "Others can."),
            ("can. We", "Others can. We\npay."),
            ("One", "- One item"),
            ("hats", "- Two, e.g. hats"),
            ("stands nowhere", ""),
            ("", ""),
        ] {
            assert_eq!(cited(&entry, excerpt), passage, "{excerpt}");
        }
    }

    #[test]
    fn a_clause_speaks_of_one_thing() {
        let text = "It costs 3 € in the EU, 4 € in the UK and 9 € elsewhere (by air).";
        let parts: Vec<&str> = clauses(text, &[]).into_iter().map(|part| &text[part]).collect();
        assert_eq!(
            parts,
            ["It costs 3 € in the EU, ", "4 € in the UK ", "and 9 € elsewhere ", "(by air)."]
        );
        let text = "On March 12, 2025 we open.";
        let date = 3..17;
        assert_eq!(clauses(text, std::slice::from_ref(&date)).len(), 1);
        assert_eq!(clauses(text, &[]).len(), 2);
    }
}
