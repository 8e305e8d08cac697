//! The questions in a message, each on its own.
//!
//! A wrong cut costs more than a missed one: half a question finds the wrong answer, while two
//! together find at least one. So a piece that is short, or points back, stays where it is.

use super::phrase::Span;
use super::text::{Sentence, Text};
use super::words::Words;
use crate::lang::Lang;

/// The most questions a message is cut into; what is beyond stays with the last.
const MOST: usize = 5;

/// The fewest words of a question on its own.
const FEWEST_WORDS: usize = 3;

/// What follows an "it" that stands for nothing.
const EMPTY_SUBJECT: &[&str] =
    &["possible", "ok", "okay", "true", "allowed", "necessary", "worth", "correct", "right"];

#[derive(Debug, Clone)]
struct Piece {
    first: usize,
    last: usize,
    start: usize,
    end: usize,
    asks: bool,
    /// Whether it was joined to what stands before it, as by "also".
    joined: bool,
}

/// Cuts the message into its questions; one that is hard to cut stays whole.
pub fn split(text: &Text, lang: Lang) -> Vec<String> {
    let words = Words::of_lang(lang);
    let groups = group(pieces(text, words), text, words);
    let mut questions: Vec<String> = groups.iter().map(|group| wording(group, text)).collect();
    questions.retain(|question| !question.is_empty());
    questions.dedup();
    if questions.len() > MOST {
        let rest = questions.split_off(MOST - 1).join(" ");
        questions.push(rest);
    }
    if questions.is_empty() {
        questions.push(text.clean.trim().to_owned());
    }
    questions
}

/// Whether a run of words asks: it opens as questions do, or says what the writer wants.
pub fn asks(text: &Text, words: &Words, from: usize, to: usize) -> bool {
    let lead = after_courtesy(text, words, from, to).0;
    let opens = (lead..to.min(lead + 2)).any(|at| words.asking.at(text, at).is_some());
    opens || words.request.within(text, from..to).next().is_some()
}

/// The first word after greetings, thanks and joining words, and whether a joining word was passed.
pub fn after_courtesy(text: &Text, words: &Words, from: usize, to: usize) -> (usize, bool) {
    let (mut at, mut joined) = (from, false);
    while at < to {
        let joiner = words.joiner.at(text, at);
        let courtesy = || {
            let longest = [&words.greeting, &words.thanks].map(|table| table.at(text, at));
            longest.into_iter().flatten().max_by_key(|span| span.last)
        };
        match joiner.or_else(|| courtesy().filter(|span| stands_apart(text, words, *span))) {
            Some(span) if span.last < to => {
                joined |= joiner.is_some();
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

fn pieces(text: &Text, words: &Words) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for sentence in &text.sentences {
        if words.sign_off.at(text, sentence.first).is_some() && !sentence.asks {
            break;
        }
        if is_courtesy(text, words, sentence) {
            continue;
        }
        let (first, joined) = after_courtesy(text, words, sentence.first, sentence.last);
        cut(text, words, sentence, first, joined, &mut pieces);
    }
    pieces
}

/// Whether thanks, greetings and the words beside them are all that a sentence says.
fn is_courtesy(text: &Text, words: &Words, sentence: &Sentence) -> bool {
    let mut covered = vec![false; text.words.len()];
    words.greeting.cover(text, &mut covered);
    words.thanks.cover(text, &mut covered);
    let told = covered[sentence.first..sentence.last].contains(&true);
    words.filler.cover(text, &mut covered);
    told && !covered[sentence.first..sentence.last].contains(&false)
}

fn cut(
    text: &Text,
    words: &Words,
    sentence: &Sentence,
    first: usize,
    joined: bool,
    pieces: &mut Vec<Piece>,
) {
    let mut piece = Piece {
        first,
        last: sentence.last,
        start: text.words[first].start,
        end: sentence.end,
        asks: sentence.asks,
        joined,
    };
    if first == sentence.first {
        piece.start = sentence.start;
    }
    for at in first + FEWEST_WORDS..sentence.last.saturating_sub(FEWEST_WORDS - 1) {
        if at < piece.first + FEWEST_WORDS || !asks(text, words, piece.first, at) {
            continue;
        }
        let Some(next) = next_question(text, words, at, sentence.last) else { continue };
        let mut done = piece.clone();
        (done.last, done.end, done.asks) = (at, text.words[at - 1].end, true);
        pieces.push(done);
        (piece.first, piece.start, piece.joined) = (next, text.words[next].start, true);
    }
    piece.asks = sentence.asks || asks(text, words, piece.first, piece.last);
    pieces.push(piece);
}

/// Where the next question begins, if one is joined on at this word.
fn next_question(text: &Text, words: &Words, at: usize, end: usize) -> Option<usize> {
    let complete = words.asking.at(text, at - 1).is_none_or(|span| span.last > at);
    let next = match words.joiner.at(text, at) {
        Some(joiner) => after_courtesy(text, words, joiner.first, end).0,
        None if follows_comma(text, at) && opens_clause(text, words, at) => at,
        None => return None,
    };
    let opens = words.asking.at(text, next).is_some();
    (complete && opens && next + FEWEST_WORDS <= end && !points_back(text, words, next, end))
        .then_some(next)
}

fn follows_comma(text: &Text, at: usize) -> bool {
    text.clean[text.words[at - 1].end..text.words[at].start].contains(',')
}

/// Verb and subject, as in "can I": a lone "when" after a comma is rather a subordinate clause.
fn opens_clause(text: &Text, words: &Words, at: usize) -> bool {
    words.asking.at(text, at).is_some_and(|span| span.last - span.first >= 2)
}

/// Whether a word stands for something said before.
fn points_back(text: &Text, words: &Words, from: usize, to: usize) -> bool {
    words.pointer.within(text, from..to).any(|span| {
        let after = text.words.get(span.last).map(|word| word.folded.as_str());
        !after.is_some_and(|word| EMPTY_SUBJECT.contains(&word))
    })
}

fn group(pieces: Vec<Piece>, text: &Text, words: &Words) -> Vec<Vec<Piece>> {
    let mut groups: Vec<Vec<Piece>> = Vec::new();
    let mut waiting: Vec<Piece> = Vec::new();
    for piece in pieces {
        if !piece.asks {
            waiting.push(piece);
            continue;
        }
        let back = points_back(text, words, piece.first, piece.last);
        let short = piece.last - piece.first < FEWEST_WORDS;
        let context_is_its = back || waiting.first().is_some_and(|statement| statement.joined);
        match groups.last_mut() {
            Some(group) if waiting.is_empty() && (back || short) => group.push(piece),
            Some(group) if !waiting.is_empty() && !context_is_its => {
                group.append(&mut waiting);
                groups.push(vec![piece]);
            }
            _ => {
                waiting.push(piece);
                groups.push(std::mem::take(&mut waiting));
            }
        }
    }
    match groups.last_mut() {
        Some(group) => group.append(&mut waiting),
        None if waiting.is_empty() => {}
        None => groups.push(waiting),
    }
    groups
}

fn wording(group: &[Piece], text: &Text) -> String {
    let parts = group.iter().map(|piece| text.clean[piece.start..piece.end].trim());
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Lang, MOST, Text, split};

    fn check(lang: Lang, text: &str, expected: &[&str]) {
        assert_eq!(split(&Text::read(text), lang), expected, "{text}");
    }

    #[test]
    fn several_questions_are_cut_apart() {
        check(
            Lang::EN,
            "How long does shipping take and can I pay by invoice? also do you have a store in Girona?",
            &[
                "How long does shipping take",
                "can I pay by invoice?",
                "do you have a store in Girona?",
            ],
        );
        check(
            Lang::EN,
            "What are your opening hours, do you ship to Norway, and can I pay with PayPal?",
            &["What are your opening hours", "do you ship to Norway", "can I pay with PayPal?"],
        );
        check(
            Lang::DE,
            "Wie lange dauert der Versand und kann ich auf Rechnung zahlen? Gibt es einen Laden in Leipzig?",
            &[
                "Wie lange dauert der Versand",
                "kann ich auf Rechnung zahlen?",
                "Gibt es einen Laden in Leipzig?",
            ],
        );
        check(
            Lang::ES,
            "¿Cuánto tarda el envío y puedo pagar con PayPal?",
            &["¿Cuánto tarda el envío", "puedo pagar con PayPal?"],
        );
        check(
            Lang::FR,
            "Combien coûte la livraison et puis-je payer par facture ?",
            &["Combien coûte la livraison", "puis-je payer par facture ?"],
        );
        check(
            Lang::PT,
            "Quanto tempo demora a entrega e posso pagar com PayPal?",
            &["Quanto tempo demora a entrega", "posso pagar com PayPal?"],
        );
    }

    #[test]
    fn what_belongs_together_stays_together() {
        for text in [
            "I bought boots in May. Can I still return them?",
            "How long does it take and how much does it cost?",
            "Do you know where and when the store opens?",
            "Can I return and exchange worn boots?",
            "What sizes and what colours do you have?",
            "Do you sell climbing ropes? How long do they last?",
            "Can I return boots? Why?",
            "My zip broke. The tent is two years old. Is that a warranty case?",
            "Can I return shoes? I lost the receipt.",
            "Ich habe Schuhe gekauft und sie passen nicht",
            "Compré unas botas en mayo. ¿Puedo devolverlas?",
            "If I order today, when will the parcel arrive?",
        ] {
            let lang = super::super::language::detect(&Text::read(text), Lang::EN).lang;
            check(lang, text, &[text]);
        }
    }

    #[test]
    fn a_statement_stays_with_its_question() {
        check(
            Lang::EN,
            "I bought boots in May. Can I return them? Also I need a gift. Do you have gift cards?",
            &[
                "I bought boots in May. Can I return them?",
                "I need a gift. Do you have gift cards?",
            ],
        );
        check(
            Lang::EN,
            "Can I return boots? I lost the receipt. Do you have a store in Bristol?",
            &["Can I return boots? I lost the receipt.", "Do you have a store in Bristol?"],
        );
    }

    #[test]
    fn greetings_and_sign_offs_are_no_part_of_a_question() {
        for (lang, text, expected) in [
            (Lang::EN, "Hi there! How do I wash merino? Thanks a lot!", "How do I wash merino?"),
            (
                Lang::EN,
                "Hello, how do I wash merino?\nKind regards,\nAnna",
                "how do I wash merino?",
            ),
            (Lang::EN, "Thanks, but what about returns?", "but what about returns?"),
            (
                Lang::DE,
                "Guten Tag, wie wasche ich Merino?\nViele Grüße\nAnna",
                "wie wasche ich Merino?",
            ),
            (Lang::ES, "Hola, buenas tardes. ¿Cómo lavo la lana? Gracias", "¿Cómo lavo la lana?"),
            (
                Lang::FR,
                "Bonjour, comment laver le mérinos ? Merci d'avance",
                "comment laver le mérinos ?",
            ),
            (Lang::PT, "Olá, bom dia! Como lavo a lã? Obrigada", "Como lavo a lã?"),
        ] {
            check(lang, text, &[expected]);
        }
    }

    #[test]
    fn beyond_the_most_nothing_is_lost() {
        let text = (1..=8).map(|n| format!("How much is tent number {n}? ")).collect::<String>();
        let questions = split(&Text::read(&text), Lang::EN);
        assert_eq!(questions.len(), MOST);
        assert!(questions[MOST - 1].contains("number 8"), "{questions:?}");
    }
}
