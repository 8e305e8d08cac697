//! A message, an echo of one, or what is done to one later.

use super::item::{id, text, time};
use super::name::{receiver, sender};
use super::part::{Part, part, words_of};
use super::{Here, Told, other};
use crate::conversation::{Change, ChangeKind, Inbound, Whatsapp, WhatsappKind, WhatsappNews};
use serde_json::Value;

/// Reads what a customer sent.
pub(super) fn read(here: Here<'_>, value: &Value, message: &Value, told: &mut Told) {
    match text(message, "type") {
        Some("system") => return other::system(message, told),
        Some("edit" | "revoke" | "reaction") => return change(here, message, false, told),
        _ => {}
    }
    let (names, name) = sender(value, message);
    let errors = value.get("errors").filter(|_| message.get("errors").is_none());
    taken(here, message, (names, name, errors, false), told);
}

/// Reads what somebody of the business sent in the WhatsApp Business app.
pub(super) fn read_echo(here: Here<'_>, value: &Value, echo: &Value, told: &mut Told) {
    if let Some("edit" | "revoke" | "reaction") = text(echo, "type") {
        return change(here, echo, true, told);
    }
    taken(here, echo, (receiver(value, echo), None, None, true), told);
}

type With<'a> = (Vec<String>, Option<String>, Option<&'a Value>, bool);

fn taken(here: Here<'_>, message: &Value, with: With<'_>, told: &mut Told) {
    let (names, name, errors, from_us) = with;
    let (Some(external_id), Some(identity)) = (id(message, "id"), names.first().cloned()) else {
        return told.keep("message", message);
    };
    let Part { kind, body, file, about } = part(message);
    let raw = (kind == WhatsappKind::Unreadable).then(|| match errors {
        Some(errors) => serde_json::json!({ "message": message, "errors": errors }).to_string(),
        None => message.to_string(),
    });
    let context = message.get("context");
    let is_set = |name: &str| {
        context.and_then(|context| context.get(name)).and_then(Value::as_bool) == Some(true)
    };
    let (media, attachment) = file.unzip();
    told.messages.push(Inbound {
        inbox: here.inbox.clone(),
        identity,
        aliases: names,
        name,
        email: None,
        external_id: Some(external_id),
        body,
        attachments: attachment.into_iter().collect(),
        sent_at: time(message, "timestamp", here.now),
        mail: None,
        whatsapp: Some(Box::new(Whatsapp {
            kind,
            from_us,
            answers: context.and_then(|context| id(context, "id")),
            forwarded: is_set("forwarded") || is_set("frequently_forwarded"),
            about,
            media,
            raw,
        })),
        files: Vec::new(),
    });
}

/// Reads what is done to a message later.
fn change(here: Here<'_>, message: &Value, by_us: bool, told: &mut Told) {
    let found = read_change(here, message, by_us);
    match found {
        Some(change) => told.news.push(WhatsappNews::Change(change)),
        None => told.keep("message", message),
    }
}

fn read_change(here: Here<'_>, message: &Value, by_us: bool) -> Option<Change> {
    let kind: ChangeKind = text(message, "type")?.parse().ok()?;
    let inner = message.get(kind.as_str())?;
    let (about, words) = match kind {
        ChangeKind::Edit => {
            let new = inner.get("message")?;
            // An edit that leaves nothing to read is kept, and changes nothing.
            let words = words_of(new).filter(|words| !words.is_empty())?;
            (id(inner, "original_message_id")?, words)
        }
        ChangeKind::Revoke => (id(inner, "original_message_id")?, String::new()),
        ChangeKind::Reaction => {
            let emoji = super::item::line(inner, "emoji").chars().take(20).collect();
            (id(inner, "message_id")?, emoji)
        }
    };
    let at = time(message, "timestamp", here.now);
    Some(Change { id: id(message, "id")?, about, kind, by_us, words, at })
}
