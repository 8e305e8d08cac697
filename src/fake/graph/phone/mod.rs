//! A customer's phone as a page: whoever opens it writes to the number, presses buttons, sends files and sees ticks.

mod thread;

use self::thread::Thread;
use super::{Graph, Said};
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;

/// Whoever writes.
const PHONE: &str = "+16505551234";
/// Nothing but what comes from here, and pictures that the page holds itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                      media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) fn router() -> Router<Graph> {
    Router::new()
        .route("/", get(async || page("text/html", include_str!("page.html"))))
        .route("/phone/page.js", get(async || page("text/javascript", include_str!("page.js"))))
        .route("/phone/page.css", get(async || page("text/css", include_str!("page.css"))))
        .route("/phone/thread", get(read))
        .route("/phone/say", post(say))
        .route("/phone/choose", post(choose))
        .route("/phone/press", post(press))
        .route("/phone/file", post(send_file))
        .route("/phone/file/{id}", get(file))
        .route("/phone/day", post(pass_a_day))
        // Browsers ask for a picture by themselves.
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
}

fn page(media_type: &'static str, text: &'static str) -> Response {
    let media_type = format!("{media_type}; charset=utf-8");
    let headers = [
        (header::CONTENT_TYPE, media_type.as_str()),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, text).into_response()
}

/// What another page asks for is refused: it might write in the customer's name.
fn is_own(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|it| it.to_str().ok());
    site.is_none_or(|site| site == "same-origin")
}

async fn read(State(graph): State<Graph>) -> Json<Thread> {
    Json(Thread::of(&graph))
}

async fn answer(graph: &Graph, headers: &HeaderMap, said: Said) -> Response {
    if !is_own(headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    match graph.says(PHONE, &said).await {
        Ok(id) => Json(json!({ "id": id })).into_response(),
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:#}")).into_response(),
    }
}

#[derive(Deserialize)]
struct Words {
    text: String,
}

async fn say(State(graph): State<Graph>, headers: HeaderMap, Json(words): Json<Words>) -> Response {
    answer(&graph, &headers, Said::Text(words.text)).await
}

#[derive(Deserialize)]
struct Choice {
    is_row: bool,
    id: String,
    title: String,
    message: String,
}

async fn choose(
    State(graph): State<Graph>,
    headers: HeaderMap,
    Json(it): Json<Choice>,
) -> Response {
    let Choice { is_row, id, title, message } = it;
    answer(&graph, &headers, Said::Chosen { is_row, id, title, message }).await
}

#[derive(Deserialize)]
struct Press {
    text: String,
    message: String,
}

async fn press(State(graph): State<Graph>, headers: HeaderMap, Json(it): Json<Press>) -> Response {
    let Press { text, message } = it;
    answer(&graph, &headers, Said::Pressed { text, message }).await
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

async fn send_file(
    State(graph): State<Graph>,
    Query(named): Query<Named>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    let declared = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let media_type = declared.filter(|it| !it.is_empty()).unwrap_or("application/octet-stream");
    let said = Said::File {
        media_type: media_type.to_owned(),
        name: Some(named.name),
        caption: None,
        bytes,
    };
    answer(&graph, &headers, said).await
}

/// A file of the thread. Only what cannot act is shown as what it says it is.
async fn file(State(graph): State<Graph>, Path(id): Path<String>) -> Response {
    let Some((media_type, bytes)) = graph.file(&id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_shown = ["image/jpeg", "image/png", "audio/", "video/"];
    let is_shown = is_shown.iter().any(|it| media_type.starts_with(it));
    let media_type = if is_shown { media_type } else { "application/octet-stream".into() };
    let headers = [
        (header::CONTENT_TYPE, media_type.as_str()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, bytes).into_response()
}

/// A day passes for both sides: the customer's window closes.
async fn pass_a_day(State(graph): State<Graph>, headers: HeaderMap) -> StatusCode {
    if !is_own(&headers) {
        return StatusCode::FORBIDDEN;
    }
    let clock = graph.0.memory().clock.clone();
    clock.advance(TimeDelta::hours(24));
    StatusCode::NO_CONTENT
}
