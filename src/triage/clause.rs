//! The pieces that a message falls into: statements and questions, without courtesy around them.

use super::phrase::Span;
use super::text::{Sentence, Text};
use super::words::Words;
use std::ops::Range;

/// The fewest words of a question on its own.
pub const FEWEST_WORDS: usize = 3;

/// The fewest words of a question that is joined to another in one sentence.
const FEWEST_JOINED: usize = 4;

/// Words from which a message with one question mark is not cut inside its sentences.
const LONG_WORDS: usize = 40;

/// What follows an "it" that stands for nothing.
const EMPTY_SUBJECT: &[&str] =
    &["possible", "ok", "okay", "true", "allowed", "necessary", "worth", "correct", "right"];

/// A statement or a question.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Its words, by number.
    pub words: Range<usize>,
    /// Its bytes of the cleaned text.
    pub bytes: Range<usize>,
    /// Whether it is a question.
    pub asks: bool,
    /// Whether it was joined to what stands before it, as by "also".
    pub joined: bool,
}

/// Cuts a message into pieces; what follows "Kind regards" belongs to none.
pub fn pieces(text: &Text, words: &Words) -> Vec<Piece> {
    let mut courteous = vec![false; text.words.len()];
    words.greeting.cover(text, &mut courteous);
    words.thanks.cover(text, &mut courteous);
    let mut empty = courteous.clone();
    words.filler.cover(text, &mut empty);
    let mut pieces = Vec::new();
    for sentence in &text.sentences {
        let run = sentence.first..sentence.last;
        if words.sign_off.at(text, sentence.first).is_some() && !sentence.asks {
            break;
        }
        if !courteous[run.clone()].contains(&true) || empty[run].contains(&false) {
            cut(text, words, sentence, &mut pieces);
        }
    }
    pieces
}

/// Whether a question begins here, be it behind courtesy or a word like "so".
pub fn opens_question(text: &Text, words: &Words, from: usize, to: usize) -> bool {
    let first = after_courtesy(text, words, from, to).0;
    begins_question(text, words, first, to)
}

/// Whether a question word stands here, or next behind a word that may stand before it.
fn begins_question(text: &Text, words: &Words, first: usize, to: usize) -> bool {
    let opens = |at: usize| at < to && words.asking.at(text, at).is_some();
    opens(first) || (words.lead.at(text, first).is_some() && opens(first + 1))
}

/// Whether the writer says what they want.
pub fn wants(text: &Text, words: &Words, from: usize, to: usize) -> bool {
    words.request.within(text, from..to).next().is_some()
}

/// Whether a word stands for something said before.
pub fn points_back(text: &Text, words: &Words, from: usize, to: usize) -> bool {
    words.pointer.within(text, from..to).any(|span| {
        let after = text.words.get(span.last).map(|word| word.folded.as_str());
        !after.is_some_and(|word| EMPTY_SUBJECT.contains(&word))
    })
}

/// The first word after greetings, thanks and joining words, and whether a joining word was passed.
fn after_courtesy(text: &Text, words: &Words, from: usize, to: usize) -> (usize, bool) {
    let (mut at, mut joined) = (from, false);
    while at < to {
        let joining = words.joiner.at(text, at);
        let courtesy = [&words.greeting, &words.thanks].map(|table| table.at(text, at));
        let courtesy = courtesy.into_iter().flatten().max_by_key(|span| span.last);
        match joining.or(courtesy.filter(|span| stands_apart(text, words, *span))) {
            Some(span) if span.last < to => {
                joined |= joining.is_some();
                at = span.last;
            }
            _ => break,
        }
    }
    (at, joined)
}

/// Whether courtesy is set off from what follows: "Great, do you" is, "great boots" is not.
fn stands_apart(text: &Text, words: &Words, span: Span) -> bool {
    let Some(next) = text.words.get(span.last) else { return true };
    let between = &text.clean[text.words[span.last - 1].end..next.start];
    let tables = [&words.greeting, &words.thanks, &words.joiner, &words.asking];
    between.contains([',', '.', '!', ':', '-', '–', '\n'])
        || tables.iter().any(|table| table.at(text, span.last).is_some())
}

/// Whether a message is long and asks once: then what is joined by "and" is one matter.
fn rambles(text: &Text) -> bool {
    text.words.len() > LONG_WORDS && text.sentences.iter().filter(|one| one.asks).count() <= 1
}

/// Whether a sentence ends as a statement, in a message that marks its questions.
fn states(text: &Text, sentence: &Sentence) -> bool {
    let closed = text.clean[sentence.start..sentence.end].trim_end().ends_with(['.', '!']);
    closed && text.sentences.iter().any(|one| one.asks)
}

fn cut(text: &Text, words: &Words, sentence: &Sentence, pieces: &mut Vec<Piece>) {
    let (first, joined) = after_courtesy(text, words, sentence.first, sentence.last);
    let start = if first == sentence.first { sentence.start } else { text.words[first].start };
    let mut piece =
        Piece { words: first..sentence.last, bytes: start..sentence.end, asks: true, joined };
    let places = if rambles(text) { 0..0 } else { first + FEWEST_WORDS..sentence.last };
    let mut asks = begins_question(text, words, first, sentence.last);
    for at in places {
        let left = piece.words.start..at;
        if left.len() < FEWEST_WORDS || !asks {
            continue;
        }
        if let Some(next) = next_question(text, words, &left, sentence) {
            let bytes = piece.bytes.start..text.words[at - 1].end;
            pieces.push(Piece { words: left, bytes, asks: true, joined: piece.joined });
            piece.words.start = next;
            piece.bytes.start = text.words[next].start;
            piece.joined = true;
            asks = true;
        }
    }
    piece.asks = sentence.asks || (asks && !states(text, sentence));
    pieces.push(piece);
}

/// Where the next question begins, if one is joined on right behind `left`.
fn next_question(
    text: &Text,
    words: &Words,
    left: &Range<usize>,
    sentence: &Sentence,
) -> Option<usize> {
    let (at, end) = (left.end, sentence.last);
    let complete = words.asking.at(text, at - 1).is_none_or(|span| span.last > at);
    let next = match words.joiner.at(text, at) {
        Some(_) => after_courtesy(text, words, at, end).0,
        None if sentence.asks && is_listed(text, words, left) => at,
        None => return None,
    };
    let opens = words.asking.at(text, next).is_some();
    (complete && opens && next + FEWEST_JOINED <= end && !points_back(text, words, next, end))
        .then_some(next)
}

/// Whether only a comma stands between two questions: the first has none inside, and the next
/// opens with verb and subject, as in "can I"; a lone "when" rather opens a subordinate clause.
fn is_listed(text: &Text, words: &Words, left: &Range<usize>) -> bool {
    let at = left.end;
    let between = &text.clean[text.words[at - 1].end..text.words[at].start];
    let inside = &text.clean[text.words[left.start].start..text.words[at - 1].end];
    let clause = words.asking.at(text, at).is_some_and(|span| span.last - span.first >= 2);
    clause && left.len() > FEWEST_WORDS && between.contains(',') && !inside.contains(',')
}
