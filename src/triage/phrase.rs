//! Phrases to look for: a small notation for word patterns, and the matching of it.
//!
//! Phrases are separated by commas. In a phrase, `a/b` is either word, `refund*` any word that
//! begins so, `the?` may be missing, `..` skips up to three words, and `<` and `>` stand for the
//! beginning and the end of a sentence. A phrase never reaches beyond its sentence, and its first
//! word is a real one.

use super::text::{Sentence, Text, Word, folded_words};
use std::collections::HashMap;

const GAP: usize = 3;

#[derive(Debug, Clone)]
struct Form {
    letters: String,
    prefix: bool,
}

#[derive(Debug, Clone)]
enum Element {
    Word { forms: Vec<Form>, optional: bool },
    Gap,
    Begins,
    Ends,
}

/// A set of phrases, found by the first letter of their first word.
#[derive(Debug, Default)]
pub struct Phrases {
    patterns: Vec<Vec<Element>>,
    by_letter: HashMap<char, Vec<usize>>,
}

/// Where a phrase was found: its words, first and one past the last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// The first word.
    pub first: usize,
    /// The word after the last.
    pub last: usize,
}

impl Span {
    /// The words of a sentence.
    pub fn of(sentence: &Sentence) -> Self {
        Self { first: sentence.first, last: sentence.last }
    }
}

impl Phrases {
    /// Reads phrases in the notation.
    pub fn new(tables: &[&str]) -> Self {
        let mut phrases = Self::default();
        for phrase in tables.iter().flat_map(|table| table.split(',')) {
            let pattern: Vec<_> = phrase.split_whitespace().flat_map(elements).collect();
            let heads = heads(&pattern);
            for head in heads {
                phrases.by_letter.entry(head).or_default().push(phrases.patterns.len());
            }
            phrases.patterns.push(pattern);
        }
        phrases
    }

    /// The longest phrase that begins at a word.
    pub fn at(&self, text: &Text, first: usize) -> Option<Span> {
        let letter = text.words.get(first)?.folded.chars().next()?;
        let ends = self.by_letter.get(&letter)?.iter();
        let ends = ends.filter_map(|index| end_of(&self.patterns[*index], text, first, first));
        ends.filter(|last| *last > first).max().map(|last| Span { first, last })
    }

    /// All phrases in a run of words, the longest at each word.
    pub fn within<'a>(
        &'a self,
        text: &'a Text,
        words: std::ops::Range<usize>,
    ) -> impl Iterator<Item = Span> + 'a {
        words.filter_map(|first| self.at(text, first))
    }

    /// The first phrase in the text.
    pub fn find(&self, text: &Text) -> Option<Span> {
        self.within(text, 0..text.words.len()).next()
    }

    /// Marks the words that phrases cover.
    pub fn cover(&self, text: &Text, covered: &mut [bool]) {
        for span in self.within(text, 0..text.words.len()) {
            covered[span.first..span.last].fill(true);
        }
    }
}

fn elements(token: &str) -> Vec<Element> {
    match token {
        ".." => vec![Element::Gap],
        "<" => vec![Element::Begins],
        ">" => vec![Element::Ends],
        _ => {
            let optional = token.ends_with('?');
            let choices: Vec<_> = token.trim_end_matches('?').split('/').collect();
            if let [single] = choices.as_slice() {
                let prefix = single.ends_with('*');
                let words = folded_words(single).into_iter();
                let form = |letters| vec![Form { letters, prefix }];
                return words.map(|word| Element::Word { forms: form(word), optional }).collect();
            }
            let form = |choice: &&str| Form {
                letters: folded_words(choice).concat(),
                prefix: choice.ends_with('*'),
            };
            vec![Element::Word { forms: choices.iter().map(form).collect(), optional }]
        }
    }
}

fn heads(pattern: &[Element]) -> Vec<char> {
    let first = pattern.iter().find_map(|element| match element {
        Element::Word { forms, .. } => Some(forms),
        Element::Gap | Element::Begins | Element::Ends => None,
    });
    let mut heads: Vec<_> =
        first.into_iter().flatten().filter_map(|form| form.letters.chars().next()).collect();
    heads.sort_unstable();
    heads.dedup();
    heads
}

#[cfg(test)]
thread_local! {
    /// How many elements this thread has compared, to bound the work by count.
    pub static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Where the pattern ends when it begins at `first` and has come to `at`.
fn end_of(pattern: &[Element], text: &Text, first: usize, at: usize) -> Option<usize> {
    #[cfg(test)]
    STEPS.with(|steps| steps.set(steps.get() + 1));
    let Some((element, rest)) = pattern.split_first() else { return Some(at) };
    let sentence = &text.sentences[text.words[first].sentence];
    match element {
        Element::Begins => (at == sentence.first).then(|| end_of(rest, text, first, at))?,
        Element::Ends => (at == sentence.last).then(|| end_of(rest, text, first, at))?,
        Element::Gap => (at..=(at + GAP).min(sentence.last))
            .find_map(|skipped| end_of(rest, text, first, skipped)),
        Element::Word { forms, optional } => {
            let fits = at < sentence.last && fits(forms, &text.words[at]);
            let taken = if fits { end_of(rest, text, first, at + 1) } else { None };
            taken.or_else(|| optional.then(|| end_of(rest, text, first, at))?)
        }
    }
}

fn fits(forms: &[Form], word: &Word) -> bool {
    forms.iter().any(|form| {
        if form.prefix {
            word.folded.starts_with(&form.letters)
        } else {
            word.folded == form.letters
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Phrases, Text};

    fn found(phrase: &str, text: &str) -> Option<String> {
        let text = Text::read(text);
        let span = Phrases::new(&[phrase]).find(&text)?;
        Some(text.written(span.first, span.last).to_owned())
    }

    #[test]
    fn the_notation_finds_what_it_says() {
        for (phrase, text, expected) in [
            ("good day", "A GOOD day to you", Some("GOOD day")),
            ("refund*", "two refunds", Some("refunds")),
            ("refund", "two refunds", None),
            ("talk/speak to .. person", "speak to a real person", Some("speak to a real person")),
            ("talk to .. person", "talk to one two three four person", None),
            ("real the? person", "a real person", Some("real person")),
            ("< stop >", "Stop. Now", Some("Stop")),
            ("< stop >", "please stop", None),
            ("my order", "It is my. Order it", None),
            ("réclamation", "Reclamation", Some("Reclamation")),
            ("don't", "i dont", Some("dont")),
        ] {
            assert_eq!(found(phrase, text).as_deref(), expected, "{phrase} in {text}");
        }
    }

    #[test]
    fn the_longest_phrase_wins() {
        assert_eq!(found("thank, thank you", "thank you").as_deref(), Some("thank you"));
    }
}
