//! Asking back: two articles are close, the customer is asked once which they mean, and the choice
//! is answered; whoever chooses none of them gets a person.

use crate::support::TestApp;
use serde_json::{Value, json};
use std::fs;
use tempfile::TempDir;

const UNCLEAR: &str = "How do I return something I bought?";
const IN_STORE: &str = "How do I return something I bought in a store?";
const ONLINE: &str = "How do I return something I bought online?";

/// A business with two articles that read alike, one that says the same twice, and one for the team.
fn knowledge() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (id, more, question, answer) in [
        ("in-store", "", IN_STORE, "Bring it to any store with the receipt within 30 days."),
        ("online", "", ONLINE, "Print the label from your account and post it within 45 days."),
        ("online-too", "", ONLINE, "Print the label from your account and post it within 45 days."),
        (
            "team",
            "audience: internal\n",
            "How do I return something I bought at cost?",
            "Staff purchases go back to the manager.",
        ),
        ("hours", "", "When are you open on Sundays?", "We are open from 10 to 16 on Sundays."),
    ] {
        let text = format!(
            "---\nid: {id}\nlang: en\ntitle: Returns {id}\ntopic: returns\n{more}---\n\n\
             ## {question}\n\n{answer}\n"
        );
        fs::write(folder.path().join(format!("{id}.md")), text).expect("an article");
    }
    folder
}

/// An app in which a customer has just been asked back, and what they were asked.
async fn asked_back(knowledge: &TempDir) -> (TestApp, Vec<Value>) {
    let settings = format!("[knowledge]\ndir = '{}'\n", knowledge.path().display());
    let app = TestApp::start_with(&settings).await;
    app.write("api", "anna", "m1", UNCLEAR).await;
    app.advance(2).await;
    let end = app.end("api", "m1").await;
    assert_eq!(end["action"], "clarify", "{end}");
    let sent = app.sent("api").await;
    let choices = sent[0]["choices"].as_array().expect("choices").clone();
    (app, choices)
}

async fn reply(app: &TestApp, id: &str, text: &str) -> Value {
    app.write("api", "anna", id, text).await;
    app.advance(2).await;
    app.end("api", id).await
}

#[tokio::test]
async fn the_choices_are_public_and_each_answer_stands_once() {
    let knowledge = knowledge();
    let (app, choices) = asked_back(&knowledge).await;
    let mut titles: Vec<&str> = choices.iter().filter_map(Value::as_str).collect();
    titles.sort_unstable();
    assert_eq!(titles, [IN_STORE, ONLINE]);
    let sent = app.sent("api").await;
    assert_eq!(sent[0]["citations"], json!([]), "a question states no fact: {sent:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_choice_is_answered_however_it_is_made() {
    let knowledge = knowledge();
    for by in ["button", "number", "place", "title"] {
        let (app, choices) = asked_back(&knowledge).await;
        let place = choices.iter().position(|choice| choice == IN_STORE).expect("it is offered");
        let text = match by {
            "button" => IN_STORE.to_owned(),
            "number" => (place + 1).to_string(),
            "place" => ["the first one", "the second one"][place].to_owned(),
            _ => "in the store".to_owned(),
        };
        let end = reply(&app, "m2", &text).await;
        assert_eq!(
            (&end["action"], &end["cited"]),
            (&json!("answer"), &json!(["in-store"])),
            "{by}: {end}"
        );
        let sent = app.sent("api").await;
        assert_eq!(sent.len(), 2);
        assert!(sent[1]["text"].as_str().is_some_and(|text| text.contains("30 days")), "{sent:?}");
        app.finish().await;
    }
}

#[tokio::test]
async fn who_chooses_none_of_them_gets_a_person_and_is_not_asked_again() {
    let knowledge = knowledge();
    for text in ["None of these", "hmm, I really don't know", "7", UNCLEAR] {
        let (app, _) = asked_back(&knowledge).await;
        let end = reply(&app, "m2", text).await;
        let action = end["action"].as_str().expect("an action");
        assert!(["escalate", "draft"].contains(&action), "{text}: {end}");
        let reasons = end["reasons"].as_array().expect("reasons");
        assert!(reasons.contains(&json!("asked_before")), "{text}: {end}");
        let sent = app.sent("api").await;
        assert_eq!(sent.len(), 2, "{text}: the customer hears that a person takes over");
        assert_eq!(sent[1]["choices"], json!([]), "{text}");
        app.finish().await;
    }
}

#[tokio::test]
async fn another_question_instead_of_a_choice_is_answered() {
    let knowledge = knowledge();
    let (app, _) = asked_back(&knowledge).await;
    let end = reply(&app, "m2", "When are you open on Sundays?").await;
    assert_eq!((&end["action"], &end["cited"]), (&json!("answer"), &json!(["hours"])), "{end}");
    app.finish().await;
}

#[tokio::test]
async fn a_choice_that_is_gone_by_then_goes_to_a_person() {
    let knowledge = knowledge();
    let (mut app, _) = asked_back(&knowledge).await;
    fs::remove_file(knowledge.path().join("in-store.md")).expect("it is taken back");
    app.restart().await;
    let end = reply(&app, "m2", IN_STORE).await;
    assert_ne!(end["action"], "answer", "{end}");
    assert_ne!(end["action"], "clarify", "{end}");
    app.finish().await;
}
