//! Web chat: both ends are ours, so a message is delivered the moment it is shown.

use super::{Arrival, Channel, Limits, Parcel, Refusal, text};
use crate::config::InboxSettings;
use crate::conversation::{Attachment, AttachmentId, Inbound, Inbox, Sent};
use anyhow::{Result, ensure};
use futures::future::BoxFuture;
use serde::Deserialize;
use url::Url;

/// The chat page and widget of an inbox.
pub(super) struct Webchat {
    inbox: Inbox,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Post {
    id: String,
    text: String,
    #[serde(default)]
    attachments: Vec<AttachmentId>,
}

impl Webchat {
    pub(super) fn open(settings: &InboxSettings) -> Result<Self> {
        for origin in &settings.allowed_origins {
            let is_origin =
                Url::parse(origin).is_ok_and(|url| url.origin().ascii_serialization() == *origin);
            ensure!(
                is_origin,
                "inbox.allowed_origins holds `{origin}`; write it as https://shop.example, without a path"
            );
        }
        Ok(Self { inbox: settings.inbox() })
    }
}

impl Channel for Webchat {
    /// Files are only named here; whoever calls fills in what is known of them.
    fn parse(&self, arrival: Arrival<'_>) -> Result<Vec<Inbound>, Refusal> {
        let visitor = arrival.visitor.ok_or_else(|| Refusal("there is no visitor".into()))?;
        let post: Post = serde_json::from_slice(arrival.body)
            .map_err(|error| Refusal(format!("the body is not as expected: {error}")))?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !(1..=64).contains(&post.id.len()) || !post.id.bytes().all(is_plain) {
            return Err(Refusal("`id` needs 1 to 64 letters, digits, - or _".into()));
        }
        Ok(vec![Inbound {
            aliases: Vec::new(),
            mail: None,
            whatsapp: None,
            files: Vec::new(),
            inbox: self.inbox.clone(),
            identity: visitor.to_owned(),
            name: None,
            email: None,
            // Visitors choose their ids, so one visitor's must not meet another's.
            external_id: Some(format!("{visitor}/{}", post.id)),
            body: text::read(&post.text, !post.attachments.is_empty())?,
            attachments: post.attachments.into_iter().map(named).collect(),
            sent_at: arrival.now,
        }])
    }

    /// Showing it is all there is to do: the page reads it from the store.
    fn send<'a>(&'a self, _parcel: Parcel<'a>) -> BoxFuture<'a, Sent> {
        Box::pin(std::future::ready(Sent::Accepted(None)))
    }

    fn limits(&self) -> Limits {
        Limits { max_chars: text::MAX_TEXT, buttons: true, files: true, repeat_safe: true }
    }
}

fn named(id: AttachmentId) -> Attachment {
    Attachment {
        id,
        name: String::new(),
        media_type: String::new(),
        size: 0,
        url: None,
        missing: None,
        heard: None,
    }
}

#[cfg(test)]
mod tests {
    use super::Webchat;
    use crate::channel::{Arrival, Channel};
    use crate::config::InboxSettings;
    use crate::conversation::{ChannelKind, Inbound};
    use chrono::DateTime;
    use http::HeaderMap;

    fn parse(body: &str, visitor: Option<&str>) -> Result<Inbound, String> {
        let webchat =
            Webchat::open(&InboxSettings::new("web", ChannelKind::Webchat)).expect("opens");
        let headers = HeaderMap::new();
        let now = DateTime::UNIX_EPOCH;
        let arrival = Arrival { headers: &headers, body: body.as_bytes(), visitor, now };
        webchat.parse(arrival).map(|mut all| all.remove(0)).map_err(|refusal| refusal.0)
    }

    #[test]
    fn visitors_ids_never_meet() {
        let body = r#"{"id":"1","text":"hi"}"#;
        let external_id = |visitor| parse(body, Some(visitor)).expect("fine").external_id;
        assert_eq!(external_id("v-1").as_deref(), Some("v-1/1"));
        assert_ne!(external_id("v-1"), external_id("v-2"));
    }

    #[test]
    fn a_file_may_stand_without_words() {
        let inbound =
            parse(r#"{"id":"1","text":"","attachments":["a-1"]}"#, Some("v")).expect("fine");
        assert_eq!(inbound.attachments[0].id.as_str(), "a-1");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, visitor, part) in [
            (r#"{"id":"1","text":"hi"}"#, None, "visitor"),
            (r#"{"id":"1","text":"hi","html":"x"}"#, Some("v"), "html"),
            (r#"{"id":"1","text":""}"#, Some("v"), "empty"),
            (r#"{"id":"","text":"hi"}"#, Some("v"), "`id`"),
            (r#"{"id":"a/b","text":"hi"}"#, Some("v"), "`id`"),
            ("nonsense", Some("v"), "line 1"),
        ] {
            let refusal = parse(body, visitor).expect_err(body);
            assert!(refusal.contains(part), "{body}: {refusal}");
        }
    }

    #[test]
    fn a_page_that_may_embed_the_chat_is_named_by_its_origin() {
        for (origin, fine) in [
            ("https://shop.example", true),
            ("http://127.0.0.1:9000", true),
            ("https://shop.example/", false),
            ("shop.example", false),
            ("https://shop.example; script-src *", false),
            ("*", false),
        ] {
            let mut settings = InboxSettings::new("web", ChannelKind::Webchat);
            settings.allowed_origins = vec![origin.to_owned()];
            assert_eq!(Webchat::open(&settings).is_ok(), fine, "{origin}");
        }
    }
}
