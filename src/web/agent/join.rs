//! Joining by a one-time link: the first admin at the first start, everybody else by invitation.

use super::page::{PageError, render};
use super::{logbook, password, session};
use crate::conversation::AgentId;
use crate::store::{Agent, Role, StaffAct, Store};
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

/// A one-time token for the first admin, while there is nobody who could invite them. Earlier ones
/// end with it, so that only the newest link opens the door.
pub(in crate::web) async fn setup_link(
    store: &Store,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    if !store.agents().await?.is_empty() {
        return Ok(None);
    }
    store.withdraw_open_invitations().await?;
    let token = token::fresh();
    store.invite(&token::hash(&token), None, Role::Admin, now).await?;
    Ok(Some(token))
}

#[derive(Template)]
#[template(path = "join.html")]
struct JoinPage {
    business: String,
    token: String,
    role: Role,
    name: String,
    email: String,
    /// Whether the invitation is for that address only.
    fixed: bool,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Newcomer {
    name: String,
    #[serde(default)]
    email: String,
    password: String,
}

/// The form behind an invitation.
pub(super) async fn form(web: State, Path(token): Path<String>) -> Result<Response, PageError> {
    let invitation = find(&web, token).await?;
    let nobody = Newcomer { name: String::new(), email: String::new(), password: String::new() };
    render(&page(&web, &invitation, &nobody, None))
}

/// Accepts an invitation and logs in. Where the invitation names an address, that one counts,
/// whatever the form says.
pub(super) async fn join(
    web: State,
    jar: CookieJar,
    Path(token): Path<String>,
    Form(sent): Form<Newcomer>,
) -> Result<Response, PageError> {
    let invitation = find(&web, token).await?;
    let email = invitation.email.as_ref().unwrap_or(&sent.email).trim().to_lowercase();
    let name = sent.name.trim().to_owned();
    if let Some(problem) = problem(&name, &email, &sent.password) {
        let page = render(&page(&web, &invitation, &sent, Some(problem)))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let kept = password::hash(sent.password.clone()).await?;
    let agent = Agent { id: AgentId::fresh(), email, name, role: invitation.role, left_at: None };
    let (hash, now) = (token::hash(&invitation.token), web.desk.clock.now());
    if !web.desk.store.accept_invitation(&hash, &agent, &kept, now).await? {
        let problem = t!("join-taken");
        let page = render(&page(&web, &invitation, &sent, Some(problem)))?;
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    logbook::write(&web, &agent, StaffAct::Joined, None, agent.role.as_str()).await?;
    match session::begin(&web, jar, &agent, &kept).await? {
        Some(jar) => Ok((jar, Redirect::to("/")).into_response()),
        None => Ok(Redirect::to("/login").into_response()),
    }
}

/// An invitation that is still good.
struct Invitation {
    token: String,
    role: Role,
    /// Whom it is for; somebody without an address chooses their own.
    email: Option<String>,
}

async fn find(web: &Web, token: String) -> Result<Invitation, Error> {
    let found = web.desk.store.find_invitation(&token::hash(&token), web.desk.clock.now()).await?;
    let (role, email) = found.ok_or_else(|| Error::NotFound(t!("error-join-link")))?;
    Ok(Invitation { token, role, email })
}

/// Whether a text may be an e-mail address, in the form `person@host`.
pub(super) fn is_mailbox(text: &str) -> bool {
    let has_parts = text.split_once('@').is_some_and(|(person, host)| {
        !person.is_empty() && !host.is_empty() && !host.contains('@')
    });
    has_parts && !is_odd(text) && !text.contains(char::is_whitespace)
}

fn is_odd(text: &str) -> bool {
    text.contains(char::is_control) || text.chars().count() > 200
}

fn problem(name: &str, email: &str, password: &str) -> Option<String> {
    if name.is_empty() || is_odd(name) {
        Some(t!("write-name"))
    } else if !is_mailbox(email) {
        Some(t!("write-address"))
    } else {
        password::weakness(password, email, name)
    }
}

fn page(web: &Web, invitation: &Invitation, sent: &Newcomer, problem: Option<String>) -> JoinPage {
    JoinPage {
        business: web.desk.config.business.name.clone(),
        token: invitation.token.clone(),
        role: invitation.role,
        name: sent.name.clone(),
        email: invitation.email.as_ref().unwrap_or(&sent.email).clone(),
        fixed: invitation.email.is_some(),
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
