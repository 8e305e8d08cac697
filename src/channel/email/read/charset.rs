//! Bytes to letters where a mail's own word about its charset is wrong or missing.

use encoding_rs::{ISO_2022_JP, WINDOWS_1252};
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessagePart, MimeHeaders, PartType};
use std::borrow::Cow;

/// The letters of bytes of which nothing is known: UTF-8 if they can be, Japanese if they switch to it,
/// else what Windows writes in western Europe, which takes any byte.
pub(super) fn guess(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        if !text.contains("\u{1b}$") {
            return text.to_owned();
        }
        return ISO_2022_JP.decode_without_bom_handling(bytes).0.into_owned();
    }
    WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}

/// The words of a text part, and whether its charset was not what it says.
pub(super) fn words<'a>(
    message: &'a Message<'_>,
    part: &'a MessagePart<'_>,
) -> (Cow<'a, str>, bool) {
    let (PartType::Text(text) | PartType::Html(text)) = &part.body else {
        return (Cow::Borrowed(""), false);
    };
    let is_lost = text.contains('\u{fffd}');
    let is_garbled =
        text.contains(['Ã', 'Â', 'â', 'Ð', 'Ñ', 'ï', 'å', 'ä', 'æ', 'ã', 'à', '\u{1b}']);
    if !is_lost && !is_garbled {
        return (Cow::Borrowed(text), false);
    }
    let Some(bytes) = decoded(message, part) else { return (Cow::Borrowed(text), false) };
    let named = part.content_type().and_then(|kind| kind.attribute("charset"));
    if let Ok(unicode) = std::str::from_utf8(&bytes) {
        // UTF-8 of several bytes is hardly ever anything else.
        let says_japanese = named.is_some_and(|name| name.to_ascii_lowercase().contains("2022"));
        let is_japanese = unicode.contains("\u{1b}$");
        if !bytes.is_ascii() && unicode != text && !is_japanese {
            return (Cow::Owned(unicode.to_owned()), true);
        }
        if is_japanese && !says_japanese {
            return (Cow::Owned(guess(&bytes)), true);
        }
        return (Cow::Borrowed(text), false);
    }
    if !is_lost {
        return (Cow::Borrowed(text), false);
    }
    let told = meta_charset(&bytes).and_then(|name| charset_decoder(name.as_bytes()));
    let again = told.map(|decode| decode(&bytes)).filter(|again| losses(again) < losses(text));
    let again = again.unwrap_or_else(|| guess(&bytes));
    // A few broken letters among many good ones of a charset of several bytes are only broken.
    let is_mostly_read =
        losses(text) * 20 < text.chars().filter(|letter| !letter.is_ascii()).count();
    if is_mostly_read { (Cow::Borrowed(text), false) } else { (Cow::Owned(again), true) }
}

fn losses(text: &str) -> usize {
    text.matches('\u{fffd}').count()
}

/// The bytes of a part as they were before they were packed for the way.
pub(super) fn decoded<'a>(
    message: &'a Message<'_>,
    part: &MessagePart<'_>,
) -> Option<Cow<'a, [u8]>> {
    let (start, end) = (part.offset_body as usize, part.offset_end as usize);
    let bytes = message.raw_message.get(start..end)?;
    match part.encoding {
        Encoding::None => Some(Cow::Borrowed(bytes)),
        Encoding::QuotedPrintable => quoted_printable_decode(bytes).map(Cow::Owned),
        Encoding::Base64 => base64_decode(bytes).map(Cow::Owned),
    }
}

/// The charset that a page names in its head.
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).to_ascii_lowercase();
    let (_, rest) = start.split_once("charset=")?;
    let name: String = rest
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
        .collect();
    (!name.is_empty()).then_some(name)
}
