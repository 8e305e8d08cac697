//! The files of a mail: their names, types and bytes.

use super::{File, bound, charset, tnef};
use crate::channel::text::clean_line;
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

/// Letters of a file's name.
const MAX_NAME: usize = 200;

/// The file that a part is; `None` if nothing is in it.
pub(super) fn of(message: &Message<'_>, part: &MessagePart<'_>, kind: &str) -> Option<File> {
    let bytes = match &part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.to_vec(),
        PartType::Multipart(_) => return None,
        PartType::Text(text) | PartType::Html(text) => charset::decoded(message, part)
            .map_or_else(|| text.as_bytes().to_vec(), std::borrow::Cow::into_owned),
        PartType::Message(nested) => charset::decoded(message, part)
            .map_or_else(|| nested.raw_message.to_vec(), std::borrow::Cow::into_owned),
    };
    if bytes.is_empty() && part.attachment_name().is_none() {
        return None;
    }
    let is_named_inline =
        part.content_disposition().is_some_and(mail_parser::ContentType::is_inline);
    let is_picture = kind.starts_with("image/");
    let is_attached =
        part.content_disposition().is_some_and(mail_parser::ContentType::is_attachment);
    let inline = is_picture && !is_attached && (is_named_inline || part.content_id().is_some());
    let given = given_name(message, part).or_else(|| match &part.body {
        PartType::Message(nested) => Some(format!("{}.eml", nested.subject().unwrap_or("mail"))),
        _ => None,
    });
    Some(File { name: name(given.as_deref(), kind), media_type: told(kind), bytes, inline })
}

/// The name that a part gives its file.
fn given_name(message: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    let name = part.attachment_name()?;
    if !name.contains('\u{fffd}') {
        return Some(name.to_owned());
    }
    // It stands in the header in bytes of an unnamed charset.
    let again = part.headers.iter().find_map(|header| {
        let (start, end) = (header.offset_start as usize, header.offset_end as usize);
        let value = charset::guess(message.raw_message.get(start..end)?);
        let at = value.find("name=").filter(|_| !value.is_ascii())?;
        let named = value[at + 5..].trim_start_matches('"');
        named.split(['"', ';', '\r', '\n']).next().map(str::to_owned)
    });
    Some(again.unwrap_or_else(|| name.to_owned()))
}

/// A file from within a `winmail.dat`.
pub(super) fn unwrapped(wrapped: tnef::Wrapped) -> File {
    let kind = wrapped.media_type.as_deref().unwrap_or_default().trim().to_ascii_lowercase();
    let name = name(wrapped.name.as_deref(), &kind);
    File { name, media_type: told(&kind), bytes: wrapped.bytes, inline: false }
}

fn told(kind: &str) -> String {
    let is_kind = kind.split_once('/').is_some_and(|(major, minor)| {
        let is_token = |word: &str| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
        };
        is_token(major) && is_token(minor) && kind.len() <= 127
    });
    if is_kind { kind.to_owned() } else { "application/octet-stream".into() }
}

/// A name that is one, and no path: what stands after the last slash, without signs that files cannot
/// have; without any, what the type makes of it.
fn name(given: Option<&str>, kind: &str) -> String {
    let given = clean_line(bound::start_of(given.unwrap_or_default(), 2_000));
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let bare: String =
        last.chars()
            .map(|letter| {
                if matches!(letter, ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { letter }
            })
            .collect();
    let bare = bare.trim_matches([' ', '.']);
    if bare.is_empty() {
        return format!("file.{}", ending(kind));
    }
    if bare.len() <= MAX_NAME {
        return bare.to_owned();
    }
    // The ending says what to open it with.
    match bare.rsplit_once('.').filter(|(_, ending)| ending.len() <= 10) {
        Some((stem, ending)) => format!("{}.{ending}", bound::start_of(stem, MAX_NAME - 11)),
        None => bound::start_of(bare, MAX_NAME).to_owned(),
    }
}

fn ending(kind: &str) -> &'static str {
    match kind {
        "text/plain" => "txt",
        "text/html" => "html",
        "text/calendar" => "ics",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "application/pdf" => "pdf",
        "message/rfc822" => "eml",
        _ => "bin",
    }
}
