//! What goes on beside a call: a newer message breaks it off, and what it took is kept.

use crate::support::{Stub, TestApp, answer};
use serde_json::{Value, json};
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
async fn a_call_that_was_broken_off_counts_by_what_it_gave_to_read() {
    let stub = Stub::start(|_, _| String::new()).await;
    let app =
        TestApp::start_with(&format!("{}tokens_per_conversation = 100\n", stub.section())).await;
    app.write("api", "anna", "m-1", QUESTION).await;
    let interrupt = async {
        while stub.asked().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        app.write("api", "anna", "m-2", "Please, I would like to know.").await;
    };
    tokio::join!(app.advance(2), interrupt);
    app.advance(3).await;
    assert!(stub.asked().is_empty(), "the budget is spent, so that nobody asks again");
    assert!(app.end("api", "m-2").await["action"].is_string(), "and yet it is decided");
    app.finish().await;
}

#[tokio::test]
async fn the_probability_of_a_models_words_is_kept_in_the_record() {
    let stub = Stub::start(|_, material| {
        let source = material["sources"][0]["answer"].as_str().unwrap_or_default();
        answer(material, source, source)
    })
    .await;
    let app = TestApp::start_with(&stub.section()).await;
    app.write("api", "anna", "m-1", QUESTION).await;
    app.advance(3).await;
    assert_eq!(app.end("api", "m-1").await["action"], "answer");
    let records = sureply::bench::records(app.app()).await.expect("records");
    let record: Value = serde_json::from_str(&records[0]).expect("JSON");
    assert_eq!(record["model"]["logprob"], 0.5, "{record}");
    assert_eq!(
        (&record["features"]["logprob"], &record["features"]["logprob_known"]),
        (&json!(0.5), &json!(1.0))
    );
    assert!(!record["model"]["response"].to_string().contains("logprobs"), "one number is enough");
    app.finish().await;
}
