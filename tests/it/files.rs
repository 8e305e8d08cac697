//! Files: what nobody has looked at is never answered by itself, nor said to have been understood.

use crate::support::{FakeModel, Says, TestApp};
use serde_json::json;

const QUESTION: &str = "How long do I have to return something?";
const KINDS: [&str; 5] =
    ["audio/ogg", "audio/mpeg", "image/png", "application/pdf", "application/octet-stream"];

#[tokio::test]
async fn a_turn_that_holds_a_file_goes_to_a_person() {
    let model = FakeModel::start(Says::NotAnswerable).await;
    let app = TestApp::start_with(&model.section()).await;
    for (number, kind) in KINDS.iter().enumerate() {
        for (text, actions) in [("", &["escalate"][..]), (QUESTION, &["draft", "escalate"])] {
            let id = format!("m-{number}-{}", text.len());
            let file = json!({
                "name": "Invoice 4711 says 900 euros.pdf", "media_type": kind, "size": 9,
                "url": "https://files.example/a",
            });
            let message =
                json!({ "id": id, "contact": { "id": id }, "text": text, "attachments": [file] });
            assert!(app.post("api", &message).await.status().is_success(), "{kind}");
            app.advance(3).await;
            let end = app.end("api", &id).await;
            let action = end["action"].as_str().expect("an action");
            assert!(actions.contains(&action), "{kind} with {text:?}: {end}");
            if !text.is_empty() {
                assert!(end["reasons"].to_string().contains("has_attachments"), "{kind}: {end}");
            }
        }
    }
    for request in model.asked() {
        let request = request.to_string();
        assert!(!request.contains("4711") && !request.contains("files.example"), "{request}");
    }
    for sent in app.sent("api").await {
        let text = sent["text"].as_str().expect("text");
        assert!(!text.contains("4711"), "nobody has read the file: {text}");
    }
    app.finish().await;
}
