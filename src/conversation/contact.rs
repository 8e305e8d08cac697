//! A contact: a person who writes to the business, and the ways in which it knows them.

use super::{ContactId, InboxName};
use crate::word::words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A person who writes, as far as they said who they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Its identifier.
    pub id: ContactId,
    /// The name they gave or their channel told.
    pub name: Option<String>,
    /// The address they gave; a claim until verified.
    pub email: Option<String>,
}

impl Contact {
    /// What they are called.
    pub fn names(&self) -> Vec<&str> {
        self.name.iter().map(String::as_str).collect()
    }
}

words! {
    /// What a name is, by which a contact is known.
    IdentityKind {
        /// What their channel or program calls them.
        Channel = "channel",
        /// What the business calls them in its own accounts, as a token it has signed says.
        Account = "account",
        /// An e-mail address.
        Email = "email",
    }
}

/// One way in which a contact is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// What it is.
    pub kind: IdentityKind,
    /// The name or address itself.
    pub value: String,
    /// The inbox that knows them by it; an address is good for all.
    pub inbox: Option<InboxName>,
    /// Whether the business vouches for it; else it is the contact's own claim.
    pub verified: bool,
    /// When it was last told.
    pub seen_at: DateTime<Utc>,
}

/// Somebody whom the business's own site has logged in, as its signed token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What the business calls them, for ever the same.
    pub subject: String,
    /// Their name, if it says so.
    pub name: Option<String>,
    /// Their address, if it says so.
    pub email: Option<EmailAddress>,
}

/// An e-mail address that may exist; only a message that arrives can tell more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

/// Characters that an address may have (RFC 5321, 4.5.3.1.3).
const LONGEST_ADDRESS: usize = 254;

impl EmailAddress {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for EmailAddress {
    type Err = String;

    /// Reads an address as people write it: no display name, no quoted parts, a host with a dot.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let is_odd =
            |it: char| it.is_whitespace() || it.is_control() || "<>()[]\\,;:\"@".contains(it);
        let is_label = |label: &str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|it| it.is_alphanumeric() || it == '-')
        };
        let is_address = text.len() <= LONGEST_ADDRESS
            && text.split_once('@').is_some_and(|(person, host)| {
                let dots_are_inside = !person.starts_with('.') && !person.ends_with('.');
                (1..=64).contains(&person.len())
                    && dots_are_inside
                    && !person.contains("..")
                    && !person.contains(is_odd)
                    && host.contains('.')
                    && host.split('.').all(is_label)
            });
        if is_address {
            Ok(Self(text.to_owned()))
        } else {
            Err("this is no e-mail address; write it as name@example.com".into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::EmailAddress;

    #[test]
    fn an_address_is_told_from_what_is_none() {
        let long = format!("{}@example.com", "a".repeat(65));
        for (text, fine) in [
            ("ana@example.com", true),
            ("  ana@example.com ", true),
            ("a.b+c'd@mail.example.co.uk", true),
            ("jürgen@müller.example", true),
            ("", false),
            ("ana", false),
            ("ana@example", false),
            ("@example.com", false),
            ("ana@", false),
            ("ana@@example.com", false),
            ("ana@a@example.com", false),
            ("ana@.com", false),
            ("ana@example..com", false),
            ("ana@-example.com", false),
            (".ana@example.com", false),
            ("an..a@example.com", false),
            ("an a@example.com", false),
            ("Ana <ana@example.com>", false),
            ("ana@example.com\r\nBcc: eve@example.com", false),
            ("ana,eve@example.com", false),
            (&long, false),
        ] {
            assert_eq!(text.parse::<EmailAddress>().is_ok(), fine, "{text:?}");
        }
    }
}
