//! The words of a text as the vectors know them: small letters without accents.
//!
//! `models/make/text.py` does the very same; whatever changes here must change there.

use crate::lang::Lang;
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longer words are cut.
const WORD_CHARS: usize = 32;
/// No word or piece of the file has more characters, so that no longer one needs looking for.
const PIECE_CHARS: usize = 20;

/// The words of a text, in order.
pub fn words(lang: Lang, text: &str) -> Vec<String> {
    let text = plain(text);
    let elides = matches!(lang, Lang::FR | Lang::IT);
    let mut words: Vec<String> = Vec::new();
    let (mut length, mut gap) = (0, Gap::Wide);
    for letter in text.chars() {
        if !letter.is_alphanumeric() && !is_combining_mark(letter) {
            let joins = gap == Gap::None && !elides && matches!(letter, '\'' | '’');
            gap = if joins { Gap::Apostrophe } else { Gap::Wide };
            continue;
        }
        if gap == Gap::Wide {
            words.push(String::new());
            length = 0;
        }
        gap = Gap::None;
        length += 1;
        if let Some(word) = words.last_mut().filter(|_| length <= WORD_CHARS) {
            word.push(letter);
        }
    }
    words
}

/// What lies between a letter and the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    /// One apostrophe, which a careless writer leaves out.
    Apostrophe,
    Wide,
}

/// Small letters without the accents of European scripts.
fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    let lower = text.nfkc().collect::<String>().to_lowercase();
    let bare = lower.nfd().filter(|letter| !matches!(letter, '\u{300}'..='\u{36f}')).nfc();
    Cow::Owned(bare.collect::<String>().replace('ß', "ss").replace('œ', "oe").replace('æ', "ae"))
}

/// Whether a script writes its words without spaces between them (Han, kana).
pub fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

/// Where pieces at the beginning of a word may end, the longest first.
pub fn ends(word: &str) -> impl Iterator<Item = usize> {
    let ends = word.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let ends: Vec<usize> = ends.take(PIECE_CHARS).collect();
    ends.into_iter().rev()
}
