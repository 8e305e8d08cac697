//! How much a question reads like an entry's own wordings, told by the words they share.

use crate::knowledge::Entry;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words of so few letters say little, unless there are no others.
const SHORT: usize = 3;

/// Letters that decide whether two words are the same; what follows is mostly inflection.
const STEM: usize = 5;

/// The likeness of a question and the most alike wording of an entry, 0 to 1: twice the words they
/// share, over the words of both (Dice's coefficient).
pub(super) fn likeness(question: &str, entry: &Entry) -> f64 {
    let asked = stems(question);
    let wordings = std::iter::once(&entry.question).chain(&entry.ways);
    wordings.map(|wording| dice(&asked, &stems(wording))).fold(0.0, f64::max)
}

#[expect(clippy::cast_precision_loss, reason = "a question has few words")]
fn dice(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    let shared = one.intersection(other).count();
    let all = one.len() + other.len();
    if all == 0 { 0.0 } else { 2.0 * shared as f64 / all as f64 }
}

/// The first letters of each word that says something, without case and accents. Scripts that do not part words are
/// compared sign by sign.
fn stems(text: &str) -> BTreeSet<String> {
    let folded: String =
        text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let (short, telling): (Vec<&str>, Vec<&str>) = words.partition(|word| is_short(word));
    let words = if telling.is_empty() { short } else { telling };
    words
        .into_iter()
        .flat_map(|word| -> Vec<String> {
            if word.chars().any(is_unspaced) {
                word.chars().map(String::from).collect()
            } else {
                vec![word.chars().take(STEM).collect()]
            }
        })
        .collect()
}

fn is_short(word: &str) -> bool {
    word.chars().nth(SHORT).is_none() && !word.chars().any(is_unspaced)
}

/// Thai, Japanese syllables and Chinese signs.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::{dice, stems};

    #[test]
    fn likeness_is_one_for_the_same_words_and_zero_for_others() {
        for (one, other, least, most) in [
            ("Return period?", "return PERIOD", 1.0, 1.0),
            ("Können Sie liefern", "konnen sie liefert", 1.0, 1.0),
            ("where is my order", "what is the price", 0.0, 0.0),
            ("is it on", "is it off", 0.6, 0.7),
            ("boots", "tents", 0.0, 0.0),
            ("", "", 0.0, 0.0),
            ("退货政策", "退货期限", 0.4, 0.6),
        ] {
            let found = dice(&stems(one), &stems(other));
            assert!((least..=most).contains(&found), "{one} ~ {other}: {found}");
        }
    }
}
