//! The encoder behind an endpoint that answers by script.

use super::*;
use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::spawn_blocking;

/// What the endpoint does with texts: an answer, or none for ever.
type Script = fn(&[&str]) -> Option<Response>;

/// The vectors of texts: what is about money points one way, everything else another.
fn vectors(texts: &[&str], dims: usize) -> Response {
    let vector = |text: &&str| {
        let mut vector = vec![0.0; dims];
        vector[usize::from(!(text.contains("money") || text.contains("refund")))] = 1.0;
        vector
    };
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| json!({"index": index, "embedding": vector(text)}))
        .rev()
        .collect();
    axum::Json(json!({ "data": data })).into_response()
}

/// An endpoint that follows the script of the given number.
struct Fake {
    settings: Embedding,
    script: Arc<AtomicU32>,
}

impl Fake {
    async fn start(scripts: &'static [Script]) -> Self {
        // Another test may have been first.
        drop(rustls::crypto::ring::default_provider().install_default());
        let script = Arc::new(AtomicU32::new(0));
        let now = Arc::clone(&script);
        let answer = move |body: String| async move {
            let body: Value = serde_json::from_str(&body).expect("requests are JSON");
            let texts: Vec<&str> =
                body["input"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            assert!(texts.iter().all(|text| text.starts_with("q: ") || text.starts_with("p: ")));
            match scripts[now.load(Ordering::SeqCst) as usize](&texts) {
                Some(response) => response,
                None => std::future::pending().await,
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base_url = format!("http://{}/v1/", listener.local_addr().expect("bound"));
        let router = Router::new().route("/v1/embeddings", post(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let settings = Embedding {
            base_url: Some(base_url),
            name: Some("tiny".to_owned()),
            timeout_seconds: 1,
            query_prefix: "q: ".to_owned(),
            passage_prefix: "p: ".to_owned(),
            ..Embedding::default()
        };
        Self { settings, script }
    }
}

fn shop() -> [Entry; 2] {
    [english("money", "money back", "By card."), english("parcel", "parcel arrive", "By post.")]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_is_asked_and_search_goes_on_when_it_fails() {
    let fake = Fake::start(&[
        |texts| Some(vectors(texts, 4)),
        |_| Some(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
        |_| Some("nonsense".into_response()),
        |texts| Some(vectors(texts, 3)),
        |_| None,
        |_| Some(axum::Json(json!({"data": []})).into_response()),
    ])
    .await;
    let script = Arc::clone(&fake.script);
    let work = move || {
        let dir = TempDir::new().expect("a folder");
        let search = Search::open(dir.path(), &fake.settings).expect("no call is made yet");
        search.replace(&shop(), 1).expect("indexed");
        assert_eq!(search.encoded(), (4, 4));
        let hit = &found(&search, asks("refund"))[0];
        assert_eq!(hit.entry.id.as_str(), "money");
        assert!(hit.rankers.encoder > Some(0.9));
        for number in 1..6 {
            script.store(number, Ordering::SeqCst);
            let start = Instant::now();
            let hits = found(&search, asks("parcel"));
            assert!(start.elapsed() < Duration::from_secs(3), "script {number}");
            let hit = &hits[0];
            assert_eq!((hit.entry.id.as_str(), hit.rankers.encoder), ("parcel", None));
        }
    };
    spawn_blocking(work).await.expect("no assertion failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_texts_wait_for_an_endpoint_that_is_away() {
    let fake = Fake::start(&[
        |_| Some(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        |texts| Some(vectors(texts, 4)),
    ])
    .await;
    let script = Arc::clone(&fake.script);
    let work = move || {
        let dir = TempDir::new().expect("a folder");
        let search = Search::open(dir.path(), &fake.settings).expect("no call is made yet");
        search.replace(&shop(), 1).expect("indexed all the same");
        assert_eq!(search.encoded(), (0, 4));
        assert_eq!(found(&search, asks("parcel"))[0].rankers.encoder, None);
        assert!(search.encode().is_err());
        script.store(1, Ordering::SeqCst);
        assert!(search.encode().expect("it is back"));
        assert!(found(&search, asks("refund"))[0].rankers.encoder > Some(0.9));
    };
    spawn_blocking(work).await.expect("no assertion failed");
}
