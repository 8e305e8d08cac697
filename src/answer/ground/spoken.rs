//! Facts that are words: names, months, weekdays, numbers written out, promises.

use super::super::text::{fold, words};
use super::fact::{Fact, Found};
use super::table;
use crate::lang::Lang;

/// Every such fact of a text, which may hold several sentences in the given language.
pub fn find(text: &str, lang: Lang) -> Vec<Found> {
    let mut found = in_words(text, lang);
    found.extend(names(text));
    found
}

/// Numbers in words, months and weekdays without a number, and promises.
fn in_words(text: &str, lang: Lang) -> Vec<Found> {
    let words = words(text);
    let mut found = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let readings = if let Some(digits) = table::number(word, lang) {
            let unit = words.iter().skip(place + 1).take(2).find_map(|word| table::unit(word));
            Fact::Number { value: digits.to_owned(), unit }
        } else if let Some(month) = table::clear_month(word) {
            Fact::Month(month)
        } else if let Some(day) = table::weekday(word) {
            Fact::Weekday(day)
        } else if table::is_promise(word) {
            Fact::Promise(word.chars().take(5).collect())
        } else if table::is_advice(word) {
            Fact::Advice(word.chars().take(5).collect())
        } else {
            continue;
        };
        found.push(Found { shown: word.clone(), at: None, readings: vec![readings] });
    }
    found
}

/// Capitalised words: names, and in German all nouns, which may bring in matter as well as names do. The
/// first word of a sentence has a capital anyway; it counts unless sentences commonly begin with it.
fn names(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut begins = true;
    for token in text.split_whitespace() {
        let word = token.trim_matches(|c: char| !c.is_alphanumeric());
        let part = word.split(['\'', '’']).next().unwrap_or(word);
        if is_name(part) && !(begins && table::is_opener(&fold(part))) {
            let at = Some(part.as_ptr() as usize - text.as_ptr() as usize);
            let readings = vec![Fact::Name(fold(part))];
            found.push(Found { shown: part.to_owned(), at, readings });
        }
        begins = (begins && word.is_empty())
            || token.ends_with(['.', '!', '?', ':', '*', '"', '”', '…', '>', '|']);
    }
    found
}

fn is_name(word: &str) -> bool {
    let folded = fold(word);
    let known = table::is_pleasantry(&folded)
        || table::weekday(&folded).is_some()
        || table::clear_month(&folded).is_some()
        || table::unit(&folded).is_some();
    word.starts_with(char::is_uppercase)
        && word.chars().all(|c| c.is_alphabetic() || c == '-')
        && word.chars().any(char::is_lowercase)
        && table::is_content(&folded)
        && !known
}

#[cfg(test)]
mod tests {
    use super::super::fact::Fact;
    use super::find;
    use crate::lang::Lang;

    fn number(value: &str, unit: Option<&'static str>) -> Fact {
        Fact::Number { value: value.into(), unit }
    }

    #[test]
    fn numbers_in_words_are_read_in_their_language() {
        for (text, lang, expected) in [
            ("within three days", Lang::EN, Some(number("3", Some("day")))),
            ("innerhalb von drei Tagen", Lang::DE, Some(number("3", Some("day")))),
            ("at once", Lang::EN, None),
            ("once días", Lang::ES, Some(number("11", Some("day")))),
        ] {
            let readings = find(text, lang).into_iter().flat_map(|found| found.readings).next();
            assert_eq!(readings, expected, "{text}");
        }
    }

    #[test]
    fn names_are_facts_where_capitals_tell_them() {
        for (text, lang, names) in [
            (
                "We ship to Norway. You may ask Anna-Lena or Bob!",
                Lang::EN,
                vec!["Norway", "Anna-Lena", "Bob"],
            ),
            ("Nous livrons en Norvège.", Lang::FR, vec!["Norvège"]),
            ("Wir liefern mit der Post.", Lang::DE, vec!["Post"]),
            ("*Please* note: Returns are free of I and We.", Lang::EN, vec!["free", "Returns"]),
        ] {
            let shown: Vec<String> =
                find(text, lang).into_iter().map(|found| found.shown).collect();
            assert_eq!(shown, names, "{text}");
        }
    }
}
