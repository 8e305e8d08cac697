//! Mails that a provider hands in by HTTP: who signed the delivery, and the raw mail in it.
//!
//! Taken are a mail as it is (`message/rfc822`), Mailgun's form with `body-mime`, Postmark's JSON with `RawEmail`
//! and Amazon's notifications (SES by SNS) with the mail's content. A delivery is signed as our own webhooks are
//! (Standard Webhooks: id, timestamp and body), as Mailgun signs (timestamp and token), or by a password in its
//! address, where a provider can do no better.

use crate::channel::sign::Keys;
use crate::config::{EmailSettings, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use http::{HeaderMap, header};
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

/// By how many seconds the clock of whoever signs may differ.
const SKEW: i64 = 300;
/// How old a delivery of Mailgun's may be, in seconds: it tries for eight hours, and a repetition changes nothing.
const OLDEST_FORM: i64 = 24 * 3600;

/// A delivery as it came.
#[derive(Debug, Clone, Copy)]
pub struct Handed<'a> {
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its body.
    pub body: &'a [u8],
    /// The fields of a form, where it is one.
    pub fields: &'a [(String, Vec<u8>)],
    /// The time now.
    pub now: DateTime<Utc>,
}

/// What a delivery holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwrapped {
    /// A raw mail.
    Mail(Vec<u8>),
    /// The address that Amazon wants to be asked before it delivers.
    Confirm(String),
}

/// Why a delivery is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// Nobody who may has signed it.
    #[error("the delivery is not signed with a secret of inbox.email.webhook_secrets")]
    Unsigned,
    /// It holds no mail; the words say what it should hold.
    #[error("{0}")]
    NoMail(String),
}

/// Postmark's and Amazon's deliveries, as far as they matter here.
#[derive(Deserialize)]
struct Told {
    #[serde(rename = "RawEmail")]
    raw_email: Option<String>,
    #[serde(rename = "Type")]
    kind: Option<String>,
    #[serde(rename = "Message")]
    message: Option<String>,
    #[serde(rename = "SubscribeURL")]
    subscribe_url: Option<String>,
    content: Option<String>,
    receipt: Option<Receipt>,
}

#[derive(Deserialize)]
struct Receipt {
    action: Option<Action>,
}

#[derive(Deserialize)]
struct Action {
    encoding: Option<String>,
}

/// The raw mail in a delivery, if somebody who may has signed it.
pub fn unwrap(settings: &EmailSettings, handed: Handed<'_>) -> Result<Unwrapped, NotTaken> {
    if !is_signed(&settings.webhook_secrets, handed) {
        return Err(NotTaken::Unsigned);
    }
    if !handed.fields.is_empty() {
        let mime = field(handed, "body-mime").filter(|mime| !mime.is_empty());
        return mime.map(|mime| Unwrapped::Mail(mime.to_vec())).ok_or_else(|| {
            NotTaken::NoMail(
                "the form has no field body-mime; let Mailgun forward to this address with /mime at its end"
                    .into(),
            )
        });
    }
    let kind = handed.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or("").split(';').next().unwrap_or("").trim().to_lowercase();
    match kind.as_str() {
        "message/rfc822" | "application/octet-stream" if !handed.body.is_empty() => {
            Ok(Unwrapped::Mail(handed.body.to_vec()))
        }
        // Amazon calls its JSON plain text.
        "application/json" | "text/plain" => of_json(handed.body),
        _ => Err(NotTaken::NoMail(
            "send the raw mail as message/rfc822, a form with body-mime, or JSON with RawEmail"
                .into(),
        )),
    }
}

fn of_json(body: &[u8]) -> Result<Unwrapped, NotTaken> {
    let read = |body: &[u8]| {
        serde_json::from_slice::<Told>(body)
            .map_err(|error| NotTaken::NoMail(format!("the JSON is not understood: {error}")))
    };
    let told = read(body)?;
    if let Some(url) = told.subscribe_url
        && told.kind.as_deref() == Some("SubscriptionConfirmation")
    {
        return Ok(Unwrapped::Confirm(url));
    }
    if let Some(mail) = told.raw_email.filter(|mail| !mail.is_empty()) {
        return Ok(Unwrapped::Mail(mail.into_bytes()));
    }
    let (content, receipt) = match told.message {
        Some(message) => {
            let inner = read(message.as_bytes())?;
            (inner.content, inner.receipt)
        }
        None => (told.content, told.receipt),
    };
    let action = receipt.and_then(|receipt| receipt.action);
    let is_base64 = action.and_then(|action| action.encoding).is_some_and(|it| it == "BASE64");
    let none = || {
        NotTaken::NoMail(
            "the JSON holds no raw mail: turn on \"Include raw email content in JSON payload\" (Postmark), \
             or let SES put the content into its notification"
                .into(),
        )
    };
    let content = content.filter(|content| !content.is_empty()).ok_or_else(none)?;
    if !is_base64 {
        return Ok(Unwrapped::Mail(content.into_bytes()));
    }
    STANDARD.decode(content.trim()).map(Unwrapped::Mail).map_err(|_| none())
}

/// The value of a field of a form.
fn field<'a>(handed: Handed<'a>, name: &str) -> Option<&'a [u8]> {
    handed.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice())
}

fn is_signed(secrets: &[Secret], handed: Handed<'_>) -> bool {
    let Ok(keys) = Keys::read(secrets) else { return false };
    has_signed_all(&keys, handed)
        || has_signed_form(&keys, handed)
        || knows_password(secrets, handed)
}

/// As our own webhooks are signed: over everything.
fn has_signed_all(keys: &Keys, handed: Handed<'_>) -> bool {
    let text = |name: &str| handed.headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(id), Some(at), Some(signature)) =
        (text("webhook-id"), text("webhook-timestamp"), text("webhook-signature"))
    else {
        return false;
    };
    let Ok(at) = at.parse::<i64>() else { return false };
    let is_fresh = handed.now.timestamp().abs_diff(at) <= SKEW.unsigned_abs();
    is_fresh && keys.has_signed(id, at, handed.body, signature)
}

/// As Mailgun signs: over its time and its token.
fn has_signed_form(keys: &Keys, handed: Handed<'_>) -> bool {
    let text = |name| field(handed, name).and_then(|value| std::str::from_utf8(value).ok());
    let (Some(at), Some(token), Some(signature)) =
        (text("timestamp"), text("token"), text("signature"))
    else {
        return false;
    };
    let age = at.parse::<i64>().map(|at| handed.now.timestamp().saturating_sub(at));
    let is_fresh = age.is_ok_and(|age| (-SKEW..=OLDEST_FORM).contains(&age));
    is_fresh && keys.has_signed_plain(&format!("{at}{token}"), signature)
}

/// A password in the address, for providers that sign nothing that we could check.
fn knows_password(secrets: &[Secret], handed: Handed<'_>) -> bool {
    let told = handed.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let told = told.and_then(|told| told.split_once(' '));
    let Some((_, coded)) = told.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic")) else {
        return false;
    };
    let decoded = STANDARD.decode(coded.trim()).ok().and_then(|it| String::from_utf8(it).ok());
    let Some((_, password)) = decoded.as_deref().and_then(|pair| pair.split_once(':')) else {
        return false;
    };
    secrets.iter().any(|secret| bool::from(secret.expose().as_bytes().ct_eq(password.as_bytes())))
}

/// Whether an address is one that Amazon confirms subscriptions at.
pub fn is_amazons(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| {
        let host = url.host_str().unwrap_or_default();
        let is_theirs = host.starts_with("sns.") && host.ends_with(".amazonaws.com");
        url.scheme() == "https" && url.port().is_none() && url.username().is_empty() && is_theirs
    })
}

#[cfg(test)]
mod tests {
    use super::{Handed, NotTaken, Unwrapped, is_amazons, unwrap};
    use crate::channel::sign::Keys;
    use crate::config::{EmailSettings, Secret};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use chrono::{DateTime, Utc};
    use http::{HeaderMap, HeaderValue};

    const SECRET: &str = "a-plain-secret-of-thirty-two-ch";
    const MAIL: &str = "Subject: Hi\r\n\r\nHello\r\n";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
    }

    fn settings() -> EmailSettings {
        EmailSettings {
            webhook_secrets: vec![Secret::from(SECRET)],
            ..EmailSettings::new("support@shop.example")
        }
    }

    fn headers(kind: &str, more: &[(&'static str, String)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_str(kind).expect("a value"));
        for (name, value) in more {
            headers.insert(*name, HeaderValue::from_str(value).expect("a value"));
        }
        headers
    }

    fn signed(at: i64, body: &str) -> Vec<(&'static str, String)> {
        let keys = Keys::read(&[Secret::from(SECRET)]).expect("a key");
        vec![
            ("webhook-id", "d-1".into()),
            ("webhook-timestamp", at.to_string()),
            ("webhook-signature", keys.sign("d-1", at, body.as_bytes())),
        ]
    }

    fn basic(password: &str) -> Vec<(&'static str, String)> {
        vec![("authorization", format!("Basic {}", STANDARD.encode(format!("mail:{password}"))))]
    }

    fn take(
        headers: &HeaderMap,
        body: &str,
        fields: &[(String, Vec<u8>)],
    ) -> Result<Unwrapped, NotTaken> {
        unwrap(&settings(), Handed { headers, body: body.as_bytes(), fields, now: now() })
    }

    #[test]
    fn only_what_is_signed_is_taken() {
        let raw = "message/rfc822";
        let mail = Ok(Unwrapped::Mail(MAIL.into()));
        for (more, taken) in [
            (signed(1_800_000_000, MAIL), mail.clone()),
            (signed(1_800_000_300, MAIL), mail.clone()),
            (signed(1_800_000_301, MAIL), Err(NotTaken::Unsigned)),
            (signed(1_799_999_699, MAIL), Err(NotTaken::Unsigned)),
            (signed(1_800_000_000, "another body"), Err(NotTaken::Unsigned)),
            (basic(SECRET), mail),
            (basic("a-plain-secret-of-thirty-two-cx"), Err(NotTaken::Unsigned)),
            (basic(""), Err(NotTaken::Unsigned)),
            (vec![("authorization", "Basic !".into())], Err(NotTaken::Unsigned)),
            (vec![], Err(NotTaken::Unsigned)),
        ] {
            assert_eq!(take(&headers(raw, &more), MAIL, &[]), taken, "{more:?}");
        }
        let nobody = EmailSettings::new("support@shop.example");
        let signed = headers(raw, &signed(1_800_000_000, MAIL));
        let handed = Handed { headers: &signed, body: MAIL.as_bytes(), fields: &[], now: now() };
        assert_eq!(unwrap(&nobody, handed), Err(NotTaken::Unsigned), "no secret, no way in");
    }

    #[test]
    fn each_providers_shape_is_understood() {
        let json = |body: String| take(&headers("application/json", &basic(SECRET)), &body, &[]);
        let mail = Ok(Unwrapped::Mail(MAIL.into()));
        let postmark = serde_json::json!({ "From": "a@b.example", "RawEmail": MAIL });
        assert_eq!(json(postmark.to_string()), mail);
        for (content, encoding) in [(MAIL.to_owned(), "UTF8"), (STANDARD.encode(MAIL), "BASE64")] {
            let message = serde_json::json!({
                "content": content,
                "receipt": { "action": { "type": "SNS", "encoding": encoding } },
            });
            let notification =
                serde_json::json!({ "Type": "Notification", "Message": message.to_string() });
            let plain = headers("text/plain; charset=UTF-8", &basic(SECRET));
            assert_eq!(take(&plain, &notification.to_string(), &[]), mail, "{encoding}");
        }
        let confirm = serde_json::json!({
            "Type": "SubscriptionConfirmation", "SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?x",
        });
        let confirmed = Unwrapped::Confirm("https://sns.eu-west-1.amazonaws.com/?x".into());
        assert_eq!(json(confirm.to_string()), Ok(confirmed));
        for (body, part) in [
            ("{", "not understood"),
            ("{}", "Postmark"),
            (r#"{"RawEmail":""}"#, "Postmark"),
            (r#"{"Message":"{}"}"#, "SES"),
        ] {
            let Err(NotTaken::NoMail(words)) = json(body.into()) else {
                panic!("{body} was taken")
            };
            assert!(words.contains(part), "{words}");
        }
    }

    #[test]
    fn mailguns_form_is_taken_by_its_own_signature() {
        use hmac::{Hmac, KeyInit as _, Mac as _};
        let form = |at: i64, mime: &str| {
            let mac: Hmac<sha2::Sha256> = Hmac::new_from_slice(SECRET.as_bytes()).expect("a key");
            let mac = mac.chain_update(format!("{at}token")).finalize().into_bytes();
            let field = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
            vec![
                field("timestamp", &at.to_string()),
                field("token", "token"),
                field("signature", &crate::token::hex(&mac)),
                field("body-mime", mime),
            ]
        };
        let headers = headers("application/x-www-form-urlencoded", &[]);
        let taken = |fields: &[(String, Vec<u8>)]| take(&headers, "", fields);
        assert_eq!(taken(&form(1_799_990_000, MAIL)), Ok(Unwrapped::Mail(MAIL.into())));
        assert_eq!(taken(&form(1_799_900_000, MAIL)), Err(NotTaken::Unsigned), "too old");
        assert_eq!(taken(&form(1_800_001_000, MAIL)), Err(NotTaken::Unsigned), "not yet");
        assert!(matches!(taken(&form(1_800_000_000, "")), Err(NotTaken::NoMail(_))));
        let mut other = form(1_800_000_000, MAIL);
        other[1].1 = b"other".to_vec();
        assert_eq!(taken(&other), Err(NotTaken::Unsigned));
    }

    #[test]
    fn only_amazon_is_asked_to_confirm() {
        for (url, is_theirs) in [
            ("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription", true),
            ("http://sns.eu-west-1.amazonaws.com/", false),
            ("https://sns.eu-west-1.amazonaws.com.evil.example/", false),
            ("https://sns.eu-west-1.amazonaws.com:8443/", false),
            ("https://a@sns.eu-west-1.amazonaws.com/", false),
            ("https://evil.amazonaws.com/", false),
            ("https://169.254.169.254/", false),
            ("", false),
        ] {
            assert_eq!(is_amazons(url), is_theirs, "{url}");
        }
    }
}
