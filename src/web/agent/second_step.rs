//! The second step of a login: a code of an app, or a recovery code, after the password.

use super::logbook;
use super::login::{Attempt, go_on};
use super::page::{PageError, render};
use crate::store::{Agent, StaffAct};
use crate::token;
use crate::totp;
use crate::web::address::Address;
use crate::web::{Error, State, Web};
use anyhow::Result;
use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "second_step.html")]
struct SecondStepPage {
    business: String,
    token: String,
    next: String,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Answer {
    token: String,
    code: String,
    #[serde(default)]
    next: String,
}

/// What somebody has proven the second step with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    App,
    Recovery,
}

/// Asks whoever has proven a password for the code.
pub(super) async fn ask(
    web: &Web,
    agent: &Agent,
    proven: &str,
    next: String,
) -> Result<Response, PageError> {
    let (token, now) = (token::fresh(), web.desk.clock.now());
    web.desk.store.begin_login_step(&token::hash(&token), &agent.id, proven, now).await?;
    render(&page(web, token, next, None))
}

/// Takes the code; with the right one the login is done.
pub(super) async fn answer(
    web: State,
    jar: CookieJar,
    address: Address,
    Form(sent): Form<Answer>,
) -> Result<Response, PageError> {
    let (store, hash) = (&web.desk.store, token::hash(&sent.token));
    let Some(step) = store.find_login_step(&hash, web.desk.clock.now()).await? else {
        return Err(Error::Unauthorized(t!("error-login-over")).into());
    };
    let attempt = Attempt::count_code(&web, &step.agent.email, address).await?;
    let Some(proof) = prove(&web, &step.agent, &sent.code).await? else {
        let page = render(&page(&web, sent.token, sent.next, Some(t!("second-step-wrong"))))?;
        return Ok((StatusCode::UNAUTHORIZED, page).into_response());
    };
    attempt.was_right(&web).await?;
    store.end_login_step(&hash).await?;
    if proof == Proof::Recovery {
        let left = store.recovery_codes_left(&step.agent.id).await?;
        let detail = format!("{left} left");
        logbook::write(&web, &step.agent, StaffAct::RecoveryUsed, None, &detail).await?;
    }
    go_on(&web, jar, &step.agent, &step.proven, &sent.next).await
}

/// Whether a code is one of somebody's; it is used up by that.
pub(super) async fn prove(web: &Web, agent: &Agent, code: &str) -> Result<Option<Proof>> {
    let (store, code) = (&web.desk.store, totp::typed(code));
    let factor = store.find_factor(&agent.id).await?;
    let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_some()) else {
        return Ok(None);
    };
    let now = web.desk.clock.now();
    if let Some(step) = totp::step_of(&factor.secret, &code, now, factor.last_step) {
        let used = store.use_step(&agent.id, &factor.secret, step).await?;
        return Ok(used.then_some(Proof::App));
    }
    let used = store.use_recovery_code(&agent.id, &recovery_hash(agent, &code)).await?;
    Ok(used.then_some(Proof::Recovery))
}

/// What the store keeps of a recovery code. It is random, so a plain hash cannot be guessed back.
pub(super) fn recovery_hash(agent: &Agent, code: &str) -> String {
    token::hash(&format!("{}:{}", agent.id, totp::typed(code)))
}

fn page(web: &Web, token: String, next: String, problem: Option<String>) -> SecondStepPage {
    SecondStepPage { business: web.desk.config.business.name.clone(), token, next, problem }
}
