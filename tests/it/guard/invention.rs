//! A model that alters one number, date, name or address in an otherwise right answer: none goes out.

use super::{all_sent, all_write, message, questions};
use crate::support::{Stub, TestApp, answer};
use serde_json::Value;

const CASES: usize = 1_000;

/// The words of an answer that can be altered, each with what it becomes.
fn alterable(text: &str) -> Vec<(usize, String)> {
    let words: Vec<&str> = text.split(' ').collect();
    let alter = |(place, word): (usize, &&str)| {
        let begins = place == 0 || words[place - 1].ends_with(['.', '!', '?', ':', '*']);
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let altered = if word.contains("://") {
            word.replacen("://", "://my-", 1)
        } else if let Some(at) = word.find(|c: char| c.is_ascii_digit()) {
            let digit = word.as_bytes()[at];
            let next = if digit == b'9' { '3' } else { char::from(digit + 1) };
            format!("{}{next}{}", &word[..at], &word[at + 1..])
        } else if !begins && bare.len() > 3 && bare.starts_with(char::is_uppercase) {
            word.replace(bare, "Gondor")
        } else {
            return None;
        };
        Some((place, altered))
    };
    words.iter().enumerate().filter_map(alter).collect()
}

/// The answer of the first source with one thing in it altered, and the altered words with those beside.
fn altered(number: usize, material: &Value) -> Option<(String, String)> {
    let right = material["sources"][0]["answer"].as_str()?;
    let choices = alterable(right);
    let (place, word) = choices.get(number % choices.len().max(1))?;
    let mut words: Vec<&str> = right.split(' ').collect();
    words[*place] = word;
    let around = words[place.saturating_sub(2)..words.len().min(place + 3)].join(" ");
    Some((words.join(" "), around))
}

fn lie(number: usize, material: &Value) -> String {
    let right = material["sources"][0]["answer"].as_str().unwrap_or_default();
    let text = altered(number, material).map_or_else(|| right.to_owned(), |(text, _)| text);
    answer(material, &text, right)
}

fn tell(_: usize, material: &Value) -> String {
    let right = material["sources"][0]["answer"].as_str().unwrap_or_default();
    answer(material, right, right)
}

fn messages(count: usize) -> Vec<Value> {
    let questions = questions();
    (0..count).map(|n| message(&format!("m-{n}"), &questions[n % questions.len()])).collect()
}

#[tokio::test]
async fn of_a_thousand_altered_answers_none_goes_out() {
    let stub = Stub::start(lie).await;
    let app = TestApp::start_with(&stub.section()).await;
    all_write(&app, &messages(CASES)).await;

    let asked = stub.asked();
    let lies: Vec<String> = asked
        .iter()
        .enumerate()
        .filter_map(|(number, request)| altered(number, &crate::support::material(request)))
        .map(|(_, around)| around)
        .collect();
    assert!(lies.len() >= CASES, "only {} altered answers were tried", lies.len());
    let sent = all_sent(&app).await;
    let mut answers = 0;
    for sent in &sent {
        let text = sent["text"].as_str().expect("text");
        answers += usize::from(!sent["citations"].as_array().is_none_or(Vec::is_empty));
        let through = lies.iter().find(|lie| text.contains(lie.as_str()));
        assert!(through.is_none(), "{through:?} went out: {text}");
    }
    assert!(answers * 2 > CASES, "approved words went out instead, here for {answers}");
    app.finish().await;
}

#[tokio::test]
async fn what_a_model_copies_right_goes_out_in_its_words() {
    let stub = Stub::start(tell).await;
    let app = TestApp::start_with(&stub.section()).await;
    all_write(&app, &messages(40)).await;
    let sent = all_sent(&app).await;
    let answered =
        sent.iter().filter(|it| it["citations"].as_array().is_some_and(|it| !it.is_empty()));
    let answered = answered.count();
    assert!(answered >= 20, "only {answered} of 40");
    app.finish().await;
}
