//! Whether an edit touched facts: the numbers, dates, links and negations of a text.

use std::collections::BTreeMap;

/// Words that turn a statement round, in the languages that answers are written in.
const NEGATIONS: &str = "\
not no never none nothing neither nor without cannot except only unless nicht kein keine keinen \
keinem keiner keines nie niemals nichts ohne außer nur nunca nada ningún ninguna ninguno sin \
salvo sólo solo ne pas jamais aucun aucune rien sans sauf seulement não nenhum nenhuma sem \
exceto somente apenas";

/// Words for numbers and dates that are spelt out. The fifth month is not among them: as a rule the word says
/// what is allowed, and where a date changes, something else of it does.
const SPELT: &str = "\
one two three four five six seven eight nine ten twelve twenty thirty sixty ninety hundred \
thousand half double free january february march april june july august september october \
november december monday tuesday wednesday thursday friday saturday sunday today tomorrow day \
days week weeks month months year years hour hours minute minutes zwei drei vier fünf sechs \
sieben acht neun zehn kostenlos tag tage tagen woche wochen monat monate monaten jahr jahre \
jahren stunde stunden dos tres cuatro cinco seis siete ocho nueve diez gratis día días semana \
semanas mes meses año años deux trois quatre cinq sept huit neuf dix gratuit jour jours semaine \
semaines mois an ans";

/// Whether `after` states other numbers, dates, links or negations than `before`, in whatever order.
pub(super) fn changed(before: &str, after: &str) -> bool {
    facts(before) != facts(after)
}

/// Each fact-bearing word with how often it stands there.
fn facts(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for word in text.split_whitespace().flat_map(words) {
        if is_fact(&word) {
            *counts.entry(word).or_insert(0) += 1;
        }
    }
    counts
}

/// The words in a run without spaces; an address of the web or a mailbox stays whole.
fn words(run: &str) -> Vec<String> {
    let run = run.to_lowercase().replace('’', "'");
    let outer =
        |letter: char| !letter.is_alphanumeric() && !matches!(letter, '€' | '$' | '£' | '%');
    if run.contains("://") || run.contains('@') || run.contains("www.") {
        return vec![run.trim_matches(outer).to_owned()];
    }
    let inner = |letter: char| {
        !letter.is_alphanumeric()
            && !matches!(letter, '.' | ',' | ':' | '\'' | '€' | '$' | '£' | '%')
    };
    run.split(inner)
        .map(|word| word.trim_matches(outer).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

fn is_fact(word: &str) -> bool {
    word.chars().any(char::is_numeric)
        || word.contains(['€', '$', '£', '%'])
        || word.contains("://")
        || word.contains('@')
        || word.contains("www.")
        || word.ends_with("n't")
        || NEGATIONS.split_whitespace().any(|negation| negation == word)
        || SPELT.split_whitespace().any(|spelt| spelt == word)
}

#[cfg(test)]
mod tests {
    use super::changed;

    #[test]
    fn facts_are_numbers_dates_links_and_negations() {
        let before = "You can return it within 30 days. Shipping costs €4.90, see https://shop.example/returns.";
        for (after, touched) in [
            (before, false),
            (
                "Hi! You can send it back within 30 days. The shipping is €4.90: https://shop.example/returns",
                false,
            ),
            (
                "Shipping costs €4.90, see https://shop.example/returns. You can return it within 30 days!",
                false,
            ),
            (
                "You can return it within 14 days. Shipping costs €4.90, see https://shop.example/returns.",
                true,
            ),
            (
                "You can return it within 30 days. Shipping costs €5.90, see https://shop.example/returns.",
                true,
            ),
            (
                "You can not return it within 30 days. Shipping costs €4.90, see https://shop.example/returns.",
                true,
            ),
            (
                "You can return it within 30 days. Shipping costs €4.90, see https://shop.example/help.",
                true,
            ),
            ("You can return it within 30 days. Shipping costs €4.90.", true),
            (
                "You may return it within 30 days. Shipping costs €4.90, see https://shop.example/returns.",
                false,
            ),
            (
                "You can return it within 30 weeks. Shipping costs €4.90, see https://shop.example/returns.",
                true,
            ),
        ] {
            assert_eq!(changed(before, after), touched, "{after}");
        }
    }

    #[test]
    fn negations_count_in_every_language_of_ours() {
        for (before, after) in [
            ("We can help.", "We can’t help."),
            ("We don't ship there.", "We ship there."),
            ("Das geht.", "Das geht nicht."),
            ("Se puede cambiar.", "No se puede cambiar."),
            ("On peut échanger.", "On ne peut pas échanger."),
            ("Pode trocar.", "Não pode trocar."),
        ] {
            assert!(changed(before, after), "{before} / {after}");
        }
    }
}
