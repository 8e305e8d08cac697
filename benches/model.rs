//! What a model's answer costs beside the model: twenty conversations a second against a model that takes
//! a second to answer, from the commit of a message without quiet time to the commit of its decision.
//!
//! `cargo bench --bench model`
#![expect(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

#[expect(dead_code, reason = "each bench uses its own part of it")]
mod support;

use axum::Json;
use axum::routing::post;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use support::{Connection, message, percentile, verdict};
use sureply::bench::News;
use sureply::{App, Config};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::broadcast::Receiver;

const SECONDS: u32 = 20;
const A_SECOND: u32 = 20;
/// How long the model takes.
const THINKS: Duration = Duration::from_secs(1);

fn settings(base_url: &str) -> String {
    format!(
        "[server]\nlisten = '127.0.0.1:0'\n[log]\nfilter = 'error'\n\
         [worker]\nconcurrency = 256\n\
         [model]\nbase_url = '{base_url}'\nname = 'stub'\nmax_concurrent = 256\n\
         [[inbox]]\nname = 'api'\nchannel = 'api'\nquiet_seconds = 0\n"
    )
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure());
}

async fn measure() {
    // The program installs it at its start; a bench has no such start.
    drop(rustls::crypto::ring::default_provider().install_default());
    let base_url = start_model().await;
    let folder = TempDir::new().expect("a temporary folder can be made");
    let file = folder.path().join("sureply.toml");
    std::fs::write(&file, settings(&base_url)).expect("the settings can be written");
    let config = Config::load(Some(&file)).expect("the settings are good");
    sureply::bench::start_logging(&config.log).expect("logging starts");
    let app = App::start(folder.path(), config).await.expect("the server starts");
    sureply::bench::earn(&app, 0.7).await.expect("the evidence is stored");
    let token = app.new_token("bench").await.expect("a token");
    let news = sureply::bench::follow(&app);
    let recorder = tokio::spawn(record(news, (SECONDS * A_SECOND) as usize));
    send(&app.address().to_string(), &token).await;
    let waits = recorder.await.expect("the news are followed");
    app.stop().await;
    report(&waits);
}

#[expect(clippy::print_stdout, reason = "the figures are what the bench is for")]
fn report(waits: &[f64]) {
    let thinks = THINKS.as_secs_f64();
    let (p50, p95) = (percentile(waits, 50) / thinks, percentile(waits, 95) / thinks);
    println!("{} decided; {}", waits.len(), support::pressure());
    let figure = format!("p50 {p50:.3}, p95 {p95:.3}");
    let goal = "p50 ≤ 1.05, p95 ≤ 1.2";
    verdict("commit to decision / the model's time", &figure, goal, p50 <= 1.05 && p95 <= 1.2);
}

/// A model that takes its time and copies the first source.
async fn start_model() -> String {
    async fn think(Json(request): Json<Value>) -> Json<Value> {
        tokio::time::sleep(THINKS).await;
        let text = request["messages"][1]["content"].as_str().unwrap_or_default();
        let data = text.trim().trim_start_matches("<data>").trim_end_matches("</data>");
        let material: Value = serde_json::from_str(data).unwrap_or_default();
        let source = &material["sources"][0];
        let said = json!({
            "answerable": true, "answer": source["answer"], "language": material["language"],
            "citations": [{ "entry": source["entry"], "excerpt": source["answer"] }],
            "questions_covered": [1],
        });
        let message = json!({ "role": "assistant", "content": said.to_string() });
        let choice = json!({ "index": 0, "finish_reason": "stop", "message": message });
        Json(
            json!({ "choices": [choice], "usage": { "prompt_tokens": 900, "completion_tokens": 90 } }),
        )
    }
    let router = axum::Router::new().route("/v1/chat/completions", post(think));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("http://{}/v1", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    base_url
}

/// Sends messages of as many conversations, in time.
async fn send(address: &str, token: &str) {
    // Answered alike, so that each waits for the model once.
    let texts = ["How long do I have to return something?", "What does a return cost?"];
    let mut connection = Connection::open(address).await.expect("a connection");
    let mut clock = tokio::time::interval(Duration::from_secs(1) / A_SECOND);
    for number in 0..SECONDS * A_SECOND {
        clock.tick().await;
        let text = texts[(number % 2) as usize];
        let request = message("api", token, &format!("m-{number}"), text);
        let (status, body) = connection.ask(&request).await.expect("an answer");
        assert_eq!(status, 202, "{body}");
    }
}

/// How long each conversation took from its message's news to its decision's, in seconds.
async fn record(mut news: Receiver<News>, conversations: usize) -> Vec<f64> {
    let mut stored: HashMap<String, Option<Instant>> = HashMap::new();
    let mut waits = Vec::new();
    while waits.len() < conversations {
        let news = tokio::time::timeout(Duration::from_secs(20), news.recv()).await;
        let news = news.expect("each message is decided on").expect("no news are missed");
        let id = news.conversation_id.to_string();
        match stored.get_mut(&id) {
            None => drop(stored.insert(id, Some(Instant::now()))),
            Some(since) => waits.extend(since.take().map(|since| since.elapsed().as_secs_f64())),
        }
    }
    waits
}
