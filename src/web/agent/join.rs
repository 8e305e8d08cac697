//! Joining by a one-time link: the first admin at the first start, everybody else by invitation.

use super::page::{PageError, render};
use super::{password, session};
use crate::conversation::AgentId;
use crate::store::{Agent, Role, Store};
use crate::token;
use crate::web::{Error, State, Web};
use anyhow::Result;
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A one-time token for the first admin, while there is nobody who could invite them.
pub(in crate::web) async fn setup_link(
    store: &Store,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    if !store.agents().await?.is_empty() {
        return Ok(None);
    }
    let token = token::fresh();
    store.invite(&token::hash(&token), None, Role::Admin, now).await?;
    Ok(Some(token))
}

#[derive(Template)]
#[template(path = "join.html")]
struct JoinPage {
    business: String,
    token: String,
    admin: bool,
    name: String,
    email: String,
    problem: Option<&'static str>,
}

#[derive(Deserialize)]
pub(super) struct Newcomer {
    name: String,
    email: String,
    password: String,
}

/// The form behind an invitation.
pub(super) async fn form(web: State, Path(token): Path<String>) -> Result<Response, PageError> {
    let (role, email) = invitation(&web, &token).await?;
    let newcomer =
        Newcomer { name: String::new(), email: email.unwrap_or_default(), password: String::new() };
    render(&page(&web, token, role, newcomer, None))
}

/// Accepts an invitation and logs in.
pub(super) async fn join(
    web: State,
    jar: CookieJar,
    Path(token): Path<String>,
    Form(sent): Form<Newcomer>,
) -> Result<Response, PageError> {
    let (role, _) = invitation(&web, &token).await?;
    let (name, email) = (sent.name.trim().to_owned(), sent.email.trim().to_lowercase());
    if let Some(problem) = problem(&name, &email, &sent.password) {
        let page = render(&page(&web, token, role, sent, Some(problem)))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let kept = password::hash(sent.password.clone()).await?;
    let agent = Agent { id: AgentId::fresh(), email, name, role };
    let now = web.desk.clock.now();
    if !web.desk.store.accept_invitation(&token::hash(&token), &agent, &kept, now).await? {
        let problem = "Somebody with this address works here already, or the link was just used.";
        let page = render(&page(&web, token, role, sent, Some(problem)))?;
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    let jar = session::begin(&web, jar, &agent).await?;
    Ok((jar, Redirect::to("/")).into_response())
}

async fn invitation(web: &Web, token: &str) -> Result<(Role, Option<String>), Error> {
    let found = web.desk.store.find_invitation(&token::hash(token), web.desk.clock.now()).await?;
    found.ok_or_else(|| {
        Error::NotFound(
            "this link was used already or is too old; ask an admin for a new one, or restart \
             Sureply if there is no admin yet"
                .into(),
        )
    })
}

fn problem(name: &str, email: &str, password: &str) -> Option<&'static str> {
    let mailbox = email.split_once('@').is_some_and(|(person, host)| {
        !person.is_empty() && !host.is_empty() && !host.contains('@')
    });
    let odd = |text: &str| text.chars().any(char::is_control) || text.chars().count() > 200;
    if name.is_empty() || odd(name) {
        Some("Write your name, in at most 200 characters.")
    } else if !mailbox || odd(email) || email.contains(char::is_whitespace) {
        Some("Write your e-mail address, such as ada@example.org.")
    } else {
        password::weakness(password, email, name)
    }
}

fn page(
    web: &Web,
    token: String,
    role: Role,
    newcomer: Newcomer,
    problem: Option<&'static str>,
) -> JoinPage {
    JoinPage {
        business: web.desk.config.business.name.clone(),
        token,
        admin: role == Role::Admin,
        name: newcomer.name,
        email: newcomer.email,
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn a_newcomer_needs_a_name_an_address_and_a_password() {
        for (name, email, password, fine) in [
            ("Ada", "ada@shop.example", "correct horse", true),
            ("", "ada@shop.example", "correct horse", false),
            ("A\u{7}da", "ada@shop.example", "correct horse", false),
            ("Ada", "ada", "correct horse", false),
            ("Ada", "a@b@c", "correct horse", false),
            ("Ada", "ada @shop.example", "correct horse", false),
            ("Ada", "ada@shop.example", "password", false),
        ] {
            assert_eq!(problem(name, email, password).is_none(), fine, "{name} {email} {password}");
        }
    }
}
