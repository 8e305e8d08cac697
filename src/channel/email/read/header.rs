//! A mail's headers: read by name, cleaned, bounded.

use super::bound::{self, MAX_VALUE};
use crate::channel::text::clean_line;
use crate::conversation::Mailbox;
use mail_parser::{Address, Header, HeaderForm, HeaderName, HeaderValue, Message};

/// Addresses that are kept of a header.
const MAX_ADDRESSES: usize = 100;

/// The headers of a mail as they stand, names in lower case, values on one line, in their order.
#[derive(Debug, Default)]
pub(super) struct Headers(Vec<(String, String)>);

/// Headers that are kept.
const MAX_HEADERS: usize = 1_000;

/// Headers that name mails. No encoded words may stand in them (RFC 2047, 5), and some programs write long
/// names as such all the same.
const NAMES_OF_MAILS: [&str; 3] = ["message-id", "in-reply-to", "references"];

impl Headers {
    pub(super) fn read(message: &Message<'_>) -> Self {
        let mut headers = Vec::new();
        for header in message.headers().iter().take(MAX_HEADERS) {
            let name = header.name.as_str().trim().to_ascii_lowercase();
            let mut value = raw_value(message, header);
            if NAMES_OF_MAILS.contains(&name.as_str()) && value.contains("=?") {
                value = words(message, header.name.clone()).unwrap_or(value);
            }
            headers.push((name, value));
        }
        Self(headers)
    }

    /// The values of a header, first to last.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a header.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a header is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }
}

fn raw_value(message: &Message<'_>, header: &Header<'_>) -> String {
    let (start, end) = (header.offset_start as usize, header.offset_end as usize);
    let end = end.min(start.saturating_add(MAX_VALUE));
    let bytes = message.raw_message.get(start..end).unwrap_or_default();
    clean_line(&String::from_utf8_lossy(bytes))
}

/// The words of a header: decoded, on one line.
pub(super) fn words(message: &Message<'_>, name: HeaderName<'_>) -> Option<String> {
    let name = name.into_owned();
    message.header_as(name, HeaderForm::Text).into_iter().find_map(|value| match value {
        HeaderValue::Text(text) => Some(clean_line(bound::start_of(&text, MAX_VALUE))),
        HeaderValue::TextList(texts) => {
            Some(clean_line(bound::start_of(&texts.join(", "), MAX_VALUE)))
        }
        _ => None,
    })
}

/// The addresses of a header, however often it is there.
pub(super) fn mailboxes(message: &Message<'_>, name: &HeaderName<'_>) -> Vec<Mailbox> {
    let mut found: Vec<Mailbox> = Vec::new();
    for header in message.headers().iter().filter(|header| header.name == *name) {
        let HeaderValue::Address(addresses) = &header.value else { continue };
        collect(addresses, &mut found);
    }
    found
}

fn collect(addresses: &Address<'_>, found: &mut Vec<Mailbox>) {
    for address in addresses.iter() {
        if found.len() >= MAX_ADDRESSES {
            return;
        }
        let name = address.name().map(|name| clean_line(bound::start_of(name, 500)));
        let text = address.address().map(|address| clean_line(bound::start_of(address, 500)));
        let text = text.map(|text| tidy(&text)).unwrap_or_default();
        // Some put nothing but the address where the name stands.
        let (name, text) = match name {
            Some(name) if text.is_empty() && name.contains('@') && !name.contains(' ') => {
                (None, tidy(&name))
            }
            other => (other, text),
        };
        if text.is_empty() && name.as_deref().is_none_or(str::is_empty) {
            continue;
        }
        let mailbox = Mailbox { name: name.filter(|name| !name.is_empty()), address: text };
        if !found.contains(&mailbox) {
            found.push(mailbox);
        }
    }
}

/// An address in lower case without what does not belong to it.
pub(super) fn tidy(address: &str) -> String {
    let bare = address.trim().trim_matches(['<', '>', '"', '\'', ',', ';', ' ']);
    let bare = bare.strip_prefix("mailto:").unwrap_or(bare);
    bare.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_lowercase()
}
