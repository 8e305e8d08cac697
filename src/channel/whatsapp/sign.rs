//! Whether Meta calls: the signature over a body, and the words of the first call.
//!
//! Meta signs the bytes as they leave, with every letter that is not ASCII escaped; read and written anew they
//! would be others (Meta, "Webhooks, Validating payloads").

use crate::config::{Secret, WhatsappSettings};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// The header that a signature comes in.
pub const SIGNATURE: &str = "x-hub-signature-256";

/// Whether a delivery is Meta's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// One of the app's secrets has signed it.
    Well,
    /// It is not signed.
    Not,
    /// It is signed with something else, or was changed on its way.
    Wrongly,
}

/// Whether one of the app's secrets has signed the body.
pub fn signed(settings: &WhatsappSettings, header: Option<&str>, body: &[u8]) -> Signed {
    let Some(header) = header.filter(|header| !header.is_empty()) else { return Signed::Not };
    let given = header.strip_prefix("sha256=").and_then(digits);
    let Some(given) = given else { return Signed::Wrongly };
    let is_by = |secret: &Secret| {
        let key = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes());
        key.is_ok_and(|key| key.chain_update(body).verify_slice(&given).is_ok())
    };
    if settings.app_secrets.iter().any(is_by) { Signed::Well } else { Signed::Wrongly }
}

/// A signature as Meta makes it: `sha256=` and the HMAC in hexadecimal digits.
pub(super) fn sign(secret: &Secret, body: &[u8]) -> String {
    let key = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes());
    let mac = key.map(|key| key.chain_update(body).finalize().into_bytes().to_vec());
    format!("sha256={}", crate::token::hex(&mac.unwrap_or_default()))
}

/// What Meta's first call is answered with, where it knows the words that only we told it.
pub fn challenge<'a>(
    settings: &WhatsappSettings,
    fields: &'a [(String, String)],
) -> Option<&'a str> {
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, it)| &**it);
    let token = field("hub.verify_token")?;
    let is_known = settings.verify_token.expose().as_bytes().ct_eq(token.as_bytes());
    let is_first_call = field("hub.mode") == Some("subscribe") && bool::from(is_known);
    field("hub.challenge").filter(|_| is_first_call)
}

/// The bytes that 64 hexadecimal digits write.
fn digits(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let at = |place: usize| u8::from_str_radix(&text[place..place + 2], 16).ok();
    (0..64).step_by(2).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::{Signed, challenge, signed};
    use crate::config::WhatsappSettings;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use proptest::prelude::*;

    const OLD: &str = "fedcba9876543210";
    const NEW: &str = "0123456789abcdef";

    fn settings() -> WhatsappSettings {
        let mut settings = WhatsappSettings::new("1", NEW, "words of ours");
        settings.app_secrets.push(OLD.into());
        settings
    }

    fn sign(secret: &str, body: &[u8]) -> String {
        let mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        let mac = mac.chain_update(body).finalize().into_bytes();
        format!("sha256={}", crate::token::hex(&mac))
    }

    #[test]
    fn only_what_a_secret_of_the_app_has_signed_is_metas() {
        let body = br#"{"text":"\u00e9 \ud83d\ude2e \u0645 \/ <"}"#;
        let anew = serde_json::from_slice::<serde_json::Value>(body).expect("JSON").to_string();
        let good = sign(NEW, body);
        for (header, body, is) in [
            (Some(good.clone()), &body[..], Signed::Well),
            (Some(sign(OLD, body)), body, Signed::Well),
            (Some(sign("another secret!!", body)), body, Signed::Wrongly),
            (Some(good.clone()), anew.as_bytes(), Signed::Wrongly),
            (Some(good.to_uppercase()), body, Signed::Wrongly),
            (Some(good.replace("sha256=", "sha1=")), body, Signed::Wrongly),
            (Some(good.replace("sha256=", "")), body, Signed::Wrongly),
            (Some(good[..70].to_owned()), body, Signed::Wrongly),
            (Some("sha256=ä".into()), body, Signed::Wrongly),
            (Some(String::new()), body, Signed::Not),
            (None, body, Signed::Not),
        ] {
            assert_eq!(signed(&settings(), header.as_deref(), body), is, "{header:?}");
        }
    }

    proptest! {
        #[test]
        fn one_bit_more_or_less_is_noticed(place in 0usize..40, bit in 0u8..8) {
            let body = [b'{'; 40];
            let mut other = body;
            other[place] ^= 1 << bit;
            let header = sign(NEW, &body);
            prop_assert_eq!(signed(&settings(), Some(&header), &other), Signed::Wrongly);
            let mut header = header.into_bytes();
            header[7 + place] ^= 1 << bit;
            if let Ok(header) = String::from_utf8(header)
                && !header.eq_ignore_ascii_case(&sign(NEW, &body))
            {
                prop_assert_eq!(signed(&settings(), Some(&header), &body), Signed::Wrongly);
            }
        }
    }

    #[test]
    fn the_first_call_is_answered_to_whoever_knows_our_words() {
        let call = |mode: &str, token: &str| {
            let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            vec![
                field("hub.mode", mode),
                field("hub.verify_token", token),
                field("hub.challenge", "1158"),
            ]
        };
        for (mode, token, answer) in [
            ("subscribe", "words of ours", Some("1158")),
            ("subscribe", "words of our", None),
            ("subscribe", "", None),
            ("unsubscribe", "words of ours", None),
        ] {
            assert_eq!(challenge(&settings(), &call(mode, token)), answer, "{mode} {token}");
        }
        assert_eq!(challenge(&settings(), &call("subscribe", "words of ours")[..2]), None);
    }
}
