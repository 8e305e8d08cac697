//! A business's own server that takes webhooks in, as obedient or as broken as a story wants it.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// A request as it came in.
pub(crate) struct Taken {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

#[derive(Default)]
struct Memory {
    taken: Vec<Taken>,
    answers: VecDeque<StatusCode>,
}

/// The server; it answers 200 unless told otherwise.
pub(crate) struct Receiver {
    memory: Arc<Mutex<Memory>>,
    pub(crate) url: String,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let memory = Arc::<Mutex<Memory>>::default();
        let router = axum::Router::new().route("/hook", post(take)).with_state(Arc::clone(&memory));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { memory, url }
    }

    /// The next requests are answered like this, then 200 again.
    pub(crate) fn answer_next(&self, answers: &[u16]) {
        let answers = answers.iter().map(|code| StatusCode::from_u16(*code).expect("a status"));
        self.memory.lock().expect("no panic holds it").answers.extend(answers);
    }

    /// What came in since the last look.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        std::mem::take(&mut self.memory.lock().expect("no panic holds it").taken)
    }
}

async fn take(
    State(memory): State<Arc<Mutex<Memory>>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let mut memory = memory.lock().expect("no panic holds it");
    memory.taken.push(Taken { headers, body: body.to_vec() });
    memory.answers.pop_front().unwrap_or(StatusCode::OK)
}
