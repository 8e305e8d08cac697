//! News of people: another number, another id, what they want to be sent.

use super::item::{line, text, time};
use super::name::{names, number, user_id};
use super::{Here, Told};
use crate::conversation::{Consent, WhatsappNews};
use serde_json::Value;

/// Reads what WhatsApp says by itself about a person; `from` is how they were known before.
pub(super) fn system(message: &Value, told: &mut Told) {
    let system = message.get("system");
    let given = |name: &str| system.and_then(|system| text(system, name));
    let before = names(
        text(message, "from_parent_user_id"),
        text(message, "from_user_id"),
        text(message, "from"),
    );
    let now =
        names(given("parent_user_id"), given("user_id"), given("wa_id").or(given("new_wa_id")));
    let is_change = matches!(
        given("type"),
        Some("user_changed_number" | "customer_changed_number" | "user_changed_user_id")
    );
    if is_change && !before.is_empty() && !now.is_empty() {
        told.news.push(WhatsappNews::Names(before.into_iter().chain(now).collect()));
    }
    told.keep("system", message);
}

/// Reads that a person's id is another now.
pub(super) fn renamed(update: &Value, told: &mut Told) {
    let pair = |name: &str| {
        let pair = update.get(name);
        let at = |time: &str| pair.and_then(|pair| text(pair, time)).and_then(user_id);
        (at("previous"), at("current"))
    };
    let (own, parent) = (pair("user_id"), pair("parent_user_id"));
    let phone = text(update, "wa_id").and_then(number);
    let all = [parent.0, own.0, phone, parent.1, own.1];
    let all: Vec<String> = all.into_iter().flatten().collect();
    if all.len() > 1 {
        told.news.push(WhatsappNews::Names(all));
    }
    told.keep("user_id_update", update);
}

/// Reads what a person wants to be sent.
pub(super) fn preference(here: Here<'_>, said: &Value, told: &mut Told) {
    let names = names(text(said, "parent_user_id"), text(said, "user_id"), text(said, "wa_id"));
    let wanted = match text(said, "value") {
        Some("stop") => Some(false),
        Some("resume" | "signup") => Some(true),
        _ => None,
    };
    let category = line(said, "category");
    match wanted {
        Some(wanted) if !names.is_empty() && !category.is_empty() => {
            let (words, at) = (line(said, "detail"), time(said, "timestamp", here.now));
            let consent = Consent { names, category, wanted, words, at };
            told.news.push(WhatsappNews::Consent(consent));
        }
        _ => told.keep("user_preferences", said),
    }
}
