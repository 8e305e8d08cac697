//! Requests that change something must come from our own pages: a foreign page cannot act for
//! somebody who is logged in.

use super::{Error, Web, guard};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

/// Refuses unsafe requests that another site may have caused.
pub(super) fn from_own_page(parts: &Parts, web: &Web) -> Result<(), Error> {
    if is_own(&parts.method, &parts.headers, &web.public_url) {
        return Ok(());
    }
    let path = guard::shown_path(parts.uri.path());
    tracing::warn!(path, "refused a request from another site");
    Err(Error::Forbidden(
        "this request did not come from Sureply's own pages; open the page and try again".into(),
    ))
}

/// Refuses unsafe requests that a page of another site makes, which the chat's own frame never does.
/// Programs are no pages: they name no site, and nothing of theirs is known here without a token.
pub(super) fn from_no_foreign_page(parts: &Parts, web: &Web) -> Result<(), Error> {
    let names_site = ["sec-fetch-site", "origin"].iter().any(|it| parts.headers.contains_key(*it));
    if names_site { from_own_page(parts, web) } else { Ok(()) }
}

/// Whether a request is safe, or comes from a page of ours. The browser's own word
/// (`Sec-Fetch-Site`) counts first; without it the origin must be the host that was asked, or the
/// public address when a proxy has changed the host. Neither header means no.
fn is_own(method: &Method, headers: &HeaderMap, public_url: &str) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let (Some(origin), Some(host)) = (text("origin"), text(header::HOST.as_str())) else {
        return false;
    };
    let same_host =
        origin.split_once("://").is_some_and(|(_, from)| from.eq_ignore_ascii_case(host));
    same_host || origin.eq_ignore_ascii_case(origin_of(public_url))
}

/// Scheme, host and port of an address, as browsers write an origin.
fn origin_of(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let end = url[after_scheme..].find('/').map_or(url.len(), |at| after_scheme + at);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::is_own;
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        let public = "https://help.shop.example/desk";
        for (method, pairs, own) in [
            (Method::GET, &[("sec-fetch-site", "cross-site")][..], true),
            (Method::POST, &[("sec-fetch-site", "same-origin")], true),
            (Method::POST, &[("sec-fetch-site", "none")], true),
            (Method::POST, &[("sec-fetch-site", "same-site")], false),
            (Method::POST, &[("sec-fetch-site", "cross-site")], false),
            (
                Method::POST,
                &[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")],
                true,
            ),
            (
                Method::POST,
                &[("origin", "http://127.0.0.1:9999"), ("host", "127.0.0.1:8080")],
                false,
            ),
            (Method::POST, &[("origin", "https://help.shop.example"), ("host", "inner:1")], true),
            (
                Method::POST,
                &[("origin", "https://help.shop.example.evil"), ("host", "inner:1")],
                false,
            ),
            (Method::POST, &[("origin", "null"), ("host", "127.0.0.1:8080")], false),
            (Method::POST, &[("host", "127.0.0.1:8080")], false),
            (Method::DELETE, &[], false),
            (
                Method::POST,
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://127.0.0.1:8080"),
                    ("host", "127.0.0.1:8080"),
                ],
                false,
            ),
        ] {
            assert_eq!(is_own(&method, &headers(pairs), public), own, "{method} {pairs:?}");
        }
    }
}
