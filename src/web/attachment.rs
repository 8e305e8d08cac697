//! Stored files on their way out: always downloads, whatever they claim to be.

use super::{Error, Web};
use crate::store::StoredAttachment;
use anyhow::Context as _;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use std::fmt::Write as _;
use std::path::PathBuf;

/// Where a file's bytes lie. Identifiers are ours, so they are no paths.
pub(super) fn path(web: &Web, file: &StoredAttachment) -> PathBuf {
    web.attachments.join(file.id.as_str())
}

/// A file as a download that no browser shows, runs or guesses at.
pub(super) async fn response(web: &Web, file: &StoredAttachment) -> Result<Response, Error> {
    let bytes = tokio::fs::read(path(web, file))
        .await
        .with_context(|| format!("reading attachment {}", file.id))?;
    let headers = [
        (header::CONTENT_TYPE, text(&file.media_type)),
        (header::CONTENT_DISPOSITION, text(&disposition(&file.name))),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, bytes).into_response())
}

fn text(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// The name as RFC 8187 writes it: bytes other than plain letters and digits in percents.
fn disposition(name: &str) -> String {
    let mut value = String::from("attachment; filename*=UTF-8''");
    for byte in name.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' => {
                value.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            other => write!(value, "%{other:02X}").unwrap_or_default(),
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(
            disposition("März \"1\";\r\n.pdf"),
            "attachment; filename*=UTF-8''M%C3%A4rz%20%221%22%3B%0D%0A.pdf"
        );
    }
}
