//! Signs of life for whoever watches over the server.

use super::{Error, State};
use crate::telemetry;
use axum::http::header;
use axum::response::IntoResponse;

/// The process runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The database answers and the index holds the knowledge that the store does; none at all is fine,
/// since whoever asks is then handed to a person.
pub(super) async fn ready(web: State) -> Result<&'static str, Error> {
    match web.desk.store.knowledge_revision().await {
        Ok(revision) if revision == web.desk.search.revision() => Ok("ready\n"),
        _ => Err(Error::Busy(1)),
    }
}

/// The metrics, in the text format of Prometheus.
pub(super) async fn metrics() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], telemetry::render_metrics())
}
