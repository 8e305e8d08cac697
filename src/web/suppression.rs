//! The list of those that nothing is sent to unasked, for programs.

use super::intake::{self, Body};
use super::needs::Needs;
use super::route::{Route, delete, get, post};
use super::{Error, State};
use crate::channel::whatsapp_address;
use crate::conversation::{ChannelKind, InboxName};
use crate::store::Suppression;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

/// Entries that one answer holds at most.
const PAGE: i64 = 200;

/// Characters that a reason may have.
const REASON: usize = 200;

/// Bytes that are looked for.
const QUERY: usize = 512;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/api/v1/inboxes/{inbox}/suppressions", Needs::Program, list),
        post("/api/v1/inboxes/{inbox}/suppressions", Needs::Program, add),
        delete("/api/v1/inboxes/{inbox}/suppressions/{address}", Needs::Program, remove),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: i64,
    limit: Option<i64>,
}

/// The own entries and the customers who have ended notifications, newest first, after so many of each.
async fn list(
    web: State,
    Path(inbox): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Value>, Error> {
    let inbox = of_whatsapp(&web, &inbox)?;
    let Query(wanted) = wanted.map_err(|rejection| Error::BadRequest(rejection.body_text()))?;
    if wanted.q.len() > QUERY || wanted.q.contains(char::is_control) {
        return Err(Error::BadRequest(format!("`q` must be a line of at most {QUERY} bytes")));
    }
    let (limit, after) = (wanted.limit.unwrap_or(PAGE).clamp(1, PAGE), wanted.after.max(0));
    let store = &web.desk.store;
    let entries = store.suppressions(Some(&inbox), &wanted.q, after, limit).await?;
    let ended = store.opt_outs(Some(&inbox), &wanted.q, after, limit).await?;
    let entries = entries.iter().map(|one| {
        json!({ "address": one.address, "reason": one.reason, "by": one.by_name, "since": one.created_at })
    });
    let ended = ended.iter().map(|one| {
        json!({ "address": one.address, "ended": one.category, "words": one.words, "since": one.said_at })
    });
    Ok(Json(json!({
        "suppressions": entries.collect::<Vec<_>>(),
        "opt_outs": ended.collect::<Vec<_>>(),
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    address: String,
    reason: String,
}

/// Puts an address on the list; 201, or 200 where it stands there already.
async fn add(
    web: State,
    Path(inbox): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Value>), Error> {
    let inbox = of_whatsapp(&web, &inbox)?;
    let body = intake::json_body(&headers, body)?;
    let new: New = serde_json::from_slice(&body)
        .map_err(|error| Error::BadRequest(format!("the body is not as expected: {error}")))?;
    let address = read_address("address", &new.address)?;
    let reason = new.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON || reason.contains(char::is_control) {
        return Err(Error::BadRequest(format!(
            "`reason` must say why, on a line of at most {REASON} characters"
        )));
    }
    let one = Suppression {
        inbox,
        address: address.clone(),
        reason: reason.to_owned(),
        agent_id: None,
        by_name: "API".into(),
        created_at: web.desk.clock.now(),
    };
    let is_new = web.desk.store.suppress(&one).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(json!({ "address": address, "duplicate": !is_new }))))
}

/// Takes an own entry off the list. What a customer has said themselves stays.
async fn remove(
    web: State,
    Path((inbox, address)): Path<(String, String)>,
) -> Result<StatusCode, Error> {
    let inbox = of_whatsapp(&web, &inbox)?;
    let address = read_address("address", &address)?;
    if !web.desk.store.unsuppress(&inbox, &address).await? {
        return Err(Error::NotFound(
            "this address is not among the own entries; what a customer has ended themselves only they can begin again"
                .into(),
        ));
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The inbox of that name, if it is one of WhatsApp.
pub(super) fn of_whatsapp(web: &State, inbox: &str) -> Result<InboxName, Error> {
    Ok(InboxName::from(intake::inbox(web, inbox, ChannelKind::Whatsapp)?.name.as_str()))
}

/// Somebody's number or id, as WhatsApp knows them.
pub(super) fn read_address(field: &str, written: &str) -> Result<String, Error> {
    whatsapp_address(written).ok_or_else(|| {
        Error::BadRequest(format!(
            "`{field}` must be a phone number with + and the country's code, or an id of WhatsApp such as US.1349"
        ))
    })
}
