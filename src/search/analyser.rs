//! The analyser: from a text in some language to the terms it is found by.
//!
//! Words are stemmed before their accents are folded, because stemmers know the endings of
//! correctly written words. Whoever types without accents would then miss them ("devolucion" keeps
//! the ending that "devolución" loses), so a word with accents has a second, bare term as well:
//! folded first, stemmed after, which is what the same word typed without accents comes to.
//! Every term begins with its language's code, so that one field serves all languages.

use crate::lang::Lang;
use icu_segmenter::{WordSegmenter, options::WordBreakInvariantOptions};
use std::{borrow::Cow, ops::Range};
use tantivy::tokenizer::{Language, Stemmer, TextAnalyzer, WhitespaceTokenizer};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longer words are cut: nobody asks by the rest of a key or a link.
const WORD_CHARS: usize = 48;
/// Scripts from here on (Hebrew and after) do not all part their words by spaces.
const COMPLEX_SCRIPTS: char = '\u{590}';

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As it was written, but for compatibility forms and invisible characters.
    pub surface: String,
    /// The term it is found by.
    pub term: String,
    /// The term it comes to when typed without its accents, where that is another one.
    pub bare: Option<String>,
}

/// The words of a text, in order.
pub fn words(lang: Lang, text: &str) -> Vec<Word> {
    let text = visible(text);
    let ranges = ranges(lang, &text);
    let lower: Vec<String> = ranges.iter().map(|range| lower(lang, &text[range.clone()])).collect();
    let plain: Vec<String> = lower.iter().map(|word| fold(word)).collect();
    let terms = stems(lang, &lower);
    let bare = if lower == plain { terms.clone() } else { stems(lang, &plain) };
    let terms = terms.into_iter().zip(bare);
    let words = ranges.into_iter().zip(terms);
    words
        .map(|(range, (term, bare))| Word {
            surface: text[range].to_owned(),
            bare: (bare != term).then_some(bare),
            term,
        })
        .collect()
}

/// The words of a text as they are written, but for case and accents.
pub fn plain(lang: Lang, text: &str) -> Vec<String> {
    let text = visible(text);
    let words = ranges(lang, &text).into_iter().map(|range| fold(&lower(lang, &text[range])));
    words.map(|word| word.replace('\'', "")).collect()
}

/// The text in its compatibility form, without characters that are not seen.
fn visible(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let invisible = |&letter: &char| {
        !matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    Cow::Owned(text.chars().filter(invisible).nfkc().collect())
}

fn ranges(lang: Lang, text: &str) -> Vec<Range<usize>> {
    if text.chars().any(|letter| letter >= COMPLEX_SCRIPTS && letter.is_alphabetic()) {
        segmented(text)
    } else {
        spaced(lang, text)
    }
}

/// Words as letters and digits in a row; an apostrophe between letters joins them ("don't"),
/// except where it parts an article from its noun ("l'adresse").
fn spaced(lang: Lang, text: &str) -> Vec<Range<usize>> {
    let elides = matches!(lang, Lang::FR | Lang::IT);
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut gap = "";
    for (start, letter) in text.char_indices() {
        let end = start + letter.len_utf8();
        let is_accent = is_combining_mark(letter) && gap.is_empty() && !words.is_empty();
        if !letter.is_alphanumeric() && !is_accent {
            gap = words.last().map_or("", |word| &text[word.end..end]);
            continue;
        }
        let joins = gap.is_empty() || (!elides && matches!(gap, "'" | "’"));
        match words.last_mut() {
            Some(word) if joins => word.end = end,
            _ => words.push(start..end),
        }
        gap = "";
    }
    words
}

/// Words as the Unicode dictionaries part them; Korean in pairs of syllables, because its particles
/// stick to the nouns.
fn segmented(text: &str) -> Vec<Range<usize>> {
    let segmenter = WordSegmenter::new_auto(WordBreakInvariantOptions::default());
    let mut start = 0;
    let mut words = Vec::new();
    for (end, kind) in segmenter.segment_str(text).iter_with_word_type() {
        if kind.is_word_like() && end > start {
            pairs(text, start..end, &mut words);
        }
        start = end;
    }
    words
}

fn pairs(text: &str, word: Range<usize>, words: &mut Vec<Range<usize>>) {
    let inner = &text[word.clone()];
    let ends: Vec<usize> =
        inner.char_indices().map(|(at, letter)| word.start + at + letter.len_utf8()).collect();
    let is_hangul = inner.chars().all(|letter| ('\u{ac00}'..='\u{d7a3}').contains(&letter));
    if !is_hangul || ends.len() <= 2 {
        return words.push(word);
    }
    let starts = std::iter::once(word.start).chain(ends.iter().copied());
    words.extend(starts.zip(ends.iter().skip(1)).map(|(start, &end)| start..end));
}

/// Lower case, with one kind of apostrophe and no more than [`WORD_CHARS`].
fn lower(lang: Lang, word: &str) -> String {
    let cut: String = word.chars().take(WORD_CHARS).collect();
    if lang.as_str() == "tr" {
        return cut.replace('I', "ı").replace('İ', "i").to_lowercase();
    }
    cut.replace('’', "'").to_lowercase()
}

/// The stems of words, folded, each behind its language's code.
fn stems(lang: Lang, words: &[String]) -> Vec<String> {
    let term = |stem: &str| format!("{lang}{}", fold(stem).replace('\'', ""));
    let Some(language) = stemmer(lang) else {
        return words.iter().map(|word| term(word)).collect();
    };
    let mut analyser = TextAnalyzer::builder(WhitespaceTokenizer::default())
        .filter(Stemmer::new(language))
        .build();
    let joined = words.join(" ");
    let mut stream = analyser.token_stream(&joined);
    let mut stems = Vec::with_capacity(words.len());
    while let Some(token) = stream.next() {
        stems.push(term(&token.text));
    }
    stems
}

fn stemmer(lang: Lang) -> Option<Language> {
    Some(match lang.as_str() {
        "ar" => Language::Arabic,
        "da" => Language::Danish,
        "nl" => Language::Dutch,
        "en" => Language::English,
        "fi" => Language::Finnish,
        "fr" => Language::French,
        "de" => Language::German,
        "el" => Language::Greek,
        "hu" => Language::Hungarian,
        "it" => Language::Italian,
        "no" | "nb" | "nn" => Language::Norwegian,
        "pt" => Language::Portuguese,
        "ro" => Language::Romanian,
        "ru" => Language::Russian,
        "es" => Language::Spanish,
        "sv" => Language::Swedish,
        "ta" => Language::Tamil,
        "tr" => Language::Turkish,
        _ => return None,
    })
}

/// The word without the accents of Latin and Greek letters; marks of other scripts are letters to
/// their readers and stay.
fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    let mut folded = String::with_capacity(word.len());
    for letter in word.chars() {
        match letter {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'ё' => folded.push('е'),
            '\u{300}'..='\u{36f}' => {}
            _ => folded.push(base(letter)),
        }
    }
    folded
}

fn base(letter: char) -> char {
    let first = std::iter::once(letter).nfd().next().unwrap_or(letter);
    let has_case = first.is_ascii() || ('\u{370}'..='\u{3ff}').contains(&first);
    if has_case { first } else { letter }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(lang: &str, text: &str) -> Vec<String> {
        let lang: Lang = lang.parse().expect("a language of the table");
        words(lang, text).into_iter().map(|word| word.term[2..].to_owned()).collect()
    }

    fn meets(lang: &str, asked: &str, written: &str) -> bool {
        let lang: Lang = lang.parse().expect("a language of the table");
        let (asked, written) = (words(lang, asked), words(lang, written));
        asked.iter().zip(&written).all(|(asked, written)| {
            asked.term == written.term || written.bare.as_ref() == Some(&asked.term)
        })
    }

    #[test]
    fn words_are_parted_and_stemmed() {
        for (lang, text, expected) in [
            ("en", "Refunds, please!", "refund pleas"),
            ("en", "don't DON’T dont", "dont dont dont"),
            ("en", "the card's 24/7 e-mail", "the card 24 7 e mail"),
            ("fr", "l'adresse d’envoi", "l adress d envoi"),
            ("de", "Häuser", "haus"),
            ("xx", "Ünlü", "unlu"),
            ("en", "ﬁne ｆｕｌｌ", "fine full"),
            ("ru", "заказы", "заказ"),
            ("en", "*** \u{301}", ""),
            ("en", "🙂🙃 \u{0} \u{202e}", ""),
        ] {
            assert_eq!(terms(lang, text).join(" "), expected, "{lang} {text}");
        }
    }

    #[test]
    fn words_without_spaces_are_segmented() {
        assert!(terms("zh", "如何申请退款").contains(&"退款".to_owned()));
        assert!(terms("ja", "返品の方法を教えてください").contains(&"返品".to_owned()));
        assert!(terms("th", "ขอคืนเงินได้ไหม").contains(&"เงิน".to_owned()));
        assert!(terms("ko", "환불은 언제").contains(&"환불".to_owned()));
    }

    #[test]
    fn other_forms_and_missing_accents_meet() {
        for (lang, asked, written) in [
            ("es", "devolucion", "devolución"),
            ("es", "devoluciones", "devolución"),
            ("es", "envio", "envío"),
            ("fr", "livree", "livrée"),
            ("fr", "remboursement", "remboursements"),
            ("de", "ruckgabe", "Rückgabe"),
            ("de", "Rueckgabe", "Rückgabe"),
            ("de", "Strasse", "Straße"),
            ("pt", "devolucao", "devolução"),
            ("nl", "bestellingen", "bestelling"),
            ("tr", "İade", "iade"),
            ("el", "επιστροφη", "επιστροφή"),
        ] {
            assert!(meets(lang, asked, written), "{lang} {asked} {written}");
        }
    }

    #[test]
    fn a_word_without_end_is_cut() {
        assert_eq!(terms("xx", &"a".repeat(100_000)), ["a".repeat(WORD_CHARS)]);
    }
}
