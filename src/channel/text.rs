//! What customers write, freed of what no reader sees: control, direction and hidden characters.

use super::Refusal;

/// Characters that a customer's text may have.
pub(super) const MAX_TEXT: usize = 20_000;

/// Reads what a message says: cleaned, without space around it, and neither empty nor too long. Only
/// a message that carries files may be empty.
pub(super) fn read(text: &str, has_files: bool) -> Result<String, Refusal> {
    let clean = clean(text);
    let clean = clean.trim();
    let length = clean.chars().count();
    if length > MAX_TEXT {
        return Err(Refusal(format!(
            "`text` has {length} characters; at most {MAX_TEXT} are taken in, so shorten it or send it in parts"
        )));
    }
    if clean.is_empty() && !has_files {
        return Err(Refusal("`text` is empty; write what the customer says".into()));
    }
    Ok(clean.to_owned())
}

/// Cleans what a machine heard as if it had been written.
pub fn heard(text: &str) -> Result<String, Refusal> {
    let clean = clean(text);
    let words = clean.trim();
    if words.is_empty() || words.chars().count() > MAX_TEXT {
        return Err(Refusal(format!("what was heard is empty or over {MAX_TEXT} characters")));
    }
    Ok(words.to_owned())
}

/// Removes what does not show: control characters other than line break and tab, characters that turn
/// the writing direction, zero-width and tag characters. Joiners stay where emoji and scripts such as
/// Persian or Hindi need them.
pub(super) fn clean(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let before = kept.chars().next_back();
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => kept.push('\n'),
            '\n' | '\t' => kept.push(character),
            '\u{200c}' | '\u{200d}' => {
                if before.is_some_and(joins) && characters.peek().is_some_and(|next| joins(*next)) {
                    kept.push(character);
                }
            }
            '\u{fe0e}' | '\u{fe0f}' => {
                if before.is_some_and(has_emoji_form) {
                    kept.push(character);
                }
            }
            other if other.is_control() || is_hidden(other) => {}
            other => kept.push(other),
        }
    }
    kept
}

/// Cleans a name or an address that stands on one line.
pub(super) fn clean_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a joiner beside the character changes how it is written.
fn joins(character: char) -> bool {
    let is_mark = matches!(character, '\u{61c}' | '\u{180e}');
    !is_mark
        && matches!(character,
        '\u{600}'..='\u{8ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' // Arabic, Syriac
        | '\u{900}'..='\u{dff}' // India and Sri Lanka
        | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18af}' // Myanmar, Khmer, Mongolian
        | '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' // pictures
        | '\u{fe0f}')
}

/// Whether the character can be shown as text or as a picture.
fn has_emoji_form(character: char) -> bool {
    !character.is_alphabetic() && !character.is_whitespace() && !is_selector(character)
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn is_hidden(character: char) -> bool {
    is_selector(character)
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{MAX_TEXT, clean, clean_line, read};
    use proptest::prelude::*;

    #[test]
    fn only_what_shows_is_kept() {
        for (text, kept) in [
            ("Where is\r\nmy order?\rNow", "Where is\nmy order?\nNow"),
            ("a\u{0}b\u{7}c\u{1b}[31md\te", "abc[31md\te"),
            ("next\u{85}line\u{2028}and\u{2029}on", "next\nline\nand\non"),
            ("\u{202e}evil\u{202c} \u{2066}x\u{2069}", "evil x"),
            ("pay\u{200b}pal\u{feff} so\u{ad}ft", "paypal soft"),
            ("hi\u{e0069}\u{e0067}\u{e006e}\u{e006f}\u{e0072}\u{e0065}!", "hi!"),
            ("v\u{fe0f}a\u{fe01}r\u{e0101}", "var"),
            // What emoji and scripts need stays.
            ("👩\u{200d}💻 and 🏳\u{fe0f}\u{200d}🌈", "👩\u{200d}💻 and 🏳\u{fe0f}\u{200d}🌈"),
            ("❤\u{fe0f} 1\u{fe0f}\u{20e3}", "❤\u{fe0f} 1\u{fe0f}\u{20e3}"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("क्\u{200d}ष", "क्\u{200d}ष"),
            // Joiners elsewhere hide words from each other.
            ("re\u{200d}fund \u{200c}now\u{200d}", "refund now"),
            ("naïve café — 日本語", "naïve café — 日本語"),
        ] {
            assert_eq!(clean(text), kept, "{text:?}");
        }
    }

    #[test]
    fn a_name_stands_on_one_line() {
        assert_eq!(clean_line("  Ana\r\nBcc: x\u{202e} \tPérez "), "Ana Bcc: x Pérez");
    }

    #[test]
    fn a_message_needs_something_to_read_or_a_file() {
        for (text, has_files, readable) in [
            ("hello", false, Ok("hello")),
            ("  🙃🙃  ", false, Ok("🙃🙃")),
            ("", true, Ok("")),
            ("", false, Err("empty")),
            ("\u{200b}\u{0} \n", false, Err("empty")),
        ] {
            let found = read(text, has_files);
            match readable {
                Ok(kept) => assert_eq!(found.as_deref(), Ok(kept), "{text:?}"),
                Err(part) => {
                    assert!(found.expect_err(text).0.contains(part), "{text:?}");
                }
            }
        }
        assert!(read(&"ä".repeat(MAX_TEXT), false).is_ok());
        let refusal = read(&"a".repeat(100_000), false).expect_err("it is too long").0;
        assert!(refusal.contains("100000") && refusal.contains("20000"), "{refusal}");
    }

    proptest! {
        #[test]
        fn cleaning_once_is_enough(text in any::<String>()) {
            let once = clean(&text);
            prop_assert!(!once.contains('\0'));
            prop_assert_eq!(clean(&once), once);
        }
    }
}
