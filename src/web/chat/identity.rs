//! Visitors who say who they are: by a token of the business, or by an address they leave.

use super::jwt;
use super::visitor::{Visitor, find};
use crate::conversation::{ChannelKind, EmailAddress, InboxName};
use crate::store::Identified;
use crate::token;
use crate::web::address::Address;
use crate::web::api::bearer;
use crate::web::intake::{self, Body};
use crate::web::throttle::Limit;
use crate::web::{Error, State};
use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

/// Tokens that one address may hand over in a minute; each page of a shop that is opened hands one over.
const TOKENS: Limit = Limit::per_minute(300);
/// Addresses that a visitor may leave in a minute.
const ADDRESSES: Limit = Limit::per_minute(6);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    token: String,
}

/// Takes a token that says who the visitor is; answers with a session of theirs, or with none where
/// the one that the request came with is theirs already.
pub(super) async fn identify(
    web: State,
    Path(inbox): Path<String>,
    Address(address): Address,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Error> {
    let settings = intake::inbox(&web, &inbox, ChannelKind::Webchat)?;
    let now = web.desk.clock.now();
    web.throttle.count(format!("identify {address}"), TOKENS, now).map_err(Error::TooMany)?;
    if settings.identity_secrets.is_empty() {
        return Err(Error::Forbidden(
            "this inbox takes no tokens; set `identity_secrets` of its [[inbox]]".into(),
        ));
    }
    let Claim { token } = read(&intake::json_body(&headers, body)?)?;
    let account =
        jwt::read(&settings.identity_secrets, &inbox, &token, now).map_err(|problem| {
            tracing::warn!(inbox, problem, "refused a token that says who a visitor is");
            Error::Forbidden(problem)
        })?;
    let inbox = InboxName::from(inbox);
    let current = match bearer(&headers) {
        Some(token) => find(&web, &inbox, token).await?,
        None => None,
    };
    let fresh = token::fresh();
    let (hash, current) = (token::hash(&fresh), current.as_ref());
    let identified = web.desk.store.identify_chat(&hash, &inbox, &account, current, now).await?;
    Ok(Json(match identified {
        Identified::Begun => json!({ "token": fresh }),
        Identified::Already => json!({ "token": null }),
    }))
}

/// Ends the visitor's session: whoever is at this browser next begins anew.
pub(super) async fn forget(web: State, visitor: Visitor) -> Result<StatusCode, Error> {
    web.desk.store.end_chat(&visitor.token_hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Left {
    email: String,
}

/// Keeps the address that a visitor leaves; an empty one takes it back.
pub(super) async fn email(
    web: State,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Error> {
    let now = web.desk.clock.now();
    let key = format!("email {}", visitor.contact);
    web.throttle.count(key, ADDRESSES, now).map_err(Error::TooMany)?;
    let Left { email } = read(&intake::json_body(&headers, body)?)?;
    if email.trim().is_empty() {
        web.desk.store.withdraw_email(&visitor.contact).await?;
    } else {
        let email: EmailAddress = email.parse().map_err(Error::BadRequest)?;
        web.desk.store.leave_email(&visitor.contact, &email, now).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Error> {
    serde_json::from_slice(body)
        .map_err(|error| Error::BadRequest(format!("the body is not as expected: {error}")))
}
