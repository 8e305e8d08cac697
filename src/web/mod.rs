//! The web, for customers, agents and programs; its ways in stand in the table of `route`.

#[macro_use]
mod words;

mod address;
mod agent;
mod api;
mod assets;
mod attachment;
mod chat;
mod csrf;
mod error;
mod guard;
mod health;
mod hook;
mod intake;
mod markdown;
mod needs;
mod notification;
mod program;
mod route;
mod suppression;
mod throttle;
mod upload;

pub use agent::Counts;
pub use chat::Streams;
pub use error::Error;
pub use program::Programs;
pub use throttle::Throttle;

use crate::desk::{Desk, Finder, Intake};
use crate::store::Store;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use chrono::{DateTime, Utc};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

/// What a request may use.
pub struct Web {
    /// The desk.
    pub desk: Arc<Desk>,
    /// What was said, to be found.
    pub finder: Finder,
    /// The way in for messages.
    pub intake: Intake,
    /// Where attachments lie.
    pub attachments: PathBuf,
    /// The key that signs links.
    pub signing_key: Vec<u8>,
    /// The address people use, without a slash at its end.
    pub public_url: String,
    /// Turns true when the server stops: whatever is open by then must end.
    pub stopping: watch::Receiver<bool>,
    /// The programs that were let in a moment ago.
    pub programs: Programs,
    /// What kept searches have found lately.
    pub counts: Counts,
    /// How often somebody asked lately.
    pub throttle: Throttle,
    /// The chats that are followed right now.
    pub streams: Streams,
}

/// What an upload's form may add to the file in it, in bytes.
const FORM: usize = 64 * 1024;

/// What every handler takes.
pub type State = axum::extract::State<Arc<Web>>;

/// All routes, with what surrounds each request.
pub fn router(web: Arc<Web>) -> Router {
    let limit = web.desk.config.server.max_body_bytes;
    let over_https = web.public_url.starts_with("https://");
    let upload = web.desk.config.attachments.max_bytes + FORM;
    let routes = route::router(&web, upload).with_state(web).layer(DefaultBodyLimit::max(limit));
    surround(routes, over_https)
}

/// What surrounds each request, from the inside out; even an answer to a panic gets its headers.
fn surround(routes: Router, over_https: bool) -> Router {
    routes
        .layer(from_fn(guard::plain_paths_only))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(over_https, guard::headers))
        .layer(from_fn(guard::log))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
}

/// A one-time token that makes whoever opens its link the first admin; none once somebody works here.
pub async fn setup_link(store: &Store, now: DateTime<Utc>) -> anyhow::Result<Option<String>> {
    agent::setup_link(store, now).await
}

#[cfg(test)]
mod tests;
