//! What the ways in have in common: the inbox that an address names, a body of JSON, and storing before answering.

use super::{Error, Web};
use crate::channel::{Arrival, Channel};
use crate::config::InboxSettings;
use crate::conversation::{ChannelKind, Inbound, InboxName};
use crate::store::Received;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;

/// A body as the framework hands it over.
pub(super) type Body = Result<Bytes, BytesRejection>;

/// How soon to come back when the store is slow or refuses.
const COME_BACK_SECONDS: u64 = 2;

/// The inbox of that name, if its channel is of the kind that the address is for.
pub(super) fn inbox<'a>(
    web: &'a Web,
    name: &str,
    kind: ChannelKind,
) -> Result<&'a InboxSettings, Error> {
    let settings = web.desk.config.inbox_settings(&InboxName::from(name));
    settings.filter(|settings| settings.channel == kind).ok_or_else(|| {
        Error::NotFound(format!(
            "there is no inbox of that name for {kind}; see [[inbox]] in the settings"
        ))
    })
}

/// The body, if it is JSON and not too large.
pub(super) fn json_body(headers: &HeaderMap, body: Body) -> Result<Bytes, Error> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let kind = kind.split(';').next().unwrap_or("").trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Error::UnsupportedMedia(
            "send the header Content-Type: application/json".into(),
        ));
    }
    body.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge("the body is too large; send less".into()),
        _ => Error::BadRequest("the body did not arrive whole; send it again".into()),
    })
}

/// What the channel of an inbox makes of a delivery.
pub(super) fn parse(
    web: &Web,
    inbox: &InboxName,
    arrival: Arrival<'_>,
) -> Result<Vec<Inbound>, Error> {
    let channel: Option<&dyn Channel> = web.desk.channel(inbox);
    let channel = channel.ok_or_else(|| Error::NotFound("there is no such inbox".into()))?;
    channel.parse(arrival).map_err(|refusal| Error::BadRequest(refusal.0))
}

/// Stores a message; whoever cannot be served now is told when to come back.
pub(super) async fn store(web: &Web, inbound: Inbound) -> Result<Received, Error> {
    let stored = web.intake.receive(inbound).await.map_err(|_| Error::Busy(COME_BACK_SECONDS))?;
    stored.map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "a message could not be stored");
        Error::Busy(COME_BACK_SECONDS)
    })
}

#[cfg(test)]
mod tests {
    use super::json_body;
    use axum::body::Bytes;
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn only_json_is_read() {
        for (kind, fine) in [
            (Some("application/json"), true),
            (Some("Application/JSON; charset=utf-8"), true),
            (Some("text/plain"), false),
            (Some("application/x-www-form-urlencoded"), false),
            (None, false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(kind) = kind {
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            }
            assert_eq!(json_body(&headers, Ok(Bytes::new())).is_ok(), fine, "{kind:?}");
        }
    }
}
