//! The questions in a message, each on its own.
//!
//! A wrong cut costs more than a missed one: half a question finds the wrong answer, while two
//! together find at least one. So a piece that is short, or points back, stays where it is.

use super::clause::{self, FEWEST_WORDS, Piece};
use super::text::Text;
use super::words::Words;
use crate::lang::Lang;

/// The most questions a message is cut into; what is beyond stays with the last.
const MOST: usize = 5;

/// Cuts the message into its questions; one that is hard to cut stays whole.
pub fn split(text: &Text, lang: Lang) -> Vec<String> {
    let words = Words::of_lang(lang);
    let groups = group(clause::pieces(text, words), text, words);
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

fn group(pieces: Vec<Piece>, text: &Text, words: &Words) -> Vec<Vec<Piece>> {
    let mut groups: Vec<Vec<Piece>> = Vec::new();
    let mut waiting: Vec<Piece> = Vec::new();
    for piece in pieces {
        if !piece.asks {
            waiting.push(piece);
            continue;
        }
        let back = clause::points_back(text, words, piece.words.start, piece.words.end);
        let short = piece.words.len() < FEWEST_WORDS;
        let wish = |piece: &Piece| clause::wants(text, words, piece.words.start, piece.words.end);
        if piece.joined && !back && !short && waiting.iter().any(wish) {
            groups.push(std::mem::take(&mut waiting));
        }
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
    let parts = group.iter().map(|piece| text.clean[piece.bytes.clone()].trim());
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
            "We're a club, can we pay by invoice?",
            "Boots were a gift, no receipt, heel broken. Am I covered?",
            "¡Hay pedidos que no hice! Alguien ha entrado. ¿Qué hago?",
            "Wie bekomme ich die Jacke zu euch, muss ich sie vorher waschen?",
        ] {
            let lang = super::super::language::detect(&Text::read(text), Lang::EN).lang;
            check(lang, text, &[text]);
        }
    }

    #[test]
    fn a_long_story_with_one_question_mark_is_one_matter() {
        let story = "My sister gave me a tent for my birthday and we took it to the lakes twice, \
            where it rained a lot, and on the third night a seam of the fly sheet opened so that \
            everything got wet. I dried and stored it as the label says. How do I report this \
            and what do you need to see from me?";
        check(Lang::EN, story, &[story]);
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
            (Lang::EN, "Thanks, but what about returns?", "what about returns?"),
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
        let asked: Vec<_> = (1..=8).map(|n| format!("How much is tent number {n}?")).collect();
        let text = asked.join(" ");
        let questions = split(&Text::read(&text), Lang::EN);
        assert_eq!(questions.len(), MOST);
        assert!(questions[MOST - 1].contains("number 8"), "{questions:?}");
    }
}
