//! Files that customers sent: always downloads, never shown by the browser.

use super::page::PageError;
use super::session::SignedIn;
use crate::conversation::AttachmentId;
use crate::web::markdown::visible;
use crate::web::{Error, State};
use anyhow::Context;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// A stored file.
pub(super) async fn file(
    web: State,
    SignedIn(_): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let gone = || Error::NotFound("there is no such file; it may have been deleted".into());
    let id = AttachmentId::from(id);
    // Only a name that the store knows ever becomes a path.
    let stored = web.desk.store.find_attachment(&id).await?.ok_or_else(gone)?;
    let bytes = match tokio::fs::read(web.attachments.join(stored.id.as_str())).await {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(gone().into()),
        Err(error) => {
            return Err(anyhow::Error::from(error)
                .context(format!("reading attachment {id}"))
                .into());
        }
    };
    let disposition = HeaderValue::from_str(&disposition(&stored.name))
        .context("writing the header of a download")?;
    let kind = HeaderValue::from_str(&stored.media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, bytes).into_response())
}

/// The header that makes it a download, with the sender's name for it: plain for old browsers, in
/// full (RFC 8187) for the others.
fn disposition(name: &str) -> String {
    let name = visible(name).replace(['/', '\\', '\n', '\t'], "_");
    let plain: String = name
        .chars()
        .map(
            |letter| if letter.is_ascii() && letter != '"' && letter != '%' { letter } else { '_' },
        )
        .collect();
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
