//! Tokens as text, in as few parts as fit: parted at paragraphs, else at lines, else at words.

use super::format::{Break, Style, Token, tokens};

/// Markdown as WhatsApp shows it, in parts of at most `longest` characters; nothing where it says nothing.
pub(super) fn parts(markdown: &str, longest: usize) -> Vec<String> {
    let tokens = tokens(markdown, longest);
    let mut rest = tokens.as_slice();
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let fitting = fitting(rest, longest);
        if fitting == 0 {
            // One word alone is too long; there is no better place than within it.
            let (first, later) = rest.split_at(1);
            parts.extend(cut(&write(first), longest));
            rest = later;
            continue;
        }
        let (now, later) = rest.split_at(best_cut(rest, fitting));
        parts.push(write(now));
        rest = later;
    }
    parts
}

/// How many of the tokens fit, found by halving: more tokens are never shorter.
fn fitting(tokens: &[Token], longest: usize) -> usize {
    let fits = |count: usize| write(&tokens[..count]).chars().count() <= longest;
    let (mut fit, mut beyond) = (0, tokens.len() + 1);
    while beyond - fit > 1 {
        let middle = fit.midpoint(beyond);
        if fits(middle) { fit = middle } else { beyond = middle }
    }
    fit
}

/// Where to part, at most after `fitting` tokens: the last of the strongest breaks, within items and links only
/// where there is no other.
fn best_cut(tokens: &[Token], fitting: usize) -> usize {
    if fitting == tokens.len() {
        return fitting;
    }
    let cuts = || (1..=fitting).map(|at| (at, &tokens[at]));
    let strongest = |is_within: bool| {
        let open =
            cuts().filter(move |(_, it)| it.before > Break::None && it.is_within == is_within);
        open.max_by_key(|(at, it)| (it.before, *at)).map(|(at, _)| at)
    };
    strongest(false).or_else(|| strongest(true)).unwrap_or(fitting)
}

fn cut(text: &str, longest: usize) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(longest).map(|part| part.iter().collect()).collect()
}

/// Tokens as one text.
pub(super) fn write(tokens: &[Token]) -> String {
    let mut text = String::new();
    let mut open = Style::default();
    for (at, token) in tokens.iter().enumerate() {
        let before = if at == 0 { Break::Line } else { token.before };
        if before >= Break::Line || token.style != open {
            shut(&mut text, &mut open);
        }
        if at > 0 {
            text.push_str(match before {
                Break::None => "",
                Break::Space => " ",
                Break::Line => "\n",
                Break::Block => "\n\n",
            });
        }
        if before >= Break::Line {
            text.push_str(if token.is_quoted { "> " } else { "" });
            text.push_str(&" ".repeat(token.indent));
        }
        if token.style != open && may_open(&text) && may_shut(&tokens[at..]) {
            begin(&mut text, token.style);
            open = token.style;
        }
        text.push_str(&token.text);
    }
    shut(&mut text, &mut open);
    text
}

/// A mark counts only where a word begins.
fn may_open(text: &str) -> bool {
    text.chars().next_back().is_none_or(|before| !before.is_alphanumeric())
}

/// A mark counts only where a word ends.
fn may_shut(tokens: &[Token]) -> bool {
    let style = tokens[0].style;
    let after = tokens.iter().skip(1).find(|it| it.style != style || it.before >= Break::Line);
    after.is_none_or(|it| it.before > Break::None || !it.text.starts_with(char::is_alphanumeric))
}

fn begin(text: &mut String, style: Style) {
    for (is_set, mark) in [(style.bold, '*'), (style.italic, '_'), (style.struck, '~')] {
        if is_set {
            text.push(mark);
        }
    }
}

fn shut(text: &mut String, open: &mut Style) {
    for (is_set, mark) in [(open.struck, '~'), (open.italic, '_'), (open.bold, '*')] {
        if is_set {
            text.push(mark);
        }
    }
    *open = Style::default();
}

#[cfg(test)]
mod tests {
    use super::parts;
    use proptest::prelude::*;

    #[test]
    fn markdown_reads_as_whatsapp_shows_it() {
        for (markdown, text) in [
            ("Within **30 days**, *really*.", "Within *30 days*, _really_."),
            ("***both*** and ~~gone~~", "*_both_* and ~gone~"),
            ("one\ntwo\n\nthree", "one\ntwo\n\nthree"),
            ("**one\ntwo**", "*one*\n*two*"),
            ("Hi:\n\n- a\n- b\n\nBye", "Hi:\n\n- a\n- b\n\nBye"),
            ("Hi:\n- a\n- b", "Hi:\n\n- a\n- b"),
            ("1. a\n2. b", "1. a\n2. b"),
            ("- a\n  - b\n- c", "- a\n  - b\n- c"),
            ("- a\n\n- **b** c", "- a\n- *b* c"),
            ("See [the shop](https://shop.example/a).", "See the shop (https://shop.example/a)."),
            ("<https://shop.example>", "https://shop.example"),
            ("[https://shop.example](https://shop.example/)", "https://shop.example"),
            ("[us](mailto:help@shop.example)", "us (help@shop.example)"),
            ("[x](javascript:alert(1))", "x"),
            ("> quoted\n> on\n\nfree", "> quoted\n> on\n\nfree"),
            ("# Big\n\ntext", "*Big*\n\ntext"),
            ("`a < b`", "`a < b`"),
            ("```\nlet a = 1;\n  b\n```\nafter", "```\nlet a = 1;\n  b\n```\n\nafter"),
            ("a <b>c</b>", "a <b>c</b>"),
            ("![see](https://evil.example/p.png)", "see"),
            // WhatsApp shows marks within a word as they stand, so that none is set.
            ("un**believ**able", "unbelievable"),
            ("a\n\n---\n\nb", "a\n\n---\n\nb"),
            ("", ""),
        ] {
            assert_eq!(parts(markdown, 4_096).concat(), text, "{markdown}");
        }
    }

    #[test]
    fn a_message_is_parted_where_a_reader_would_pause() {
        for (markdown, longest, wanted) in [
            ("one two\n\nthree four", 18, vec!["one two", "three four"]),
            ("one two\nthree four", 12, vec!["one two", "three four"]),
            ("one two three", 9, vec!["one two", "three"]),
            ("say **one two three** on", 10, vec!["say *one*", "*two*", "*three* on"]),
            ("- one two\n- three four", 14, vec!["- one two", "- three four"]),
            (
                "at [the shop](https://a.example) now",
                30,
                vec!["at", "the shop (https://a.example)", "now"],
            ),
            ("x `one two three` y", 16, vec!["x", "`one two three`", "y"]),
            ("> one two three", 10, vec!["> one two", "> three"]),
            ("abcdefgh", 3, vec!["abc", "def", "gh"]),
        ] {
            assert_eq!(parts(markdown, longest), wanted, "{markdown}");
        }
    }

    #[test]
    fn long_code_is_parted_at_its_lines_and_each_part_is_code() {
        let line = "x".repeat(30);
        let code = format!("```\n{}\n```", [line.as_str(); 10].join("\n"));
        let parts = parts(&code, 100);
        assert!(parts.len() > 3, "{parts:?}");
        for part in &parts {
            assert!(part.starts_with("```\n") && part.ends_with("\n```") && part.len() <= 100);
        }
    }

    proptest! {
        #[test]
        fn no_part_is_too_long_and_no_word_is_lost(
            words in proptest::collection::vec("[a-z]{1,9}[.,]?|\\*\\*[a-z]+\\*\\*|\n\n|\n- ", 1..80),
            longest in 40..120_usize,
        ) {
            let markdown = words.join(" ");
            let bare = |text: &str| text.chars().filter(char::is_ascii_lowercase).collect::<String>();
            let parts = parts(&markdown, longest);
            for part in &parts {
                prop_assert!(part.chars().count() <= longest, "{part}");
            }
            prop_assert_eq!(bare(&parts.concat()), bare(&markdown));
        }
    }
}
