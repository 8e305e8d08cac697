//! Which language a browser asks for.

use super::Tongue;
use axum::http::{HeaderMap, header};

/// The first language of the request's `Accept-Language` that the desk speaks; else English.
pub(in crate::web) fn accepted(headers: &HeaderMap) -> Tongue {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let known = |code: &str| Tongue::of(code.trim().parse().ok()?);
    by_preference(accepted.unwrap_or_default()).into_iter().find_map(known).unwrap_or(Tongue::En)
}

/// The languages of an `Accept-Language` header, most wanted first (RFC 9110, 12.5.4).
pub(in crate::web) fn by_preference(accepted: &str) -> Vec<&str> {
    let weighed = accepted.split(',').take(20).map(|part| {
        let (code, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
        (code, weight.unwrap_or(0.0_f32))
    });
    let mut weighed: Vec<(&str, f32)> = weighed.filter(|(_, weight)| *weight > 0.0).collect();
    weighed.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    weighed.into_iter().map(|(code, _)| code).collect()
}
