//! What a message says, by its kind: words that a person and the bot can read, and the file it comes with.

use super::item::{id, line, lines, list, text, words};
use crate::channel::whatsapp::compose::chosen;
use crate::conversation::{Attachment, AttachmentId, Media, Missing, WhatsappKind};
use serde_json::Value;

/// What a message says.
pub(super) struct Part {
    pub(super) kind: WhatsappKind,
    pub(super) body: String,
    pub(super) file: Option<(Media, Attachment)>,
    pub(super) about: Option<String>,
}

/// Reads a message; one that has neither words nor a file cannot be read.
pub(super) fn part(message: &Value) -> Part {
    let found = read(message);
    let (kind, body, file) = found
        .filter(|(_, body, file)| !body.is_empty() || file.is_some())
        .unwrap_or((WhatsappKind::Unreadable, String::new(), None));
    let referral = message.get("referral").map(|it| ("referral", it));
    let form =
        interactive(message).and_then(|(_, it)| it.get("response_json")).map(|it| ("form", it));
    let product = message.get("context").and_then(|it| it.get("referred_product"));
    let product = product.map(|it| ("product", it));
    let about: serde_json::Map<String, Value> = [referral, form, product]
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    let about = (!about.is_empty()).then(|| Value::Object(about).to_string());
    Part { kind, body, file, about }
}

/// The words of a message that replaces another.
pub(super) fn words_of(message: &Value) -> Option<String> {
    read(message).map(|(_, body, _)| body)
}

type Read = (WhatsappKind, String, Option<(Media, Attachment)>);

fn read(message: &Value) -> Option<Read> {
    let kind = text(message, "type")?;
    let inner = message.get(kind);
    let plain = |kind, body| Some((kind, body, None));
    match kind {
        "text" => plain(WhatsappKind::Text, words(inner?, "body")),
        "image" | "video" | "document" | "audio" | "sticker" => with_file(kind, inner?),
        "location" => plain(WhatsappKind::Location, place(inner?)),
        "contacts" => plain(WhatsappKind::Contacts, cards(inner?)),
        "button" => plain(WhatsappKind::Button, words(inner?, "text")),
        "order" => plain(WhatsappKind::Order, order(inner?)),
        "interactive" => {
            let (kind, reply) = interactive(message)?;
            match kind {
                "button_reply" | "list_reply" => plain(WhatsappKind::Choice, choice(reply)),
                "nfm_reply" => plain(WhatsappKind::Form, form(reply)),
                // Whether we may call is no message; people see that it came.
                _ => None,
            }
        }
        _ => None,
    }
}

/// What was chosen, in full where it was one of ours.
fn choice(reply: &Value) -> String {
    let (id, title) = (words(reply, "id"), words(reply, "title"));
    chosen(&id, &title).to_owned()
}

fn interactive(message: &Value) -> Option<(&str, &Value)> {
    let interactive = message.get("interactive")?;
    let kind = text(interactive, "type")?;
    Some((kind, interactive.get(kind)?))
}

fn with_file(kind: &str, inner: &Value) -> Option<Read> {
    let media = Media { id: id(inner, "id")?, sha256: id(inner, "sha256") };
    let is_voice = inner.get("voice").and_then(Value::as_bool) == Some(true);
    let (kind, fallback) = match kind {
        "image" => (WhatsappKind::Image, "image"),
        "video" => (WhatsappKind::Video, "video"),
        "sticker" => (WhatsappKind::Sticker, "sticker"),
        "audio" if is_voice => (WhatsappKind::Voice, "voice"),
        "audio" => (WhatsappKind::Audio, "audio"),
        _ => (WhatsappKind::Document, "file"),
    };
    let declared = line(inner, "mime_type");
    let media_type = declared.split(';').next().unwrap_or("").trim().to_lowercase();
    let told = line(inner, "filename");
    let name = told.rsplit(['/', '\\']).next().unwrap_or("").trim_start_matches('.');
    let name = if name.is_empty() { fallback.to_owned() } else { name.chars().take(120).collect() };
    let attachment = Attachment {
        id: AttachmentId::fresh(),
        name,
        media_type,
        size: 0,
        url: None,
        missing: Some(Missing::Coming),
        heard: None,
    };
    Some((kind, words(inner, "caption"), Some((media, attachment))))
}

fn place(location: &Value) -> String {
    let (latitude, longitude) = (line(location, "latitude"), line(location, "longitude"));
    let has_both = !latitude.is_empty() && !longitude.is_empty();
    let point = if has_both { format!("📍 {latitude}, {longitude}") } else { String::new() };
    lines([line(location, "name"), line(location, "address"), point, line(location, "url")])
}

fn cards(contacts: &Value) -> String {
    let contacts = contacts.as_array().map_or(&[][..], Vec::as_slice);
    let card = |contact: &Value| {
        let name = contact.get("name").map(|name| line(name, "formatted_name"));
        let phones = list(contact, "phones").iter().map(|phone| line(phone, "phone"));
        let emails = list(contact, "emails").iter().map(|email| line(email, "email"));
        let name = name.filter(|name| !name.is_empty()).map(|name| format!("👤 {name}"));
        lines(name.into_iter().chain(phones).chain(emails))
    };
    lines(contacts.iter().map(card))
}

fn order(order: &Value) -> String {
    let items = list(order, "product_items").iter().map(|item| {
        let (count, product) = (line(item, "quantity"), line(item, "product_retailer_id"));
        let (price, currency) = (line(item, "item_price"), line(item, "currency"));
        format!("🛒 {count} × {product} ({price} {currency})")
    });
    lines(std::iter::once(words(order, "text")).chain(items))
}

/// What a form was filled in with; its token is ours and says nothing.
fn form(reply: &Value) -> String {
    let answers: Option<Value> =
        text(reply, "response_json").and_then(|json| serde_json::from_str(json).ok());
    let answers = answers.as_ref().and_then(Value::as_object);
    let told = answers.into_iter().flatten().filter(|(name, _)| *name != "flow_token");
    let told = told.map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        crate::channel::text::clean(&format!("{name}: {value}"))
    });
    let told = lines(told);
    if told.is_empty() { words(reply, "body") } else { told }
}
