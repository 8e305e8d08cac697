//! Signs of life for whoever watches over the server.

use super::{Error, State};
use crate::telemetry;
use axum::http::header;
use axum::response::IntoResponse;

/// The process runs.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The database answers and the index holds the newest knowledge it can.
pub(super) async fn ready(web: State) -> Result<&'static str, Error> {
    let store = &web.desk.store;
    if store.ping().await.is_err() || web.desk.search.revision() == 0 {
        return Err(Error::Busy(1));
    }
    Ok("ready\n")
}

/// The metrics, in the text format of Prometheus.
pub(super) async fn metrics() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], telemetry::render_metrics())
}
