//! Notifications for programs: a template is sent to a customer unasked, and followed to its end.

use super::intake::{self, Body};
use super::needs::Needs;
use super::route::{Route, get, post};
use super::suppression::{of_whatsapp, read_address};
use super::{Error, State};
use crate::conversation::{
    InboxName, NotificationId, NotificationState, Price, Template, Unwanted,
};
use crate::store::{Asked, NewNotification, Notification};
use anyhow::Context as _;
use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// Characters of names, references and how a consent was given.
const LONGEST: usize = 200;

/// Bytes of a template's name and of its language.
const NAME: usize = 512;

/// Why a notification is refused that has no reason of the customer's.
const GONE: &str =
    "its template is gone or not approved any more; see the templates in Meta's WhatsApp Manager";

/// How far ahead a time may be.
const AHEAD: TimeDelta = TimeDelta::days(366);

/// A sender's clock may be ahead by this much.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/api/v1/inboxes/{inbox}/notifications", Needs::Program, ask),
        get("/api/v1/inboxes/{inbox}/notifications/{id}", Needs::Program, whereabouts),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    id: Option<String>,
    to: String,
    name: Option<String>,
    template: WantedTemplate,
    consent: Option<Consent>,
    not_before: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    reference: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedTemplate {
    name: String,
    language: String,
    #[serde(default)]
    values: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    given_at: DateTime<Utc>,
    how: String,
}

/// Takes a notification: 202 with how it stands, 422 with what to do where it cannot be sent.
async fn ask(
    web: State,
    Path(inbox): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Value>), Error> {
    let inbox = of_whatsapp(&web, &inbox)?;
    let body = intake::json_body(&headers, body)?;
    let wrong = |error| Error::BadRequest(format!("the body is not as expected: {error}"));
    let wanted: Wanted = serde_json::from_slice(&body).map_err(wrong)?;
    let whole: Value = serde_json::from_slice(&body).map_err(wrong)?;
    let print = crate::token::hex(&Sha256::digest(whole.to_string()));
    let key = key(wanted.id.as_deref(), &headers)?;
    // First of all: what was taken once may not be refused now because its template or its time is over.
    let asked = match web.desk.asked_before(&inbox, &key, &print).await? {
        Some(asked) => asked,
        None => web.desk.notify(&read(&web, &inbox, wanted, (key, print)).await?).await?,
    };
    let (id, is_known) = match asked {
        Asked::Taken(id, _) => (id, false),
        Asked::Known(id) => (id, true),
        Asked::Other => {
            return Err(Error::Conflict(
                "this Idempotency-Key was used for another notification; use a new one for a new notification"
                    .into(),
            ));
        }
        Asked::Refused(why) => return Err(Error::Unprocessable(why.sentence().into())),
    };
    let told = told(&web, &inbox, &id).await?.context("a notification that was just taken")?;
    let Json(mut told) = told;
    told["duplicate"] = json!(is_known);
    Ok((StatusCode::ACCEPTED, Json(told)))
}

async fn read(
    web: &State,
    inbox: &InboxName,
    wanted: Wanted,
    (key, print): (String, String),
) -> Result<NewNotification, Error> {
    let now = web.desk.clock.now();
    let address = read_address("to", &wanted.to)?;
    let WantedTemplate { name, language, values } = wanted.template;
    for (field, text) in [("template.name", &name), ("template.language", &language)] {
        is_short(field, text)?;
    }
    for (field, at) in [("not_before", wanted.not_before), ("expires_at", wanted.expires_at)] {
        is_near(field, at, now)?;
    }
    let template = web.desk.store.template(inbox, &name, &language).await?;
    let template = template.filter(Template::is_offered).ok_or_else(|| {
        Error::Unprocessable(format!(
            "`template`: the inbox has no approved template `{name}` in `{language}` that can be sent from here; see the \
             templates in Meta's WhatsApp Manager, and their language as it is written there (en_US)"
        ))
    })?;
    let mut filled = Vec::with_capacity(values.len());
    for (name, value) in values {
        let value = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            _ => {
                return Err(Error::BadRequest(format!("`template.values.{name}` must be text")));
            }
        };
        filled.push((name, value));
    }
    let filled = template
        .fill(&filled)
        .map_err(|wrong| Error::Unprocessable(format!("`template.values`: {wrong}")))?;
    let consent = wanted.consent.map(|consent| agreed(&consent, now)).transpose()?;
    if let Some(expires) = wanted.expires_at
        && expires <= wanted.not_before.unwrap_or(now).max(now)
    {
        return Err(Error::Unprocessable(
            "`expires_at` is over, or comes before `not_before`: it would never be sent".into(),
        ));
    }
    let named = |field, value: Option<String>| value.map(|value| line(field, &value)).transpose();
    Ok(NewNotification {
        inbox: inbox.clone(),
        key,
        print,
        reference: named("reference", wanted.reference)?,
        address,
        name: named("name", wanted.name)?,
        filled,
        consent,
        agent_id: None,
        by_name: "API".into(),
        not_before: wanted.not_before,
        expires_at: wanted.expires_at,
    })
}

/// When and how the customer agreed.
fn agreed(consent: &Consent, now: DateTime<Utc>) -> Result<(DateTime<Utc>, String), Error> {
    if consent.given_at > now + CLOCK_SKEW {
        return Err(Error::BadRequest("`consent.given_at` is in the future".into()));
    }
    Ok((consent.given_at, line("consent.how", &consent.how)?))
}

/// Refuses what can be no name of a template, nor of its language.
fn is_short(field: &str, text: &str) -> Result<(), Error> {
    if text.len() <= NAME && !text.contains(char::is_control) {
        return Ok(());
    }
    Err(Error::BadRequest(format!("`{field}` must be a line of at most {NAME} bytes")))
}

/// Refuses a time that nobody plans for.
fn is_near(field: &str, at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), Error> {
    if at.is_none_or(|at| at <= now + AHEAD) {
        return Ok(());
    }
    Err(Error::Unprocessable(format!(
        "`{field}` is more than a year ahead; ask again when its time is nearer"
    )))
}

/// The name of the notification at its sender.
fn key(id: Option<&str>, headers: &HeaderMap) -> Result<String, Error> {
    let header = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let Some(key) = id.or(header) else {
        return Err(Error::BadRequest(
            "the notification has no name of its own: send the header Idempotency-Key (or `id` in the body), the same at \
             every attempt, so that nothing is sent twice"
                .into(),
        ));
    };
    line("Idempotency-Key", key)
}

fn line(field: &str, value: &str) -> Result<String, Error> {
    let length = value.trim().chars().count();
    if length == 0 || length > LONGEST || value.contains(char::is_control) {
        return Err(Error::BadRequest(format!(
            "`{field}` must be a line of 1 to {LONGEST} characters"
        )));
    }
    Ok(value.trim().to_owned())
}

/// Tells how a notification stands.
async fn whereabouts(
    web: State,
    Path((inbox, id)): Path<(String, String)>,
) -> Result<Json<Value>, Error> {
    let inbox = of_whatsapp(&web, &inbox)?;
    let told = told(&web, &inbox, &NotificationId::from(id)).await?;
    told.ok_or_else(|| Error::NotFound("the inbox has no notification of this id".into()))
}

async fn told(
    web: &State,
    inbox: &InboxName,
    id: &NotificationId,
) -> Result<Option<Json<Value>>, Error> {
    let store = &web.desk.store;
    let Some(notification) = store.notification(inbox, id).await? else { return Ok(None) };
    let prices = match &notification.message_id {
        Some(message) => store.prices_of(message).await?,
        None => Vec::new(),
    };
    Ok(Some(Json(json(&notification, &prices))))
}

fn json(told: &Notification, prices: &[Price]) -> Value {
    let is_waiting = told.state == NotificationState::Waiting;
    let price = prices.first().map(|price| {
        json!({
            "category": price.category,
            "type": price.kind,
            "billable": price.billable,
            "micros": price.amount.as_ref().map(|amount| amount.micros),
            "currency": price.amount.as_ref().map(|amount| &amount.currency),
        })
    });
    let is_gone = told.state == NotificationState::Refused && told.reason.is_none();
    let why = told.reason.map(Unwanted::sentence).or(is_gone.then_some(GONE));
    let error = why.map(str::to_owned).or_else(|| told.error.clone());
    json!({
        "id": told.id,
        "state": state(told),
        "waits_until": is_waiting.then_some(told.due_at),
        "expires_at": told.expires_at,
        "to": told.address,
        "reference": told.reference,
        "conversation_id": told.conversation_id,
        "message_id": told.message_id,
        "template": { "name": told.template, "language": told.lang },
        "text": told.filled.text,
        "asked_at": told.created_at,
        "changed_at": told.delivery_at,
        "price": price,
        "error": error,
    })
}

/// How a notification stands, in a word: how far its message got, once it is one.
pub(super) fn state(told: &Notification) -> &'static str {
    match told.delivery {
        Some(delivery) => delivery.as_str(),
        None => told.state.as_str(),
    }
}
