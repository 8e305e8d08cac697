//! Stored files on their way out: always downloads, whatever they claim to be.

use super::markdown::visible;
use super::{Error, Web};
use crate::store::StoredAttachment;
use anyhow::Context as _;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use std::io::ErrorKind;
use std::path::PathBuf;

/// A file may do nothing at all, wherever it is opened.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; object-src 'none'; \
    frame-ancestors 'none'; sandbox";

/// Where a file's bytes lie. Identifiers are ours, so they are no paths.
pub(super) fn path(web: &Web, file: &StoredAttachment) -> PathBuf {
    web.attachments.join(file.id.as_str())
}

/// The refusal for a file that is not there, or not for whoever asks.
pub(super) fn gone() -> Error {
    Error::NotFound("there is no such file; it may have been deleted".into())
}

/// A file as a download that no browser shows, runs or guesses at.
pub(super) async fn response(web: &Web, file: &StoredAttachment) -> Result<Response, Error> {
    let bytes = match tokio::fs::read(path(web, file)).await {
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(gone()),
        read => read.with_context(|| format!("reading attachment {}", file.id))?,
    };
    let headers = [
        (header::CONTENT_TYPE, text(&file.media_type)),
        (header::CONTENT_DISPOSITION, text(&disposition(&file.name))),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, bytes).into_response())
}

fn text(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// The header that makes it a download, with the sender's name for it: plain for old browsers, in
/// full (RFC 8187) for the others.
fn disposition(name: &str) -> String {
    let name = visible(name).replace(['/', '\\', '\n', '\t'], "_");
    let is_plain = |letter: char| letter.is_ascii() && letter != '"' && letter != '%';
    let plain: String =
        name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    let full: String = name.bytes().map(percent).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

fn percent(byte: u8) -> String {
    match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' | b'-' | b'_' => char::from(byte).into(),
        other => format!("%{other:02X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_file_is_named_without_being_trusted() {
        for (name, header) in [
            ("a.png", "attachment; filename=\"a.png\"; filename*=UTF-8''a.png"),
            (
                "../Zelt \"neu\" ü.pdf",
                "attachment; filename=\".._Zelt _neu_ _.pdf\"; filename*=UTF-8''.._Zelt%20%22neu%22%20%C3%BC.pdf",
            ),
            ("a\r\nX: y", "attachment; filename=\"a_X: y\"; filename*=UTF-8''a_X%3A%20y"),
        ] {
            assert_eq!(disposition(name), header, "{name}");
        }
    }
}
