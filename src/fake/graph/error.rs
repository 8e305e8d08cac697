//! Errors as Meta words them.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

/// An error: its code and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Error {
    pub(super) code: i64,
    pub(super) details: String,
}

impl Error {
    pub(super) fn new(code: i64, details: impl Into<String>) -> Self {
        Self { code, details: details.into() }
    }

    /// As it stands in an answer.
    pub(super) fn body(&self) -> Value {
        let Self { code, details } = self;
        json!({ "error": {
            "message": format!("(#{code}) {}", title(*code)),
            "type": "OAuthException",
            "code": code,
            "error_data": { "messaging_product": "whatsapp", "details": details },
            "fbtrace_id": "AfakeTrace",
        }})
    }

    /// As it stands in a status that says `failed`.
    pub(super) fn in_status(&self) -> Value {
        let Self { code, details } = self;
        json!({
            "code": code,
            "title": title(*code),
            "message": title(*code),
            "error_data": { "details": details },
        })
    }

    pub(super) fn answer(&self) -> Response {
        let status = match self.code {
            0 | 190 => StatusCode::UNAUTHORIZED,
            3 | 10 | 200..=299 | 131_005 | 131_031 | 368 => StatusCode::FORBIDDEN,
            4 | 80_007 | 130_429 | 131_056 | 131_048 => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::BAD_REQUEST,
        };
        (status, Json(self.body())).into_response()
    }
}

fn title(code: i64) -> &'static str {
    match code {
        0 | 190 => "Error validating access token",
        100 => "Invalid parameter",
        130_429 => "Rate limit hit",
        131_008 => "Required parameter is missing",
        131_009 => "Parameter value is not valid",
        131_026 => "Message undeliverable",
        131_047 => "Re-engagement message",
        131_051 => "Unsupported message type",
        131_053 => "Media upload error",
        131_056 => "Pair rate limit hit",
        132_001 => "Template name does not exist in the translation",
        _ => "Something went wrong",
    }
}
