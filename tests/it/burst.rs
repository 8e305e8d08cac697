//! Bursts: several messages, one turn, one reply; a newer message makes older work void.

use crate::support::TestApp;
use serde_json::json;

#[tokio::test]
async fn a_burst_gets_one_reply() {
    let app = TestApp::start().await;
    for (id, text) in
        [("1", "Hello"), ("2", "quick question"), ("3", "how long do I have to return something?")]
    {
        app.write("api", "anna", id, text).await;
        app.advance(1).await;
    }
    assert_eq!(app.end("api", "1").await["state"], "open", "still typing");
    app.advance(1).await;
    let ends = [app.end("api", "1").await, app.end("api", "2").await, app.end("api", "3").await];
    assert!(ends.iter().all(|end| end["turn_id"] == ends[0]["turn_id"]), "{ends:#?}");
    assert_eq!(ends[2]["state"], "decided");
    assert_eq!(app.sent("api").await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn who_never_stops_typing_is_answered_at_the_cap() {
    let app = TestApp::start().await;
    for second in 0..15 {
        app.write("api", "anna", &format!("m{second}"), "how long do I have to return something?")
            .await;
        app.advance(1).await;
    }
    assert_eq!(app.end("api", "m0").await["state"], "decided");
    app.advance(5).await;
    app.finish().await;
}

#[tokio::test]
async fn a_message_after_a_draft_is_answered_together_with_the_earlier_one() {
    let app = TestApp::start().await;
    app.write("careful", "anna", "1", "How long do I have to return something?").await;
    app.advance(2).await;
    let first = app.end("careful", "1").await;
    assert_eq!(first["action"], "draft");
    app.write("careful", "anna", "2", "And how do I pack it?").await;
    app.advance(2).await;
    let (one, two) = (app.end("careful", "1").await, app.end("careful", "2").await);
    assert_ne!(one["turn_id"], first["turn_id"], "the older draft is out of date");
    assert_eq!(one["turn_id"], two["turn_id"]);
    assert_eq!(two["state"], json!("decided"));
    app.finish().await;
}
