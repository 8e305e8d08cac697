//! Waiting for news without a stream, where something between us and the page breaks those.

use super::chat::visitor;
use super::{house, request};
use axum::body::Body;
use axum::http::StatusCode;
use serde_json::Value;
use tower::ServiceExt as _;

/// The address by which a page that has all of `page` waits.
fn waiting(page: &Value) -> String {
    let text = |name: &str| page[name].as_str().unwrap_or("").to_owned();
    format!("/chat/web/messages?after={}&status={}&wait=25", text("cursor"), text("tag"))
}

#[tokio::test]
async fn a_page_that_waits_hears_what_comes_once() {
    let house = house(|_| {}).await;
    let token = visitor(&house).await;
    house.post("/chat/web/messages", &token, r#"{"id":"1","text":"one"}"#).await;
    let page = house.get("/chat/web/messages?wait=25", &token).await.body;
    assert_eq!(page["messages"][0]["text"], "one", "what is there is told at once");
    let address = waiting(&page);
    let (news, _) = tokio::join!(
        house.get(&address, &token),
        house.post("/chat/web/messages", &token, r#"{"id":"2","text":"two"}"#)
    );
    assert_eq!(news.body["messages"].as_array().map(Vec::len), Some(1));
    assert_eq!(news.body["messages"][0]["text"], "two");
    assert_ne!(news.body["cursor"], page["cursor"]);
}

#[tokio::test]
async fn another_standing_is_news() {
    let house = house(|_| {}).await;
    let token = visitor(&house).await;
    let page = house.get("/chat/web/messages", &token).await.body;
    let stale = house.get("/chat/web/messages?status=other&wait=25", &token).await;
    assert_eq!(stale.body["tag"], page["tag"]);
}

#[tokio::test]
async fn waiting_ends_with_the_server() {
    let house = house(|_| {}).await;
    let token = visitor(&house).await;
    let page = house.get("/chat/web/messages", &token).await.body;
    let address = waiting(&page);
    let stop = async { house.stop.send_replace(true) };
    let (answer, _) = tokio::join!(house.get(&address, &token), stop);
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body["messages"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn those_who_wait_are_counted_among_the_streams() {
    let house = house(|_| {}).await;
    let token = visitor(&house).await;
    let mut streams = Vec::new();
    for _ in 0..5 {
        let request = request("GET", "/chat/web/events", &token).body(Body::empty());
        streams.push(house.router.clone().oneshot(request.expect("a request")).await);
    }
    let over = house.get("/chat/web/messages?wait=25", &token).await;
    assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(over.headers.contains_key("retry-after"));
    assert_eq!(house.get("/chat/web/messages", &token).await.status, StatusCode::OK);
}
