//! Tokens by which a business says who the visitor of its page is: JSON Web Tokens, signed with a
//! secret that only the business and this inbox know.
//!
//! One algorithm is read, HS256, whatever a token says of itself; there is nothing to choose wrongly.

use crate::config::Secret;
use crate::conversation::Account;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;

/// How far ahead a token may run out: one that is lost is worth little.
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// How far the clocks of two machines may differ.
const SKEW: TimeDelta = TimeDelta::seconds(60);
/// Bytes that a token may have.
const MAX_TOKEN: usize = 4_096;
/// Characters that a subject or a name may have.
const MAX_NAME: usize = 200;

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    iat: Option<f64>,
    #[serde(default)]
    aud: Option<Audience>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    email: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Whom a token speaks for, or why it is refused, in words for whoever made it.
pub(super) fn read(
    secrets: &[Secret],
    inbox: &str,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Account, String> {
    let claims = signed(secrets, token)?;
    let claims: Claims = serde_json::from_slice(&claims)
        .map_err(|error| format!("the token's claims are not as expected: {error}"))?;
    in_time(&claims, now)?;
    let is_meant = match &claims.aud {
        None => true,
        Some(Audience::One(audience)) => audience == inbox,
        Some(Audience::Several(audiences)) => audiences.iter().any(|it| it == inbox),
    };
    if !is_meant {
        return Err(format!("the token's `aud` is not `{inbox}`: it is for something else"));
    }
    account(claims)
}

/// The claims of a token that bears a good signature.
fn signed(secrets: &[Secret], token: &str) -> Result<Vec<u8>, String> {
    let broken = || "the token is no JSON Web Token with three parts".to_owned();
    if token.len() > MAX_TOKEN {
        return Err(format!("the token is longer than {MAX_TOKEN} bytes"));
    }
    let (content, signature) = token.rsplit_once('.').ok_or_else(broken)?;
    let (header, claims) = content.split_once('.').ok_or_else(broken)?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| broken());
    let (header, claims, signature) = (decode(header)?, decode(claims)?, decode(signature)?);
    let header: Header = serde_json::from_slice(&header).map_err(|_| broken())?;
    if header.alg != "HS256" || header.crit.is_some() {
        return Err("the token must be signed with HS256, and have no `crit`".into());
    }
    // Compared in constant time.
    let is_ours = secrets.iter().any(|secret| {
        Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes())
            .is_ok_and(|mac| mac.chain_update(content.as_bytes()).verify_slice(&signature).is_ok())
    });
    if is_ours {
        Ok(claims)
    } else {
        Err("the token's signature is not good: is it made with this inbox's secret?".into())
    }
}

fn in_time(claims: &Claims, now: DateTime<Utc>) -> Result<(), String> {
    let seconds = |time: f64| time - timestamp(now);
    let skew = SKEW.as_seconds_f64();
    if seconds(claims.exp) <= -skew {
        return Err("the token has run out; make a new one for each page".into());
    }
    // Whatever is no number is refused as well.
    let is_short = seconds(claims.exp) <= LONGEST.as_seconds_f64() + skew;
    if !is_short {
        return Err("the token's `exp` is more than 24 hours ahead".into());
    }
    let has_begun = |time: Option<f64>| time.is_none_or(|time| seconds(time) <= skew);
    if !has_begun(claims.nbf) || !has_begun(claims.iat) {
        return Err("the token is from the future; is the clock right?".into());
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are exact for ages to come")]
fn timestamp(now: DateTime<Utc>) -> f64 {
    now.timestamp() as f64
}

fn account(claims: Claims) -> Result<Account, String> {
    let is_plain = |text: &str| {
        !text.trim().is_empty()
            && text.chars().count() <= MAX_NAME
            && !text.contains(char::is_control)
    };
    if !is_plain(&claims.sub) {
        return Err(format!("the token's `sub` needs 1 to {MAX_NAME} plain characters"));
    }
    let name = claims.name.filter(|name| !name.trim().is_empty());
    if !name.as_deref().is_none_or(is_plain) {
        return Err(format!("the token's `name` may have {MAX_NAME} plain characters"));
    }
    let email = claims.email.filter(|email| !email.trim().is_empty());
    let email = email.map(|email| email.parse()).transpose();
    let email = email.map_err(|problem: String| format!("the token's `email`: {problem}"))?;
    Ok(Account { subject: claims.sub, name: name.map(|name| name.trim().to_owned()), email })
}

#[cfg(test)]
pub(in crate::web) mod tests {
    use super::read;
    use crate::config::Secret;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use chrono::{DateTime, Utc};
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use serde_json::{Value, json};
    use sha2::Sha256;

    pub(in crate::web) const SECRET: &str = "a secret of thirty-two letters or more";

    /// A token as a business makes one.
    pub(in crate::web) fn token(secret: &str, claims: &Value) -> String {
        with_header(secret, &json!({ "alg": "HS256", "typ": "JWT" }), claims)
    }

    fn with_header(secret: &str, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let content = format!("{}.{}", part(header), part(claims));
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
        let proof = mac.chain_update(content.as_bytes()).finalize().into_bytes();
        format!("{content}.{}", URL_SAFE_NO_PAD.encode(proof))
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
    }

    fn refusal(token: &str) -> Option<String> {
        read(
            &[Secret::from("an older one, also of some length"), Secret::from(SECRET)],
            "web",
            token,
            now(),
        )
        .err()
    }

    #[test]
    fn a_token_speaks_for_whom_it_names() {
        let exp = now().timestamp() + 3_600;
        let claims = json!({ "sub": "c-1", "name": " Ana ", "email": "ana@example.com", "exp": exp,
            "aud": ["web", "shop"], "iat": exp - 3_600, "nbf": exp - 3_600, "plan": "gold" });
        let secrets = [Secret::from(SECRET)];
        let account = read(&secrets, "web", &token(SECRET, &claims), now()).expect("it is good");
        assert_eq!((account.subject.as_str(), account.name.as_deref()), ("c-1", Some("Ana")));
        assert_eq!(account.email.expect("an address").as_str(), "ana@example.com");
        let bare =
            read(&secrets, "web", &token(SECRET, &json!({ "sub": "c-2", "exp": exp })), now());
        assert_eq!(bare.expect("it is good").email, None);
        assert_eq!(refusal(&token(SECRET, &json!({ "sub": "c-2", "exp": exp, "name": "" }))), None);
    }

    #[test]
    fn whatever_is_wrong_with_a_token_is_said() {
        let exp = now().timestamp() + 3_600;
        for (claims, part) in [
            (json!({ "exp": exp }), "`sub`"),
            (json!({ "sub": 7, "exp": exp }), "string"),
            (json!({ "sub": " ", "exp": exp }), "`sub`"),
            (json!({ "sub": "a\nb", "exp": exp }), "`sub`"),
            (json!({ "sub": "x".repeat(201), "exp": exp }), "`sub`"),
            (json!({ "sub": "c" }), "exp"),
            (json!({ "sub": "c", "exp": "tomorrow" }), "exp"),
            (json!({ "sub": "c", "exp": exp - 3_660 }), "run out"),
            (json!({ "sub": "c", "exp": exp + 83_000 }), "24 hours"),
            (json!({ "sub": "c", "exp": exp, "nbf": exp }), "future"),
            (json!({ "sub": "c", "exp": exp, "iat": exp }), "future"),
            (json!({ "sub": "c", "exp": exp, "aud": "shop" }), "`aud`"),
            (json!({ "sub": "c", "exp": exp, "aud": ["shop"] }), "`aud`"),
            (json!({ "sub": "c", "exp": exp, "aud": [] }), "`aud`"),
            (json!({ "sub": "c", "exp": exp, "email": "nowhere" }), "`email`"),
            (json!({ "sub": "c", "exp": exp, "name": "a\u{0}b" }), "`name`"),
        ] {
            let refusal = refusal(&token(SECRET, &claims)).unwrap_or_default();
            assert!(refusal.contains(part), "{claims}: {refusal}");
        }
        for (seconds, fine) in [(-60, false), (-59, true), (86_460, true), (86_461, false)] {
            let claims = json!({ "sub": "c", "exp": now().timestamp() + seconds });
            assert_eq!(refusal(&token(SECRET, &claims)).is_none(), fine, "{seconds}");
        }
    }

    #[test]
    fn a_token_counts_only_with_the_inboxs_own_signature() {
        let claims = json!({ "sub": "c", "exp": now().timestamp() + 60 });
        let good = token(SECRET, &claims);
        assert_eq!(refusal(&good), None);
        assert!(refusal(&token("another secret of thirty-two letters", &claims)).is_some());
        assert!(read(&[], "web", &good, now()).is_err(), "there is no secret");
        for header in [
            json!({ "alg": "none" }),
            json!({ "alg": "HS512" }),
            json!({ "alg": "RS256" }),
            json!({ "alg": "hs256" }),
            json!({ "typ": "JWT" }),
            json!({ "alg": "HS256", "crit": ["b64"] }),
        ] {
            assert!(refusal(&with_header(SECRET, &header, &claims)).is_some(), "{header}");
        }
        let (content, signature) = good.rsplit_once('.').expect("a signature");
        let (header, _) = content.split_once('.').expect("a header");
        let other = URL_SAFE_NO_PAD.encode(json!({ "sub": "d", "exp": 1_800_000_060 }).to_string());
        for forged in [
            format!("{header}.{other}.{signature}"),
            format!("{content}."),
            content.to_owned(),
            format!("{content}.{}", &signature[1..]),
            format!("{good}.{signature}"),
            String::new(),
            "..".into(),
            "ä.ö.ü".into(),
            "a".repeat(5_000),
        ] {
            assert!(refusal(&forged).is_some(), "{forged}");
        }
    }
}
