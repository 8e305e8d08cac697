//! Visitors: anonymous, known by a token that their browser keeps and we keep hashed.

use super::link;
use crate::conversation::{ChannelKind, ContactId, InboxName};
use crate::store::{ChatSession, Visitor as Who};
use crate::token;
use crate::web::address::Address;
use crate::web::api::bearer;
use crate::web::intake::{self, Body};
use crate::web::throttle::Limit;
use crate::web::{Error, State, Web};
use anyhow::Context as _;
use axum::Json;
use axum::extract::{FromRequestParts, Path, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Sessions that one address may begin in a minute.
const SESSIONS: Limit = Limit::per_minute(20);

/// Somebody at the chat page of an inbox.
#[derive(Debug, Clone)]
pub(in crate::web) struct Visitor {
    pub(super) inbox: InboxName,
    pub(super) contact: ContactId,
    pub(super) token_hash: String,
}

/// Lets a visitor of the inbox in the address through; who it is goes with the request.
pub(in crate::web) async fn admit(parts: &mut Parts, web: &Arc<Web>) -> Result<(), Error> {
    let visitor = Visitor::find(parts, web).await?;
    parts.extensions.insert(visitor);
    Ok(())
}

impl FromRequestParts<Arc<Web>> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Web>) -> Result<Self, Error> {
        let visitor = parts.extensions.get::<Self>().cloned();
        Ok(visitor.context("a route that takes a visitor must need one")?)
    }
}

impl Visitor {
    async fn find(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Error> {
        let path = RawPathParams::from_request_parts(parts, web).await;
        let path = path.map_err(|_| Error::NotFound("there is no such chat".into()))?;
        let name = path.iter().find_map(|(key, value)| (key == "inbox").then_some(value));
        let name = intake::inbox(web, name.unwrap_or(""), ChannelKind::Webchat)?.name.as_str();
        let unknown =
            || Error::Unauthorized("this chat is not known any more; begin it anew".into());
        let inbox = InboxName::from(name);
        let token = bearer(&parts.headers).ok_or_else(unknown)?;
        let contact = find(web, &inbox, token).await?.ok_or_else(unknown)?;
        Ok(Self { inbox, contact, token_hash: token::hash(token) })
    }
}

/// Whom a token of a visitor speaks for in an inbox.
pub(super) async fn find(
    web: &Web,
    inbox: &InboxName,
    token: &str,
) -> Result<Option<ContactId>, Error> {
    let session = web.desk.store.find_chat(&token::hash(token), web.desk.clock.now()).await?;
    let session = session.filter(|session| session.inbox == *inbox);
    Ok(session.map(|ChatSession { contact_id, .. }| contact_id))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    #[serde(rename = "continue")]
    link: Option<String>,
}

/// Begins a session: for somebody new, or for whom a signed link speaks for.
pub(super) async fn begin(
    web: State,
    Path(inbox): Path<String>,
    Address(address): Address,
    body: Body,
) -> Result<(StatusCode, Json<Value>), Error> {
    let inbox = InboxName::from(intake::inbox(&web, &inbox, ChannelKind::Webchat)?.name.as_str());
    let now = web.desk.clock.now();
    web.throttle.count(format!("session {address}"), SESSIONS, now).map_err(Error::TooMany)?;
    let body = body.map_err(|_| Error::BadRequest("the body did not arrive whole".into()))?;
    let begin = if body.is_empty() { Begin::default() } else { read(&body)? };
    let token = token::fresh();
    let known = begin.link.map(|link| known(&web, &inbox, &link)).transpose()?;
    let name = format!("visitor-{}", uuid::Uuid::now_v7());
    let visitor = known.as_ref().map_or(Who::New(&name), Who::Known);
    web.desk.store.begin_chat(&token::hash(&token), &inbox, visitor, now).await?;
    Ok((StatusCode::CREATED, Json(json!({ "token": token }))))
}

fn read(body: &[u8]) -> Result<Begin, Error> {
    serde_json::from_slice(body)
        .map_err(|error| Error::BadRequest(format!("the body is not as expected: {error}")))
}

fn known(web: &Web, inbox: &InboxName, link: &str) -> Result<ContactId, Error> {
    link::read(&web.signing_key, inbox, link, web.desk.clock.now()).ok_or_else(|| {
        Error::Forbidden("this link has run out; make a new one where the chat was begun".into())
    })
}
