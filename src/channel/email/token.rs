//! Plus tokens: an address of ours that names a conversation (`c-`) or a delivery (`b-`), signed so that
//! nobody else can make one.
//!
//! The local part stays within 64 characters (RFC 5321 §4.5.3.1.1); where it would not, there is no token.
//! Mail servers change the case of addresses, so it does not count.

use crate::conversation::{ConversationId, OutboxId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// The longest local part of an address.
const LONGEST: usize = 64;
/// Bytes of the signature that are kept.
const SIGNATURE: usize = 8;
/// The alphabet of base32 in lower case (RFC 4648 §6).
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// What signs and reads the tokens of an address.
pub(super) struct Signer {
    local: String,
    domain: String,
    key: Hmac<Sha256>,
}

/// What the addresses that a mail was sent to name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// The conversation that it goes on with.
    pub(super) conversation: Option<ConversationId>,
    /// The delivery that it reports on.
    pub(super) delivery: Option<OutboxId>,
}

impl Signer {
    /// `address` is one address; anything else gets no tokens.
    pub(super) fn new(address: &str, key: &[u8]) -> Self {
        let address = address.to_lowercase();
        let (local, domain) = address.rsplit_once('@').unwrap_or(("", ""));
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let key = Hmac::new_from_slice(key).expect("a key of any length");
        Self { local: local.to_owned(), domain: domain.to_owned(), key }
    }

    /// The address that answers to a conversation go to.
    pub(super) fn for_conversation(&self, id: &ConversationId) -> Option<String> {
        self.address('c', id.as_str())
    }

    /// The address that reports on a delivery go to.
    pub(super) fn for_delivery(&self, id: &OutboxId) -> Option<String> {
        self.address('b', id.as_str())
    }

    fn address(&self, kind: char, id: &str) -> Option<String> {
        let id = *Uuid::parse_str(id).ok()?.as_bytes();
        let token = [&id[..], &self.sign(kind, &id)[..]].concat();
        let local = format!("{}+{kind}-{}", self.local, encode(&token));
        (!self.local.is_empty() && local.len() <= LONGEST)
            .then(|| format!("{local}@{}", self.domain))
    }

    /// What the recipients name, where the signature is ours.
    pub(super) fn read(&self, recipients: &[String]) -> Named {
        let mut named = Named::default();
        for recipient in recipients {
            match self.read_one(&recipient.to_lowercase()) {
                Some(('c', id)) if named.conversation.is_none() => {
                    named.conversation = Some(ConversationId::from(id));
                }
                Some(('b', id)) if named.delivery.is_none() => {
                    named.delivery = Some(OutboxId::from(id));
                }
                _ => {}
            }
        }
        named
    }

    fn read_one(&self, recipient: &str) -> Option<(char, String)> {
        let local = recipient.strip_suffix(&self.domain)?.strip_suffix('@')?;
        let suffix = local.strip_prefix(&self.local)?.strip_prefix('+')?;
        let (kind, token) = suffix.split_once('-')?;
        let kind = kind.chars().next().filter(|_| matches!(kind, "c" | "b"))?;
        let bytes: [u8; 16 + SIGNATURE] = decode(token)?.try_into().ok()?;
        let (id, signature) = bytes.split_first_chunk::<16>()?;
        let is_ours = bool::from(self.sign(kind, id)[..].ct_eq(signature));
        is_ours.then(|| (kind, Uuid::from_bytes(*id).to_string()))
    }

    fn sign(&self, kind: char, id: &[u8; 16]) -> [u8; SIGNATURE] {
        let subject = format!("mail/{kind}/{}@{}/", self.local, self.domain);
        let mac = self.key.clone().chain_update(subject).chain_update(id).finalize().into_bytes();
        std::array::from_fn(|at| mac[at])
    }
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in bytes {
        (bits, held) = (bits << 8 | u32::from(*byte), held + 8);
        while held >= 5 {
            held -= 5;
            text.push(char::from(ALPHABET[(bits >> held & 31) as usize]));
        }
    }
    if held > 0 {
        text.push(char::from(ALPHABET[(bits << (5 - held) & 31) as usize]));
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        (bits, held) = (bits << 5 | u32::try_from(value).ok()?, held + 5);
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 255) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Named, Signer, decode, encode};
    use crate::conversation::{ConversationId, OutboxId};

    fn signer() -> Signer {
        Signer::new("Support@Example.com", b"the key of the store")
    }

    fn read(recipient: &str) -> Named {
        signer().read(&[recipient.to_owned()])
    }

    #[test]
    fn a_token_names_what_it_was_made_for() {
        let (conversation, delivery) = (ConversationId::fresh(), OutboxId::fresh());
        let answers = signer().for_conversation(&conversation).expect("an address");
        let reports = signer().for_delivery(&delivery).expect("an address");
        assert!(
            answers.starts_with("support+c-") && answers.ends_with("@example.com"),
            "{answers}"
        );
        assert!(answers.split('@').next().is_some_and(|local| local.len() <= 64));
        let named = signer().read(&["x@y.example".into(), reports.to_uppercase(), answers]);
        let expected = Named { conversation: Some(conversation), delivery: Some(delivery) };
        assert_eq!(named, expected);
    }

    #[test]
    fn whatever_is_changed_names_nothing() {
        let id = ConversationId::fresh();
        let address = signer().for_conversation(&id).expect("an address");
        assert_eq!(read(&address).conversation, Some(id.clone()));
        let (start, end) = ("support+c-".len(), address.len() - "@example.com".len());
        for at in start..end {
            // The last letter holds fewer than five bits that count.
            let other = if address.as_bytes()[at] == b'b' { 's' } else { 'b' };
            let mut changed = address.clone();
            changed.replace_range(at..=at, &other.to_string());
            let named = read(&changed);
            assert!(named == Named::default() || at + 1 == end, "{changed}");
        }
        for other in [
            address.replace("+c-", "+b-"),
            address.replace("support", "sales"),
            address.replace("example.com", "example.org"),
            address.replace("+c-", "+c-a"),
            "support+c-@example.com".into(),
            "support@example.com".into(),
            "@".into(),
        ] {
            assert_eq!(read(&other), Named::default(), "{other}");
        }
        let theirs = Signer::new("support@example.com", b"another key");
        assert_eq!(read(&theirs.for_conversation(&id).expect("one")), Named::default());
    }

    #[test]
    fn no_address_grows_too_long_and_only_identifiers_of_ours_get_one() {
        let id = ConversationId::fresh();
        for (local, fits) in
            [("a".repeat(22), true), ("a".repeat(23), false), (String::new(), false)]
        {
            let signer = Signer::new(&format!("{local}@example.com"), b"k");
            assert_eq!(signer.for_conversation(&id).is_some(), fits, "{local}");
        }
        assert_eq!(signer().for_conversation(&ConversationId::from("c-1")), None);
    }

    /// The letters were made with Python's base64.b32encode.
    #[test]
    fn letters_are_base32() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "my"),
            (b"fo", "mzxq"),
            (b"foo", "mzxw6"),
            (b"foobar", "mzxw6ytboi"),
            (&[255, 0, 255], "74ap6"),
        ] {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).as_deref(), Some(bytes));
        }
        assert_eq!(decode("m1"), None);
    }
}
