//! Bad input: each has a defined outcome, in words that say what to do, and nothing is lost.

use crate::support::TestApp;
use reqwest::StatusCode;
use serde_json::{Value, json};

fn message(id: &str, text: &str) -> Value {
    json!({ "id": id, "contact": { "id": "anna" }, "text": text })
}

#[tokio::test]
async fn what_cannot_be_understood_is_refused_with_what_to_do() {
    let app = TestApp::start().await;
    let hello = message("m", "hello");
    for (inbox, body, status, part) in [
        ("nowhere", hello.clone(), StatusCode::NOT_FOUND, "inbox"),
        ("web", hello.clone(), StatusCode::NOT_FOUND, "inbox"),
        (
            "api",
            json!({ "contact": { "id": "a" }, "text": "x" }),
            StatusCode::BAD_REQUEST,
            "Idempotency-Key",
        ),
        ("api", json!({ "id": "m", "text": "x" }), StatusCode::BAD_REQUEST, "contact"),
        (
            "api",
            json!({ "id": "m", "contact": { "id": "a" }, "text": "x", "colour": 1 }),
            StatusCode::BAD_REQUEST,
            "colour",
        ),
        (
            "api",
            json!({ "id": "m", "contact": { "id": "a" }, "text": 5 }),
            StatusCode::BAD_REQUEST,
            "string",
        ),
        ("api", message("m", &"a".repeat(100_000)), StatusCode::BAD_REQUEST, "characters"),
        ("api", message("m", &"a".repeat(2_000_000)), StatusCode::PAYLOAD_TOO_LARGE, ""),
    ] {
        let response = app.post(inbox, &body).await;
        let (found, text) = (response.status(), response.text().await.expect("words"));
        assert_eq!(found, status, "{inbox}: {text}");
        assert!(text.contains(part), "{part}: {text}");
    }
    app.finish().await;
}

#[tokio::test]
async fn who_has_no_token_stores_nothing() {
    let app = TestApp::start().await;
    let url = app.url("/api/v1/inboxes/api/messages");
    for token in [None, Some("wrong"), Some("")] {
        let mut request = app.http.post(&url).json(&message("m", "hello"));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        assert_eq!(request.send().await.expect("an answer").status(), StatusCode::UNAUTHORIZED);
    }
    let first = app.write("api", "anna", "m", "hello").await;
    assert_eq!(first["duplicate"], false, "nothing was stored before");
    app.advance(2).await;
    app.finish().await;
}

#[tokio::test]
async fn broken_json_and_other_types_are_refused() {
    let app = TestApp::start().await;
    let url = app.url("/api/v1/inboxes/api/messages");
    for (kind, body, status) in [
        ("application/json", "{\"id\": \"m\", ", StatusCode::BAD_REQUEST),
        ("application/json", "", StatusCode::BAD_REQUEST),
        ("application/json", "[1, 2]", StatusCode::BAD_REQUEST),
        ("text/plain", "hello", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let request =
            app.http.post(&url).bearer_auth(app.token()).header("content-type", kind).body(body);
        assert_eq!(request.send().await.expect("an answer").status(), status, "{kind} {body}");
    }
    app.finish().await;
}

#[tokio::test]
async fn odd_words_are_taken_in_and_reach_an_end() {
    let app = TestApp::start().await;
    for (id, text) in [
        ("emoji", "😀🎉🥾"),
        ("control", "how long\u{0}\u{7}\u{1b}[31m do I have to return something?"),
        ("bidi", "\u{202e}how long do I have to return something?\u{202c}"),
        ("long", &"how long do I have to return something? ".repeat(400)),
        ("syntax", "title:* AND (NOT \"return\")^2 ~ {!} \\ ' -- ; drop table message"),
        ("signs", "???"),
    ] {
        app.write("api", id, id, text).await;
        app.advance(2).await;
        assert_eq!(app.end("api", id).await["state"], "decided", "{id}");
    }
    assert_eq!(app.end("api", "emoji").await["action"], "escalate");
    app.finish().await;
}

#[tokio::test]
async fn times_that_cannot_be_are_taken_in_with_ours() {
    let app = TestApp::start().await;
    for (id, sent_at) in [("future", "2199-01-01T00:00:00Z"), ("ancient", "1971-01-01T00:00:00Z")] {
        let body = json!({ "id": id, "contact": { "id": id }, "text": "How long do I have to return something?", "sent_at": sent_at });
        assert_eq!(app.post("api", &body).await.status(), StatusCode::ACCEPTED, "{id}");
        app.advance(2).await;
        assert_eq!(app.end("api", id).await["action"], "answer", "{id}");
    }
    let body = json!({ "id": "x", "contact": { "id": "x" }, "text": "x", "sent_at": "yesterday" });
    assert_eq!(app.post("api", &body).await.status(), StatusCode::BAD_REQUEST);
    app.finish().await;
}
