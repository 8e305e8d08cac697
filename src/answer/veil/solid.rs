//! Names in scripts that put no spaces between words: found as runs of signs wherever they stand.

use std::ops::Range;

/// What follows a family name that stands alone.
const TITLES: &[&str] = &[
    "先生",
    "小姐",
    "女士",
    "太太",
    "老师",
    "老師",
    "同学",
    "さん",
    "様",
    "さま",
    "君",
    "くん",
    "ちゃん",
    "씨",
    "님",
];

/// Whether a sign belongs to a script without spaces.
pub fn is_solid(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9d}' | '\u{20000}'..='\u{3ffff}')
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a0}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9d}')
}

fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{309f}')
}

/// The names of one contact, the longest first.
#[derive(Debug, Clone, Default)]
pub struct Solid {
    names: Vec<String>,
    /// Family names of one sign, which count before a title only.
    signs: Vec<char>,
}

impl Solid {
    /// Takes up a word of the contact's name, and what may be called a name of it alone.
    pub fn add(&mut self, word: &str) {
        let signs: Vec<char> = word.chars().collect();
        let part = |range: Range<usize>| signs[range].iter().collect::<String>();
        if (1..=3).contains(&signs.len()) {
            self.signs.push(signs[0]);
        }
        // One or two signs of the family, two of one's own: nearly everywhere.
        match signs.len() {
            3 => self.names.push(part(1..3)),
            4 => self.names.extend([part(0..2), part(2..4)]),
            _ => {}
        }
        if signs.len() > 1 {
            self.names.push(word.to_owned());
        }
        self.names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    }

    /// Where they stand in a text.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for name in &self.names {
            let places = text.match_indices(name.as_str()).map(|(at, _)| at..at + name.len());
            found.extend(places.filter(|range| is_apart(text, range)));
        }
        for (at, sign) in text.char_indices().filter(|(_, c)| self.signs.contains(c)) {
            let end = at + sign.len_utf8();
            if has_title(&text[end..]) {
                found.push(at..end);
            }
        }
        found
    }
}

fn has_title(rest: &str) -> bool {
    TITLES.iter().any(|title| rest.starts_with(title))
}

/// Whether signs are not just a piece of a longer word, as far as the script tells.
fn is_apart(text: &str, range: &Range<usize>) -> bool {
    let name = &text[range.clone()];
    let (before, after) =
        (text[..range.start].chars().next_back(), text[range.end..].chars().next());
    if name.chars().all(is_katakana) {
        return !before.is_some_and(is_katakana) && !after.is_some_and(is_katakana);
    }
    // Two syllables stand in half of all words.
    !name.chars().all(is_hiragana) || name.chars().count() > 2 || has_title(&text[range.end..])
}
