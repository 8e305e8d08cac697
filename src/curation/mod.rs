//! Curation: how knowledge comes in and grows.

use crate::{clock::Clock, config::Knowledge, search::Search, store::Store};
use anyhow::Result;
use chrono::{DateTime, Utc};
use std::sync::Arc;
use tokio::sync::watch;

pub async fn bring_up_to_date(
    _store: &Store,
    _search: &Search,
    _knowledge: &Knowledge,
    _now: DateTime<Utc>,
) -> Result<()> {
    Ok(())
}
pub async fn follow(
    _store: Store,
    _search: Arc<Search>,
    _knowledge: Knowledge,
    _clock: Clock,
    _stop: watch::Receiver<bool>,
) {
}
