//! What benches reach of the house; no part of the library's interface.

pub use crate::channel::{Own, Understood, safe_html, understand, without_quotes};
pub use crate::confidence::{
    Bin, Drift, Labelled, Licence, Model, Reliability, Terms, Unfit, audit, bound, grid,
    reliability,
};
pub use crate::conversation::{Removed, RemovedKind};
pub use crate::desk::News;
pub use crate::knowledge::{Audience, Entry, Hit, Publication, Risk};
pub use crate::lang::Lang;
pub use crate::search::{Bare, Query, Search, Words};
pub use crate::telemetry::start_logging;

use crate::App;
use crate::conversation::Source;
use crate::store::Evidence;
use anyhow::Result;
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;

/// Follows what changes at a server's desk: a message stored, its turn decided, a reply delivered.
pub fn follow(app: &App) -> Receiver<News> {
    app.desk.follow()
}

/// The record of every decision of a server, as text.
pub async fn records(app: &App) -> Result<Vec<String>> {
    let since = chrono::DateTime::UNIX_EPOCH;
    let past = app.desk.store.past_turns(since, None, i64::from(u32::MAX)).await?;
    Ok(past.into_iter().map(|past| past.record.to_string()).collect())
}

/// Turns of each class that [`earn`] makes up.
const MADE_UP: u32 = 400;

/// Lets every inbox of a server earn its licences from made-up turns: those as sure as `least` were
/// right and the others wrong, so that what is surer goes out by itself. For stories and benches,
/// which have no customers.
pub async fn earn(app: &App, least: f64) -> Result<()> {
    let desk = &app.desk;
    let mut rows = Vec::new();
    for risk in [Risk::Low, Risk::Standard, Risk::High] {
        for number in 0..MADE_UP {
            let above = f64::from(number) / f64::from(MADE_UP);
            let sure = least - 0.05 + above * (1.0 - least);
            rows.push(Evidence {
                source: Source::Declared,
                set_name: Some("made-up".into()),
                case_name: Some(format!("{risk}-{number}")),
                inbox: None,
                decision_id: None,
                risk,
                eligible: true,
                wrong: sure < least,
                probability: 1.0,
                share: 1.0,
                happened_at: desk.clock.now(),
                features: features_of(sure),
            });
        }
    }
    desk.store.put_set("made-up", &rows, desk.clock.now()).await?;
    desk.renew_trust().await
}

/// Features that the shipped model is so sure of.
pub(crate) fn features_of(sure: f64) -> Value {
    let at = |strength: f64| -> Value {
        json!({
            "coverage": strength, "margin": strength, "likeness": strength, "unknown": 1.0 - strength,
            "length": 0.2, "questions": 1.0, "same_language": 1.0, "grounded": 1.0, "answerable": 1.0,
            "share": strength, "bm25": strength, "words": strength, "margin_bm25": strength,
            "margin_words": strength, "agreement": 1.0, "covered": 1.0,
        })
    };
    let confidence = |features: &Value| {
        let features = serde_json::from_value(features.clone()).unwrap_or_default();
        Model::shipped().confidence(&features)
    };
    let (mut low, mut high) = (0.0_f64, 1.0);
    for _ in 0..24 {
        let middle = low.midpoint(high);
        if confidence(&at(middle)) < sure { low = middle } else { high = middle }
    }
    at(high)
}
