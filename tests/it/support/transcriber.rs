//! What transcribes voice notes, behind the usual endpoint: it hears what a story wants it to hear.

use axum::Json;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::post;
use serde_json::json;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// How it answers a request.
#[derive(Clone)]
pub(crate) enum Hears {
    /// These words, in eight and a half seconds.
    Words(&'static str),
    /// The same, once it has thought about it for a while.
    Slowly(&'static str),
    /// These words, where it is sure that nobody speaks.
    Noise(&'static str),
    /// Words for whoever asks for no more than words.
    OnlyWords(&'static str),
    /// A page instead of JSON.
    Page,
    /// This HTTP status.
    Status(u16),
    /// Come back in so many seconds.
    Busy(&'static str),
    /// Nothing, for ever.
    Nothing,
}

/// A request as it arrived.
pub(crate) struct Heard {
    /// The text fields.
    pub(crate) fields: HashMap<String, String>,
    /// The file's name and media type.
    pub(crate) file: (String, String),
    pub(crate) bytes: Vec<u8>,
    pub(crate) authorization: String,
}

#[derive(Default)]
struct Mind {
    asked: Arc<Notify>,
    /// What comes next; the last stays.
    hears: VecDeque<Hears>,
    heard: Vec<Heard>,
}

/// The endpoint.
pub(crate) struct FakeTranscriber {
    mind: Arc<Mutex<Mind>>,
    base_url: String,
}

impl FakeTranscriber {
    pub(crate) async fn start(hears: &[Hears]) -> Self {
        let mind = Arc::<Mutex<Mind>>::default();
        let router = axum::Router::new()
            .route("/v1/audio/transcriptions", post(transcribe))
            .with_state(Arc::clone(&mind));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base_url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let transcriber = Self { mind, base_url };
        transcriber.hears(hears);
        transcriber
    }

    /// The settings that point a server at it.
    pub(crate) fn section(&self) -> String {
        format!(
            "[transcription]\nbase_url = '{}'\nname = 'whisper'\napi_key = 'a-key'\n\
             timeout_seconds = 3\nprice_per_minute = 0.006\n",
            self.base_url
        )
    }

    pub(crate) fn hears(&self, hears: &[Hears]) {
        self.mind.lock().expect("no panic holds it").hears = hears.iter().cloned().collect();
    }

    /// Waits until it is asked something.
    pub(crate) async fn is_asked(&self) {
        let asked = Arc::clone(&self.mind.lock().expect("no panic holds it").asked);
        asked.notified().await;
    }

    /// What it was sent since the last look.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        std::mem::take(&mut self.mind.lock().expect("no panic holds it").heard)
    }
}

async fn transcribe(
    State(mind): State<Arc<Mutex<Mind>>>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    let authorization = headers.get("authorization").and_then(|value| value.to_str().ok());
    let heard =
        Heard { authorization: authorization.unwrap_or_default().to_owned(), ..read(form).await };
    let is_plain = heard.fields.get("response_format").is_some_and(|format| format == "json");
    let answer = {
        let mut mind = mind.lock().expect("no panic holds it");
        mind.heard.push(heard);
        mind.asked.notify_one();
        match mind.hears.len() {
            0 | 1 => mind.hears.front().cloned(),
            _ => mind.hears.pop_front(),
        }
    };
    match answer.unwrap_or(Hears::Nothing) {
        Hears::Words(text) => reply(text, 0.01),
        Hears::Slowly(text) => {
            tokio::time::sleep(Duration::from_millis(800)).await;
            reply(text, 0.01)
        }
        Hears::Noise(text) => reply(text, 0.97),
        Hears::OnlyWords(text) if is_plain => Json(json!({ "text": text })).into_response(),
        Hears::OnlyWords(_) => StatusCode::BAD_REQUEST.into_response(),
        Hears::Page => Html("<h1>It works!</h1>").into_response(),
        Hears::Status(code) => StatusCode::from_u16(code).expect("a status").into_response(),
        Hears::Busy(seconds) => {
            (StatusCode::TOO_MANY_REQUESTS, [("retry-after", seconds)]).into_response()
        }
        Hears::Nothing => std::future::pending().await,
    }
}

fn reply(text: &str, no_speech: f64) -> Response {
    let segment = json!({ "id": 0, "text": text, "no_speech_prob": no_speech });
    Json(json!({
        "task": "transcribe", "language": "english", "duration": 8.5, "text": text,
        "segments": [segment],
    }))
    .into_response()
}

async fn read(mut form: Multipart) -> Heard {
    let mut heard = Heard {
        fields: HashMap::new(),
        file: Default::default(),
        bytes: Vec::new(),
        authorization: String::new(),
    };
    while let Some(field) = form.next_field().await.expect("a well formed form") {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let name = text(field.name());
        if name == "file" {
            heard.file = (text(field.file_name()), text(field.content_type()));
            heard.bytes = field.bytes().await.expect("a whole file").to_vec();
        } else {
            heard.fields.insert(name, field.text().await.expect("a whole field"));
        }
    }
    heard
}
