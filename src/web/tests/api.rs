//! What programs see.

use super::{PROGRAM, house, request};
use axum::body::Body;
use axum::http::StatusCode;
use chrono::TimeDelta;

const MESSAGES: &str = "/api/v1/inboxes/api/messages";
const HELLO: &str = r#"{"contact":{"id":"shopper-7"},"id":"m-1","text":"Where is my order?"}"#;

#[tokio::test]
async fn a_request_that_cannot_be_served_is_told_why() {
    let house = house(|config| config.server.max_body_bytes = 4_096).await;
    let long = format!(r#"{{"contact":{{"id":"c"}},"id":"1","text":"{}"}}"#, "a".repeat(5_000));
    for (path, token, body, status, part) in [
        (MESSAGES, "", HELLO, 401, "Authorization"),
        (MESSAGES, "wrong", HELLO, 401, "Authorization"),
        ("/api/v1/inboxes/nope/messages", "wrong", HELLO, 401, "Authorization"),
        ("/api/v1/inboxes/nope/messages", PROGRAM, HELLO, 404, "no inbox"),
        ("/api/v1/inboxes/web/messages", PROGRAM, HELLO, 404, "no inbox"),
        (MESSAGES, PROGRAM, "{", 400, "line 1"),
        (MESSAGES, PROGRAM, r#"{"contact":{"id":"c"},"text":"x"}"#, 400, "Idempotency-Key"),
        (MESSAGES, PROGRAM, long.as_str(), 413, "too large"),
    ] {
        let answer = house.post(path, token, body).await;
        assert_eq!(answer.status.as_u16(), status, "{path} {body}");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert!(answer.body["detail"].to_string().contains(part), "{}", answer.body);
    }
    let plain = request("POST", MESSAGES, PROGRAM).body(Body::from(HELLO)).expect("a request");
    assert_eq!(house.send(plain).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let odd = house.get(&format!("{MESSAGES}?after=x"), PROGRAM).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    let none = house.get(MESSAGES, PROGRAM).await;
    assert_eq!(none.body, serde_json::json!({ "messages": [], "next": 0 }), "nothing was stored");
}

#[tokio::test]
async fn a_message_is_taken_in_once_and_followed_to_its_end() {
    let house = house(|_| {}).await;
    let first = house.post(MESSAGES, PROGRAM, HELLO).await;
    assert_eq!(first.status, StatusCode::ACCEPTED);
    assert_eq!(first.body["duplicate"], false);
    assert_eq!(first.body["due_at"], "2027-01-15T08:00:02Z");
    let again = house.post(MESSAGES, PROGRAM, HELLO).await;
    assert_eq!(again.status, StatusCode::ACCEPTED);
    assert_eq!(again.body["duplicate"], true);
    assert_eq!(again.body["message_id"], first.body["message_id"]);

    let path = format!("{MESSAGES}/m-1");
    let open = house.get(&path, PROGRAM).await.body;
    assert_eq!(open["state"], "open");
    assert_eq!(open["entries"], serde_json::json!([]));
    assert_eq!(house.get(&format!("{MESSAGES}/m-2"), PROGRAM).await.status, StatusCode::NOT_FOUND);

    house.desk.clock.advance(TimeDelta::seconds(3));
    house.desk.run_due().await.expect("due work is done");
    let decided = house.get(&path, PROGRAM).await.body;
    assert_eq!(decided["state"], "decided");
    assert_eq!(decided["conversation_id"], first.body["conversation_id"]);
    assert!(decided["action"].is_string() && decided["reasons"][0].is_string(), "{decided}");

    let sent = house.get(MESSAGES, PROGRAM).await.body;
    let letter = &sent["messages"][0];
    assert_eq!(letter["position"], 1);
    assert_eq!(letter["contact_id"], "shopper-7");
    assert_eq!(letter["in_reply_to"], "m-1");
    assert_eq!(letter["turn_id"], decided["turn_id"]);
    assert_eq!(letter["author"], "bot");
    assert_eq!(sent["next"], 1);
    let rest = house.get(&format!("{MESSAGES}?after=1&limit=5"), PROGRAM).await.body;
    assert_eq!(rest, serde_json::json!({ "messages": [], "next": 1 }));
}

#[tokio::test]
async fn a_key_stands_for_an_id_and_emoji_are_words_enough() {
    let house = house(|_| {}).await;
    let body = "{\"contact\":{\"id\":\"c\"},\"text\":\"🙃\\u0000🙃\"}";
    let post = || {
        let request = request("POST", MESSAGES, PROGRAM)
            .header("content-type", "application/json; charset=utf-8")
            .header("idempotency-key", "key-1");
        request.body(Body::from(body)).expect("a request")
    };
    assert_eq!(house.send(post()).await.status, StatusCode::ACCEPTED);
    assert_eq!(house.send(post()).await.body["duplicate"], true);
    assert_eq!(house.get(&format!("{MESSAGES}/key-1"), PROGRAM).await.status, StatusCode::OK);
}
