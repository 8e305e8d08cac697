//! A language model behind the usual endpoint that says what a story wants it to say.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// How the model answers from now on.
#[derive(Clone)]
pub(crate) enum Says {
    /// An answer with one citation.
    Answer { entry: String, excerpt: String, text: String },
    /// Nothing in the sources answers the question.
    NotAnswerable,
    /// These raw words instead of JSON.
    Raw(String),
    /// This HTTP status.
    Status(u16),
}

struct Mind {
    says: Says,
    /// What it makes of a question that leans on the conversation; nothing of use without it.
    rewrites: Option<String>,
    asked: Vec<Value>,
}

/// The endpoint.
pub(crate) struct FakeModel {
    mind: Arc<Mutex<Mind>>,
    base_url: String,
}

impl FakeModel {
    pub(crate) async fn start(says: Says) -> Self {
        let mind = Arc::new(Mutex::new(Mind { says, rewrites: None, asked: Vec::new() }));
        let router = axum::Router::new()
            .route("/v1/chat/completions", post(complete))
            .with_state(Arc::clone(&mind));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base_url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { mind, base_url }
    }

    /// The settings that point a server at it.
    pub(crate) fn section(&self) -> String {
        format!("[model]\nbase_url = '{}'\nname = 'fake'\ntimeout_seconds = 5\n", self.base_url)
    }

    pub(crate) fn says(&self, says: Says) {
        self.mind.lock().expect("no panic holds it").says = says;
    }

    /// What it writes out from now on, when asked what a question leans on.
    pub(crate) fn rewrites(&self, question: &str) {
        self.mind.lock().expect("no panic holds it").rewrites = Some(question.to_owned());
    }

    /// What it was asked since the last look.
    pub(crate) fn asked(&self) -> Vec<Value> {
        std::mem::take(&mut self.mind.lock().expect("no panic holds it").asked)
    }
}

async fn complete(State(mind): State<Arc<Mutex<Mind>>>, Json(request): Json<Value>) -> Response {
    let mut mind = mind.lock().expect("no panic holds it");
    let is_rewriting = request["response_format"]["json_schema"]["name"] == "question";
    mind.asked.push(request);
    let content = match &mind.says {
        Says::Answer { .. } | Says::NotAnswerable | Says::Raw(_) if is_rewriting => {
            json!({ "question": mind.rewrites }).to_string()
        }
        Says::Status(code) => {
            return StatusCode::from_u16(*code).expect("a status").into_response();
        }
        Says::Raw(words) => words.clone(),
        Says::NotAnswerable => json!({
            "answerable": false, "answer": "", "citations": [], "questions_covered": [], "language": "en",
        })
        .to_string(),
        Says::Answer { entry, excerpt, text } => json!({
            "answerable": true, "answer": text,
            "citations": [{ "entry": entry, "excerpt": excerpt }],
            "questions_covered": [1], "language": "en",
        })
        .to_string(),
    };
    completion(&content).into_response()
}

/// A completion with these words.
pub(crate) fn completion(content: &str) -> Json<Value> {
    let choice = json!({
        "index": 0, "finish_reason": "stop", "message": { "role": "assistant", "content": content },
    });
    let usage = json!({ "prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120 });
    Json(json!({
        "id": "c1", "object": "chat.completion", "created": 1, "model": "fake",
        "choices": [choice], "usage": usage,
    }))
}
