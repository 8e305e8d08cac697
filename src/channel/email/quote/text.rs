//! Reading a line as it looks: lower case, one kind of digit, colon and space, nothing that does not show.

/// Characters of a line that are looked at; headers are shorter.
const LOOKED_AT: usize = 400;

/// A line as its words are compared, no longer than what is looked at.
pub(super) fn fold(line: &str) -> String {
    let mut folded = String::with_capacity(line.len().min(LOOKED_AT));
    let shown = line.trim().chars().filter(|&character| !is_hidden(character));
    for character in shown.take(LOOKED_AT) {
        match character {
            'A'..='Z' => folded.push(character.to_ascii_lowercase()),
            '\0'..='\u{7f}' => folded.push(character),
            '\u{a0}' | '\u{202f}' | '\u{3000}' | '\u{2009}' => folded.push(' '),
            '：' => folded.push(':'),
            '＜' => folded.push('<'),
            '＞' => folded.push('>'),
            _ => match digit(character) {
                Some(digit) => folded.push(digit),
                None => folded.extend(character.to_lowercase()),
            },
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Marks of writing direction and zero-width characters, which mail programs put around names.
pub(super) fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

/// Arabic, Persian, Hindi, Thai and full-width digits as those of ASCII.
fn digit(character: char) -> Option<char> {
    let zero = match character {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{966}'..='\u{96f}' => 0x966,
        '\u{e50}'..='\u{e59}' => 0xe50,
        '\u{ff10}'..='\u{ff19}' => 0xff10,
        _ => return None,
    };
    char::from_digit(u32::from(character) - zero, 10)
}

/// Whether a line shows nothing.
pub(super) fn is_blank(line: &str) -> bool {
    line.chars().all(|character| character.is_whitespace() || is_hidden(character))
}

/// Whether a line is quoted: `>` in front, or initials and `>` as some Usenet programs write.
pub(super) fn is_quoted(line: &str) -> bool {
    let line = line
        .trim_start_matches(|character: char| character.is_whitespace() || is_hidden(character));
    if line.starts_with(['>', '＞', '»']) {
        return true;
    }
    let initials = line.bytes().take_while(u8::is_ascii_uppercase).count();
    let marked = line.get(initials..).and_then(|rest| rest.strip_prefix('>'));
    (1..=3).contains(&initials)
        && marked.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// A quoted line without its marks.
pub(super) fn unquoted(line: &str) -> &str {
    line.trim_start_matches(|character: char| {
        matches!(character, '>' | '＞' | '»') || character.is_whitespace() || is_hidden(character)
    })
}

/// Whether a word ends a line, not only its letters.
pub(super) fn ends_with_word(line: &str, word: &str) -> bool {
    line.strip_suffix(word).is_some_and(|before| stands_apart(before.chars().next_back(), word))
}

/// Whether a word stands in a line, not only its letters.
pub(super) fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let after = line[at + word.len()..].chars().next();
        stands_apart(line[..at].chars().next_back(), word)
            && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Scripts without spaces, and Korean endings, need none before a word.
fn stands_apart(before: Option<char>, word: &str) -> bool {
    let needs_space = word.chars().next().is_some_and(|first| first < '\u{e00}');
    // `<a@b.example>wrote:` is written without a space by some.
    !needs_space || before.is_none_or(|before| !before.is_alphanumeric())
}
