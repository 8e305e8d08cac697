//! Conversations of more than one turn: what leans on what was said before is understood from it, a
//! new topic is noticed, and several questions in one message are answered together or not at all.

use crate::support::{FakeModel, Says, TestApp};
use serde_json::{Value, json};

async fn ask(app: &TestApp, contact: &str, id: &str, text: &str) -> Value {
    app.write("api", contact, id, text).await;
    app.advance(2).await;
    app.end("api", id).await
}

#[tokio::test]
async fn a_short_question_is_understood_from_the_one_before() {
    let app = TestApp::start().await;
    for (contact, first, second, entry) in [
        ("a", "How long does shipping take?", "and how much is that?", "shipping/cost"),
        ("b", "How long does shipping take?", "And to Switzerland?", "shipping/switzerland"),
        ("c", "Wie lange dauert der Versand?", "Und in die Schweiz?", "shipping.de/switzerland"),
        ("d", "¿Cuánto tarda el envío?", "¿y cuánto cuesta?", "shipping.es/cost"),
    ] {
        ask(&app, contact, &format!("{contact}1"), first).await;
        let end = ask(&app, contact, &format!("{contact}2"), second).await;
        assert_eq!(end["entries"][0], entry, "{second}: {end}");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_same_short_question_alone_is_not_answered() {
    let app = TestApp::start().await;
    let end = ask(&app, "a", "a1", "and how much is that?").await;
    assert_ne!(end["action"], "answer", "{end}");
    app.finish().await;
}

#[tokio::test]
async fn what_was_answered_before_does_not_answer_what_it_does_not_hold() {
    let app = TestApp::start().await;
    let first = ask(&app, "a", "a1", "How long does shipping take?").await;
    assert_eq!(first["action"], "answer", "{first}");
    for (id, text) in [("a2", "And to the Moon?"), ("a3", "and by submarine?")] {
        let end = ask(&app, "a", id, text).await;
        assert_ne!(end["action"], "answer", "{text}: {end}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_new_topic_leaves_the_old_one_behind() {
    let app = TestApp::start().await;
    ask(&app, "a", "a1", "How long does shipping take?").await;
    let end = ask(&app, "a", "a2", "And do you sell gift cards?").await;
    let best = end["entries"][0].as_str().expect("an entry");
    assert!(best.contains("gift-card"), "{end}");
    app.finish().await;
}

#[tokio::test]
async fn two_questions_get_one_reply_with_both_answers() {
    let app = TestApp::start().await;
    let text = "How long do I have to return something? And how long does shipping take?";
    let end = ask(&app, "a", "a1", text).await;
    assert_eq!(end["action"], "answer", "{end}");
    let sent = app.sent("api").await;
    assert_eq!(sent.len(), 1);
    let cited = sent[0]["citations"].as_array().expect("citations");
    let cited: Vec<&str> = cited.iter().filter_map(|one| one["entry"].as_str()).collect();
    assert_eq!(cited, ["returns/window", "shipping/time"]);
    let text = sent[0]["text"].as_str().expect("text");
    assert!(text.contains("45 days") && text.contains("working days"), "{text}");
    app.finish().await;
}

#[tokio::test]
async fn one_question_that_cannot_be_answered_holds_the_reply_back() {
    let app = TestApp::start().await;
    let text = "How long do I have to return something? And do you teach parrots to whistle?";
    let end = ask(&app, "a", "a1", text).await;
    let action = end["action"].as_str().expect("an action");
    assert!(["draft", "escalate"].contains(&action), "{end}");
    let sent = app.sent("api").await;
    assert_eq!(sent.len(), 1, "the customer hears that a person takes over");
    assert_eq!(sent[0]["citations"], json!([]));
    app.finish().await;
}

#[tokio::test]
async fn with_a_model_a_follow_up_is_found_as_well_also_when_the_model_fails() {
    let model = FakeModel::start(Says::NotAnswerable).await;
    let app = TestApp::start_with(&model.section()).await;
    for (contact, rewritten) in [
        ("a", "How much is shipping, and how much is express?"),
        ("b", "This leaves out the customer's words."),
    ] {
        model.rewrites(rewritten);
        ask(&app, contact, &format!("{contact}1"), "How long does shipping take?").await;
        let end = ask(&app, contact, &format!("{contact}2"), "and express?").await;
        let best = end["entries"][0].as_str().expect("an entry");
        assert!(best.starts_with("shipping/"), "{end}");
        assert!(!model.asked().is_empty(), "the model was asked");
    }
    model.says(Says::Status(503));
    ask(&app, "c", "c1", "How long does shipping take?").await;
    let end = ask(&app, "c", "c2", "And to Switzerland?").await;
    assert_eq!(end["entries"][0], "shipping/switzerland", "{end}");
    app.finish().await;
}
