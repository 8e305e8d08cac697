//! Curation: how knowledge comes in and grows.

pub mod import;
mod reading;
mod source;
mod sync;
#[cfg(test)]
mod testing;
mod watch;

pub use reading::Reading;
pub use source::Source;
pub use sync::{refresh, source_in_use, sync};
pub use watch::follow;
