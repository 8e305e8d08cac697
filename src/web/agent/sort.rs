//! How agents sort conversations: priority, tags, who has them, and contacts whom nobody answers.

use super::form::{Act, tidy};
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::conversation::{AgentId, ContactId, Tag};
use crate::store::Acted;
use crate::web::agent::clockface::Moment;
use crate::web::agent::list::contact;
use crate::web::markdown::visible;
use crate::web::{Error, State};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Form, Json};
use serde::Deserialize;
use std::collections::HashMap;

/// Tags that are offered.
const OFFERED: i64 = 200;

/// Characters that a reason may have.
const REASON: usize = 500;

/// Blocked contacts on a page.
const PAGE: i64 = 50;

/// Sets the priority.
pub(super) async fn priority(act: Act) -> Result<Response, PageError> {
    let Ok(to) = act.sent.priority.parse() else {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, t!("priority-none")).await;
    };
    let acted = act.web.desk.set_priority(&act.id, &act.agent.id, to).await?;
    act.stay(acted, "priority").await
}

/// Adds a tag.
pub(super) async fn tag(act: Act) -> Result<Response, PageError> {
    let Ok(tag) = act.sent.tag.parse::<Tag>() else {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, t!("tag-unfit")).await;
    };
    let acted = act.web.desk.add_tag(&act.id, &act.agent.id, &tag).await?;
    act.stay(acted, "tagged").await
}

/// Takes a tag off.
pub(super) async fn untag(act: Act) -> Result<Response, PageError> {
    let Ok(tag) = act.sent.tag.parse::<Tag>() else {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, t!("tag-unfit")).await;
    };
    let acted = act.web.desk.remove_tag(&act.id, &act.agent.id, &tag).await?;
    act.stay(acted, "untagged").await
}

/// The tags in use, for those who write one.
pub(super) async fn tags(web: State) -> Result<Json<Vec<Tag>>, Error> {
    Ok(Json(web.desk.store.tags(OFFERED).await?))
}

/// Gives the conversation to somebody.
pub(super) async fn assign(act: Act) -> Result<Response, PageError> {
    let to = AgentId::from(act.sent.agent.as_str());
    let acted = act.web.desk.assign(&act.id, &to, &act.agent.id).await?;
    act.stay(acted, "assigned").await
}

/// Blocks the contact.
pub(super) async fn block(act: Act) -> Result<Response, PageError> {
    let reason = tidy(&act.sent.reason);
    if reason.is_empty() || reason.chars().count() > REASON {
        return act.again(StatusCode::UNPROCESSABLE_ENTITY, t!("block-no-reason")).await;
    }
    match act.web.desk.block(&act.id, &act.agent.id, &reason).await? {
        Acted::Stale => act.again(StatusCode::CONFLICT, t!("block-before")).await,
        acted => act.stay(acted, "blocked").await,
    }
}

#[derive(Template)]
#[template(path = "blocked.html")]
struct BlockedPage {
    frame: Frame,
    contacts: Vec<BlockedView>,
    page: i64,
    more: bool,
}

/// A contact whom nobody answers.
struct BlockedView {
    contact: String,
    id: String,
    conversation: String,
    by: String,
    reason: String,
    since: Moment,
}

/// A page of the list.
#[derive(Deserialize)]
pub(super) struct Wanted {
    page: Option<i64>,
    done: Option<String>,
}

/// The contacts whom nobody answers.
pub(super) async fn blocked(
    web: State,
    SignedIn(agent): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let (store, now) = (&web.desk.store, web.desk.clock.now());
    let page = wanted.page.unwrap_or(1).clamp(1, 100_000);
    let mut blocked = store.blocked((page - 1) * PAGE, PAGE + 1).await?;
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = blocked.len() > most;
    blocked.truncate(most);
    let names: HashMap<_, _> =
        store.agents().await?.into_iter().map(|agent| (agent.id, agent.name)).collect();
    let view = |one: crate::store::Blocked| BlockedView {
        contact: contact(one.name.as_deref(), one.email.as_deref()),
        id: one.contact_id.to_string(),
        conversation: one.conversation_id.to_string(),
        by: names.get(&one.agent_id).cloned().unwrap_or_else(|| t!("an-agent")),
        reason: visible(&one.reason),
        since: Moment::new(one.created_at, now),
    };
    let frame = Frame::new(&web, &agent, "blocked").await?;
    let frame = frame.with_notice(wanted.done.as_deref());
    render(&BlockedPage { frame, contacts: blocked.into_iter().map(view).collect(), page, more })
}

/// Where an unblocking came from.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct From {
    conversation: String,
}

/// Answers a contact again.
pub(super) async fn unblock(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Form(from): Form<From>,
) -> Result<Response, PageError> {
    let is_known = web.desk.unblock(&ContactId::from(id), &agent.id).await?;
    let done = if is_known { "unblocked" } else { "unchanged" };
    let plain = from.conversation.chars().all(|it| it.is_ascii_alphanumeric() || it == '-');
    let to = match from.conversation.as_str() {
        "" => format!("/blocked?done={done}"),
        id if plain => format!("/conversations/{id}?done={done}"),
        _ => format!("/blocked?done={done}"),
    };
    Ok(Redirect::to(&to).into_response())
}
