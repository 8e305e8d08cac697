//! Signed links that continue a conversation on another device.

use super::visitor::Visitor;
use crate::conversation::{ContactId, InboxName};
use crate::web::{Error, State};
use axum::Json;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// How long a link leads to the conversation.
const LINK_LIFE: TimeDelta = TimeDelta::hours(24);

/// Makes a link for whoever is at the page.
pub(super) async fn link(web: State, visitor: Visitor) -> Result<Json<Value>, Error> {
    let expires = web.desk.clock.now() + LINK_LIFE;
    let token = sign(&web.signing_key, &visitor.inbox, &visitor.contact, expires)?;
    let url = format!("{}/chat/{}?continue={token}", web.public_url, visitor.inbox);
    Ok(Json(json!({ "url": url, "expires_at": expires })))
}

/// A token for a contact: who it is and until when, with a proof that we wrote it.
fn sign(
    key: &[u8],
    inbox: &InboxName,
    contact: &ContactId,
    expires: DateTime<Utc>,
) -> anyhow::Result<String> {
    let claim = format!("{}.{contact}", expires.timestamp());
    let proof = proof(key, inbox, &claim)?.finalize().into_bytes();
    Ok(format!("{}.{}", URL_SAFE_NO_PAD.encode(claim), URL_SAFE_NO_PAD.encode(proof)))
}

/// Whom a token speaks for, if we wrote it for this inbox and it has not run out.
pub(super) fn read(
    key: &[u8],
    inbox: &InboxName,
    token: &str,
    now: DateTime<Utc>,
) -> Option<ContactId> {
    let (claim, told) = token.split_once('.')?;
    let claim = String::from_utf8(URL_SAFE_NO_PAD.decode(claim).ok()?).ok()?;
    let told = URL_SAFE_NO_PAD.decode(told).ok()?;
    // Compares in constant time.
    proof(key, inbox, &claim).ok()?.verify_slice(&told).ok()?;
    let (expires, contact) = claim.split_once('.')?;
    let is_good = now.timestamp() < expires.parse().ok()?;
    is_good.then(|| ContactId::from(contact))
}

fn proof(key: &[u8], inbox: &InboxName, claim: &str) -> anyhow::Result<Hmac<Sha256>> {
    let mac = Hmac::<Sha256>::new_from_slice(key)?;
    Ok(mac.chain_update(format!("continue chat\n{inbox}\n{claim}")))
}

#[cfg(test)]
mod tests {
    use super::{LINK_LIFE, read, sign};
    use crate::conversation::{ContactId, InboxName};
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn a_link_leads_to_one_contact_of_one_inbox_for_a_day() {
        let (key, inbox) = (b"a key".as_slice(), InboxName::from("web"));
        let contact = ContactId::from("0190-ana");
        let now = DateTime::UNIX_EPOCH;
        let token = sign(key, &inbox, &contact, now + LINK_LIFE).expect("a token");
        assert_eq!(read(key, &inbox, &token, now), Some(contact));
        assert_eq!(read(key, &inbox, &token, now + LINK_LIFE), None, "it has run out");
        assert_eq!(read(b"other", &inbox, &token, now), None, "another key");
        assert_eq!(read(key, &InboxName::from("b"), &token, now), None, "another inbox");
        let later = sign(b"other", &inbox, &ContactId::from("eve"), now + TimeDelta::days(9))
            .expect("a token");
        let claim = later.split_once('.').expect("two parts").0;
        let proof = token.split_once('.').expect("two parts").1;
        assert_eq!(read(key, &inbox, &format!("{claim}.{proof}"), now), None, "another claim");
        for nonsense in ["", ".", "a.b", "ä.ö", "AAAA"] {
            assert_eq!(read(key, &inbox, nonsense, now), None, "{nonsense}");
        }
    }
}
