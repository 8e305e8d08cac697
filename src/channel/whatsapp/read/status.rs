//! How far a message of ours got.

use super::item::{id, line, list, time};
use super::name::number;
use super::{Here, Told};
use crate::channel::whatsapp::error::explain;
use crate::conversation::{Delivery, OutboxId, Price, StatusNews, WhatsappNews};
use serde_json::Value;

/// Reads a status; one of a kind that is not known is kept.
pub(super) fn read(here: Here<'_>, status: &Value, told: &mut Told) {
    let state = match super::text(status, "status") {
        Some("sent") => Delivery::Sent,
        Some("delivered") => Delivery::Delivered,
        // A voice note that was played was read.
        Some("read" | "played") => Delivery::Read,
        Some("failed") => Delivery::Failed,
        _ => return told.keep("status", status),
    };
    let Some(message) = id(status, "id") else { return told.keep("status", status) };
    let words = (state == Delivery::Failed).then(|| reason(status));
    told.news.push(WhatsappNews::Status(StatusNews {
        id: message,
        outbox: id(status, "biz_opaque_callback_data").map(OutboxId::from),
        state,
        words,
        price: price(status),
        number: super::text(status, "recipient_id").and_then(number),
        at: time(status, "timestamp", here.now),
        raw: status.to_string(),
    }));
}

/// What the message counts as; the amount is not told.
fn price(status: &Value) -> Option<Price> {
    let told = status.get("pricing")?;
    let category = Some(line(told, "category")).filter(|it| !it.is_empty())?;
    let kind = Some(line(told, "type")).filter(|kind| !kind.is_empty());
    let billable = told.get("billable").and_then(Value::as_bool).unwrap_or(true);
    Some(Price { category: category.to_lowercase(), kind, billable, amount: None })
}

/// Why it failed, and what to do.
fn reason(status: &Value) -> String {
    let said = list(status, "errors").iter().map(|error| {
        let details = error.get("error_data").map(|data| line(data, "details"));
        let details = details.filter(|details| !details.is_empty());
        let details = details.unwrap_or_else(|| line(error, "title"));
        match line(error, "code").parse() {
            Ok(code) => explain(code, &details).words,
            Err(_) => details,
        }
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() { "WhatsApp gives no reason".into() } else { said.join("; ") }
}
