//! What goes on beside a call: a newer message breaks it off, a budget ends it, a person is helped by it.

use crate::support::{FakeModel, Says, Stub, TestApp};
use serde_json::json;
use std::time::{Duration, Instant};

const QUESTION: &str = "How long do I have to return something?";

#[tokio::test]
async fn a_newer_message_breaks_off_the_call() {
    let stub = Stub::start(|number, _| match number {
        0 => String::new(),
        _ => json!({ "answerable": false }).to_string(),
    })
    .await;
    let app = TestApp::start_with(&stub.section()).await;
    app.write("api", "anna", "m-1", QUESTION).await;
    let began = Instant::now();
    let interrupt = async {
        // The call is under way once the stub has been asked.
        while stub.asked().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        app.write("api", "anna", "m-2", "And what does it cost?").await;
    };
    tokio::join!(app.advance(2), interrupt);
    assert!(began.elapsed() < Duration::from_secs(8), "nobody waited for the call");
    app.advance(3).await;
    let (first, second) = (app.end("api", "m-1").await, app.end("api", "m-2").await);
    assert_eq!(first["turn_id"], second["turn_id"], "both are one turn");
    assert!(second["action"].is_string(), "{second}");
    app.finish().await;
}

#[tokio::test]
async fn a_spent_budget_leaves_the_approved_words() {
    let model = FakeModel::start(Says::NotAnswerable).await;
    let settings = format!("{}tokens_per_conversation = 200\n", model.section());
    let app = TestApp::start_with(&settings).await;
    for (id, contact, calls) in [("m-1", "anna", true), ("m-2", "bea", true), ("m-3", "cleo", true)]
    {
        app.write("api", contact, id, QUESTION).await;
        app.advance(3).await;
        assert_eq!(!model.asked().is_empty(), calls, "{id}: another conversation has its own");
    }
    let settings = format!("{}tokens_per_day = 100\n", model.section());
    let limited = TestApp::start_with(&settings).await;
    for (id, calls) in [("m-1", true), ("m-2", false), ("m-3", false)] {
        limited.write("api", id, id, QUESTION).await;
        limited.advance(3).await;
        assert_eq!(!model.asked().is_empty(), calls, "{id}");
    }
    assert_eq!(limited.end("api", "m-3").await["action"], "answer", "the approved words go out");
    limited.advance(24 * 3_600).await;
    limited.write("api", "m-4", "m-4", QUESTION).await;
    limited.advance(3).await;
    assert!(!model.asked().is_empty(), "another day, another budget");
    app.finish().await;
    limited.finish().await;
}
