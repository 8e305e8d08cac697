//! Text as it is compared and shown: tidied characters, folded words, plain words of Markdown, sentences.

use icu_segmenter::{SentenceSegmenter, options::SentenceBreakInvariantOptions};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Markdown without its marks.
#[derive(Debug, Default, PartialEq)]
pub struct Plain {
    /// The words of each paragraph, heading, list item or cell.
    pub blocks: Vec<String>,
    /// Where its links and pictures point.
    pub links: Vec<String>,
}

/// Drops what people cannot see and machines can: control, bidi, tag and zero-width characters.
///
/// Joiners stay where scripts and emoji need them; never between Latin letters.
pub fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for c in text.chars() {
        let joins = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0f}')
            && tidy.chars().next_back().is_some_and(|before| before >= '\u{600}');
        if joins || !is_unseen(c) {
            tidy.push(c);
        }
    }
    tidy
}

fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || (c.is_control() && c != '\n' && c != '\t')
}

/// The text in lower case, without accents, with straight apostrophes.
pub fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if matches!(c, '’' | '‘' | '`' | '´') { '\'' } else { c })
        .collect::<String>()
        .replace('ß', "ss")
}

/// The folded words of a text, numbers among them.
pub fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether two folded words are forms of one, as far as their beginnings tell.
pub fn akin(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let shared = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let longer = one.chars().count().max(other.chars().count());
    shared >= 4 && shared * 10 >= longer * 6
}

/// The sentences of a text, as slices of it, in order and with nothing left out.
pub fn sentences(text: &str) -> Vec<&str> {
    let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    let mut start = 0;
    let mut sentences = Vec::new();
    for end in segmenter.segment_str(text) {
        // `watch?v=1` goes on: between signs of ASCII a sentence ends with a space.
        let goes_on = text[end..].starts_with(|c: char| c.is_ascii_alphanumeric())
            && text[..end].ends_with(|c: char| c.is_ascii() && !c.is_whitespace());
        if end > start && !goes_on {
            sentences.push(&text[start..end]);
            start = end;
        }
    }
    sentences
}

/// Takes the marks off Markdown.
pub fn plain(markdown: &str) -> Plain {
    let mut plain = Plain::default();
    let mut block = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                block.push_str(&text);
            }
            Event::SoftBreak => block.push(' '),
            Event::HardBreak | Event::Rule => block.push('\n'),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                plain.links.push(dest_url.into_string());
            }
            Event::Start(Tag::Paragraph | Tag::Item | Tag::List(_))
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::HtmlBlock
                | TagEnd::TableCell,
            ) => plain.blocks.push(std::mem::take(&mut block)),
            _ => {}
        }
    }
    plain.blocks.push(block);
    plain.blocks.retain(|block| !block.trim().is_empty());
    plain
}

#[cfg(test)]
mod tests {
    use super::{akin, fold, plain, sentences, tidy, words};

    #[test]
    fn unseen_characters_go_and_seen_ones_stay() {
        for (text, expected) in [
            ("pass\u{200b}word", "password"),
            ("a\u{202e}b\u{2066}c\u{e0041}\u{e007f}d", "abcd"),
            ("bell\u{7}\u{1b}[31m\tand\nline", "bell[31m\tand\nline"),
            ("\u{feff}Grüße, çé", "Grüße, çé"),
            ("👩\u{200d}🔧 ❤\u{fe0f}", "👩\u{200d}🔧 ❤\u{fe0f}"),
            ("a\u{200d}b", "ab"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ] {
            assert_eq!(tidy(text), expected, "{text:?}");
        }
    }

    #[test]
    fn words_are_folded() {
        assert_eq!(fold("Größe ÉTÉ don’t"), "grosse ete don't");
        assert_eq!(words("L'été, 'zwölf' Tage!"), ["l'ete", "zwolf", "tage"]);
    }

    #[test]
    fn forms_of_one_word_are_akin() {
        for (one, other, kin) in [
            ("return", "returns", true),
            ("lieferung", "lieferungen", true),
            ("deliver", "delivery", true),
            ("contract", "cat", false),
            ("send", "sent", false),
            ("internal", "international", false),
            ("norway", "north", false),
        ] {
            assert_eq!(akin(one, other), kin, "{one} and {other}");
        }
    }

    #[test]
    fn sentences_are_slices_that_leave_nothing_out() {
        let text = "You have 3.5 days. Write to us! Okay?";
        assert_eq!(sentences(text), ["You have 3.5 days. ", "Write to us! ", "Okay?"]);
        let text = "See https://a.example/watch?v=1! いいえ。三日です。";
        assert_eq!(
            sentences(text),
            ["See https://a.example/watch?v=1! ", "いいえ。", "三日です。"]
        );
        assert_eq!(sentences(""), Vec::<&str>::new());
    }

    #[test]
    fn markdown_gives_up_its_words_and_links() {
        let plain = plain(
            "# Returns\n\nSend it **back**\nwithin [30 days](https://a.example/r).\n\n- one\n- two\n\n<b>x</b>",
        );
        assert_eq!(
            plain.blocks,
            ["Returns", "Send it back within 30 days.", "one", "two", "<b>x</b>"]
        );
        assert_eq!(plain.links, ["https://a.example/r"]);
    }
}
