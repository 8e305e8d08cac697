//! Reading what Meta posts: every update of a body, none of which can spoil another.
//!
//! One body may hold a thousand updates of many kinds (Meta, "Webhooks"). It is read as plain JSON first; each item
//! is understood by itself, and what is not understood is kept as it came, since Meta has no history to ask for.

mod item;
mod message;
mod name;
mod number;
mod other;
mod part;
mod status;
mod template;
#[cfg(test)]
mod tests;

use crate::conversation::{Inbound, Inbox, Kept, WhatsappNews};
use chrono::{DateTime, Utc};
use item::{list, text, time};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// What a body tells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Told {
    /// The messages in it.
    pub messages: Vec<Inbound>,
    /// Everything else.
    pub news: Vec<WhatsappNews>,
    /// Updates that are about another number.
    pub foreign: usize,
}

/// Where and when a body came in.
#[derive(Debug, Clone, Copy)]
pub struct Here<'a> {
    /// The inbox.
    pub inbox: &'a Inbox,
    /// The id of its number.
    pub number: &'a str,
    /// The time now.
    pub now: DateTime<Utc>,
}

/// How WhatsApp knows somebody, as a person writes it: a phone number with its country's code after `+` or `00`, or an id.
pub fn address(written: &str) -> Option<String> {
    let bare: String =
        written.chars().filter(|it| !it.is_whitespace() && !"()-/\u{a0}".contains(*it)).collect();
    let plus = bare.strip_prefix("00").map(|digits| format!("+{digits}")).unwrap_or(bare);
    if plus.starts_with('+') { name::number(&plus) } else { name::user_id(&plus) }
}

/// Understands a body; none where it is no JSON.
pub fn read(here: Here<'_>, body: &[u8]) -> Option<Told> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let mut told = Told::default();
    for entry in list(&body, "entry") {
        for change in list(entry, "changes") {
            read_change(here, entry, change, &mut told);
        }
        if entry.get("changes").and_then(Value::as_array).is_none() {
            told.keep("entry", entry);
        }
    }
    if body.get("entry").and_then(Value::as_array).is_none() {
        told.keep("body", &body);
    }
    Some(told)
}

/// The lists of a value that are read item by item.
const LISTS: [&str; 5] =
    ["messages", "statuses", "message_echoes", "user_preferences", "user_id_update"];

fn read_change(here: Here<'_>, entry: &Value, change: &Value, told: &mut Told) {
    let field = text(change, "field").unwrap_or("change");
    let Some(value) = change.get("value").filter(|value| value.is_object()) else {
        return told.keep(field, change);
    };
    if let Some(news) = template::read(field, entry, value) {
        told.news.push(WhatsappNews::Template(news));
        return told.keep(field, change);
    }
    let number = value.get("metadata").and_then(|it| text(it, "phone_number_id"));
    if number.is_some_and(|number| number != here.number) {
        told.foreign += 1;
        return;
    }
    let is_listed = LISTS.iter().any(|name| value.get(*name).is_some_and(Value::is_array));
    // Whose messages they are is told beside them; without that they may be anybody's.
    if !is_listed || number.is_none() {
        let at = time(entry, "time", here.now);
        told.news.extend(number::read(field, value, at).map(WhatsappNews::Number));
        return told.keep(field, change);
    }
    for message in list(value, "messages") {
        message::read(here, value, message, told);
    }
    for echo in list(value, "message_echoes") {
        message::read_echo(here, value, echo, told);
    }
    for status in list(value, "statuses") {
        status::read(here, status, told);
    }
    for said in list(value, "user_preferences") {
        other::preference(here, said, told);
    }
    for renamed in list(value, "user_id_update") {
        other::renamed(renamed, told);
    }
    // Errors that stand beside messages are about them, and are kept with those that cannot be read.
    if value.get("errors").is_some() && list(value, "messages").is_empty() {
        told.keep("errors", value);
    }
}

impl Told {
    /// Keeps what is not understood, or is only to be known.
    fn keep(&mut self, kind: &str, body: &Value) {
        let kind: String = super::super::text::clean_line(kind).chars().take(60).collect();
        let body = body.to_string();
        let id = crate::token::hex(&Sha256::digest(format!("{kind} {body}")));
        self.news.push(WhatsappNews::Kept(Kept { id, kind, body }));
    }
}
