//! What Meta posts of WhatsApp: proven to be Meta's, and stored before it is told so.

use super::super::intake::{self, Body};
use super::super::needs::Needs;
use super::super::route::{Route, get, post};
use super::super::{Error, State, Web};
use crate::channel::{SIGNATURE, Signed, challenge, signed};
use crate::config::{InboxSettings, WhatsappSettings};
use crate::conversation::{ChannelKind, InboxName};
use crate::desk::Desk;
use axum::extract::{DefaultBodyLimit, Path, RawQuery};
use axum::handler::Handler as _;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use url::form_urlencoded;

/// The largest delivery in bytes: a thousand updates of the longest texts.
const LARGEST: usize = 8 * 1024 * 1024;
/// How soon to come back when it cannot be stored.
const COME_BACK_SECONDS: u64 = 5;

/// The routes that are pasted into Meta's console.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/webhook/whatsapp/{inbox}", Needs::Nothing, verify),
        post(
            "/webhook/whatsapp/{inbox}",
            Needs::Nothing,
            receive.layer(DefaultBodyLimit::max(LARGEST)),
        ),
    ]
}

fn settings<'a>(
    web: &'a Web,
    inbox: &str,
) -> Result<(&'a InboxSettings, &'a WhatsappSettings), Error> {
    let settings = intake::inbox(web, inbox, ChannelKind::Whatsapp)?;
    let whatsapp = settings.whatsapp.as_deref();
    let whatsapp = whatsapp.ok_or_else(|| Error::NotFound("this inbox has no number".into()))?;
    Ok((settings, whatsapp))
}

/// Answers the call by which Meta makes sure that the address is ours.
async fn verify(
    web: State,
    Path(inbox): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let (_, whatsapp) = settings(&web, &inbox)?;
    let query = query.unwrap_or_default();
    let fields: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let answer = challenge(whatsapp, &fields).ok_or_else(|| {
        Error::Forbidden("the verify token is not inbox.whatsapp.verify_token".into())
    })?;
    // It is given back as it came, and is no page whatever it holds.
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((plain, answer.to_owned()).into_response())
}

/// Takes updates in; answers once all of them are safely stored.
async fn receive(
    web: State,
    Path(inbox): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let (settings, whatsapp) = settings(&web, &inbox)?;
    let body = super::whole(body)?;
    let signature = headers.get(SIGNATURE).map(|value| value.to_str().unwrap_or("?"));
    match signed(whatsapp, signature, &body) {
        Signed::Well => {}
        Signed::Not => return Err(Error::Unauthorized("X-Hub-Signature-256 is missing".into())),
        Signed::Wrongly => {
            return Err(Error::Forbidden(
                "X-Hub-Signature-256 is not made with one of inbox.whatsapp.app_secrets".into(),
            ));
        }
    }
    let now = web.desk.clock.now();
    let told = Desk::read_whatsapp(settings, whatsapp, &body, now);
    let told = told.ok_or_else(|| Error::BadRequest("the body is no JSON".into()))?;
    let inbox = InboxName::from(settings.name.as_str());
    let taken = web.desk.take_whatsapp(&web.intake, &inbox, told, (&body, now)).await;
    let taken = taken.map_err(|_| Error::Busy(COME_BACK_SECONDS))?;
    taken.map_err(|error| {
        tracing::error!(%inbox, error = format!("{error:#}"), "updates could not be stored");
        Error::Busy(COME_BACK_SECONDS)
    })?;
    Ok(StatusCode::OK.into_response())
}
