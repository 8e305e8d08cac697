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
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let sign_with = |key: &Hmac<Sha256>| {
            let mac = key.clone().chain_update(format!("{id}.{timestamp}.{body}"));
            format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
        };
        self.0.iter().map(sign_with).collect::<Vec<_>>().join(" ")
    }
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
            Keys::read(&secrets).expect("good secrets").sign("out_1", 1_700_000_000, body)
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
    fn a_secret_that_is_no_base64_is_refused() {
        assert!(Keys::read(&[Secret::from("whsec_not base64 at all, sorry")]).is_err());
    }
}
