//! A mail's HTML as the text its reader sees, apart from what is hidden, quoted or a signature.
//!
//! It reads the tokens of html5ever and not its tree: what a hostile mail can make a tree cost, and how
//! deep, has no bound, and where text stands can be told from the tags.

mod colour;
mod line;
mod mark;
mod style;
mod walk;

#[cfg(test)]
mod tests;

use super::bound;
use crate::conversation::Removed;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};

/// Bytes of HTML that are read; pictures written into it are long, words are not.
const MAX_HTML: usize = 4_000_000;

/// Attributes that one tag may have; the tokenizer compares each with each.
const MAX_ATTRIBUTES: usize = 400;

/// What HTML says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Rendered {
    /// The words that are shown and neither marked as quoted nor as a signature. Other quotations
    /// stand behind `>`.
    pub(super) text: String,
    /// All words that are shown.
    pub(super) full: String,
    /// What was left out of `text`.
    pub(super) removed: Vec<Removed>,
    /// Whether it was too long or too wild to be read to its end.
    pub(super) is_cut: bool,
}

/// Renders HTML as text. In a forward, what is quoted is what its sender wants to show.
pub(super) fn read(html: &str, is_forward: bool) -> Rendered {
    let cut = bound::start_of(html, MAX_HTML);
    let tame = tame(cut);
    let tokenizer = Tokenizer::new(walk::Walker::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(tame));
    // The walker asks for no pause, as it runs no scripts and keeps to one charset: one feed is all.
    drop(tokenizer.feed(&input));
    tokenizer.end();
    let seen = tokenizer.sink.end();
    let mut rendered = line::arrange(seen.lines, is_forward);
    rendered.removed.extend(seen.hidden);
    rendered.is_cut = tame.len() < html.len() || seen.is_cut;
    rendered
}

/// Whether no tag has too many attributes.
pub(super) fn is_tame(html: &str) -> bool {
    tame(html).len() == html.len()
}

/// The HTML up to a tag that has too many attributes.
fn tame(html: &str) -> &str {
    let (mut open, mut gaps) = (None, 0_usize);
    for (place, byte) in html.bytes().enumerate() {
        match byte {
            b'<' if open.is_none() => (open, gaps) = (Some(place), 0),
            b'>' => open = None,
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/' | b'"' | b'\'' | b'=' => gaps += 1,
            _ => {}
        }
        if let Some(start) = open
            && gaps > MAX_ATTRIBUTES * 4
            && is_tag(&html[start..])
        {
            return &html[..start];
        }
    }
    html
}

/// Whether a `<` begins a tag and not a comment or a mere sign.
fn is_tag(rest: &str) -> bool {
    rest[1..].starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '/')
}
