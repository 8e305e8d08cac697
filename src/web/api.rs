//! The API inbox: programs hand messages in, ask where they ended, and read what was sent.

use super::intake::{self, Body};
use super::needs::Needs;
use super::route::{Route, get, post};
use super::{Error, State, Web};
use crate::channel::{Arrival, Letter};
use crate::conversation::{
    Action, ChannelKind, ConversationId, Delivery, InboxName, MessageId, Reason, TurnId,
};
use crate::desk::Record;
use crate::knowledge::EntryId;
use crate::store::{End, SentMessage};
use anyhow::Context as _;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts as _, Path, Query, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// Messages that one answer holds at most.
const PAGE: i64 = 200;

/// The routes of programs.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/api/v1/inboxes/{inbox}/messages", Needs::Program, sent),
        post("/api/v1/inboxes/{inbox}/messages", Needs::Program, receive),
        get("/api/v1/inboxes/{inbox}/messages/{id}", Needs::Program, whereabouts),
        post("/api/v1/inboxes/{inbox}/sent/{id}", Needs::Program, progress),
    ]
}

/// Lets a program with a good token for the inbox of the address through; looked at before anything
/// else, so that others learn nothing.
pub(super) async fn admit(parts: &mut Parts, web: &Arc<Web>) -> Result<(), Error> {
    let refused = || {
        Error::Unauthorized(
            "send the header Authorization: Bearer … with a token; `sureply agent token` makes one"
                .into(),
        )
    };
    let token = bearer(&parts.headers).ok_or_else(refused)?;
    let program = web.programs.know(token, &web.desk.store, web.desk.clock.now()).await?;
    let program = program.ok_or_else(refused)?;
    let path = RawPathParams::from_request_parts(parts, web).await;
    let path = path.map_err(|_| Error::NotFound("there is no such inbox".into()))?;
    let inbox = path.iter().find_map(|(key, value)| (key == "inbox").then_some(value));
    let may_use = inbox.is_some_and(|inbox| program.may_use(inbox));
    may_use.then_some(()).ok_or_else(|| {
        Error::Forbidden("this token is for other inboxes; an admin can make one for this".into())
    })
}

/// The token that a request carries.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[derive(Serialize)]
struct Accepted {
    message_id: MessageId,
    conversation_id: ConversationId,
    duplicate: bool,
    due_at: Option<DateTime<Utc>>,
}

/// Takes a message in; answers once it is safely stored.
async fn receive(
    web: State,
    Path(inbox): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Accepted>), Error> {
    let inbox = InboxName::from(intake::inbox(&web, &inbox, ChannelKind::Api)?.name.as_str());
    let body = intake::json_body(&headers, body)?;
    let now = web.desk.clock.now();
    let arrival = Arrival { headers: &headers, body: &body, visitor: None, now };
    let mut parsed = intake::parse(&web, &inbox, arrival)?;
    let inbound = parsed.pop().context("a delivery without a message")?;
    let received = intake::store(&web, inbound).await?;
    let accepted = Accepted {
        message_id: received.message_id,
        conversation_id: received.conversation_id,
        duplicate: received.duplicate,
        due_at: received.due_at,
    };
    Ok((StatusCode::ACCEPTED, Json(accepted)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    #[serde(default)]
    after: i64,
    limit: Option<i64>,
}

/// What the inbox has sent after a position, oldest first.
async fn sent(
    web: State,
    Path(inbox): Path<String>,
    after: Result<Query<After>, QueryRejection>,
) -> Result<Json<Value>, Error> {
    let inbox = InboxName::from(intake::inbox(&web, &inbox, ChannelKind::Api)?.name.as_str());
    let Query(after) = after.map_err(|rejection| Error::BadRequest(rejection.body_text()))?;
    let limit = after.limit.unwrap_or(PAGE).clamp(1, PAGE);
    let sent = web.desk.store.sent_after(&inbox, after.after, limit).await?;
    let next = sent.last().map_or(after.after, |last| last.position);
    let letters: Vec<Letter<'_>> = sent.iter().map(letter).collect();
    Ok(Json(json!({ "messages": letters, "next": next })))
}

fn letter(sent: &SentMessage) -> Letter<'_> {
    Letter {
        position: Some(sent.position),
        turn_id: sent.turn_id.as_ref(),
        in_reply_to: sent.in_reply_to.as_deref(),
        ..Letter::new(&sent.message, &sent.identity)
    }
}

/// Where a message has ended.
#[derive(Serialize)]
struct Whereabouts {
    conversation_id: ConversationId,
    turn_id: Option<TurnId>,
    state: String,
    action: Option<Action>,
    reasons: Vec<Reason>,
    confidence: Option<f64>,
    due_at: Option<DateTime<Utc>>,
    decided_at: Option<DateTime<Utc>>,
    /// The entries that the draft rests on.
    cited: Vec<EntryId>,
    /// Every entry that was offered, best first.
    entries: Vec<EntryId>,
}

/// Tells where the message that its sender calls `id` has ended.
async fn whereabouts(
    web: State,
    Path((inbox, id)): Path<(String, String)>,
) -> Result<Json<Whereabouts>, Error> {
    let inbox = InboxName::from(intake::inbox(&web, &inbox, ChannelKind::Api)?.name.as_str());
    let end = web.desk.store.find_end(&inbox, &id).await?;
    let end = end.ok_or_else(|| {
        Error::NotFound("no message came in under this id; ask by the id you sent it with".into())
    })?;
    Ok(Json(Whereabouts::of(end)?))
}

impl Whereabouts {
    fn of(end: End) -> anyhow::Result<Self> {
        let record: Option<Record> = end
            .record
            .as_deref()
            .map(serde_json::from_str)
            .transpose()
            .context("reading a decision's record")?;
        let mut entries = Vec::new();
        for candidate in record.iter().flat_map(|record| &record.candidates) {
            if !entries.contains(&candidate.entry) {
                entries.push(candidate.entry.clone());
            }
        }
        let draft = record.as_ref().and_then(|record| record.draft.as_ref());
        let cited = draft.map(|draft| &draft.citations).into_iter().flatten();
        let cited = cited.map(|citation| citation.entry.clone()).collect();
        Ok(Self {
            cited,
            conversation_id: end.conversation_id,
            turn_id: end.turn_id,
            state: end.state.unwrap_or_else(|| "with_agent".into()),
            action: end.action,
            reasons: record.map(|record| record.reasons).unwrap_or_default(),
            confidence: end.confidence,
            due_at: end.due_at,
            decided_at: end.decided_at,
            entries,
        })
    }
}

/// What a program tells of a message it was given to pass on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Progress {
    state: Delivery,
}

/// Takes in how far a message got on its way to the customer. News that is older than what is known
/// changes nothing, so reports may come twice and in any order.
async fn progress(
    web: State,
    Path((inbox, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Error> {
    let inbox = InboxName::from(intake::inbox(&web, &inbox, ChannelKind::Api)?.name.as_str());
    let body = intake::json_body(&headers, body)?;
    let progress: Progress = serde_json::from_slice(&body)
        .map_err(|error| Error::BadRequest(format!("the report is not understood: {error}")))?;
    if !matches!(progress.state, Delivery::Delivered | Delivery::Read | Delivery::Failed) {
        return Err(Error::BadRequest("`state` must be delivered, read or failed".into()));
    }
    let (store, message) = (&web.desk.store, MessageId::from(id));
    let Some(outbox_id) = store.find_delivery(&inbox, &message).await? else {
        return Err(Error::NotFound("the inbox has sent no message of this id".into()));
    };
    web.desk.progress(&outbox_id, progress.state).await?;
    Ok(StatusCode::NO_CONTENT)
}
