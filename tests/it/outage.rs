//! The model: used when it is configured, checked in code, and never missed when it is down.

use crate::support::{FakeModel, Says, TestApp};
use serde_json::Value;

const QUESTION: &str = "How long do I have to return something?";

/// A sentence that stands in the sample's entry on the return window.
async fn excerpt(app: &TestApp) -> String {
    app.write("api", "probe", "probe", QUESTION).await;
    app.advance(2).await;
    let sent = app.sent("api").await;
    sent[0]["citations"][0]["excerpt"].as_str().expect("an excerpt").to_owned()
}

async fn answer(app: &TestApp, id: &str) -> Option<Value> {
    app.write("api", id, id, QUESTION).await;
    app.advance(2).await;
    app.sent("api").await.into_iter().find(|sent| sent["contact_id"] == id)
}

#[tokio::test]
async fn a_model_that_is_down_talks_nonsense_or_makes_things_up_is_not_believed() {
    let plain = TestApp::start().await;
    let excerpt = excerpt(&plain).await;
    plain.finish().await;

    let entry = "returns/window".to_owned();
    let good =
        Says::Answer { entry: entry.clone(), excerpt: excerpt.clone(), text: excerpt.clone() };
    let model = FakeModel::start(good.clone()).await;
    let app = TestApp::start_with(&model.section()).await;
    let sent = answer(&app, "good").await.expect("an answer");
    assert!(sent["text"].as_str().is_some_and(|text| text.contains(&excerpt)), "{sent}");
    assert_eq!(model.asked().len(), 1);

    let invented = format!("{excerpt} We also refund 999 euros in cash.");
    let lies = |entry: &str, excerpt: &str, text: &str| Says::Answer {
        entry: entry.into(),
        excerpt: excerpt.into(),
        text: text.into(),
    };
    for (id, says, action) in [
        ("down", Says::Status(503), "answer"),
        ("junk", Says::Raw("I am sorry, I cannot help with that.".into()), "answer"),
        ("stranger", lies("no/such", &excerpt, &excerpt), "answer"),
        ("misquote", lies(&entry, "You have a year.", "You have a year."), "answer"),
        ("invented", lies(&entry, &excerpt, &invented), "answer"),
        ("unanswerable", Says::NotAnswerable, "draft"),
    ] {
        model.says(says);
        let sent = answer(&app, id).await.expect("the customer hears something");
        let end = app.end("api", id).await;
        assert_eq!(end["action"], action, "{id}: {end}");
        let text = sent["text"].as_str().expect("text");
        assert!(!text.contains("999") && !text.contains("a year"), "{id}: {text}");
        assert_eq!(text.contains(&excerpt), action == "answer", "{id}: the approved words, {text}");
    }
    app.advance(60).await;
    app.finish().await;
}
