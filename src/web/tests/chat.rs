//! What the chat page sees.

use super::{Answer, House, PROGRAM, house, request};
use axum::body::{Body, to_bytes};
use axum::http::StatusCode;
use chrono::TimeDelta;
use futures::StreamExt as _;
use serde_json::json;
use tower::ServiceExt as _;

pub(super) async fn visitor(house: &House) -> String {
    let begun = house.post("/chat/web/session", "", "").await;
    assert_eq!(begun.status, StatusCode::CREATED);
    begun.body["token"].as_str().expect("a token").to_owned()
}

async fn upload(house: &House, token: &str, name: &str, bytes: &[u8]) -> Answer {
    let mut form = format!(
        "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: text/html\r\n\r\n"
    )
    .into_bytes();
    form.extend_from_slice(bytes);
    form.extend_from_slice(b"\r\n--x--\r\n");
    let request = request("POST", "/chat/web/attachments", token)
        .header("content-type", "multipart/form-data; boundary=x");
    house.send(request.body(Body::from(form)).expect("a request")).await
}

#[tokio::test]
async fn a_visitor_sends_once_and_sees_the_reply() {
    let house = house(|_| {}).await;
    let token = visitor(&house).await;
    let empty = house.get("/chat/web/messages", &token).await.body;
    assert_eq!(empty["messages"], json!([]));
    for duplicate in [false, true] {
        let sent =
            house.post("/chat/web/messages", &token, r#"{"id":"c1","text":"<b>hi</b>"}"#).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED);
        assert_eq!(sent.body["duplicate"], duplicate);
    }
    let page = house.get("/chat/web/messages", &token).await.body;
    assert_eq!(page["messages"].as_array().map(Vec::len), Some(1));
    assert_eq!(page["messages"][0]["client_id"], "c1");
    assert_eq!(page["messages"][0]["text"], "<b>hi</b>");
    assert_eq!(page["status"], json!({ "typing": true, "with": "bot" }));

    house.desk.clock.advance(TimeDelta::seconds(4));
    house.desk.run_due().await.expect("due work is done");
    let after = page["cursor"].as_str().expect("a cursor");
    let page = house.get(&format!("/chat/web/messages?after={after}"), &token).await.body;
    assert_eq!(page["messages"].as_array().map(Vec::len), Some(1), "only what is new: {page}");
    assert_eq!(page["messages"][0]["author"], "bot");
    assert!(page["messages"][0]["html"].is_string());
    assert_eq!(page["status"]["typing"], false);
    let read = house.post("/chat/web/read", &token, r#"{"shown":2}"#).await;
    assert_eq!(read.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_chat_is_nobody_elses() {
    let house = house(|config| {
        config.inboxes.push(crate::config::InboxSettings::new(
            "shop",
            crate::conversation::ChannelKind::Webchat,
        ));
    })
    .await;
    let (ana, ben) = (visitor(&house).await, visitor(&house).await);
    let file = upload(&house, &ana, "a.txt", b"Ana's own").await.body;
    let id = file["id"].as_str().expect("an id").to_owned();
    let body = json!({ "id": "1", "text": "secret", "attachments": [id] }).to_string();
    assert_eq!(house.post("/chat/web/messages", &ana, &body).await.status, StatusCode::ACCEPTED);
    let path = format!("/chat/web/attachments/{id}");
    for (token, status) in [(&ana, 200), (&ben, 404), (&String::new(), 401), (&"x".to_owned(), 401)]
    {
        assert_eq!(house.get(&path, token).await.status.as_u16(), status);
    }
    assert_eq!(house.post("/chat/web/messages", &ben, &body).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(house.get("/chat/web/messages", &ben).await.body["messages"], json!([]));
    assert_eq!(house.get("/chat/web/messages", PROGRAM).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.get("/chat/shop/messages", &ana).await.status, StatusCode::UNAUTHORIZED);
    for path in ["/chat/api", "/chat/nope", "/chat/nope/widget.js", "/chat/nope/messages"] {
        assert_eq!(house.get(path, &ana).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_file_is_taken_by_content_and_given_out_as_a_download() {
    let house = house(|config| config.attachments.max_bytes = 2_000_000).await;
    let token = visitor(&house).await;
    let picture = [b"\x89PNG\r\n\x1a\n".as_slice(), &vec![7; 1_900_000]].concat();
    let kept = upload(&house, &token, "../März.html", &picture).await;
    assert_eq!(kept.status, StatusCode::CREATED, "larger than other bodies may be");
    assert_eq!(kept.body["name"], "März.html");
    assert_eq!(kept.body["media_type"], "image/png");
    let id = kept.body["id"].as_str().expect("an id");
    assert!(house.folder.path().join(id).is_file());
    let path = format!("/chat/web/attachments/{id}");
    let given = house.get(&path, &token).await;
    assert_eq!(
        given.headers["content-disposition"],
        "attachment; filename=\"M_rz.html\"; filename*=UTF-8''M%C3%A4rz.html"
    );
    assert_eq!(given.headers["x-content-type-options"], "nosniff");
    assert!(given.headers["content-security-policy"].to_str().expect("text").contains("sandbox"));
    assert_eq!(given.headers["content-type"], "image/png");
    std::fs::remove_file(house.folder.path().join(id)).expect("it was there");
    assert_eq!(house.get(&path, &token).await.status, StatusCode::NOT_FOUND);
    for (bytes, status) in [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), 415),
        (b"<html>".to_vec(), 415),
        (Vec::new(), 415),
        (vec![b'a'; 2_000_001], 413),
        (vec![b'a'; 3_000_000], 413),
    ] {
        assert_eq!(upload(&house, &token, "a.png", &bytes).await.status.as_u16(), status);
    }
    for _ in 1..20 {
        assert_eq!(upload(&house, &token, "a.txt", b"a").await.status, StatusCode::CREATED);
    }
    let over = upload(&house, &token, "a.txt", b"a").await;
    assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(over.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn a_link_goes_on_with_the_chat_elsewhere() {
    let house = house(|_| {}).await;
    let token = visitor(&house).await;
    house.post("/chat/web/messages", &token, r#"{"id":"1","text":"from the desk"}"#).await;
    let link = house.post("/chat/web/link", &token, "").await.body;
    let url = link["url"].as_str().expect("an address");
    let claim = url.strip_prefix("https://help.example/chat/web?continue=").expect("our address");
    let begun =
        house.post("/chat/web/session", "", &json!({ "continue": claim }).to_string()).await;
    let phone = begun.body["token"].as_str().expect("a token");
    assert_ne!(phone, token);
    let seen = house.get("/chat/web/messages", phone).await.body;
    assert_eq!(seen["messages"][0]["text"], "from the desk");
    for claim in [format!("{claim}x"), "x".into()] {
        let body = json!({ "continue": claim }).to_string();
        assert_eq!(house.post("/chat/web/session", "", &body).await.status, StatusCode::FORBIDDEN);
    }
    house.desk.clock.advance(TimeDelta::hours(25));
    let late = house.post("/chat/web/session", "", &json!({ "continue": claim }).to_string()).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_to_wait() {
    let house = house(|_| {}).await;
    let token = visitor(&house).await;
    for n in 0..30 {
        let body = json!({ "id": n.to_string(), "text": "hi" }).to_string();
        assert_eq!(
            house.post("/chat/web/messages", &token, &body).await.status,
            StatusCode::ACCEPTED
        );
    }
    let body = r#"{"id":"30","text":"hi"}"#;
    let over = house.post("/chat/web/messages", &token, body).await;
    assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(over.headers["retry-after"], "2");
    house.desk.clock.advance(TimeDelta::seconds(2));
    assert_eq!(house.post("/chat/web/messages", &token, body).await.status, StatusCode::ACCEPTED);
    for _ in 1..20 {
        visitor(&house).await;
    }
    let over = house.post("/chat/web/session", "", "").await;
    assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn somebody_new_each_time_is_still_the_same_address() {
    let house = house(|_| {}).await;
    let mut visitors = Vec::new();
    for _ in 0..6 {
        visitors.push(visitor(&house).await);
    }
    for n in 0..100 {
        let kept = upload(&house, &visitors[n / 20], "a.txt", b"a").await;
        assert_eq!(kept.status, StatusCode::CREATED);
    }
    let over = upload(&house, &visitors[5], "a.txt", b"a").await;
    assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS);
    let body = |n: usize| json!({ "id": n.to_string(), "text": "hi" }).to_string();
    for n in 0..120 {
        let sent = house.post("/chat/web/messages", &visitors[n / 30], &body(n)).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED);
    }
    let over = house.post("/chat/web/messages", &visitors[5], &body(121)).await;
    assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_stream_goes_on_after_what_was_told_and_ends_with_the_server() {
    let house = house(|_| {}).await;
    let token = visitor(&house).await;
    for id in ["1", "2"] {
        let body = json!({ "id": id, "text": format!("message {id}") }).to_string();
        house.post("/chat/web/messages", &token, &body).await;
    }
    let page = house.get("/chat/web/messages", &token).await.body;
    let conversation = page["messages"][0]["conversation"].as_str().expect("an id");
    let request = request("GET", "/chat/web/events", &token)
        .header("last-event-id", format!("{conversation}.1"))
        .body(Body::empty())
        .expect("a request");
    let response = house.router.clone().oneshot(request).await.expect("an answer");
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.into_body().into_data_stream();
    let mut told = String::new();
    while !told.contains("event: status") {
        let piece = stream.next().await.expect("more").expect("bytes");
        told.push_str(&String::from_utf8_lossy(&piece));
    }
    assert!(told.contains("message 2") && !told.contains("message 1"), "{told}");
    house.post("/chat/web/messages", &token, r#"{"id":"3","text":"live"}"#).await;
    let piece = stream.next().await.expect("more").expect("bytes");
    assert!(String::from_utf8_lossy(&piece).contains("live"));
    house.stop.send_replace(true);
    while stream.next().await.is_some() {}
}

#[tokio::test]
async fn a_stream_tells_nothing_of_another_chat() {
    let house = house(|_| {}).await;
    let (ana, ben) = (visitor(&house).await, visitor(&house).await);
    let request = request("GET", "/chat/web/events", &ben).body(Body::empty());
    let response = house.router.clone().oneshot(request.expect("a request")).await;
    let mut stream = response.expect("an answer").into_body().into_data_stream();
    house.post("/chat/web/messages", &ana, r#"{"id":"1","text":"Ana's own"}"#).await;
    house.post("/chat/web/messages", &ben, r#"{"id":"1","text":"Ben's own"}"#).await;
    let mut told = String::new();
    while !told.contains("Ben's own") {
        let piece = stream.next().await.expect("more").expect("bytes");
        told.push_str(&String::from_utf8_lossy(&piece));
    }
    assert!(!told.contains("Ana"), "{told}");
}

#[tokio::test]
async fn a_visitor_has_five_streams_at_most() {
    let house = house(|_| {}).await;
    let token = visitor(&house).await;
    let open = || {
        let request = request("GET", "/chat/web/events", &token).body(Body::empty());
        house.router.clone().oneshot(request.expect("a request"))
    };
    let mut streams = Vec::new();
    for _ in 0..5 {
        streams.push(open().await.expect("an answer"));
    }
    assert_eq!(open().await.expect("an answer").status(), StatusCode::TOO_MANY_REQUESTS);
    drop(streams.pop());
    assert_eq!(open().await.expect("an answer").status(), StatusCode::OK);
}

#[tokio::test]
async fn the_page_speaks_its_readers_language_and_runs_nothing_inline() {
    let house = house(|config| {
        config.business.name = "Ben & <Sons>".into();
        config.inboxes[0].allowed_origins = vec!["https://shop.example".into()];
    })
    .await;
    let request = request("GET", "/chat/web?embed=1", "").header("accept-language", "de-CH");
    let response =
        house.router.clone().oneshot(request.body(Body::empty()).expect("a request")).await;
    let (parts, body) = response.expect("an answer").into_parts();
    let policy = parts.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.ends_with("frame-ancestors 'self' https://shop.example"), "{policy}");
    let page = to_bytes(body, 1 << 20).await.expect("a page");
    let page = String::from_utf8_lossy(&page);
    assert!(
        page.contains("<html lang=\"de\" dir=\"ltr\">") && page.contains("Nachricht schreiben")
    );
    assert!(!page.contains("<Sons>") && !page.contains("style=") && !page.contains("onclick"));
    let widget = house.get("/chat/web/widget.js", "").await;
    assert_eq!(widget.headers["content-type"], "text/javascript; charset=utf-8");
    assert!(widget.body.as_str().expect("a script").len() < 12 * 1024);
}

#[tokio::test]
async fn a_customers_word_on_an_answer_is_kept_and_only_on_an_answer() {
    let house = house(|_| {}).await;
    let token = visitor(&house).await;
    let sent = house.post("/chat/web/messages", &token, r#"{"id":"1","text":"hello"}"#).await;
    house.desk.clock.advance(TimeDelta::seconds(4));
    house.desk.run_due().await.expect("due work is done");
    let page = house.get("/chat/web/messages", &token).await.body;
    let id = |n: usize| page["messages"][n]["id"].as_str().expect("an id").to_owned();
    let (question, greeting) = (id(0), id(1));
    let other = visitor(&house).await;
    let path = |id: &str| format!("/chat/web/messages/{id}/helpful");
    for (id, token, status) in [
        (&greeting, &token, 204),
        (&greeting, &token, 204),
        (&greeting, &other, 404),
        (&question, &token, 404),
        (&"made-up".to_owned(), &token, 404),
    ] {
        assert_eq!(house.post(&path(id), token, "").await.status.as_u16(), status, "{id}");
    }
    let conversation = sent.body["conversation_id"].as_str().expect("an id").into();
    let said = house.desk.store.feedback_in(&conversation).await.expect("read");
    assert_eq!(said.into_iter().collect::<Vec<_>>(), [(greeting.as_str().into(), true)]);
}

#[tokio::test]
async fn files_of_ours_come_compressed_to_whoever_takes_that() {
    let house = house(|_| {}).await;
    for path in ["/chat/web/widget.js", "/static/chat.css", "/static/chat.js"] {
        let plain = house.get(path, "").await;
        assert!(!plain.headers.contains_key("content-encoding"), "{path}");
        let request = request("GET", path, "").header("accept-encoding", "gzip, br");
        let packed = house.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(packed.headers["content-encoding"], "gzip", "{path}");
        assert_eq!(packed.headers["vary"], "accept-encoding", "{path}");
        let tag = packed.headers["etag"].to_str().expect("text").to_owned();
        assert_eq!(plain.headers["etag"], tag.as_str(), "{path}");
        let known = super::request("GET", path, "").header("if-none-match", tag);
        let known = house.send(known.body(Body::empty()).expect("a request")).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED, "{path}");
    }
}
