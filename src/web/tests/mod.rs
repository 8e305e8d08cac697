//! The ways in, over the real router, store and disk.

mod api;
mod around;
mod chat;
mod hook;
mod identity;
mod matrix;
mod notify;
mod poll;
mod scan;
mod table;
mod waiting;
mod whatsapp;

use super::{Streams, Throttle, Web, router};
use crate::clock::Clock;
use crate::config::Config;
use crate::config::Embedding;
use crate::desk::{Desk, Finder, Intake};
use crate::search::Search;
use crate::store::Store;
use crate::token;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::DateTime;
use serde_json::Value;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::watch;
use tower::ServiceExt as _;

const PROGRAM: &str = "a-programs-token";

/// Everything behind the routes, in a folder of its own.
struct House {
    desk: Arc<Desk>,
    router: Router,
    stop: watch::Sender<bool>,
    folder: TempDir,
}

/// What came back: status, headers, and the body as JSON (or as text that is none).
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

async fn house(change: impl FnOnce(&mut Config)) -> House {
    drop(rustls::crypto::ring::default_provider().install_default());
    let folder = TempDir::new().expect("a folder");
    let mut config = Config::default();
    change(&mut config);
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = Store::open(&url).await.expect("a store");
    let search = Arc::new(
        Search::open(&folder.path().join("index"), &Embedding::default()).expect("an index"),
    );
    let now = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
    store.add_token(&token::hash(PROGRAM), "test", None, None, now).await.expect("a token");
    let desk = Desk::open(store, search, Arc::new(config), Clock::by_hand(now)).expect("a desk");
    let desk = Arc::new(desk.with_files(folder.path().to_owned()).expect("a desk"));
    let (intake, _storing) = Intake::start(Arc::clone(&desk));
    let (stop, stopping) = watch::channel(false);
    let finder =
        Finder::open(desk.store.clone(), &folder.path().join("messages")).expect("an index");
    let router = router(Arc::new(Web {
        desk: Arc::clone(&desk),
        finder,
        intake,
        attachments: folder.path().to_owned(),
        signing_key: b"a signing key".to_vec(),
        public_url: "https://help.example".into(),
        stopping,
        programs: crate::web::Programs::default(),
        counts: crate::web::Counts::default(),
        throttle: Throttle::default(),
        streams: Streams::default(),
    }));
    House { desk, router, stop, folder }
}

impl House {
    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 24).await.expect("a whole body");
        let text = || Value::String(String::from_utf8_lossy(&bytes).into_owned());
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| text());
        Answer { status: parts.status, headers: parts.headers, body }
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(request("GET", path, token).body(Body::empty()).expect("a request")).await
    }

    async fn post(&self, path: &str, token: &str, body: &str) -> Answer {
        let request = request("POST", path, token).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_owned())).expect("a request")).await
    }
}

fn request(method: &str, path: &str, token: &str) -> axum::http::request::Builder {
    let request = Request::builder().method(method).uri(path);
    match token {
        "" => request,
        token => request.header("authorization", format!("Bearer {token}")),
    }
}
