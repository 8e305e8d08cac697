//! Budgets: before a limit the model is asked, after it nobody is, and the next day it is asked again.

use crate::support::{FakeModel, Says, Stub, TestApp, answer};
use serde_json::Value;
use std::path::Path;

/// Questions that the sample answers, each in full.
const QUESTIONS: [&str; 5] = [
    "How long do I have to return something?",
    "How much does shipping cost?",
    "Which payment methods do you accept?",
    "Do you have gift cards?",
    "How long do I have to send an item back?",
];

const DAY: i64 = 24 * 3_600;

/// A model that quotes its first source; a call takes 120 tokens, which cost 0.00012 by these prices.
async fn quoting() -> Stub {
    Stub::start(|_, material| {
        let source = material["sources"][0]["answer"].as_str().unwrap_or_default();
        answer(material, source, source)
    })
    .await
}

async fn house(model: &Stub, limit: &str) -> TestApp {
    let prices = "price_in = 1.0\nprice_out = 1.0\n";
    TestApp::start_with(&format!("{}{prices}{limit}\n", model.section())).await
}

/// A customer asks; returns how many calls that took, and the decision's record.
async fn ask(app: &TestApp, model: &Stub, contact: &str, id: &str, text: &str) -> (usize, Value) {
    app.write("api", contact, id, text).await;
    app.advance(3).await;
    let turn = app.end("api", id).await["turn_id"].clone();
    let records = sureply::bench::records(app.app()).await.expect("records");
    let records = records.iter().map(|record| serde_json::from_str(record).expect("JSON"));
    let record = records.into_iter().find(|record: &Value| record["turn_id"] == turn);
    (model.asked().len(), record.expect("it is decided"))
}

/// Two calls stay within the limit, and the next question is answered without one.
async fn holds(limit: &str, whose: &str) {
    let model = quoting().await;
    let app = house(&model, limit).await;
    let is_one = whose == "the conversation";
    let contact = |number: usize| if is_one { "anna".to_owned() } else { format!("c-{number}") };
    for (number, calls) in [(0, 1), (1, 1), (2, 0)] {
        let id = format!("m-{number}");
        let (asked, record) = ask(&app, &model, &contact(number), &id, QUESTIONS[number]).await;
        assert_eq!(asked, calls, "{limit}, {number}: {record}");
        let spent = format!("the model's budget for {whose} is spent");
        let problem = if calls == 0 { Value::from(spent) } else { Value::Null };
        assert_eq!(record["model_problem"], problem, "{limit}, {number}: the reason is kept");
        assert_ne!(record["action"], "ignore", "{limit}, {number}");
        let has_words = record["action"] != "answer" || record["draft"]["text"].is_string();
        assert!(has_words, "approved words or a person: {record}");
        if calls == 0 {
            assert_eq!(record["draft"]["writer"]["by"], "verbatim", "{record}");
        }
    }
    let (asked, _) = ask(&app, &model, "other", "other", QUESTIONS[3]).await;
    assert_eq!(asked > 0, is_one, "{limit}: another customer");
    app.advance(DAY).await;
    let (asked, record) = ask(&app, &model, &contact(4), "m-4", QUESTIONS[4]).await;
    assert!(asked > 0, "{limit}: another day, another budget: {record}");
    app.finish().await;
}

#[tokio::test]
async fn a_days_tokens_are_a_limit() {
    holds("tokens_per_day = 200", "the day").await;
}

#[tokio::test]
async fn a_days_cost_is_a_limit() {
    holds("cost_per_day = 0.0002", "the day").await;
}

#[tokio::test]
async fn a_conversations_tokens_are_a_limit() {
    holds("tokens_per_conversation = 200", "the conversation").await;
}

#[tokio::test]
async fn a_conversations_cost_is_a_limit() {
    holds("cost_per_conversation = 0.0002", "the conversation").await;
}

#[tokio::test]
async fn requests_that_fail_count_too() {
    let model = FakeModel::start(Says::Status(503)).await;
    let app = TestApp::start_with(&format!("{}tokens_per_day = 1000\n", model.section())).await;
    app.write("api", "anna", "m-1", QUESTIONS[0]).await;
    app.advance(3).await;
    assert!(model.asked().len() > 1, "it was tried again");
    app.write("api", "bea", "m-2", QUESTIONS[1]).await;
    app.advance(3).await;
    assert_eq!(model.asked().len(), 0, "what was sent may have cost what it gave to read");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_obey_the_days_limit_and_count_against_it() {
    let model = FakeModel::start(Says::NotAnswerable).await;
    let app = TestApp::start_with(&format!("{}tokens_per_day = 400\n", model.section())).await;
    for (number, question) in QUESTIONS[..3].iter().enumerate() {
        let id = format!("m-{number}");
        app.write("api", &id, &id, question).await;
        app.advance(3).await;
    }
    model.asked();
    // Commands go by the real clock: none of what the server spent is today's.
    let prompt = Path::new("prompts/answer.md").display().to_string();
    let replayed = app.run(&["replay", "--prompt", &prompt]);
    let errors = String::from_utf8_lossy(&replayed.stderr).into_owned();
    assert!(replayed.status.success(), "{errors}");
    let spent = model.asked().len();
    assert!((2..=3).contains(&spent), "each turn anew: {spent}");
    let mut asked = 0;
    for _ in 0..4 {
        let output = app.run(&["ask", QUESTIONS[0]]);
        assert!(output.status.success());
        let calls = model.asked().len();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(told.contains("budget for the day is spent"), calls == 0, "{told}");
        asked += calls;
    }
    assert!((1..4).contains(&asked), "{spent} and {asked} calls of 120 tokens fill the day");
    for arguments in [vec!["replay", "--prompt", &prompt], vec!["calibrate", "tests/eval"]] {
        let output = app.run(&arguments);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {errors}");
        assert!(errors.contains("budget for the day is spent"), "{arguments:?}: {errors}");
    }
    assert_eq!(model.asked().len(), 0, "nobody was asked");
    app.finish().await;
}
