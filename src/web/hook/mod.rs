//! What providers hand in: signed, stored before the answer, and taken once however often it comes. Mails are here.

mod whatsapp;

use super::intake::{self, Body};
use super::needs::Needs;
use super::route::{Route, post};
use super::{Error, State, Web};
use crate::channel::{Arrival, Handed, NotTaken, Unwrapped, is_amazons, unwrap};
use crate::config::EmailSettings;
use crate::conversation::{ChannelKind, InboxName};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request};
use axum::handler::Handler as _;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use std::time::Duration;
use url::form_urlencoded;

/// The largest delivery in bytes: what mail servers take, written in base64.
const LARGEST: usize = 40 * 1024 * 1024;
/// How long Amazon may take to hear that its deliveries are wanted.
const CONFIRM_WITHIN: Duration = Duration::from_secs(10);
/// How soon to come back when a mail cannot be stored.
const COME_BACK_SECONDS: u64 = 5;

/// The routes of providers. Mailgun sends a mail as it is only to addresses that end in `mime`.
pub(super) fn routes() -> Vec<Route> {
    let limit = || DefaultBodyLimit::max(LARGEST);
    let mut routes = whatsapp::routes();
    routes.extend([
        post("/webhook/email/{inbox}", Needs::Nothing, receive.layer(limit())),
        post("/webhook/email/{inbox}/mime", Needs::Nothing, receive.layer(limit())),
    ]);
    routes
}

/// Takes a mail in; answers once it is safely stored.
async fn receive(
    web: State,
    Path(inbox): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let settings = intake::inbox(&web, &inbox, ChannelKind::Email)?;
    let inbox = InboxName::from(settings.name.as_str());
    let email = settings.email.as_deref().filter(|email| !email.webhook_secrets.is_empty());
    let email = email.ok_or_else(|| {
        Error::NotFound("this inbox takes no mails by webhook; set webhook_secrets".into())
    })?;
    let body = whole(body)?;
    match unwrapped(&web, email, &headers, &body).await {
        Ok(Unwrapped::Mail(mail)) => store(&web, &inbox, &mail).await,
        Ok(Unwrapped::Confirm(url)) => confirm(&url).await,
        Err(NotTaken::NoMail(words)) => Err(Error::BadRequest(words)),
        Err(unsigned @ NotTaken::Unsigned) => {
            // Amazon shows the password of its address only to whoever asks for it.
            let ask = [(header::WWW_AUTHENTICATE, "Basic realm=\"mail\"")];
            Ok((ask, Error::Unauthorized(unsigned.to_string())).into_response())
        }
    }
}

/// A delivery as it came.
fn whole(body: Body) -> Result<Bytes, Error> {
    body.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge("the delivery is too large".into()),
        _ => Error::BadRequest("the delivery did not arrive whole; send it again".into()),
    })
}

async fn unwrapped(
    web: &Web,
    email: &EmailSettings,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Unwrapped, NotTaken> {
    let fields = fields(headers, body).await;
    let now = web.desk.clock.now();
    unwrap(email, Handed { headers, body, fields: &fields, now })
}

/// The fields of a form; none where it is none, or not whole.
async fn fields(headers: &HeaderMap, body: &Bytes) -> Vec<(String, Vec<u8>)> {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else { return Vec::new() };
    let text = kind.to_str().unwrap_or_default().to_ascii_lowercase();
    if text.starts_with("application/x-www-form-urlencoded") {
        let pairs = form_urlencoded::parse(body);
        return pairs.map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect();
    }
    let mut fields = Vec::new();
    let request = Request::builder().header(header::CONTENT_TYPE, kind);
    let Ok(request) = request.body(axum::body::Body::from(body.clone())) else { return fields };
    let Ok(mut form) = Multipart::from_request(request, &()).await else { return fields };
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        let Ok(value) = field.bytes().await else { break };
        fields.push((name, value.to_vec()));
    }
    fields
}

async fn store(web: &Web, inbox: &InboxName, mail: &[u8]) -> Result<Response, Error> {
    let (headers, now) = (HeaderMap::new(), web.desk.clock.now());
    let arrival = Arrival { headers: &headers, body: mail, visitor: None, now };
    for inbound in intake::parse(web, inbox, arrival)? {
        web.desk.receive_mail(&web.intake, inbound).await.map_err(|error| {
            tracing::error!(%inbox, error = format!("{error:#}"), "a mail could not be stored");
            Error::Busy(COME_BACK_SECONDS)
        })?;
    }
    Ok(StatusCode::OK.into_response())
}

/// Tells Amazon that its deliveries are wanted; whoever asks has shown a secret.
async fn confirm(url: &str) -> Result<Response, Error> {
    if !is_amazons(url) {
        return Err(Error::BadRequest("this is no address of Amazon's to confirm at".into()));
    }
    let asked = async {
        let client = reqwest::Client::builder()
            .timeout(CONFIRM_WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        client.get(url).send().await?.error_for_status()
    };
    let answer = asked.await;
    answer.map(|_| StatusCode::OK.into_response()).map_err(|_| Error::Busy(COME_BACK_SECONDS))
}
