//! Trust: nothing goes out before it is earned, and what agents do with drafts is what earns it.

use crate::support::TestApp;

const QUESTION: &str = "How long do I have to return something?";

#[tokio::test]
async fn before_anything_is_earned_every_answer_is_a_draft() {
    let app = TestApp::start_new().await;
    app.write("api", "anna", "m1", QUESTION).await;
    app.advance(2).await;
    let end = app.end("api", "m1").await;
    assert_eq!(end["action"], "draft", "{end}");
    let reasons = end["reasons"].as_array().expect("a list");
    assert!(reasons.iter().any(|reason| reason == "not_licensed"), "{end}");

    app.earn().await;
    app.write("api", "ben", "m2", QUESTION).await;
    app.advance(2).await;
    assert_eq!(app.end("api", "m2").await["action"], "answer");
    app.finish().await;
}

#[tokio::test]
async fn a_licence_outlives_a_restart() {
    let mut app = TestApp::start().await;
    app.restart().await;
    app.write("api", "anna", "m1", QUESTION).await;
    app.advance(2).await;
    assert_eq!(app.end("api", "m1").await["action"], "answer");
    app.finish().await;
}
