//! Mails that S/MIME has signed and wrapped (RFC 8551 §3.5.2): the mail within is taken out of its wrapper (RFC 5652
//! §5, in BER as programs write it), so that it is read like any other. Nobody checks the signature.

use super::{bound, part};
use mail_parser::MessageParser;
use std::borrow::Cow;

/// Wrappers within each other that are opened.
const MAX_WRAPPERS: usize = 3;

/// Values within each other that are followed.
const MAX_DEPTH: usize = 12;

/// The identifier of signed data (1.2.840.113549.1.7.2).
const SIGNED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

const OBJECT: u8 = 0x06;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PARTS: u8 = 0x24;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
/// What stands in brackets with the number 0.
const FIRST: u8 = 0xa0;

/// The mail without the wrappers that signatures are; whether there was one.
pub(super) fn opened(raw: Cow<'_, [u8]>) -> (Cow<'_, [u8]>, bool) {
    let mut mail = raw;
    for opened in 0..MAX_WRAPPERS {
        match unwrapped(&mail) {
            Some(inner) => mail = Cow::Owned(inner),
            None => return (mail, opened > 0),
        }
    }
    (mail, true)
}

/// The mail within, below the headers of the mail around it; its own headers count only as far as they say
/// what it consists of.
fn unwrapped(raw: &[u8]) -> Option<Vec<u8>> {
    let end = bound::headers_end(raw);
    if !bound::mentions(&raw[..end], b"pkcs7-mime") || !bound::is_tame(raw) {
        return None;
    }
    let message = MessageParser::default().parse(raw)?;
    let root = message.parts.first()?;
    let kind = part::media_type(root);
    if !matches!(kind.as_str(), "application/pkcs7-mime" | "application/x-pkcs7-mime") {
        return None;
    }
    let inner = signed(root.contents())?;
    let inner_end = bound::headers_end(&inner);
    let mut mail = Vec::with_capacity(end + inner.len());
    fields(&raw[..end], |is_content| !is_content, &mut mail);
    fields(&inner[..inner_end], |is_content| is_content, &mut mail);
    mail.extend_from_slice(&inner[inner_end..]);
    (inner_end < inner.len()).then_some(mail)
}

/// Adds the header fields that are wanted by whether their names begin with `Content-`, with their folded lines.
fn fields(headers: &[u8], is_wanted: impl Fn(bool) -> bool, mail: &mut Vec<u8>) {
    let mut takes = false;
    for line in headers.split_inclusive(|byte| *byte == b'\n') {
        if !matches!(line.first(), Some(b' ' | b'\t')) {
            let start = line.get(..8).unwrap_or_default();
            takes = is_wanted(start.eq_ignore_ascii_case(b"content-"));
        }
        if takes {
            mail.extend_from_slice(line);
        }
    }
}

/// What was signed, where bytes are signed data that holds it.
fn signed(der: &[u8]) -> Option<Vec<u8>> {
    let (_, content, _) = expect(der, SEQUENCE)?;
    let (_, kind, rest) = expect(content, OBJECT)?;
    let (_, content, _) = expect(rest, FIRST).filter(|_| kind == SIGNED)?;
    let (_, data, _) = expect(content, SEQUENCE)?;
    let (_, _version, rest) = expect(data, INTEGER)?;
    let (_, _digests, rest) = expect(rest, SET)?;
    let (_, wrapped, _) = expect(rest, SEQUENCE)?;
    let (_, _kind, rest) = expect(wrapped, OBJECT)?;
    let (_, content, _) = expect(rest, FIRST)?;
    let (tag, content, _) = value(content, 0)?;
    let mut octets = Vec::with_capacity(content.len());
    gather(tag, content, 0, &mut octets)?;
    Some(octets)
}

/// A value's tag, its content, and what follows it.
type Value<'a> = (u8, &'a [u8], &'a [u8]);

fn expect(bytes: &[u8], tag: u8) -> Option<Value<'_>> {
    value(bytes, 0).filter(|(found, ..)| *found == tag)
}

/// The first value of some bytes. Its length may be told, or be known by its end (X.690 §8.1.3).
fn value(bytes: &[u8], depth: usize) -> Option<Value<'_>> {
    let [tag, length, rest @ ..] = bytes else { return None };
    let has_short_tag = tag & 0x1f != 0x1f;
    if !has_short_tag || depth > MAX_DEPTH {
        return None;
    }
    let (length, rest) = match length {
        0x80 => return (tag & 0x20 != 0).then(|| until_end(*tag, rest, depth))?,
        0..0x80 => (usize::from(*length), rest),
        _ => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            let is_sane = digits.len() <= 4;
            let length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
            (is_sane.then_some(length)?, rest)
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

fn until_end(tag: u8, bytes: &[u8], depth: usize) -> Option<Value<'_>> {
    let mut rest = bytes;
    while !rest.starts_with(&[0, 0]) {
        (_, _, rest) = value(rest, depth + 1)?;
    }
    Some((tag, &bytes[..bytes.len() - rest.len()], &rest[2..]))
}

/// Gathers a text of bytes, which may come in parts.
fn gather(tag: u8, content: &[u8], depth: usize, octets: &mut Vec<u8>) -> Option<()> {
    match tag {
        OCTETS => octets.extend_from_slice(content),
        OCTETS_IN_PARTS if depth < MAX_DEPTH => {
            let mut rest = content;
            while !rest.is_empty() {
                let (tag, part, after) = value(rest, depth)?;
                gather(tag, part, depth + 1, octets)?;
                rest = after;
            }
        }
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::{FIRST, INTEGER, OBJECT, OCTETS, OCTETS_IN_PARTS, SEQUENCE, SET, SIGNED, signed};
    use crate::channel::email::read::{Own, Understood, safe_html, understand};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
    const ENVELOPED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03];

    /// A value whose length is told.
    fn told(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).expect("short").to_be_bytes();
        [&[tag, 0x84], &length[..], content].concat()
    }

    /// A value that lasts until its end.
    fn open(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, 0x80], content, &[0, 0]].concat()
    }

    type Write = fn(u8, &[u8]) -> Vec<u8>;

    fn wrapper(kind: &[u8], octets: &[u8], write: Write) -> Vec<u8> {
        let content = write(FIRST, octets);
        let wrapped = write(SEQUENCE, &[told(OBJECT, DATA), content].concat());
        let data = [told(INTEGER, &[1]), told(SET, b""), wrapped, told(SET, b"signers")].concat();
        let content = write(FIRST, &write(SEQUENCE, &data));
        write(SEQUENCE, &[told(OBJECT, kind), content].concat())
    }

    fn mail(wrapper: &[u8]) -> String {
        format!(
            "From: Anna <anna@their.example>\r\nTo: support@shop.example\r\nSubject: Boots\r\n\
             Message-ID: <1@their.example>\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime;\r\n \
             smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            STANDARD.encode(wrapper)
        )
    }

    fn read(mail: &str) -> Understood {
        understand(mail.as_bytes(), &Own::default())
    }

    const INNER: &str = "From: evil@x.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Where are <b>they</b>?</p>\r\n";

    #[test]
    fn the_words_within_a_signature_are_read_however_they_are_wrapped() {
        let whole = told(OCTETS, INNER.as_bytes());
        let (start, end) = INNER.as_bytes().split_at(30);
        let parts = [told(OCTETS, start), open(OCTETS_IN_PARTS, &told(OCTETS, end))].concat();
        for wrapper in [
            wrapper(SIGNED, &whole, told),
            wrapper(SIGNED, &whole, open),
            wrapper(SIGNED, &told(OCTETS_IN_PARTS, &parts), told),
            wrapper(SIGNED, &open(OCTETS_IN_PARTS, &parts), open),
        ] {
            let read = read(&mail(&wrapper));
            assert_eq!(read.text, "Where are they?");
            assert_eq!(read.mail.from[0].address, "anna@their.example", "the outer headers count");
            assert_eq!(read.mail.from.len(), 1);
            assert_eq!(read.mail.subject, "Boots");
            assert_eq!(
                read.mail.problems[0],
                "it is signed with S/MIME; the signature was not checked"
            );
            assert_eq!(read.files, []);
            let shown = safe_html(mail(&wrapper).as_bytes()).expect("a page");
            assert!(shown.contains("<b>they</b>"), "{shown}");
        }
    }

    #[test]
    fn a_signature_around_a_signature_is_opened_and_no_endless_row_of_them() {
        let mut inner = INNER.to_owned();
        for number in 1..=5 {
            inner = mail(&wrapper(SIGNED, &told(OCTETS, inner.as_bytes()), told));
            let read = read(&inner);
            assert_eq!(read.text == "Where are they?", number <= 3, "{number}: {}", read.text);
        }
    }

    #[test]
    fn what_is_encrypted_broken_or_empty_is_named_and_harms_nobody() {
        let encrypted = wrapper(ENVELOPED, &told(OCTETS, b"secret"), told);
        let sent = mail(&encrypted).replace("signed-data", "enveloped-data");
        assert_eq!(
            read(&sent).mail.problems[0],
            "it is encrypted with S/MIME and cannot be read here"
        );
        let good = wrapper(SIGNED, &told(OCTETS, INNER.as_bytes()), open);
        for end in 0..good.len() {
            let read = read(&mail(&good[..end]));
            assert!(read.mail.problems[0].contains("signed with S/MIME"), "{end}");
        }
        let deep = (0..5_000).fold(Vec::new(), |inner, _| open(OCTETS_IN_PARTS, &inner));
        assert_eq!(signed(&wrapper(SIGNED, &deep, told)), None);
        assert_eq!(signed(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), None);
        assert_eq!(signed(&[0x30, 0x80].repeat(100_000)), None);
    }
}
