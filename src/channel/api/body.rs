//! The body of a delivery over the API, read strictly: whatever is wrong with it is named.

use super::super::{Arrival, Refusal, text};
use crate::conversation::{Attachment, AttachmentId, Inbound, Inbox};
use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use serde::Deserialize;

/// Files that a delivery may name.
const MAX_FILES: usize = 20;
/// A sender's clock may be ahead by this much; what claims to come from later is dated now.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);
/// What was sent longer ago is taken in as it is and mentioned in the log.
const LONG_AGO: TimeDelta = TimeDelta::days(30);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Delivery {
    contact: Sender,
    id: Option<String>,
    text: String,
    #[serde(default)]
    attachments: Vec<NamedFile>,
    sent_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sender {
    id: String,
    name: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedFile {
    name: String,
    media_type: String,
    size: i64,
    url: String,
}

/// Reads the one message of a delivery.
pub(super) fn read(inbox: &Inbox, arrival: Arrival<'_>) -> Result<Inbound, Refusal> {
    let delivery: Delivery = serde_json::from_slice(arrival.body)
        .map_err(|error| Refusal(format!("the body is not as expected: {error}")))?;
    let id = match delivery.id {
        Some(id) => name("id", &id, 200)?,
        None => idempotency_key(arrival.headers)?,
    };
    let attachments = files(&delivery.attachments)?;
    let body = text::read(&delivery.text, !attachments.is_empty())?;
    let sent_at = dated(inbox, delivery.sent_at, arrival.now);
    Ok(Inbound {
        aliases: Vec::new(),
        mail: None,
        whatsapp: None,
        files: Vec::new(),
        inbox: inbox.clone(),
        identity: name("contact.id", &delivery.contact.id, 200)?,
        name: optional("contact.name", delivery.contact.name, 200)?,
        email: optional("contact.email", delivery.contact.email, 320)?,
        external_id: Some(id),
        body,
        attachments,
        sent_at,
    })
}

fn idempotency_key(headers: &HeaderMap) -> Result<String, Refusal> {
    let Some(key) = headers.get("idempotency-key") else {
        return Err(Refusal(
            "the message has no name of its own: send `id` in the body or the header Idempotency-Key, \
             the same at every attempt, so that a repeated delivery changes nothing"
                .into(),
        ));
    };
    let key = key
        .to_str()
        .map_err(|_| Refusal("Idempotency-Key may hold plain ASCII characters only".into()))?;
    name("Idempotency-Key", key, 200)
}

/// Reads a name that is compared byte by byte: taken as it is or refused, never changed.
fn name(field: &str, value: &str, longest: usize) -> Result<String, Refusal> {
    let length = value.chars().count();
    if length == 0 || length > longest {
        return Err(Refusal(format!("`{field}` has {length} characters; it needs 1 to {longest}")));
    }
    if text::clean(value) != value || value.contains(['\n', '\t']) {
        return Err(Refusal(format!("`{field}` holds control or hidden characters")));
    }
    Ok(value.to_owned())
}

fn optional(field: &str, value: Option<String>, longest: usize) -> Result<Option<String>, Refusal> {
    let Some(value) = value.map(|value| text::clean_line(&value)) else { return Ok(None) };
    let length = value.chars().count();
    if length > longest {
        return Err(Refusal(format!("`{field}` has {length} characters; at most {longest}")));
    }
    Ok(Some(value).filter(|value| !value.is_empty()))
}

fn files(named: &[NamedFile]) -> Result<Vec<Attachment>, Refusal> {
    if named.len() > MAX_FILES {
        return Err(Refusal(format!(
            "`attachments` names {} files; at most {MAX_FILES}",
            named.len()
        )));
    }
    named.iter().map(file).collect()
}

/// Nothing is fetched: the address is kept for people to look at.
fn file(named: &NamedFile) -> Result<Attachment, Refusal> {
    let url = url::Url::parse(&named.url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| Refusal("`attachments.url` must start with http:// or https://".into()))?;
    if named.size < 0 {
        return Err(Refusal("`attachments.size` is negative".into()));
    }
    let media_type = text::clean_line(&named.media_type);
    let name = text::clean_line(&named.name);
    if media_type.len() > 100 || name.chars().count() > 255 || url.as_str().len() > 2_000 {
        return Err(Refusal(
            "`attachments` holds a name over 255, a media type over 100 or an address over 2000 characters"
                .into(),
        ));
    }
    let id = AttachmentId::fresh();
    Ok(Attachment {
        id,
        name,
        media_type,
        size: named.size,
        url: Some(url.into()),
        missing: None,
        heard: None,
    })
}

fn dated(inbox: &Inbox, told: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    let Some(told) = told else { return now };
    // What was sent before there was a channel to send it by cannot be right either, and a date far
    // enough back is one that databases do not hold.
    if told > now + CLOCK_SKEW || told < DateTime::UNIX_EPOCH {
        return now;
    }
    if told < now - LONG_AGO {
        let days = (now - told).num_days();
        tracing::info!(inbox = %inbox.name, days, "a message came in long after it was sent");
    }
    told
}

#[cfg(test)]
mod tests {
    use super::super::super::Arrival;
    use super::read;
    use crate::conversation::{ChannelKind, Inbound};
    use chrono::{DateTime, TimeDelta, Utc};
    use http::{HeaderMap, HeaderValue};

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
    }

    fn parse(body: &str, key: Option<&str>) -> Result<Inbound, String> {
        let inbox = crate::config::InboxSettings::new("api", ChannelKind::Api).inbox();
        let mut headers = HeaderMap::new();
        if let Some(key) = key {
            headers.insert("idempotency-key", HeaderValue::from_str(key).expect("a header"));
        }
        let arrival =
            Arrival { headers: &headers, body: body.as_bytes(), visitor: None, now: now() };
        read(&inbox, arrival).map_err(|refusal| refusal.0)
    }

    #[test]
    fn a_whole_delivery_is_understood() {
        let inbound = parse(
            r#"{"contact":{"id":"c-1","name":" Ana\u202e ","email":"ana@example.com"},"id":"m-1",
                "text":"Where\u0000 is it?","sent_at":"2027-01-15T08:00:00+01:00","attachments":
                [{"name":"a\nb.jpg","media_type":"image/jpeg","size":9,"url":"https://x.example/a"}]}"#,
            Some("ignored, since there is an id"),
        )
        .expect("it is fine");
        assert_eq!(inbound.identity, "c-1");
        assert_eq!(inbound.name.as_deref(), Some("Ana"));
        assert_eq!(inbound.external_id.as_deref(), Some("m-1"));
        assert_eq!(inbound.body, "Where is it?");
        assert_eq!(inbound.sent_at.to_rfc3339(), "2027-01-15T07:00:00+00:00");
        assert_eq!(inbound.attachments[0].name, "a b.jpg");
        assert_eq!(inbound.attachments[0].url.as_deref(), Some("https://x.example/a"));
    }

    #[test]
    fn the_idempotency_key_stands_for_the_id() {
        let inbound = parse(r#"{"contact":{"id":"c"},"text":"hi"}"#, Some("k-1")).expect("fine");
        assert_eq!(inbound.external_id.as_deref(), Some("k-1"));
        assert_eq!(inbound.sent_at, now());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let long =
            format!(r#"{{"contact":{{"id":"c"}},"id":"1","text":"{}"}}"#, "a".repeat(100_000));
        for (body, parts) in [
            ("", vec!["line 1"]),
            ("{\"contact\":\n  oops}", vec!["line 2", "column"]),
            ("\u{feff}[]", vec!["line 1"]),
            (r#"{"contact":{"id":"c"},"text":"hi"}"#, vec!["`id`", "Idempotency-Key"]),
            (r#"{"contact":{"id":"c"},"id":"1","text":"hi","txet":1}"#, vec!["txet", "text"]),
            (r#"{"contact":{"id":"c","nam":"x"},"id":"1","text":"hi"}"#, vec!["nam"]),
            (r#"{"contact":{},"id":"1","text":"hi"}"#, vec!["id"]),
            (r#"{"contact":{"id":"c"},"id":"1"}"#, vec!["text"]),
            (r#"{"contact":{"id":"c"},"id":"1","text":" "}"#, vec!["text", "empty"]),
            (r#"{"contact":{"id":""},"id":"1","text":"hi"}"#, vec!["contact.id"]),
            (r#"{"contact":{"id":"c\u0000"},"id":"1","text":"hi"}"#, vec!["contact.id"]),
            (r#"{"contact":{"id":"c"},"id":"a\nb","text":"hi"}"#, vec!["`id`"]),
            (r#"{"contact":{"id":"c"},"id":"1","text":"\ud800"}"#, vec!["line 1"]),
            (
                r#"{"contact":{"id":"c"},"id":"1","text":"hi","sent_at":"yesterday"}"#,
                vec!["line 1"],
            ),
            (
                r#"{"contact":{"id":"c"},"id":"1","text":"hi","attachments":
                    [{"name":"x","media_type":"y","size":1,"url":"javascript:alert(1)"}]}"#,
                vec!["attachments.url"],
            ),
            (long.as_str(), vec!["100000", "20000"]),
        ] {
            let refusal = parse(body, None).expect_err(body);
            for part in parts {
                assert!(refusal.contains(part), "{body}: {refusal}");
            }
        }
    }

    #[test]
    fn a_time_from_the_future_is_now_and_one_from_long_ago_stays() {
        for (told, kept) in [
            (now() + TimeDelta::minutes(4), now() + TimeDelta::minutes(4)),
            (now() + TimeDelta::minutes(6), now()),
            (now() + TimeDelta::days(4_000), now()),
            (now() - TimeDelta::days(4_000), now() - TimeDelta::days(4_000)),
        ] {
            let body = format!(
                r#"{{"contact":{{"id":"c"}},"id":"1","text":"hi","sent_at":"{}"}}"#,
                told.to_rfc3339()
            );
            assert_eq!(parse(&body, None).expect("fine").sent_at, kept);
        }
    }
}
