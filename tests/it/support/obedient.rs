//! Models with a will of their own: one that obeys whatever it reads, one that alters what it copies, one
//! that keeps its customers waiting.

use super::model::completion;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// What is said to a request, given its number from 0 and its material; an empty word leaves it without
/// an answer.
pub(crate) type Reply = fn(usize, &Value) -> String;

/// A model that answers by a function of what it reads.
pub(crate) struct Stub {
    pub(crate) base_url: String,
    asked: Arc<Mutex<Vec<Value>>>,
}

#[derive(Clone)]
struct Mind {
    reply: Reply,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl Stub {
    pub(crate) async fn start(reply: Reply) -> Self {
        let asked = Arc::<Mutex<Vec<Value>>>::default();
        let mind = Mind { reply, asked: Arc::clone(&asked) };
        let router =
            axum::Router::new().route("/v1/chat/completions", post(complete)).with_state(mind);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base_url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base_url, asked }
    }

    /// The settings that point a server at it.
    pub(crate) fn section(&self) -> String {
        format!("[model]\nbase_url = '{}'\nname = 'stub'\ntimeout_seconds = 10\n", self.base_url)
    }

    /// What it was asked since the last look.
    pub(crate) fn asked(&self) -> Vec<Value> {
        std::mem::take(&mut self.asked.lock().expect("no panic holds it"))
    }
}

async fn complete(State(mind): State<Mind>, Json(request): Json<Value>) -> Response {
    let number = {
        let mut asked = mind.asked.lock().expect("no panic holds it");
        asked.push(request.clone());
        asked.len() - 1
    };
    let content = (mind.reply)(number, &material(&request));
    if content.is_empty() {
        return std::future::pending().await;
    }
    let mut reply = completion(&content);
    if request["logprobs"] == true {
        let half = 0.5_f64.ln();
        reply.0["choices"][0]["logprobs"] =
            json!({ "content": [{ "token": "{", "logprob": half }] });
    }
    reply.into_response()
}

/// What a request gives to read, with the name of what it asks for as `form`.
pub(crate) fn material(request: &Value) -> Value {
    let text = request["messages"][1]["content"].as_str().unwrap_or_default();
    let data = text.trim().trim_start_matches("<data>").trim_end_matches("</data>");
    let mut material: Value = serde_json::from_str(data).unwrap_or_else(|_| json!({}));
    material["form"] = request["response_format"]["json_schema"]["name"].clone();
    material["system"] = request["messages"][0]["content"].clone();
    material
}

/// An answer from the first source, in these words.
pub(crate) fn answer(material: &Value, text: &str, excerpt: &str) -> String {
    json!({
        "answerable": true, "answer": text, "language": material["language"],
        "citations": [{ "entry": material["sources"][0]["entry"], "excerpt": excerpt }],
        "questions_covered": [1, 2, 3, 4, 5],
    })
    .to_string()
}
