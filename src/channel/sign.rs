//! Signatures of webhooks as the Standard Webhooks specification has them.

use crate::config::Secret;
use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The keys that sign an inbox's webhooks; each is used, so that a receiver can change over.
pub(super) struct Keys(Vec<Hmac<Sha256>>);

impl Keys {
    /// Reads the secrets: those that begin with `whsec_` hold base64, others are the key itself.
    pub(super) fn read(secrets: &[Secret]) -> Result<Self> {
        secrets.iter().map(|secret| read_key(secret.expose())).collect::<Result<_>>().map(Self)
    }

    /// The header's value for a message: one signature a key, newest first.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let sign_with = |key: &Hmac<Sha256>| {
            let signature = over(key, id, timestamp, body).finalize().into_bytes();
            format!("v1,{}", STANDARD.encode(signature))
        };
        self.0.iter().map(sign_with).collect::<Vec<_>>().join(" ")
    }

    /// Whether one of the signatures in a header is made with one of the keys.
    pub(super) fn has_signed(&self, id: &str, timestamp: i64, body: &[u8], header: &str) -> bool {
        let signatures = header.split_whitespace().filter_map(|part| part.strip_prefix("v1,"));
        signatures.filter_map(|signature| STANDARD.decode(signature).ok()).any(|signature| {
            self.0.iter().any(|key| over(key, id, timestamp, body).verify_slice(&signature).is_ok())
        })
    }

    /// Whether a signature in hexadecimal digits is made with one of the keys over this alone.
    pub(super) fn has_signed_plain(&self, text: &str, signature: &str) -> bool {
        let is_hex = signature.len() == 64 && signature.bytes().all(|b| b.is_ascii_hexdigit());
        let digits =
            |at: usize| u8::from_str_radix(&signature[2 * at..2 * at + 2], 16).unwrap_or(0);
        let signature: Vec<u8> = (0..32).filter(|_| is_hex).map(digits).collect();
        self.0.iter().any(|key| key.clone().chain_update(text).verify_slice(&signature).is_ok())
    }
}

fn over(key: &Hmac<Sha256>, id: &str, timestamp: i64, body: &[u8]) -> Hmac<Sha256> {
    key.clone().chain_update(format!("{id}.{timestamp}.")).chain_update(body)
}

fn read_key(secret: &str) -> Result<Hmac<Sha256>> {
    let key = match secret.strip_prefix("whsec_") {
        Some(encoded) => STANDARD
            .decode(encoded)
            .context("a secret of inbox.webhook_secrets begins with whsec_ and is no base64")?,
        None => secret.as_bytes().to_vec(),
    };
    Hmac::new_from_slice(&key).context("using a secret of inbox.webhook_secrets as a key")
}

#[cfg(test)]
mod tests {
    use super::Keys;
    use crate::config::Secret;

    const ENCODED: &str = "whsec_QmV0dGVyIGxvbmcgdGhhbiBzb3JyeSwga2V5cyE=";
    const PLAIN: &str = "a-plain-secret-of-thirty-two-ch";

    /// The signatures were computed with Python's hmac module.
    #[test]
    fn a_signature_is_what_a_receiver_computes() {
        let body = r#"{"type":"message.created","data":{"text":"Grüße"}}"#;
        let sign = |secrets: &[&str]| {
            let secrets: Vec<Secret> = secrets.iter().map(|secret| Secret::from(*secret)).collect();
            Keys::read(&secrets).expect("good secrets").sign(
                "out_1",
                1_700_000_000,
                body.as_bytes(),
            )
        };
        let (encoded, plain) = (
            "v1,Aci2CPtXMoWyJaLMJzCbVKIfhdFAlFlnVUJCZdCMES8=",
            "v1,2AnFmXbL9eTYOD9rNjXxdykXbpnGlaNxUuZJ55OVvyM=",
        );
        assert_eq!(sign(&[ENCODED]), encoded);
        assert_eq!(sign(&[PLAIN]), plain);
        assert_eq!(sign(&[PLAIN, ENCODED]), format!("{plain} {encoded}"));
        assert_eq!(sign(&[]), "");
    }

    #[test]
    fn what_was_signed_is_known_again_and_nothing_else() {
        let keys = Keys::read(&[Secret::from(PLAIN), Secret::from(ENCODED)]).expect("good secrets");
        let other = Keys::read(&[Secret::from("another-secret-of-24-chars")]).expect("one");
        let header = keys.sign("id", 7, b"body");
        let second = header.split(' ').nth(1).expect("two signatures");
        for (keys, id, timestamp, body, header, is_signed) in [
            (&keys, "id", 7, &b"body"[..], header.as_str(), true),
            (&keys, "id", 7, b"body", second, true),
            (&keys, "id", 8, b"body", &header, false),
            (&keys, "other", 7, b"body", &header, false),
            (&keys, "id", 7, b"bodx", &header, false),
            (&other, "id", 7, b"body", &header, false),
            (&keys, "id", 7, b"body", "v1,", false),
            (&keys, "id", 7, b"body", "", false),
        ] {
            assert_eq!(keys.has_signed(id, timestamp, body, header), is_signed, "{id} {header}");
        }
    }

    /// The signature was computed with Python's hmac module.
    #[test]
    fn so_is_what_mailgun_signs() {
        let keys = Keys::read(&[Secret::from(PLAIN)]).expect("a good secret");
        let signature = "4c1d8a15c819f50bf0d0f901f184b5b567691f24e6a238c8b9452a05270bd949";
        assert!(keys.has_signed_plain("1800000000token", signature));
        assert!(!keys.has_signed_plain("1800000001token", signature));
        for bad in ["", "zz", &"é".repeat(32), &signature[..62]] {
            assert!(!keys.has_signed_plain("1800000000token", bad), "{bad}");
        }
    }

    #[test]
    fn a_secret_that_is_no_base64_is_refused() {
        assert!(Keys::read(&[Secret::from("whsec_not base64 at all, sorry")]).is_err());
    }
}
