//! The guard: whatever a model says and whatever it was told, what reaches customers stands in the knowledge.

mod budget;
mod canary;
mod corpus;
mod hour;
mod injection;
mod invention;
mod meanwhile;
mod peer;

use crate::support::TestApp;
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};

/// Customers write, many at once, and each turn is decided.
async fn all_write(app: &TestApp, messages: &[Value]) {
    for some in messages.chunks(50) {
        let posts = some.iter().map(|message| app.post("api", message));
        let posts: Vec<_> = stream::iter(posts).buffer_unordered(16).collect().await;
        assert!(posts.iter().all(|post| post.status().is_success()));
        app.advance(3).await;
    }
}

fn message(id: &str, text: &str) -> Value {
    json!({ "id": id, "contact": { "id": id }, "text": text })
}

/// Everything that was sent, page by page.
async fn all_sent(app: &TestApp) -> Vec<Value> {
    let mut sent = Vec::new();
    loop {
        let page = app.sent_after("api", sent.len()).await;
        if page.is_empty() {
            return sent;
        }
        sent.extend(page);
    }
}

/// All that the sample says.
fn knowledge() -> String {
    let folders = ["en", "de", "es"].map(|lang| format!("knowledge/{lang}"));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("it is there"));
    files
        .map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("a text"))
        .collect()
}

/// The questions of the sample's English entries.
fn questions() -> Vec<String> {
    let mut files: Vec<_> = std::fs::read_dir("knowledge/en")
        .expect("the sample is there")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    let texts = files.iter().map(|file| std::fs::read_to_string(file).expect("a file"));
    let mut questions = Vec::new();
    for text in texts {
        let heads = text.lines().filter_map(|line| line.strip_prefix("## "));
        questions.extend(heads.map(|it| it.split(" {#").next().unwrap_or(it).to_owned()));
    }
    questions
}
