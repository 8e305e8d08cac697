//! Stored files on their way out: downloads, whatever they claim to be; and pictures that are surely pictures, to look at.

use super::markdown::visible;
use super::{Error, Web};
use crate::media;
use crate::store::StoredAttachment;
use anyhow::Context as _;
use axum::http::{HeaderName, HeaderValue, header};
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
    let bytes = bytes(web, file).await?;
    let headers = [
        (header::CONTENT_TYPE, text(&file.media_type)),
        (header::CONTENT_DISPOSITION, text(&disposition(&file.name))),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, bytes).into_response())
}

/// The largest file, in bytes, that is shown as a picture.
pub(super) const LARGEST_PICTURE: i64 = 5_000_000;

/// Whether a file of that type and size is shown as a picture. What could hold a program or a page, such as SVG,
/// HTML or PDF, is not.
pub(super) fn is_picture(media_type: &str, size: i64) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp")
        && size <= LARGEST_PICTURE
}

/// A picture to look at, if the bytes themselves are one; what the record calls them does not count.
pub(super) async fn picture(web: &Web, file: &StoredAttachment) -> Result<Response, Error> {
    if file.size > LARGEST_PICTURE {
        return Err(gone());
    }
    let bytes = bytes(web, file).await?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let found = media::media_type(&bytes).filter(|found| is_picture(found, size));
    let media_type = found.ok_or_else(gone)?;
    let inline = disposition(&file.name).replacen("attachment", "inline", 1);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, text(&inline)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("same-origin"),
        ),
    ];
    Ok((headers, bytes).into_response())
}

pub(super) async fn bytes(web: &Web, file: &StoredAttachment) -> Result<Vec<u8>, Error> {
    match tokio::fs::read(path(web, file)).await {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(gone()),
        read => Ok(read.with_context(|| format!("reading attachment {}", file.id))?),
    }
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
