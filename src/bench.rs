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
use crate::channel::{Here, read_whatsapp};
use crate::config::InboxSettings;
use crate::conversation::{AgentId, ChannelKind, Inbound, InboxName, Message, Source};
use crate::store::{Evidence, Queue};
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

/// The messages that a body of a WhatsApp webhook holds for a number; none where it is no JSON.
pub fn read_webhook(number: &str, body: &[u8]) -> Option<Vec<Inbound>> {
    let inbox = InboxSettings::new("whatsapp", ChannelKind::Whatsapp).inbox();
    let now = chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000);
    read_whatsapp(Here { inbox: &inbox, number, now }, body).map(|told| told.messages)
}

/// What an inbox of WhatsApp has taken in, a line each, in an order that does not tell when: its messages with who
/// wrote them, who sees them and how far they got, its windows, and what is only kept.
pub async fn taken_in(app: &App, inbox: &str) -> Result<Vec<String>> {
    let (store, inbox) = (&app.desk.store, InboxName::from(inbox));
    let mut lines = Vec::new();
    for row in store.queue(Queue::All, &AgentId::from("nobody"), 0, i64::from(u16::MAX)).await? {
        if row.inbox != inbox {
            continue;
        }
        for message in store.messages(&row.id, i64::MAX, i64::from(u16::MAX)).await? {
            let files: Vec<_> = message.attachments.iter().map(|file| &*file.name).collect();
            let Message { author, visibility, body, delivery, external_id, .. } = &message;
            let name = row.contact.as_deref().unwrap_or_default();
            lines.push(format!(
                "{name} {} {author} {visibility} {external_id:?} {body:?} {files:?} {delivery:?}",
                row.status
            ));
        }
        for (message, picture) in store.reactions(&row.id).await? {
            let said = store.messages(&row.id, i64::MAX, i64::from(u16::MAX)).await?;
            let to = said.into_iter().find(|it| it.id == message).and_then(|it| it.external_id);
            lines.push(format!("{picture} to {to:?}"));
        }
    }
    lines.extend(store.told_besides(&inbox).await?);
    let kept = store.kept(&inbox, i64::from(u16::MAX)).await?;
    lines.extend(kept.into_iter().map(|(kind, body)| format!("kept {kind} {body}")));
    lines.sort_unstable();
    Ok(lines)
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
