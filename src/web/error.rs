//! Errors as people and programs see them: what happened and what to do next.

use super::needs::refusal;
use super::words;
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a request was not served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is not understood; the words say what to change.
    #[error("{0}")]
    BadRequest(String),
    /// Nobody is logged in, or the token is not known.
    #[error("{0}")]
    Unauthorized(String),
    /// Somebody is logged in who may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing.
    #[error("{0}")]
    NotFound(String),
    /// What is asked for cannot be, as things stand; the words say what to do first.
    #[error("{0}")]
    Conflict(String),
    /// The request is understood and cannot be served as it is; the words say what to change.
    #[error("{0}")]
    Unprocessable(String),
    /// The request is too large.
    #[error("{0}")]
    TooLarge(String),
    /// The request's content is of a kind that is not taken; the words say which is.
    #[error("{0}")]
    UnsupportedMedia(String),
    /// Too many requests of this kind; try again after so many seconds.
    #[error("too many attempts; try again in {0} seconds")]
    TooMany(u64),
    /// The server cannot keep up; try again after so many seconds.
    #[error("the server is busy; try again in {0} seconds")]
    Busy(u64),
    /// Something broke on our side.
    #[error("something went wrong here; it was logged, please try again")]
    Broken(#[from] anyhow::Error),
}

impl Error {
    /// The HTTP status that says it.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMedia(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Error {
    /// Problem details (RFC 9457).
    fn into_response(self) -> Response {
        if let Self::Broken(cause) = &self {
            tracing::error!(error = format!("{cause:#}"), "a request failed");
        }
        let status = self.status();
        let problem = json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or("Error"),
            "status": status.as_u16(),
            "detail": self.to_string(),
        });
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Self::Unauthorized(_) = self {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Self::TooMany(seconds) | Self::Busy(seconds) = self {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The answer for addresses that lead nowhere: a page for people, a problem for programs.
pub(super) async fn no_such_page(headers: HeaderMap) -> Response {
    let nothing = || refusal(&headers, Error::NotFound(t!("error-no-page")));
    words::speaking(words::accepted(&headers), async { nothing() }).await
}
