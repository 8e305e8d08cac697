//! A contact's names, wherever and however a text writes them: whole, in part, as somebody's own, as
//! initials.
//!
//! A name that is a common word as well counts where it can hardly be the word: with a capital within a
//! sentence, beside another of the names, or alone where one signs.

use super::super::ground;
use super::super::text::fold;
use super::solid::{Solid, is_solid};
use std::ops::Range;
use unicode_normalization::char::is_combining_mark;

/// What stands between the words of a name and is no name.
const PARTICLES: &str =
    "de da di do du la le el al y e van von der den del dos das des zu zum bin ibn ter ten";
/// What stands before a name.
const TITLES: &str = "mr mrs ms miss mx dr prof sir herr frau sr sra senor senora mme mlle";
/// Names that are words too: in lower case they are the words.
const WORDS: &str = "price young green brown black white short stone field rivers banks parks winter summer autumn \
    grace faith gold silver hunter fisher walker small little sharp swift strong guest customer store chase \
    violet olive ginger amber pearl crystal sunny heather basil cliff forest heath rusty sandy miles penny \
    miller baker carter taylor potter visitor klein gross schwarz weiss braun sommer herbst fuchs stein \
    blanco rojo campos flores reyes iglesias rosa blanc petit grand roche";
/// Months that keep their capital.
const MONTHS: &str = "may april june august mai juni juli avril abril mayo junio agosto";
/// What follows somebody who says who writes.
const HERE: &str = "here hier aqui ici";

fn holds(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|it| it == word)
}

/// The names of one contact.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Folded.
    words: Vec<String>,
    initials: Vec<char>,
    solid: Solid,
}

/// A word of a text.
struct Word<'a> {
    range: Range<usize>,
    raw: &'a str,
    /// The part of it that is a name, and the name.
    name: Option<(Range<usize>, String)>,
}

impl Names {
    /// The names by which somebody is known.
    pub fn of(names: &[&str]) -> Self {
        let mut own = Self::default();
        for name in names {
            let parts = name.split(|c: char| c.is_whitespace() || matches!(c, ',' | '・' | '·'));
            let parts = parts.map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()));
            // An address is found as one.
            let parts = parts.filter(|part| !part.is_empty() && !part.contains('@'));
            let parts: Vec<&str> = parts.filter(|part| !holds(TITLES, &fold(part))).collect();
            for (place, part) in parts.iter().enumerate() {
                let is_inner = place > 0 && place + 1 < parts.len();
                if !(is_inner && holds(PARTICLES, &fold(part))) {
                    own.add(part);
                }
            }
        }
        own
    }

    fn add(&mut self, part: &str) {
        if part.chars().any(is_solid) {
            self.solid.add(part);
            return;
        }
        let folded = plain(part);
        self.initials.extend(folded.chars().next());
        let pieces = folded.split(['-', '\'', '.']).filter(|piece| piece.chars().count() > 2);
        self.words.extend(pieces.map(str::to_owned));
        self.words.push(folded.replace(['-', '\''], ""));
        self.words.push(folded);
        self.words.retain(|word| word.chars().count() > 1);
    }

    /// Where they stand in a text.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = self.solid.find(text);
        if self.words.is_empty() && self.initials.is_empty() {
            return found;
        }
        let words: Vec<Word<'_>> = words(text).map(|range| self.word(text, range)).collect();
        for place in 0..words.len() {
            if let Some((range, _)) = &words[place].name
                && is_clear(text, &words, place)
            {
                found.push(range.clone());
            }
        }
        self.find_initials(text, &words, &mut found);
        found
    }

    /// A word, with the part of it that is a name: all of it, what is somebody's own, a piece.
    fn word<'a>(&self, text: &'a str, range: Range<usize>) -> Word<'a> {
        let raw = &text[range.clone()];
        let name = self
            .name_in(raw)
            .map(|(inner, name)| (range.start + inner.start..range.start + inner.end, name));
        Word { range, raw, name }
    }

    fn name_in(&self, raw: &str) -> Option<(Range<usize>, String)> {
        let known = |word: &str| Some(plain(word)).filter(|word| self.words.contains(word));
        if let Some(name) = known(raw) {
            return Some((0..raw.len(), name));
        }
        let last = raw.char_indices().next_back().filter(|(_, c)| matches!(c, 's' | 'S'));
        if let Some((end, _)) = last {
            let bare = raw[..end].trim_end_matches(is_apostrophe);
            let is_own = bare.len() < end || bare.chars().count() > 2;
            if let Some(name) = known(bare).filter(|_| is_own) {
                return Some((0..if bare.len() < end { bare.len() } else { raw.len() }, name));
            }
        }
        let mut start = 0;
        for piece in raw.split_inclusive(|c| is_hyphen(c) || is_apostrophe(c)) {
            let bare = piece.trim_end_matches(|c| is_hyphen(c) || is_apostrophe(c));
            if let Some(name) = known(bare) {
                return Some((start..start + bare.len(), name));
            }
            start += piece.len();
        }
        None
    }

    /// `A. Kowalski`, `A. K.`, and `AK` on a line of its own after others.
    fn find_initials(&self, text: &str, words: &[Word<'_>], found: &mut Vec<Range<usize>>) {
        let is_initial = |word: &Word<'_>| {
            let letter = fold(word.raw).chars().next().filter(|_| word.raw.chars().count() == 1);
            let is_own = letter.is_some_and(|letter| self.initials.contains(&letter));
            is_own && is_capital(word.raw) && text[word.range.end..].starts_with('.')
        };
        for pair in words.windows(2) {
            let between = text[pair[0].range.end..pair[1].range.start].trim_start_matches('.');
            if !between.trim_matches(' ').is_empty() {
                continue;
            }
            let are = [is_initial(&pair[0]), is_initial(&pair[1])];
            let names = [&pair[0], &pair[1]].map(|it| it.name.is_some() && is_capital(it.raw));
            for place in 0..2 {
                let beside = are[1 - place] || names[1 - place];
                if are[place] && beside && !found.contains(&pair[place].range) {
                    found.push(pair[place].range.clone());
                }
            }
        }
        let initials: String = self.initials.iter().flat_map(|c| c.to_uppercase()).collect();
        let signed = words.last().filter(|word| word.raw == initials && initials.len() > 1);
        found.extend(signed.filter(|word| is_line(text, word)).map(|word| word.range.clone()));
    }
}

/// Whether a word is all of a line that follows another.
fn is_line(text: &str, word: &Word<'_>) -> bool {
    let before = text[..word.range.start].trim_end_matches([' ', '-', '–', '—']);
    !before.trim().is_empty()
        && before.ends_with('\n')
        && text[word.range.end..].trim_matches(['.', ' ', '\n']).is_empty()
}

/// The word as it is compared, with plain hyphens.
fn plain(word: &str) -> String {
    fold(word).replace(is_hyphen, "-")
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ')
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// The words of a text: letters, with hyphens and apostrophes between them.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let is_letter = |c: char| (c.is_alphabetic() || is_combining_mark(c)) && !is_solid(c);
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(is_letter)?;
        let mut end = start;
        let mut rest = text[start..].char_indices().peekable();
        while let Some((place, c)) = rest.next() {
            let joins = is_hyphen(c) || is_apostrophe(c);
            let goes_on = joins && rest.peek().is_some_and(|(_, next)| is_letter(*next));
            if !is_letter(c) && !goes_on {
                break;
            }
            end = start + place + c.len_utf8();
        }
        at = end;
        Some(start..end)
    })
}

/// Whether a word that reads like a name is meant as one.
fn is_clear(text: &str, words: &[Word<'_>], place: usize) -> bool {
    let word = &words[place];
    let Some((range, name)) = &word.name else { return false };
    let raw = &text[range.clone()];
    let letters = name.chars().count();
    if !raw.chars().any(|c| c.is_uppercase() || c.is_lowercase()) {
        return letters > 2;
    }
    let (is_small, is_word) = (ground::is_common(name), holds(WORDS, name));
    if !is_capital(raw) {
        return letters > 4 && !is_small && !is_word;
    }
    let is_loud = letters > 1 && !raw.chars().any(char::is_lowercase);
    let is_month = holds(MONTHS, name);
    let is_doubtful =
        (is_small && (is_loud || begins(text, word))) || (is_word && is_loud) || is_month;
    !is_doubtful || is_beside_a_name(text, words, place) || is_alone(text, words, place)
}

/// Whether a sentence begins with a word.
fn begins(text: &str, word: &Word<'_>) -> bool {
    let before = text[..word.range.start]
        .trim_end_matches([' ', '\t', '"', '“', '„', '«', '(', '¿', '¡', '*', '-']);
    before.is_empty() || before.ends_with(['.', '!', '?', '…', ':', ';', '\n', '。'])
}

/// Whether the word before or after is another of the names.
fn is_beside_a_name(text: &str, words: &[Word<'_>], place: usize) -> bool {
    let is_other = |one: &Word<'_>, other: &Word<'_>| {
        let (first, second) =
            if one.range.start < other.range.start { (one, other) } else { (other, one) };
        let between = &text[first.range.end..second.range.start];
        let are_two = one.name.as_ref().map(|it| &it.1) != other.name.as_ref().map(|it| &it.1);
        other.name.is_some()
            && is_capital(other.raw)
            && are_two
            && matches!(between, " " | ", " | "  ")
    };
    let before = place.checked_sub(1).and_then(|before| words.get(before));
    [before, words.get(place + 1)].into_iter().flatten().any(|it| is_other(&words[place], it))
}

/// Whether a word stands as one signs or is greeted: apart from what comes before and after.
fn is_alone(text: &str, words: &[Word<'_>], place: usize) -> bool {
    let word = &words[place];
    let (before, after) = (text[..word.range.start].trim_end_matches(' '), &text[word.range.end..]);
    let starts = begins(text, word) || before.ends_with(',');
    let says = words.get(place + 1).is_some_and(|next| holds(HERE, &fold(next.raw)));
    let ends = after.trim_start_matches(' ');
    starts && (ends.is_empty() || ends.starts_with(['\n', ',', '.', '!']) || says)
}
