//! A new password by a one-time link, for somebody who has forgotten theirs.

use super::logbook;
use super::page::{PageError, render};
use super::password;
use crate::store::{Agent, StaffAct};
use crate::token;
use crate::web::{Error, State, Web};
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "reset.html")]
struct ResetPage {
    business: String,
    token: String,
    email: String,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct NewPassword {
    password: String,
}

/// The form behind a link.
pub(super) async fn form(web: State, Path(token): Path<String>) -> Result<Response, PageError> {
    let agent = find(&web, &token).await?;
    render(&page(&web, token, agent, None))
}

/// Sets the password and leads to the login; a link is used up by that alone.
pub(super) async fn reset(
    web: State,
    Path(token): Path<String>,
    Form(sent): Form<NewPassword>,
) -> Result<Response, PageError> {
    let agent = find(&web, &token).await?;
    if let Some(problem) = password::weakness(&sent.password, &agent.email, &agent.name) {
        let page = render(&page(&web, token, agent, Some(problem)))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let kept = password::hash(sent.password).await?;
    if !web.desk.store.use_reset(&token::hash(&token), &kept, web.desk.clock.now()).await? {
        return Err(gone().into());
    }
    logbook::write(&web, &agent, StaffAct::PasswordChanged, None, "by a link").await?;
    Ok(Redirect::to("/login").into_response())
}

async fn find(web: &Web, token: &str) -> Result<Agent, Error> {
    let found = web.desk.store.find_reset(&token::hash(token), web.desk.clock.now()).await?;
    found.ok_or_else(gone)
}

fn gone() -> Error {
    Error::NotFound(t!("error-link"))
}

fn page(web: &Web, token: String, agent: Agent, problem: Option<String>) -> ResetPage {
    let business = web.desk.config.business.name.clone();
    ResetPage { business, token, email: agent.email, problem }
}
