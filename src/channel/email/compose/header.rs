//! Values that stand in headers: one line each, addresses that are addresses, Message-IDs that are those.

use crate::channel::text;
use lettre::Address;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use std::error::Error;

/// Message-IDs that References holds at most: the first, which names the thread, and the newest.
const REFERENCES: usize = 21;
/// Characters a foreign Message-ID may have; RFC 5322 §2.1.1 allows 998 in a line.
const LONGEST_ID: usize = 500;
/// Characters of a subject.
const LONGEST_SUBJECT: usize = 300;

/// Text as it may stand in a header: nothing in it ends the line.
pub(super) fn line(text: &str) -> String {
    text::clean_line(text)
}

/// The subject of an answer.
pub(super) fn subject(of: &str) -> String {
    let of = line(of);
    let bare = of.trim_start_matches(|c: char| c.is_whitespace());
    let is_marked = bare.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("re:"));
    let subject = if is_marked { bare.to_owned() } else { format!("Re: {bare}") };
    subject.trim_end().chars().take(LONGEST_SUBJECT).collect()
}

/// An address that mail can be sent to. A domain in letters of the world is written in ASCII.
pub(super) fn address(text: &str) -> Result<Address, String> {
    let bad = || "the customer's address is no address that mail can be sent to".to_owned();
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>,;\"\\".contains(c)) {
        return Err(bad());
    }
    let (local, domain) = text.rsplit_once('@').ok_or_else(bad)?;
    let domain = if domain.is_ascii() {
        domain.to_owned()
    } else {
        url::Host::parse(domain).map_err(|_| bad())?.to_string()
    };
    Address::new(local, domain).map_err(|_| bad())
}

/// A Message-ID that may be named: visible ASCII without what would end or split it.
pub(super) fn message_id(id: &str) -> Option<&str> {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let is_plain = id.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>,;\"()".contains(&byte));
    (!id.is_empty() && id.len() <= LONGEST_ID && is_plain && id.contains('@')).then_some(id)
}

/// The Message-IDs of References, oldest first: the first one and the newest, the one that is answered
/// last (RFC 5322 §3.6.4).
pub(super) fn references(known: &[String], answered: Option<&str>) -> Vec<String> {
    let mut all: Vec<&str> = Vec::new();
    for id in known.iter().filter_map(|id| message_id(id)) {
        if !all.contains(&id) && Some(id) != answered {
            all.push(id);
        }
    }
    all.extend(answered);
    let surplus = all.len().saturating_sub(REFERENCES);
    if surplus > 0 {
        all.drain(1..=surplus);
    }
    all.into_iter().map(|id| format!("<{id}>")).collect()
}

macro_rules! fixed {
    ($($(#[$doc:meta])* $name:ident = $header:literal,)+) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub(super) struct $name(pub(super) String);

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($header)
            }

            fn parse(value: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
                Ok(Self(value.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), line(&self.0))
            }
        }
    )+};
}

fixed! {
    /// Says that a machine answers by itself (RFC 3834).
    AutoSubmitted = "Auto-Submitted",
    /// Asks Exchange to send no answers of its own.
    Suppress = "X-Auto-Response-Suppress",
    /// Names the inbox that a mail of ours left by, so that it is known when it comes back.
    Loop = "X-Sureply-Loop",
}

#[cfg(test)]
mod tests {
    use super::{address, message_id, references, subject};

    #[test]
    fn a_subject_answers_once_and_stays_on_one_line() {
        for (of, written) in [
            ("Boots", "Re: Boots"),
            ("RE: Boots", "RE: Boots"),
            ("", "Re:"),
            ("Boots\r\nBcc: x@y.example", "Re: Boots Bcc: x@y.example"),
            ("é", "Re: é"),
        ] {
            assert_eq!(subject(of), written);
        }
        assert_eq!(subject(&"é".repeat(1_000)).chars().count(), 300);
    }

    #[test]
    fn only_one_plain_address_is_sent_to() {
        for (text, written) in [
            ("anna@shop.example", Some("anna@shop.example")),
            ("anna@exämple.com", Some("anna@xn--exmple-cua.com")),
            ("jörg@shop.example", Some("jörg@shop.example")),
            ("anna@shop.example, eve@evil.example", None),
            ("anna@shop.example\r\nRCPT TO:<eve@evil.example>", None),
            ("<anna@shop.example>", None),
            ("anna", None),
            ("", None),
        ] {
            let read = address(text).ok().map(|address| address.to_string());
            assert_eq!(read.as_deref(), written, "{text}");
        }
    }

    #[test]
    fn a_message_id_is_named_as_it_is_or_not_at_all() {
        for (id, named) in [
            ("a.b@c.example", Some("a.b@c.example")),
            ("<a@b.example>", Some("a@b.example")),
            ("a@b>\r\nBcc: x", None),
            ("a b@c", None),
            ("no-at", None),
            ("ä@b.example", None),
            ("", None),
        ] {
            assert_eq!(message_id(id), named, "{id}");
        }
        assert_eq!(message_id(&format!("{}@b", "a".repeat(600))), None);
    }

    #[test]
    fn references_keep_the_first_and_the_newest() {
        let known: Vec<String> = (0..50).map(|n| format!("{n}@a.example")).collect();
        let named = references(&known, Some("49@a.example"));
        assert_eq!(named.len(), 21);
        assert_eq!((named[0].as_str(), named[1].as_str()), ("<0@a.example>", "<30@a.example>"));
        assert_eq!(named[20], "<49@a.example>");
        let named = references(&known[..3], Some("1@a.example"));
        assert_eq!(named, ["<0@a.example>", "<2@a.example>", "<1@a.example>"]);
        assert_eq!(references(&[], Some("x@a.example")), ["<x@a.example>"]);
        assert!(references(&[], None).is_empty());
    }
}
