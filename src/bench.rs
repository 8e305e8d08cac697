//! What benches reach of the house; no part of the library's interface.

pub use crate::confidence::{
    Bin, Drift, Labelled, Licence, Model, Reliability, Terms, Unfit, audit, bound, grid,
    reliability,
};
pub use crate::desk::News;
pub use crate::knowledge::{Audience, Entry, Hit, Publication, Risk};
pub use crate::lang::Lang;
pub use crate::search::{Bare, Query, Search, Words};
pub use crate::telemetry::start_logging;

use crate::App;
use tokio::sync::broadcast::Receiver;

/// Follows what changes at a server's desk: a message stored, its turn decided, a reply delivered.
pub fn follow(app: &App) -> Receiver<News> {
    app.desk.follow()
}
