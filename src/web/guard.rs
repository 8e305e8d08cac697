//! What surrounds every request: a log line with its id, and headers that keep browsers strict.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use tracing::Instrument;

/// Nothing from elsewhere, no inline script or style, no foreign frame around our pages. A page
/// that may be framed sets its own `frame-ancestors`.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
    object-src 'none'; frame-ancestors 'none'";

/// Sets the security headers that a response has not set itself.
pub(super) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
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

/// Logs each request with its id, path and outcome; never its query, body or headers, nor the token
/// of an invitation.
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

/// A path as it may stand in a log: without the token of an invitation.
pub(super) fn shown_path(path: &str) -> &str {
    if path.starts_with("/join/") { "/join/…" } else { path }
}

#[cfg(test)]
mod tests {
    use super::shown_path;

    #[test]
    fn a_log_never_holds_the_token_of_an_invitation() {
        for (path, shown) in [
            ("/join/dG9rZW4", "/join/…"),
            ("/join/", "/join/…"),
            ("/people", "/people"),
            ("/joint", "/joint"),
        ] {
            assert_eq!(shown_path(path), shown);
        }
    }
}
