//! Somebody's own account: where they are logged in, and their password.

use super::clockface::Moment;
use super::logbook;
use super::login::Attempt;
use super::page::{Frame, PageError, render};
use super::password;
use super::session::{Here, SignedIn};
use super::traits::joined;
use crate::conversation::SessionId;
use crate::store::{Agent, Role, Session, StaffAct};
use crate::web::address::Address;
use crate::web::words::Tongue;
use crate::web::{State, Web};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    email: String,
    role: Role,
    sessions: Vec<SessionView>,
    /// The languages that the pages speak, and the one that was chosen.
    tongues: Vec<(Tongue, bool)>,
    /// Whether their login takes two steps.
    two_steps: bool,
    /// The languages they speak, as a form shows them.
    langs: String,
    is_away: bool,
    problem: Option<String>,
}

/// A session on the page.
struct SessionView {
    id: SessionId,
    begun: Moment,
    seen: Moment,
    /// Whether it is the one that the page is read in.
    here: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    done: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct NewLanguage {
    /// A language's code; anything else leaves it to the browser.
    lang: String,
}

#[derive(Deserialize)]
pub(super) struct NewPassword {
    old: String,
    new: String,
}

/// The page.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Here(here): Here,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let page = read(&web, agent, &here, None).await?;
    let frame = page.frame.with_notice(wanted.done.as_deref());
    render(&AccountPage { frame, ..page })
}

/// Ends one of one's own sessions; the one that this is asked in leads to the login.
pub(super) async fn end(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<SessionId>,
) -> Result<Redirect, PageError> {
    let ended = web.desk.store.end_session_of(&agent.id, &id).await?;
    Ok(Redirect::to(if ended { "/account?done=ended" } else { "/account?done=unchanged" }))
}

/// Ends all of one's own sessions but this one.
pub(super) async fn end_others(
    web: State,
    SignedIn(agent): SignedIn,
    Here(here): Here,
) -> Result<Redirect, PageError> {
    web.desk.store.end_sessions_of(&agent.id, Some(&here)).await?;
    Ok(Redirect::to("/account?done=ended-others"))
}

/// Sets the language of one's own pages.
pub(super) async fn set_language(
    web: State,
    SignedIn(agent): SignedIn,
    Form(sent): Form<NewLanguage>,
) -> Result<Redirect, PageError> {
    let lang = sent.lang.parse().ok().filter(|lang| Tongue::of(*lang).is_some());
    web.desk.store.set_page_lang(&agent.id, lang).await?;
    Ok(Redirect::to("/account?done=language"))
}

/// Changes one's own password, by the old one; guesses at it count as guesses at the login do.
pub(super) async fn change_password(
    web: State,
    SignedIn(agent): SignedIn,
    Here(here): Here,
    address: Address,
    Form(sent): Form<NewPassword>,
) -> Result<Response, PageError> {
    let attempt = Attempt::count(&web, &agent.email, address).await?;
    let kept = web.desk.store.find_agent(&agent.email).await?.map(|(_, kept)| kept);
    if !password::verify(sent.old, kept).await? {
        return again(&web, agent, &here, t!("not-the-old")).await;
    }
    attempt.was_right(&web).await?;
    if let Some(problem) = password::weakness(&sent.new, &agent.email, &agent.name) {
        return again(&web, agent, &here, problem).await;
    }
    let new = password::hash(sent.new).await?;
    web.desk.store.set_password(&agent.id, &new, Some(&here)).await?;
    logbook::write(&web, &agent, StaffAct::PasswordChanged, None, "").await?;
    Ok(Redirect::to("/account?done=password").into_response())
}

async fn again(
    web: &Web,
    agent: Agent,
    here: &SessionId,
    problem: String,
) -> Result<Response, PageError> {
    let page = read(web, agent, here, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
}

async fn read(
    web: &Web,
    agent: Agent,
    here: &SessionId,
    problem: Option<String>,
) -> Result<AccountPage, PageError> {
    let (store, now) = (&web.desk.store, web.desk.clock.now());
    let sessions = store.sessions_of(&agent.id, now).await?;
    let frame = Frame::new(web, &agent, "account").await?;
    let sessions = sessions.into_iter().map(|it| SessionView::new(it, here, now)).collect();
    let chosen = store.page_lang(&agent.id).await?.and_then(Tongue::of);
    let tongues = Tongue::ALL.iter().map(|tongue| (*tongue, chosen == Some(*tongue))).collect();
    let two_steps = store.has_factor(&agent.id).await?;
    let traits = store.traits().await?.remove(&agent.id);
    let langs = traits.as_ref().map(|traits| joined(&traits.langs)).unwrap_or_default();
    let is_away = traits.is_some_and(|traits| traits.away_since.is_some());
    let Agent { email, role, .. } = agent;
    Ok(AccountPage { frame, email, role, sessions, tongues, two_steps, langs, is_away, problem })
}

impl SessionView {
    fn new(session: Session, here: &SessionId, now: DateTime<Utc>) -> Self {
        Self {
            here: session.id == *here,
            id: session.id,
            begun: Moment::new(session.created_at, now),
            seen: Moment::new(session.seen_at, now),
        }
    }
}
