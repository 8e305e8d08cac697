//! What surrounds every request: a log line with its id, and headers that keep browsers strict.

use super::Error;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::time::Instant;
use tracing::Instrument;

/// Nothing from elsewhere, no inline script or style, no foreign frame around our pages. A page
/// that may be framed sets its own `frame-ancestors`.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; media-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
    object-src 'none'; frame-ancestors 'none'";

/// Tells browsers to come by HTTPS only, for a year.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Sets the security headers that a response has not set itself. People who come by HTTPS are to
/// stay with it.
pub(super) async fn headers(
    State(over_https): State<bool>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    if over_https {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    for (name, value) in [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cache-control", "no-store"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ] {
        response
            .headers_mut()
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Refuses paths with control characters: no address of ours has them, and not every database takes
/// them.
pub(super) async fn plain_paths_only(request: Request, next: Next) -> Response {
    if is_plain(request.uri().path()) {
        return next.run(request).await;
    }
    Error::BadRequest("the address holds control characters".into()).into_response()
}

/// Whether a path, once decoded, has no ASCII control character in it; undecoded it cannot.
fn is_plain(path: &str) -> bool {
    path.split('%').skip(1).all(|rest| {
        let code = rest.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        !code.is_some_and(|code| code.is_ascii_control())
    })
}

/// Logs each request with its id, path and outcome; never its query, body or headers, nor the token
/// of a one-time link.
pub(super) async fn log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or("")
        .to_owned();
    let span = tracing::info_span!("request", %id, method = %request.method(), path = shown_path(request.uri().path()));
    let response = next.run(request).instrument(span.clone()).await;
    let _entered = span.enter();
    let milliseconds = started.elapsed().as_secs_f64() * 1_000.0;
    tracing::debug!(status = response.status().as_u16(), milliseconds, "served");
    response
}

/// A path as it may stand in a log: without the token of a one-time link.
pub(super) fn shown_path(path: &str) -> &str {
    if path.starts_with("/join/") {
        "/join/…"
    } else if path.starts_with("/reset/") {
        "/reset/…"
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::{is_plain, shown_path};

    #[test]
    fn a_log_never_holds_the_token_of_a_link() {
        for (path, shown) in [
            ("/join/dG9rZW4", "/join/…"),
            ("/join/", "/join/…"),
            ("/reset/dG9rZW4", "/reset/…"),
            ("/people", "/people"),
            ("/joint", "/joint"),
        ] {
            assert_eq!(shown_path(path), shown);
        }
    }

    #[test]
    fn a_path_holds_no_control_characters() {
        for (path, plain) in [
            ("/conversations/1", true),
            ("/attachments/M%C3%A4rz%20%", true),
            ("/conversations/1%00", false),
            ("/conversations/%0a1", false),
            ("/conversations/%0A1", false),
            ("/conversations/1%7f", false),
            ("/conversations/1%2500", true),
        ] {
            assert_eq!(is_plain(path), plain, "{path}");
        }
    }
}
