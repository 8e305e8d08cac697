//! The main job: a question in, the right thing out, each message at exactly one end.

use crate::support::TestApp;
use serde_json::{Value, json};

fn reasons(end: &Value) -> Vec<&str> {
    end["reasons"].as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

#[tokio::test]
async fn a_documented_question_is_answered_with_its_source() {
    let app = TestApp::start().await;
    app.write("api", "anna", "m1", "How long do I have to return something?").await;
    assert!(app.sent("api").await.is_empty(), "nothing leaves before the quiet time");
    app.advance(2).await;

    let end = app.end("api", "m1").await;
    assert_eq!((&end["state"], &end["action"]), (&json!("decided"), &json!("answer")), "{end}");
    let sent = app.sent("api").await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["contact_id"], "anna");
    assert_eq!(sent[0]["citations"][0]["entry"], "returns/window");
    let text = sent[0]["text"].as_str().expect("text");
    let excerpt = sent[0]["citations"][0]["excerpt"].as_str().expect("an excerpt");
    assert!(text.contains(excerpt), "the answer holds what it cites:\n{text}\n{excerpt}");
    app.finish().await;
}

#[tokio::test]
async fn an_unanswerable_question_goes_to_a_person_who_is_announced_once() {
    let app = TestApp::start().await;
    app.write("api", "ben", "m1", "Who plays the harpsichord in your choir?").await;
    app.advance(2).await;
    let end = app.end("api", "m1").await;
    assert_eq!(end["action"], "escalate", "{end}");
    assert_eq!(app.sent("api").await.len(), 1, "the customer is told that a person takes over");

    app.write("api", "ben", "m2", "Or perhaps harpsichords and church organs?").await;
    app.advance(2).await;
    let end = app.end("api", "m2").await;
    assert_eq!(end["action"], "escalate", "{end}");
    assert!(reasons(&end).contains(&"with_person"), "{end}");
    assert_eq!(app.sent("api").await.len(), 1, "and is not told again");
    app.finish().await;
}

#[tokio::test]
async fn thanks_spam_and_automatic_mail_are_left_alone() {
    let app = TestApp::start().await;
    for (id, text, reason) in [
        ("t", "Thanks a lot, that's all!", "thanks"),
        ("a", "Automatic reply: I am out of the office until Monday.", "automatic"),
        ("o", "STOP", "opt_out"),
    ] {
        app.write("api", id, id, text).await;
        app.advance(2).await;
        let end = app.end("api", id).await;
        assert_eq!(end["action"], "ignore", "{text}: {end}");
        assert_eq!(reasons(&end)[0], reason, "{text}");
    }
    assert!(app.sent("api").await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn who_asks_for_a_person_gets_one() {
    let app = TestApp::start().await;
    for (id, text) in
        [("e", "I want to talk to a human"), ("d", "Ich möchte mit einem Menschen sprechen")]
    {
        app.write("api", id, id, text).await;
        app.advance(2).await;
        let end = app.end("api", id).await;
        assert_eq!(
            (&end["action"], reasons(&end)[0]),
            (&json!("escalate"), "person_wanted"),
            "{text}"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn a_careful_inbox_only_drafts_and_a_watching_one_stays_silent() {
    let app = TestApp::start().await;
    let question = "How long do I have to return something?";
    app.write("careful", "c", "m1", question).await;
    app.write("watching", "w", "m1", question).await;
    app.advance(2).await;
    let careful = app.end("careful", "m1").await;
    assert_eq!(
        (&careful["action"], reasons(&careful)[0]),
        (&json!("draft"), "draft_mode"),
        "{careful}"
    );
    let watching = app.end("watching", "m1").await;
    assert_eq!((&watching["action"], reasons(&watching)[0]), (&json!("escalate"), "shadow_mode"));
    assert!(app.sent("careful").await.is_empty());
    assert!(app.sent("watching").await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn internal_expired_and_draft_entries_never_reach_a_customer() {
    let app = TestApp::start().await;
    for (id, text) in [
        ("i", "What is the goodwill limit for agents?"),
        ("x", "What was the Christmas return extension 2025?"),
        ("d", "Do you do same-day delivery in Bristol?"),
    ] {
        app.write("api", id, id, text).await;
        app.advance(2).await;
        let end = app.end("api", id).await;
        let entries = end["entries"].as_array().expect("a list");
        for hidden in ["agents/", "returns/christmas-2025", "shipping/same-day-bristol"] {
            let leaks =
                entries.iter().filter_map(Value::as_str).any(|entry| entry.starts_with(hidden));
            assert!(!leaks, "{text}: {entries:?}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn the_same_delivery_twice_changes_nothing() {
    let app = TestApp::start().await;
    let first = app.write("api", "anna", "m1", "How long do I have to return something?").await;
    let again = app.write("api", "anna", "m1", "How long do I have to return something?").await;
    assert_eq!((&first["duplicate"], &again["duplicate"]), (&json!(false), &json!(true)));
    assert_eq!(first["message_id"], again["message_id"]);
    app.advance(2).await;
    let late = app.write("api", "anna", "m1", "How long do I have to return something?").await;
    assert_eq!(late["duplicate"], true);
    app.advance(60).await;
    assert_eq!(app.sent("api").await.len(), 1);
    app.finish().await;
}
