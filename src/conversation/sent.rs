//! How an attempt at a delivery ended.

use chrono::{DateTime, Utc};

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The channel has it, under its own name for it if it gave one.
    Accepted(Option<String>),
    /// It certainly was not sent and is tried again at the given time.
    Again(DateTime<Utc>, String),
    /// It certainly was not sent and never will be.
    Refused(String),
    /// Nobody knows whether it was sent.
    Unknown(String),
}
