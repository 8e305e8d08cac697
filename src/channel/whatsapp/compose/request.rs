//! Bodies of requests to the Graph API (Meta, Cloud API reference, "Messages").

use super::{Kind, Piece, kind};
use crate::channel::File;
use serde_json::{Map, Value, json};

/// Whom a message goes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::channel::whatsapp) struct Address {
    /// Their number, with `+`: without it Meta puts the business's own country before it.
    phone: Option<String>,
    /// Their business-scoped user id, or that of the portfolio's parent.
    user: Option<String>,
}

impl Address {
    /// Reads the names by which an inbox knows a contact; none where nothing can be sent to any of them.
    pub(in crate::channel::whatsapp) fn read<'a>(
        names: impl IntoIterator<Item = &'a str>,
    ) -> Option<Self> {
        let mut address = Self::default();
        for name in names {
            if is_phone(name) {
                address.phone.get_or_insert_with(|| format!("+{}", name.trim_start_matches('+')));
            } else if is_user(name) {
                // A plain one before one of the parent: every number may write to it.
                let is_better = address.user.as_deref().is_none_or(|known| known.contains(".ENT."));
                if is_better {
                    address.user = Some(name.to_owned());
                }
            }
        }
        (address.phone.is_some() || address.user.is_some()).then_some(address)
    }

    /// One word for whoever this is, for the bucket of their messages.
    pub(in crate::channel::whatsapp) fn key(&self) -> &str {
        self.phone.as_deref().or(self.user.as_deref()).unwrap_or_default()
    }
}

fn is_phone(name: &str) -> bool {
    let digits = name.strip_prefix('+').unwrap_or(name);
    (5..=15).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit())
}

/// Whether a name is a business-scoped user id: a country, a dot, and what follows.
fn is_user(name: &str) -> bool {
    let Some((country, rest)) = name.split_once('.') else { return false };
    country.len() == 2
        && country.bytes().all(|it| it.is_ascii_uppercase())
        && !rest.is_empty()
        && rest.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'.')
}

/// What stands around a piece.
#[derive(Debug, Clone, Copy)]
pub(in crate::channel::whatsapp) struct Envelope<'a> {
    /// Whom it goes to.
    pub(in crate::channel::whatsapp) to: &'a Address,
    /// The message it answers, by Meta's name for it.
    pub(in crate::channel::whatsapp) answers: Option<&'a str>,
    /// What comes back in every status of it.
    pub(in crate::channel::whatsapp) callback: &'a str,
    /// What the button says that opens a list.
    pub(in crate::channel::whatsapp) opens: &'a str,
}

impl Envelope<'_> {
    /// The request that sends a piece; `media` is the file as it was uploaded.
    pub(in crate::channel::whatsapp) fn request(
        &self,
        piece: &Piece,
        media: Option<(&File, &str)>,
    ) -> Value {
        match piece {
            Piece::Text(text) => self.of("text", json!({ "body": text, "preview_url": false })),
            Piece::Choice { body, offer } => {
                self.of("interactive", offer.interactive(body, self.opens))
            }
            Piece::Template(template) => self.of("template", template.clone()),
            Piece::Media { caption, .. } => {
                let mut it = Map::new();
                let kind = media.map_or(Kind::Document, |(file, _)| kind(file));
                if let Some((file, id)) = media {
                    it.insert("id".into(), json!(id));
                    if kind == Kind::Document {
                        it.insert("filename".into(), json!(file.name));
                    }
                }
                if let Some(caption) = caption {
                    it.insert("caption".into(), json!(caption));
                }
                self.of(kind.as_str(), Value::Object(it))
            }
        }
    }

    /// A request of one type.
    pub(in crate::channel::whatsapp) fn of(&self, kind: &str, content: Value) -> Value {
        let mut it = Map::new();
        it.insert("messaging_product".into(), json!("whatsapp"));
        it.insert("recipient_type".into(), json!("individual"));
        if let Some(phone) = &self.to.phone {
            it.insert("to".into(), json!(phone));
        }
        if let Some(user) = &self.to.user {
            it.insert("recipient".into(), json!(user));
        }
        if let Some(answers) = self.answers {
            it.insert("context".into(), json!({ "message_id": answers }));
        }
        it.insert("biz_opaque_callback_data".into(), json!(self.callback));
        it.insert("type".into(), json!(kind));
        it.insert(kind.into(), content);
        Value::Object(it)
    }
}

/// Marks a message of the customer, and all before it, as read and shows "is typing" until we answer, for 25
/// seconds at most (Meta, "Typing indicators").
pub(in crate::channel::whatsapp) fn read_mark(message: &str) -> Value {
    json!({
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": message,
        "typing_indicator": { "type": "text" },
    })
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn a_customer_is_reached_by_number_and_by_user_id() {
        let read =
            |names: &[&str]| Address::read(names.iter().copied()).map(|it| (it.phone, it.user));
        let some = |text: &str| Some(text.to_owned());
        for (names, wanted) in [
            (&["+16505551234"][..], Some((some("+16505551234"), None))),
            (&["16505551234"], Some((some("+16505551234"), None))),
            (&["US.13491208655302741918"], Some((None, some("US.13491208655302741918")))),
            (
                &["US.ENT.11815799212886844830", "US.1349", "+16505551234"],
                Some((some("+16505551234"), some("US.1349"))),
            ),
            (&["US.ENT.118"], Some((None, some("US.ENT.118")))),
            (&["anna"], None),
            (&["+1650 555"], None),
            (&["us.1"], None),
            (&[], None),
        ] {
            assert_eq!(read(names), wanted, "{names:?}");
        }
    }
}
