//! What is read of a mail at most, so that no bytes cost more than their size, and the guard before the
//! parser.

use std::borrow::Cow;

/// Bytes of all headers together.
const MAX_HEADER: usize = 512_000;

/// Bytes that the parser may look over, for each byte of a mail, in search of parts' ends.
const MAX_LOOKS: usize = 60;

/// Parts and marks of parts that a mail of any size may have.
const MAX_PARTS: usize = 600;

/// Mails within each other that a mail may name.
const MAX_NESTED: usize = 150;

/// Files that are taken out of a mail.
pub(super) const MAX_FILES: usize = 250;

/// Bytes of words that are read; nobody writes more.
pub(super) const MAX_WORDS: usize = 1_000_000;

/// Bytes that are kept of a header's value.
pub(super) const MAX_VALUE: usize = 20_000;

/// The start of a text, cut where a letter ends.
pub(super) fn start_of(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    let mut end = max;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The end of a text, cut where a letter begins.
pub(super) fn end_of(text: &str, max: usize) -> &str {
    let mut start = text.len().saturating_sub(max);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// Where the headers end: at the first free line, or at the end.
pub(super) fn headers_end(raw: &[u8]) -> usize {
    let mut start = 0;
    while let Some(length) = raw[start..].iter().position(|byte| *byte == b'\n') {
        let line = &raw[start..start + length];
        if line.is_empty() || line == b"\r" {
            return start;
        }
        start += length + 1;
    }
    raw.len()
}

/// Whether the parser can be trusted to end soon with these bytes: each part may make it look for an end
/// that is not there, through all that follows, and mails within each other take room on the stack.
pub(super) fn is_tame(raw: &[u8]) -> bool {
    if headers_end(raw) > MAX_HEADER || count(raw, b"digest") + nested(raw) > MAX_NESTED {
        return false;
    }
    let marks = count(raw, b"boundary");
    marks <= MAX_LOOKS || (marks <= MAX_PARTS && marks * raw.len() <= MAX_LOOKS * 1_000_000)
}

/// Whether bytes stand in others, in whatever case.
pub(super) fn mentions(raw: &[u8], wanted: &[u8]) -> bool {
    places(raw, wanted).next().is_some()
}

/// How often bytes stand in others, in whatever case.
fn count(raw: &[u8], wanted: &[u8]) -> usize {
    places(raw, wanted).count()
}

fn places<'a>(raw: &'a [u8], wanted: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let (small, large) = (wanted[0].to_ascii_lowercase(), wanted[0].to_ascii_uppercase());
    let starts = raw.iter().enumerate().filter(move |(_, byte)| **byte == small || **byte == large);
    starts.map(|(place, _)| place).filter(move |place| {
        let part = raw.get(*place..*place + wanted.len());
        part.is_some_and(|part| part.eq_ignore_ascii_case(wanted))
    })
}

/// How many types of a mail within a mail are named (`message/rfc822`, `message/global`).
fn nested(raw: &[u8]) -> usize {
    let is_type = |place: &usize| {
        let before = raw[..*place].iter().rev().take(200).find(|byte| !byte.is_ascii_whitespace());
        matches!(before, Some(b'/' | b')'))
    };
    places(raw, b"rfc822").filter(is_type).count() + places(raw, b"global").filter(is_type).count()
}

/// The bytes as the parser takes them: line ends that are a mere carriage return become line feeds, the
/// line by which a mailbox file parts mails is left out, and headers in an unnamed charset become UTF-8.
pub(super) fn prepared(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut raw = Cow::Borrowed(raw);
    if !raw.contains(&b'\n') && raw.contains(&b'\r') {
        let feeds = raw.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte });
        raw = Cow::Owned(feeds.collect());
    }
    let mut start = raw.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    if raw[start..].starts_with(b"\xef\xbb\xbf") {
        start += 3;
    }
    while raw[start..].starts_with(b"From ") || raw[start..].starts_with(b">From ") {
        let line = raw[start..].iter().position(|byte| *byte == b'\n');
        start += line.map_or(raw.len() - start, |length| length + 1);
    }
    if start > 0 {
        raw = Cow::Owned(raw[start..].to_vec());
    }
    let end = headers_end(&raw);
    if std::str::from_utf8(&raw[..end]).is_err() {
        raw = Cow::Owned(with_named_headers(&raw, end));
    }
    raw
}

fn with_named_headers(raw: &[u8], end: usize) -> Vec<u8> {
    let mut named = Vec::with_capacity(raw.len() + 200);
    for line in raw[..end].split_inclusive(|byte| *byte == b'\n') {
        // An encoded word names the charset of the bytes in it, even of those that should not be there.
        if std::str::from_utf8(line).is_ok() || line.windows(2).any(|pair| pair == b"=?") {
            named.extend_from_slice(line);
        } else {
            named.extend_from_slice(super::charset::guess(line).as_bytes());
        }
    }
    named.extend_from_slice(&raw[end..]);
    named
}
