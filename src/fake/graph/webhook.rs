//! Updates as Meta posts them: wrapped, escaped, signed.

use super::Graph;
use anyhow::{Context, Result};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

impl Graph {
    /// Posts changes in one update; gives the receiver's status.
    pub async fn post(&self, changes: Vec<Value>) -> Result<u16> {
        let body = self.update(&changes);
        self.post_bytes(body, None).await
    }

    /// Posts bytes as an update, signed rightly unless a signature is given.
    pub async fn post_bytes(&self, body: String, signature: Option<&str>) -> Result<u16> {
        let hook = self.0.memory().hook.clone().context("no webhook was set")?;
        let signature = signature.map_or_else(|| self.sign(body.as_bytes()), str::to_owned);
        let request = self.0.client.post(hook).header("content-type", "application/json");
        let request = request.header("x-hub-signature-256", signature).body(body);
        let answer = request.send().await.context("posting an update")?;
        Ok(answer.status().as_u16())
    }

    /// Wraps changes as one update, in the bytes that are signed and posted.
    pub fn update(&self, changes: &[Value]) -> String {
        let entry = json!([{ "id": self.account().business, "changes": changes }]);
        escaped(&json!({ "object": "whatsapp_business_account", "entry": entry }).to_string())
    }

    /// The signature of a body: `sha256=` and the HMAC in hexadecimal digits, by the app's secret.
    pub fn sign(&self, body: &[u8]) -> String {
        let key = self.account().app_secret.as_bytes();
        let mac = Hmac::<Sha256>::new_from_slice(key).map(|mac| mac.chain_update(body).finalize());
        let bytes = mac.map(|mac| mac.into_bytes().to_vec()).unwrap_or_default();
        format!("sha256={}", hex(&bytes))
    }

    /// A change of field `messages` that holds these parts.
    pub fn change(&self, parts: Value) -> Value {
        let account = self.account();
        let mut value = json!({
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": account.shown, "phone_number_id": account.number },
        });
        if let (Some(value), Value::Object(parts)) = (value.as_object_mut(), parts) {
            value.extend(parts);
        }
        json!({ "field": "messages", "value": value })
    }
}

/// JSON as Meta escapes it before it signs: other than ASCII by number, and a slash, `<`, `%` and `@` too (Meta,
/// "Webhooks", Validating payloads).
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut units = [0; 2];
    for character in json.chars() {
        match character {
            '/' => text.push_str("\\/"),
            '<' | '%' | '@' => escape(&mut text, u32::from(character)),
            plain if plain.is_ascii() => text.push(plain),
            other => {
                for unit in other.encode_utf16(&mut units) {
                    escape(&mut text, u32::from(*unit));
                }
            }
        }
    }
    text
}

fn escape(text: &mut String, unit: u32) {
    text.push_str("\\u");
    text.extend([12, 8, 4, 0].map(|shift| digit(unit >> shift)));
}

/// Bytes in hexadecimal digits, in lower case.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [digit(u32::from(byte >> 4)), digit(u32::from(*byte))]).collect()
}

/// The last four bits as a digit.
fn digit(bits: u32) -> char {
    char::from_digit(bits & 15, 16).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn an_update_is_plain_ascii_and_means_the_same() {
        let json = serde_json::json!({ "text": "Grüße / <b> 50% a@b 😀 مرحبا \"q\"" });
        let text = escaped(&json.to_string());
        assert!(text.is_ascii() && text.contains("\\u00fc") && text.contains("\\/"), "{text}");
        assert!(text.contains("\\ud83d\\ude00"), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), json);
    }
}
