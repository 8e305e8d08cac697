//! Two thousand conversations, each with a secret: none is seen where it is not the customer's own.

use super::{all_sent, all_write};
use crate::support::{Stub, TestApp, answer};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex};

const CONVERSATIONS: usize = 2_000;

/// A word that stands in one conversation only.
fn secret(number: usize) -> String {
    let letters = |mut n: usize| {
        let mut word = String::new();
        for _ in 0..4 {
            word.push(char::from(b'a' + u8::try_from(n % 26).expect("a letter")));
            n /= 26;
        }
        word
    };
    format!("quokka{}zz", letters(number))
}

/// Repeats to the customer all that it has read.
fn gossip(_: usize, material: &Value) -> String {
    let source = material["sources"][0]["answer"].as_str().unwrap_or_default();
    let told = material["message"].as_str().unwrap_or_default();
    answer(material, &format!("{source} {told} {}", material["history"]), source)
}

fn secrets_in(text: &str) -> Vec<&str> {
    let starts = text.match_indices("quokka").map(|(start, _)| start);
    starts.filter_map(|start| text.get(start..start + 12)).collect()
}

/// What the server writes to its log while a story runs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no panic holds it")).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic holds it").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_secret_of_one_customer_reaches_another() {
    let log = Log::default();
    let writer = log.clone();
    // For the whole program, as some of the work is done on threads of its own.
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("info,sureply=trace")
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).expect("no other story listens");
    let stub = Stub::start(gossip).await;
    let app = TestApp::start_with(&stub.section()).await;
    let messages: Vec<Value> = (0..CONVERSATIONS)
        .map(|n| {
            let text = format!("{} is my word. How long do I have to return something?", secret(n));
            json!({ "id": format!("m-{n}"), "contact": { "id": format!("m-{n}") }, "text": text })
        })
        .collect();
    all_write(&app, &messages).await;

    let mut seen = 0;
    for request in stub.asked() {
        let text = request.to_string();
        let mut secrets = secrets_in(&text);
        secrets.sort_unstable();
        secrets.dedup();
        assert!(secrets.len() <= 1, "a request holds the secrets {secrets:?}");
        seen += secrets.len();
    }
    assert!(seen >= CONVERSATIONS, "the model read {seen} secrets");
    for sent in all_sent(&app).await {
        let contact = sent["contact_id"].as_str().expect("a contact");
        let number: usize = contact[2..].parse().expect("a number");
        for found in secrets_in(sent["text"].as_str().expect("text")) {
            assert_eq!(found, secret(number), "{contact} reads a secret of another");
        }
    }
    let records = sureply::bench::records(app.app()).await.expect("records");
    assert!(records.len() >= CONVERSATIONS);
    for record in records {
        let mut secrets = secrets_in(&record);
        secrets.sort_unstable();
        secrets.dedup();
        assert!(secrets.len() <= 1, "a record holds the secrets {secrets:?}");
    }
    let log = log.text();
    let told = log.matches("decided").count();
    assert!(told >= CONVERSATIONS, "the log was listened to: {told}");
    assert_eq!(secrets_in(&log), Vec::<&str>::new(), "the log holds what customers wrote");
    app.finish().await;
}
