//! Which of the choices offered a customer means: pressed, or typed as a number, a place or some
//! of their words.

use super::text::{Text, fold};
use super::words::choice::{Table, tables};
use crate::conversation::{Author, Message};
use crate::lang::Lang;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Letters by which two words are taken for the same; what follows is mostly inflection.
const STEM: usize = 5;

/// What the answer to a question with choices comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// These of them, by place from 0.
    These(Vec<usize>),
    /// None of them.
    Neither,
    /// The words name none of them; they may say the same otherwise, or something else.
    Unclear,
}

/// The choices that our last words before a turn offered.
pub fn offered(history: &[Message]) -> Option<&[String]> {
    let last = history.iter().rev().find(|message| message.author != Author::Customer)?;
    (last.author == Author::Bot && !last.choices.is_empty()).then_some(&last.choices)
}

/// Reads the answer to a question that offered `choices`.
pub fn pick(answer: &str, choices: &[String], lang: Lang) -> Pick {
    if let Some(places) = names(answer, choices, lang) {
        return Pick::These(places);
    }
    let (words, tables) = (words(answer), tables(lang));
    if tables.iter().any(|table| is_phrase_in(&words, table.neither)) {
        return Pick::Neither;
    }
    by_words(&words, choices, &tables).map_or(Pick::Unclear, Pick::These)
}

/// The choices that an answer names outright: by the whole title, as a button does, or by place.
pub(super) fn names(answer: &str, choices: &[String], lang: Lang) -> Option<Vec<usize>> {
    let told = words(answer);
    match choices.iter().position(|choice| words(choice) == told) {
        Some(place) => Some(vec![place]),
        None => by_place(&told, choices.len(), &tables(lang)),
    }
}

/// The places that an answer names which consists of places and small words alone.
fn by_place(words: &[String], count: usize, tables: &[&Table]) -> Option<Vec<usize>> {
    let mut places = BTreeSet::new();
    let mut is_one = false;
    for word in words {
        let named = tables.iter().find_map(|table| place(word, count, table));
        match named {
            Some(place) if place < count => {
                places.insert(place);
            }
            None if tables.iter().any(|table| holds(table.all, word)) => places.extend(0..count),
            None if tables.iter().any(|table| holds(table.one, word)) => is_one = true,
            None if tables.iter().any(|table| holds(table.small, word)) => {}
            Some(_) | None => return None,
        }
    }
    if places.is_empty() && is_one {
        places.insert(0);
    }
    (!places.is_empty()).then(|| places.into_iter().collect())
}

/// The place that a word names: "2", "second", "last"; one beyond the choices is one all the same.
fn place(word: &str, count: usize, table: &Table) -> Option<usize> {
    if let Ok(number) = word.parse::<usize>() {
        return Some(number.wrapping_sub(1));
    }
    if holds(table.last, word) {
        return count.checked_sub(1);
    }
    table.places.iter().position(|list| holds(list, word))
}

/// The choice that holds most of the answer's words among those that tell the choices apart.
fn by_words(words: &[String], choices: &[String], tables: &[&Table]) -> Option<Vec<usize>> {
    let stems: Vec<BTreeSet<String>> = choices.iter().map(|choice| stems(choice)).collect();
    let telling = |stem: &str| {
        let holding = stems.iter().filter(|stems| stems.contains(stem)).count();
        holding > 0 && holding < stems.len()
    };
    let said: BTreeSet<String> = words
        .iter()
        .filter(|word| !tables.iter().any(|table| holds(table.small, word)))
        .map(|word| stem(word))
        .collect();
    let shared: Vec<usize> = stems
        .iter()
        .map(|stems| said.iter().filter(|said| telling(said) && stems.contains(*said)).count())
        .collect();
    let most = *shared.iter().max()?;
    let known = said.iter().filter(|said| stems.iter().any(|stems| stems.contains(*said))).count();
    let is_about_them = most > 0 && 2 * known >= said.len();
    let mut best = (0..choices.len()).filter(|place| shared[*place] == most);
    match (best.next(), best.next()) {
        (Some(place), None) if is_about_them => Some(vec![place]),
        _ => None,
    }
}

/// The words in lower case without accents and signs.
fn words(text: &str) -> Vec<String> {
    Text::read(text).words.into_iter().map(|word| word.folded).collect()
}

fn stems(choice: &str) -> BTreeSet<String> {
    words(choice).iter().map(|word| stem(word)).collect()
}

fn stem(word: &str) -> String {
    word.chars().take(STEM).collect()
}

fn holds(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|other| fold(other) == word)
}

/// Whether the words begin with one of the phrases, which commas part.
fn is_phrase_in(words: &[String], phrases: &str) -> bool {
    phrases.split(',').any(|phrase| {
        let phrase: Vec<String> = phrase.split_whitespace().map(fold).collect();
        !phrase.is_empty() && words.starts_with(&phrase)
    })
}

#[cfg(test)]
mod tests {
    use super::{Lang, Pick, pick};

    fn choices(lang: Lang) -> Vec<String> {
        let choices = match lang.as_str() {
            "de" => [
                "Wie lange dauert der Versand?",
                "Was kostet der Versand?",
                "Kann ich Express bestellen?",
            ],
            "es" => ["¿Cuánto tarda el envío?", "¿Cuánto cuesta el envío?", "¿Hay envío exprés?"],
            "fr" => [
                "Quel est le délai de livraison ?",
                "Combien coûte la livraison ?",
                "La livraison express",
            ],
            "pt" => ["Quanto demora o envio?", "Quanto custa o envio?", "Há envio expresso?"],
            "it" => [
                "Quanto dura la spedizione?",
                "Quanto costa la spedizione?",
                "C'è la consegna espressa?",
            ],
            "nl" => {
                ["Hoe lang duurt de verzending?", "Wat kost de verzending?", "Kan het met spoed?"]
            }
            _ => [
                "How long does shipping take?",
                "How much is shipping?",
                "How long does express take?",
            ],
        };
        choices.map(String::from).to_vec()
    }

    fn check(lang: Lang, expected: &Pick, answers: &[&str]) {
        let wrong = answers.iter().map(|answer| (answer, pick(answer, &choices(lang), lang)));
        let wrong: Vec<_> = wrong.filter(|(_, picked)| picked != expected).collect();
        assert!(wrong.is_empty(), "{lang}: {wrong:?}, not {expected:?}");
    }

    #[test]
    fn a_button_is_its_own_text() {
        for lang in [Lang::EN, Lang::DE, Lang::ES, Lang::FR, Lang::PT, Lang::IT, Lang::NL] {
            for (place, choice) in choices(lang).iter().enumerate() {
                assert_eq!(
                    pick(choice, &choices(lang), lang),
                    Pick::These(vec![place]),
                    "{choice}"
                );
            }
        }
    }

    #[test]
    fn a_place_is_understood_in_each_language() {
        let second = Pick::These(vec![1]);
        check(Lang::EN, &Pick::These(vec![0]), &["1", "the first one", "one", "number one"]);
        check(
            Lang::EN,
            &second,
            &["2", "2.", "#2", "number 2 please", "The second one", "option two", "2nd"],
        );
        check(Lang::DE, &second, &["2", "das zweite", "Nummer zwei bitte", "die 2.", "Nr. 2"]);
        check(Lang::ES, &second, &["la segunda", "el 2", "opción dos", "el número 2 por favor"]);
        check(Lang::FR, &second, &["la deuxième", "le 2", "numéro deux", "le second svp"]);
        check(Lang::PT, &second, &["a segunda", "o 2", "opção dois", "número 2 por favor"]);
        check(Lang::IT, &second, &["la seconda", "il 2", "numero due", "opzione 2"]);
        check(Lang::NL, &second, &["de tweede", "nummer 2", "optie twee"]);
        check(Lang::EN, &Pick::These(vec![2]), &["the last one", "3", "third"]);
        check(Lang::DE, &Pick::These(vec![2]), &["das letzte", "die dritte"]);
        check(Lang::EN, &Pick::These(vec![0, 1]), &["1 and 2", "the first and the second"]);
        check(Lang::EN, &Pick::These(vec![0, 1, 2]), &["all of them", "all three"]);
    }

    #[test]
    fn part_of_a_title_is_enough_where_it_tells() {
        check(Lang::EN, &Pick::These(vec![1]), &["how much", "how much it is"]);
        check(Lang::EN, &Pick::These(vec![2]), &["express", "the express one", "I mean express"]);
        check(Lang::DE, &Pick::These(vec![1]), &["was es kostet", "kosten"]);
        check(Lang::DE, &Pick::These(vec![2]), &["express bestellung"]);
        check(Lang::ES, &Pick::These(vec![1]), &["cuanto cuesta"]);
        check(Lang::FR, &Pick::These(vec![0]), &["le délai"]);
        check(Lang::PT, &Pick::These(vec![0]), &["quanto demora"]);
        check(Lang::IT, &Pick::These(vec![2]), &["espressa"]);
        check(Lang::NL, &Pick::These(vec![2]), &["met spoed"]);
        check(Lang::EN, &Pick::Unclear, &["shipping", "how long", "4", "0", "", "yes"]);
    }

    #[test]
    fn none_of_these_is_said_in_many_ways() {
        check(
            Lang::EN,
            &Pick::Neither,
            &["none of these", "Neither", "no", "something else", "No, none"],
        );
        check(Lang::DE, &Pick::Neither, &["keins davon", "nichts davon", "etwas anderes", "nein"]);
        check(Lang::ES, &Pick::Neither, &["ninguna de estas", "ninguno", "otra cosa"]);
        check(Lang::FR, &Pick::Neither, &["aucun", "aucune des deux", "autre chose"]);
        check(Lang::PT, &Pick::Neither, &["nenhuma", "nenhum desses", "outra coisa"]);
        check(Lang::IT, &Pick::Neither, &["nessuna", "nessuno di questi", "altro"]);
        check(Lang::NL, &Pick::Neither, &["geen van beide", "iets anders", "nee"]);
    }

    #[test]
    fn another_matter_is_no_choice() {
        check(
            Lang::EN,
            &Pick::Unclear,
            &["Do you sell gift cards?", "can I return my boots without the receipt", "what?"],
        );
        check(Lang::DE, &Pick::Unclear, &["Verkauft ihr Gutscheine?"]);
    }
}
