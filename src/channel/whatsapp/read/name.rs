//! How WhatsApp knows a person: a phone number, an id of its own for each business, or one for a group of them.

use super::item::{line, list, text};
use serde_json::Value;

/// The names under which somebody comes, the best first: parent id, id, phone number.
pub(super) fn names(parent: Option<&str>, own: Option<&str>, phone: Option<&str>) -> Vec<String> {
    let ids = [parent.and_then(user_id), own.and_then(user_id), phone.and_then(number)];
    let mut names: Vec<String> = Vec::with_capacity(3);
    for name in ids.into_iter().flatten() {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A phone number with `+` and digits (E.164).
pub(super) fn number(text: &str) -> Option<String> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_number = (5..=20).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| format!("+{digits}"))
}

/// A business-scoped id such as `US.1349`, or that of a parent, such as `US.ENT.1181`.
pub(super) fn user_id(text: &str) -> Option<String> {
    let (country, rest) = text.split_once('.')?;
    let is_id = country.len() == 2
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && (1..=150).contains(&rest.len())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    is_id.then(|| text.to_owned())
}

/// Who wrote a message, by all that it and the list beside it tell.
pub(super) fn sender(value: &Value, message: &Value) -> (Vec<String>, Option<String>) {
    let contact = contact(value, text(message, "from"), text(message, "from_user_id"));
    let told = |of: &'static str| contact.and_then(|contact| text(contact, of));
    let own = text(message, "from_user_id").or_else(|| told("user_id"));
    let parent = text(message, "from_parent_user_id").or_else(|| told("parent_user_id"));
    let phone = text(message, "from").filter(|it| number(it).is_some()).or_else(|| told("wa_id"));
    let name = contact.and_then(called);
    (names(parent, own, phone), name)
}

/// To whom somebody of the business wrote.
pub(super) fn receiver(value: &Value, echo: &Value) -> Vec<String> {
    let (own, parent) = (text(echo, "to_user_id"), text(echo, "to_parent_user_id"));
    let written = names(parent, own, text(echo, "to"));
    if !written.is_empty() {
        return written;
    }
    let contact = contact(value, None, None);
    let told = |of: &'static str| contact.and_then(|contact| text(contact, of));
    names(told("parent_user_id"), told("user_id"), told("wa_id"))
}

/// The one of the people listed that is meant; the only one is.
fn contact<'a>(value: &'a Value, phone: Option<&str>, own: Option<&str>) -> Option<&'a Value> {
    let contacts = list(value, "contacts");
    let is_meant = |contact: &&Value| {
        let has = |name: &str, id: Option<&str>| id.is_some() && text(contact, name) == id;
        has("user_id", own) || has("wa_id", phone)
    };
    contacts.iter().find(is_meant).or_else(|| contacts.first().filter(|_| contacts.len() == 1))
}

/// What somebody calls themselves; nobody vouches for it.
fn called(contact: &Value) -> Option<String> {
    let profile = contact.get("profile")?;
    let name = line(profile, "name");
    let name = if name.is_empty() { line(profile, "username") } else { name };
    Some(name).filter(|name| !name.is_empty())
}
