//! A message as triage sees it: cleaned, cut into sentences, and its words folded.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The most characters of a message that are looked at.
pub const READ_CHARS: usize = 4_000;

/// One word, without case and accents.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// Its letters and digits, folded.
    pub folded: String,
    /// The bytes of the cleaned text it stands at.
    pub start: usize,
    /// The byte after it.
    pub end: usize,
    /// The number of its sentence.
    pub sentence: usize,
}

/// A sentence, by place.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// Its first byte.
    pub start: usize,
    /// The byte after its closing mark.
    pub end: usize,
    /// Its first word.
    pub first: usize,
    /// The word after its last.
    pub last: usize,
    /// Whether a question mark closes it.
    pub asks: bool,
}

/// The text with its sentences and words.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// What was written, without control and direction characters.
    pub clean: String,
    /// Its sentences, in order.
    pub sentences: Vec<Sentence>,
    /// Its words, in order.
    pub words: Vec<Word>,
}

impl Text {
    /// Reads the first [`READ_CHARS`] characters of a message.
    pub fn read(raw: &str) -> Self {
        let clean = clean(raw);
        let mut text = Self { sentences: Vec::new(), words: Vec::new(), clean };
        for (start, end) in sentence_spans(&text.clean) {
            let first = text.words.len();
            let number = text.sentences.len();
            text.words.extend(words_in(&text.clean, start, end).map(|(folded, start, end)| Word {
                folded,
                start,
                end,
                sentence: number,
            }));
            let asks = text.clean[start..end].trim_end_matches(is_aside).ends_with(is_asking);
            let last = text.words.len();
            text.sentences.push(Sentence { start, end, first, last, asks });
        }
        text
    }

    /// The words as they were written, for an agent to see.
    pub fn written(&self, first: usize, last: usize) -> &str {
        match (self.words.get(first), self.words.get(last.saturating_sub(1))) {
            (Some(from), Some(to)) if from.start < to.end => &self.clean[from.start..to.end],
            _ => "",
        }
    }
}

/// Lower case without accents; compatibility forms become plain ones.
pub fn fold(text: &str) -> String {
    let bare = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let mut folded = String::with_capacity(text.len());
    for c in bare {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ı' => folded.push('i'),
            _ => folded.push(c),
        }
    }
    folded
}

/// The folded words of a phrase, cut as those of a message are.
pub fn folded_words(phrase: &str) -> Vec<String> {
    words_in(phrase, 0, phrase.len()).map(|(folded, ..)| folded).collect()
}

fn clean(raw: &str) -> String {
    raw.chars()
        .take(READ_CHARS)
        .filter_map(|c| match c {
            '\n' => Some('\n'),
            '\t' | '\r' => Some(' '),
            _ if c.is_control() || is_invisible(c) => None,
            _ => Some(c),
        })
        .collect()
}

/// Zero-width and direction characters; the emoji joiner is among them and not missed.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn is_asking(c: char) -> bool {
    matches!(c, '?' | '？' | '؟')
}

/// What may stand after a question mark without changing it.
fn is_aside(c: char) -> bool {
    c.is_whitespace() || matches!(c, '!' | '！' | ')' | '"' | '\'' | '»' | '”')
}

fn sentence_spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut start = 0;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        if ends_sentence(&text[start..at], c, next) {
            let end = at + c.len_utf8();
            spans.push((start, end));
            start = end;
        }
    }
    spans.push((start, text.len()));
    spans.retain(|(from, to)| text[*from..*to].chars().any(char::is_alphanumeric));
    spans
}

fn ends_sentence(before: &str, c: char, next: Option<char>) -> bool {
    let spaced = next.is_none_or(|next| next.is_whitespace() || matches!(next, '"' | ')' | '»'));
    let token = || before.rsplit(char::is_whitespace).next().unwrap_or_default();
    match c {
        '\n' | '。' | '？' | '！' | '؟' => true,
        '?' | '!' => {
            let address = token().contains("://") || token().starts_with("www.");
            spaced || (next.is_some_and(char::is_alphabetic) && !address)
        }
        '.' => spaced && !is_abbreviation(token()),
        ';' => spaced,
        _ => false,
    }
}

/// Whether a full stop after this belongs to the word; a lone letter is an initial.
fn is_abbreviation(token: &str) -> bool {
    const SHORT: &[&str] = &[
        "approx", "bzw", "ca", "dr", "e.g", "etc", "evtl", "ggf", "i.e", "inkl", "max", "min",
        "mr", "mrs", "ms", "no", "nr", "núm", "p.ej", "p.ex", "sr", "sra", "st", "str", "tel",
        "u.a", "ud", "uds", "usw", "vs", "z.b", "zzgl",
    ];
    let token = token.trim_start_matches(['(', '"', '¿', '¡']).to_lowercase();
    let initial = token.chars().count() == 1 && token.chars().all(char::is_alphabetic);
    initial || SHORT.contains(&token.as_str())
}

fn words_in(text: &str, start: usize, end: usize) -> impl Iterator<Item = (String, usize, usize)> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut begun = None;
    for (offset, c) in text[start..end].char_indices() {
        let at = start + offset;
        match (c.is_alphanumeric() || is_combining_mark(c), begun) {
            (true, None) => begun = Some(at),
            (false, Some(_)) if is_apostrophe(c) && is_clipped(&text[at + c.len_utf8()..end]) => {}
            (false, Some(from)) => {
                spans.push((from, at));
                begun = None;
            }
            _ => {}
        }
    }
    spans.extend(begun.map(|from| (from, end)));
    spans.into_iter().map(|(from, to)| (folded_word(&text[from..to]), from, to))
}

/// One word folded, without its apostrophe unless it would then be another word.
fn folded_word(written: &str) -> String {
    const OTHERS: &[&str] = &["we're", "we'll", "we'd", "i'll", "i'd", "he'll", "she'll", "she'd"];
    let folded = fold(written).replace(is_apostrophe, "'");
    if OTHERS.contains(&folded.as_str()) { folded } else { folded.replace('\'', "") }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '´' | '`')
}

/// English endings after an apostrophe stay with their word: "don't" and "dont" are one.
fn is_clipped(after: &str) -> bool {
    let ending: String = after.chars().take_while(|c| c.is_alphanumeric()).take(3).collect();
    matches!(ending.to_ascii_lowercase().as_str(), "t" | "s" | "m" | "re" | "ve" | "ll" | "d")
}

#[cfg(test)]
mod tests {
    use super::{READ_CHARS, Text, fold, folded_words};

    fn sentences(text: &str) -> Vec<String> {
        let read = Text::read(text);
        read.sentences.iter().map(|s| read.clean[s.start..s.end].trim().to_owned()).collect()
    }

    #[test]
    fn words_are_folded_and_english_endings_stay() {
        for (text, words) in [
            ("Wo ist Ärger & Größe?", vec!["wo", "ist", "arger", "grosse"]),
            ("I don’t know what's up", vec!["i", "dont", "know", "whats", "up"]),
            ("We’re were; I'd id", vec!["we're", "were", "i'd", "id"]),
            ("Qu'est-ce que l'été", vec!["qu", "est", "ce", "que", "l", "ete"]),
            ("order HO-48213!", vec!["order", "ho", "48213"]),
            ("ｆｕｌｌ ＷＩＤＴＨ", vec!["full", "width"]),
        ] {
            assert_eq!(folded_words(text), words, "{text}");
        }
        assert_eq!(fold("ŒUVRE"), "oeuvre");
    }

    #[test]
    fn sentences_end_at_marks_and_lines_but_not_in_numbers_or_short_forms() {
        for (text, expected) in [
            ("Hi. Where is it? Thanks!", vec!["Hi.", "Where is it?", "Thanks!"]),
            ("It costs 3.90 e.g. in Spain", vec!["It costs 3.90 e.g. in Spain"]),
            ("one\ntwo", vec!["one", "two"]),
            ("returns?and shipping?", vec!["returns?", "and shipping?"]),
            ("see https://a.example/x?q=1 please", vec!["see https://a.example/x?q=1 please"]),
            ("Dr. Vogel z.B. fragt", vec!["Dr. Vogel z.B. fragt"]),
            ("???", vec![]),
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }

    #[test]
    fn control_and_direction_characters_vanish() {
        let read = Text::read("re\u{202e}fu\u{200b}nd\u{7}\0");
        assert_eq!((read.clean.as_str(), read.words[0].folded.as_str()), ("refund", "refund"));
    }

    #[test]
    fn only_the_beginning_of_a_huge_message_is_read() {
        assert_eq!(Text::read(&"a ".repeat(50_000)).clean.chars().count(), READ_CHARS);
    }

    #[test]
    fn a_question_mark_counts_behind_quotes_and_exclamations() {
        for (text, asks) in [("Really?!", true), ("\"Why?\"", true), ("No.", false)] {
            assert_eq!(Text::read(text).sentences[0].asks, asks, "{text}");
        }
    }
}
