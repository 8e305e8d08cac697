//! Whether a question stands by itself, or leans on what was said before: "And for children?".
//!
//! Words alone cannot tell for sure; they tell how much there is to go by. What the question leans
//! on, and whether it rather opens a new topic, is settled where the knowledge is at hand.

use super::text::{Text, fold};
use super::words::back::{Table, table};
use crate::lang::Lang;
use std::collections::BTreeSet;

/// Content words from which a question that opens with "and" is taken to stand by itself.
const MANY: usize = 4;
/// Words of a message so short that it may be the rest of an earlier question.
const SHORT: usize = 4;

/// How a question leans on what was said before it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leaning {
    /// Whether it opens as the continuation of something: "and", "what about".
    pub continues: bool,
    /// Whether a word in it stands for something said before: "it", "there".
    pub points: bool,
    /// Its own words that name a matter, folded; "how much is that" has none.
    pub content: Vec<String>,
    /// How many words it has in all; none are counted in a language that is not known here.
    pub words: usize,
}

impl Leaning {
    /// Whether it may lean on what was said before; without any sign of it, it does not.
    pub fn leans(&self) -> bool {
        let few = self.content.len() < MANY;
        if self.words == 0 {
            return false;
        }
        let is_rest = self.words <= SHORT && self.content.len() <= 1;
        self.content.is_empty() || is_rest || (few && (self.continues || self.points))
    }
}

/// Reads how a question leans, in a language; a language without a table never leans.
pub fn leaning(question: &str, lang: Lang) -> Leaning {
    let text = Text::read(question);
    let words: Vec<&str> = text.words.iter().map(|word| word.folded.as_str()).collect();
    let Some(table) = table(lang) else {
        let content = words.iter().map(|word| (*word).to_owned()).collect();
        return Leaning { content, ..Leaning::default() };
    };
    let opens = opening(&words, table);
    let holds = |list: &str, word: &str| list.split_whitespace().any(|other| fold(other) == word);
    let content: Vec<String> = words[opens..]
        .iter()
        .filter(|word| !holds(table.pointing, word) && !holds(table.empty, word))
        .map(|word| (*word).to_owned())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let points = words[opens..].iter().any(|word| holds(table.pointing, word));
    Leaning { continues: opens > 0, points, content, words: words.len() }
}

/// How many words of the beginning only join the message to what was said before.
fn opening(words: &[&str], table: &Table) -> usize {
    let skipped = words.iter().take_while(|word| is_aside(word, table)).count();
    let openings = table
        .continuing
        .split(',')
        .map(|phrase| phrase.split_whitespace().map(fold).collect::<Vec<String>>());
    let longest = openings
        .filter(|phrase| words[skipped..].iter().take(phrase.len()).eq(phrase.iter()))
        .map(|phrase| phrase.len())
        .max();
    longest.map_or(0, |length| skipped + length)
}

fn is_aside(word: &str, table: &Table) -> bool {
    table.aside.split_whitespace().any(|other| fold(other) == word)
}

#[cfg(test)]
mod tests {
    use super::{Lang, leaning};

    fn check(lang: Lang, leans: bool, questions: &[&str]) {
        let read = questions.iter().map(|question| (question, leaning(question, lang)));
        let wrong: Vec<_> = read.filter(|(_, leaning)| leaning.leans() != leans).collect();
        assert!(wrong.is_empty(), "{lang}: {wrong:#?}");
    }

    #[test]
    fn what_points_back_is_noticed_in_each_language() {
        check(
            Lang::EN,
            true,
            &[
                "And for children?",
                "how much is that?",
                "what about Norway",
                "OK, and to Portugal?",
                "How long does it take?",
                "does that cost extra?",
                "Can I do it online?",
                "in store?",
                "Why?",
            ],
        );
        check(
            Lang::DE,
            true,
            &[
                "Und für Kinder?",
                "was kostet das?",
                "und nach Österreich?",
                "Wie sieht es mit Norwegen aus?",
                "Geht das auch online?",
                "Wie lange dauert es?",
            ],
        );
        check(
            Lang::ES,
            true,
            &["¿Y en Portugal?", "y para niños", "¿Cuánto cuesta eso?", "¿y cuánto tarda?"],
        );
        check(
            Lang::FR,
            true,
            &["Et pour les enfants ?", "combien ça coûte ?", "et en Belgique ?", "C'est combien ?"],
        );
        check(
            Lang::PT,
            true,
            &["E para crianças?", "quanto custa isso?", "e em Espanha?", "Quanto demora?"],
        );
        check(
            Lang::IT,
            true,
            &["E per i bambini?", "quanto costa?", "e in Svizzera?", "È possibile farlo online?"],
        );
        check(
            Lang::NL,
            true,
            &[
                "En voor kinderen?",
                "hoeveel kost dat?",
                "en naar België?",
                "Hoe zit het met Duitsland?",
            ],
        );
    }

    #[test]
    fn what_stands_by_itself_is_left_alone() {
        check(
            Lang::EN,
            false,
            &[
                "How long do I have to return something?",
                "Do you ship to Norway?",
                "Where is the store in Bristol?",
                "And do you sell gift cards for climbing courses?",
                "Can I pay by invoice?",
            ],
        );
        check(
            Lang::DE,
            false,
            &["Wie lange kann ich Schuhe zurückgeben?", "Kann ich auf Rechnung bezahlen?"],
        );
        check(Lang::ES, false, &["¿Cuánto tarda el envío a Madrid?", "¿Puedo pagar con PayPal?"]);
        check(Lang::FR, false, &["Puis-je payer par facture ?"]);
        check(Lang::PT, false, &["Posso pagar com PayPal?"]);
        check(Lang::IT, false, &["Posso pagare con PayPal?"]);
        check(Lang::NL, false, &["Kan ik op rekening betalen?"]);
        check("zh".parse().expect("a code"), false, &["如何申请退款"]);
    }

    #[test]
    fn own_words_are_told_from_empty_ones() {
        for (lang, question, content) in [
            (Lang::EN, "And for children?", vec!["children"]),
            (Lang::EN, "how much is that?", vec![]),
            (Lang::DE, "Und nach Österreich?", vec!["osterreich"]),
            (Lang::ES, "¿Y en Portugal?", vec!["portugal"]),
            (Lang::NL, "En voor kinderen?", vec!["kinderen"]),
        ] {
            assert_eq!(leaning(question, lang).content, content, "{question}");
        }
    }
}
