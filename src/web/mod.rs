//! The web: every route in one list, for customers, agents and programs.

mod address;
mod agent;
mod assets;
mod csrf;
mod error;
mod guard;
mod health;
mod markdown;
mod token;

pub use error::Error;

use crate::desk::{Desk, Intake};
use crate::store::Store;
use axum::Router;
use axum::routing::get;
use chrono::{DateTime, Utc};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

/// What a request may use.
pub struct Web {
    /// The desk.
    pub desk: Arc<Desk>,
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
}

/// What every handler takes.
pub type State = axum::extract::State<Arc<Web>>;

/// All routes, with what surrounds each request.
pub fn router(web: Arc<Web>) -> Router {
    let limit = web.desk.config.server.max_body_bytes;
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/static/{*path}", get(assets::asset))
        .merge(agent::routes(&web))
        .fallback(error::no_such_page)
        .with_state(web)
        .layer(RequestBodyLimitLayer::new(limit))
        .layer(axum::middleware::from_fn(guard::headers))
        .layer(CatchPanicLayer::new())
        .layer(axum::middleware::from_fn(guard::log))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
}

/// A one-time token that makes whoever opens its link the first admin; none once somebody works here.
pub async fn setup_link(store: &Store, now: DateTime<Utc>) -> anyhow::Result<Option<String>> {
    agent::setup_link(store, now).await
}
