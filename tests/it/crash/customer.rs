//! A customer's program that writes while the server comes and goes, as providers do: it tries again
//! until it is told that the message is safe, and sometimes hands a message in twice.

use super::evidence::Receipt;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const WORDS: &[&str] = &[
    "How long do I have to return something?",
    "Do you sell second-hand grand pianos?",
    "Thanks a lot, that's all!",
    "how much is shipping to germany",
    "I want to talk to a human",
];

/// How long the server may be away.
const PATIENCE: Duration = Duration::from_mins(1);

/// What all customers of a run share.
pub(super) struct Run {
    pub(super) http: Client,
    pub(super) messages: String,
    pub(super) token: String,
    pub(super) is_over: AtomicBool,
    /// Attempts that ended without an answer: the server was killed, or not there yet.
    pub(super) interrupted: AtomicUsize,
}

/// Writes until the run is over; returns what was acknowledged.
pub(super) async fn write(run: Arc<Run>, number: u64, seed: u64) -> Vec<Receipt> {
    let mut dice = StdRng::seed_from_u64(seed.wrapping_add(number));
    let mut receipts = Vec::new();
    let mut count = 0;
    while !run.is_over.load(Ordering::Relaxed) {
        let id = format!("{number}-{count}");
        // A person writes a few messages before the next one comes.
        let contact = format!("{number}-{}", count / 3);
        let text = WORDS[dice.random_range(0..WORDS.len())];
        let body = json!({ "id": id, "contact": { "id": contact }, "text": text });
        let times = if dice.random_bool(0.2) { 2 } else { 1 };
        for _ in 0..times {
            receipts.push(hand_in(&run, &id, &body).await);
        }
        count += 1;
        tokio::time::sleep(Duration::from_millis(dice.random_range(10..120))).await;
    }
    receipts
}

async fn hand_in(run: &Run, id: &str, body: &Value) -> Receipt {
    let began = Instant::now();
    loop {
        if let Some(receipt) = attempt(run, id, body).await {
            return receipt;
        }
        run.interrupted.fetch_add(1, Ordering::Relaxed);
        assert!(began.elapsed() < PATIENCE, "{id} was never acknowledged");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn attempt(run: &Run, id: &str, body: &Value) -> Option<Receipt> {
    let request = run.http.post(&run.messages).bearer_auth(&run.token).json(body);
    let answer = request.send().await.ok()?;
    let status = answer.status();
    let is_busy = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    assert!(is_busy || status == StatusCode::ACCEPTED, "{id}: {status}");
    // An answer that breaks off is none.
    let told: Value = answer.json().await.ok()?;
    let message = told["message_id"].as_str()?.to_owned();
    Some(Receipt { id: id.to_owned(), message, duplicate: told["duplicate"] == true })
}
