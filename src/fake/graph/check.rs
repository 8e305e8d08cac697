//! Whether a request for a message has the shape and the lengths that Meta takes.

use super::error::Error;
use serde_json::Value;
use std::collections::BTreeSet;

const MISSING: i64 = 131_008;
const INVALID: i64 = 131_009;
const TYPE: i64 = 131_051;

/// Says what Meta would not take.
pub(super) fn check(request: &Value, is_media: impl Fn(&str) -> bool) -> Result<(), Error> {
    let product = request["messaging_product"].as_str();
    must(product == Some("whatsapp"), 100, "messaging_product must be whatsapp")?;
    recipient(request)?;
    let callback = request["biz_opaque_callback_data"].as_str().unwrap_or_default();
    must(callback.len() <= 512, INVALID, "biz_opaque_callback_data is too long")?;
    if let Some(context) = request.get("context") {
        text(context, "message_id", 1..=512)?;
    }
    let kind = request["type"].as_str().unwrap_or("text");
    let content = &request[kind];
    must(content.is_object(), MISSING, &format!("{kind} is missing"))?;
    match kind {
        "text" => text(content, "body", 1..=4_096).map(drop),
        "interactive" => interactive(content),
        "image" | "video" | "audio" | "document" | "sticker" => media(kind, content, is_media),
        "reaction" => text(content, "message_id", 1..=512).map(drop),
        "template" => {
            text(content, "name", 1..=512)?;
            text(&content["language"], "code", 2..=15).map(drop)
        }
        "location" | "contacts" => Ok(()),
        other => Err(Error::new(TYPE, format!("{other} is not supported"))),
    }
}

fn must(is_right: bool, code: i64, details: &str) -> Result<(), Error> {
    if is_right { Ok(()) } else { Err(Error::new(code, details)) }
}

fn recipient(request: &Value) -> Result<(), Error> {
    let (to, user) = (request["to"].as_str(), request["recipient"].as_str());
    must(to.is_some() || user.is_some(), MISSING, "to or recipient is missing")?;
    if let Some(to) = to {
        let digits = to.strip_prefix('+').unwrap_or(to);
        let is_phone =
            (5..=15).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
        must(is_phone, INVALID, "to is not a phone number")?;
    }
    let is_user = user.is_none_or(|user| user.split_once('.').is_some_and(|(it, _)| it.len() == 2));
    must(is_user, INVALID, "recipient is not a user id")
}

/// A text of a length in characters.
fn text<'a>(
    of: &'a Value,
    name: &str,
    length: std::ops::RangeInclusive<usize>,
) -> Result<&'a str, Error> {
    let found = of[name].as_str().unwrap_or_default();
    must(!found.is_empty(), MISSING, &format!("{name} is missing"))?;
    let is_right = length.contains(&found.chars().count());
    let most = length.end();
    must(is_right, INVALID, &format!("{name} must have at most {most} characters"))?;
    Ok(found)
}

fn media(kind: &str, content: &Value, is_media: impl Fn(&str) -> bool) -> Result<(), Error> {
    let (id, link) = (content["id"].as_str(), content["link"].as_str());
    must(id.is_some() != link.is_some(), 100, "either id or link is needed")?;
    must(id.is_none_or(is_media), 131_053, "there is no media with this id")?;
    let Some(caption) = content.get("caption") else { return Ok(()) };
    must(!matches!(kind, "audio" | "sticker"), 100, "caption is not allowed here")?;
    let length = caption.as_str().unwrap_or_default().chars().count();
    must((1..=1_024).contains(&length), INVALID, "caption must have at most 1024 characters")
}

fn interactive(content: &Value) -> Result<(), Error> {
    text(&content["body"], "text", 1..=1_024)?;
    for (part, most) in [("header", 60), ("footer", 60)] {
        let length = content[part]["text"].as_str().unwrap_or_default().chars().count();
        must(length <= most, INVALID, &format!("{part} is too long"))?;
    }
    let action = &content["action"];
    match content["type"].as_str() {
        Some("button") => buttons(action["buttons"].as_array().map_or(&[], Vec::as_slice)),
        Some("list") => {
            text(action, "button", 1..=20)?;
            sections(action["sections"].as_array().map_or(&[], Vec::as_slice))
        }
        Some("cta_url" | "location_request_message" | "flow" | "product" | "product_list") => {
            Ok(())
        }
        _ => Err(Error::new(INVALID, "interactive.type is not known")),
    }
}

fn buttons(buttons: &[Value]) -> Result<(), Error> {
    must((1..=3).contains(&buttons.len()), INVALID, "there must be 1 to 3 buttons")?;
    let (mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for button in buttons {
        let reply = &button["reply"];
        ids.insert(text(reply, "id", 1..=256)?);
        titles.insert(text(reply, "title", 1..=20)?);
    }
    let are_apart = ids.len() == buttons.len() && titles.len() == buttons.len();
    must(are_apart, INVALID, "ids and titles of buttons must differ")
}

fn sections(sections: &[Value]) -> Result<(), Error> {
    must((1..=10).contains(&sections.len()), INVALID, "there must be 1 to 10 sections")?;
    let rows = || sections.iter().filter_map(|it| it["rows"].as_array()).flatten();
    let mut ids = BTreeSet::new();
    for row in rows() {
        ids.insert(text(row, "id", 1..=200)?);
        text(row, "title", 1..=24)?;
        let description = row["description"].as_str().unwrap_or_default().chars().count();
        must(description <= 72, INVALID, "description must have at most 72 characters")?;
    }
    let are_right = (1..=10).contains(&rows().count()) && ids.len() == rows().count();
    must(are_right, INVALID, "there must be 1 to 10 rows with ids that differ")?;
    let titled = sections.len() == 1 || sections.iter().all(|it| it["title"].is_string());
    must(titled, MISSING, "several sections need titles")
}

#[cfg(test)]
mod tests {
    use super::check;
    use serde_json::{Value, json};

    fn code(request: &Value) -> i64 {
        check(request, |id| id == "known").map_or_else(|error| error.code, |()| 0)
    }

    #[test]
    fn what_meta_would_not_take_is_refused() {
        let of = |kind: &str, content: Value| json!({ "messaging_product": "whatsapp", "to": "+16505551234", "type": kind, kind: content });
        let button = |id: &str, title: &str| json!({ "type": "reply", "reply": { "id": id, "title": title } });
        let buttons = |buttons: Value| {
            of(
                "interactive",
                json!({ "type": "button", "body": { "text": "b" }, "action": { "buttons": buttons } }),
            )
        };
        let rows = |rows: Vec<Value>| {
            of(
                "interactive",
                json!({ "type": "list", "body": { "text": "b" }, "action": { "button": "o", "sections": [{ "rows": rows }] } }),
            )
        };
        let row = |at: usize| json!({ "id": at.to_string(), "title": "t" });
        for (wanted, request) in [
            (0, of("text", json!({ "body": "hi" }))),
            (131_008, of("text", json!({ "body": "" }))),
            (131_009, of("text", json!({ "body": "a".repeat(4_097) }))),
            (
                131_008,
                json!({ "messaging_product": "whatsapp", "type": "text", "text": { "body": "x" } }),
            ),
            (100, json!({ "to": "+16505551234", "type": "text", "text": { "body": "x" } })),
            (
                131_009,
                json!({ "messaging_product": "whatsapp", "to": "anna", "text": { "body": "x" } }),
            ),
            (131_051, of("poll", json!({}))),
            (0, of("image", json!({ "id": "known", "caption": "c" }))),
            (131_053, of("image", json!({ "id": "other" }))),
            (100, of("audio", json!({ "id": "known", "caption": "c" }))),
            (131_009, of("document", json!({ "id": "known", "caption": "c".repeat(1_025) }))),
            (0, buttons(json!([button("a", "A"), button("b", "B")]))),
            (131_009, buttons(json!([]))),
            (131_009, buttons(json!([button("a", "A"), button("b", "A")]))),
            (131_009, buttons(json!([button("a", "A title longer than 20")]))),
            (0, rows((0..10).map(row).collect())),
            (131_009, rows((0..11).map(row).collect())),
            (131_009, rows(vec![row(1), row(1)])),
        ] {
            assert_eq!(code(&request), wanted, "{request}");
        }
    }
}
