//! "-----Original Message-----" and its like, and the lines above a mail that is passed on.

use super::line::Kind;
use super::marks::{FORWARD_LINES, FORWARDED, ORIGINAL};
use super::text;

/// What a folded line announces: a quote, a mail passed on, or nothing.
pub(super) fn kind(folded: &str) -> Option<Kind> {
    let line = folded.trim_matches(['*', ' ']);
    let words = inside_dashes(line);
    if let Some(words) = words {
        if ORIGINAL.contains(&words) {
            return Some(Kind::Banner);
        }
        if FORWARDED.iter().any(|known| words == *known || begins_by(words, known)) {
            return Some(Kind::Forward);
        }
    }
    let plain = line.trim_end_matches([':', ' ']);
    let is_forward = line.ends_with(':') && FORWARD_LINES.contains(&plain);
    is_forward.then_some(Kind::Forward)
}

/// Whether a folded line is such words without their dashes, which counts only above "From: …".
pub(super) fn is_undashed(folded: &str) -> bool {
    let words = folded.trim_matches(['*', ' ', ':']);
    ORIGINAL.contains(&words)
}

/// Whether a quoted line begins a mail that is passed on.
pub(super) fn is_quoted_forward(raw: &str) -> bool {
    kind(&text::fold(text::unquoted(raw))) == Some(Kind::Forward)
}

/// The words of a line that dashes enclose.
pub(super) fn inside_dashes(line: &str) -> Option<&str> {
    let dash = |mark: char| matches!(mark, '-' | '_' | '=' | '—' | '–');
    let words = line.trim_matches(dash);
    let left = line.find(words)?;
    let right = line.len() - left - words.len();
    (left >= 2 && right >= 2 && !words.is_empty()).then(|| words.trim_matches([' ', ':', '*']))
}

/// "forwarded by Ann on …".
fn begins_by(words: &str, known: &str) -> bool {
    known.ends_with(" by") && words.starts_with(known)
}
