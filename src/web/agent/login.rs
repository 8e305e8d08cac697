//! Logging in and out; guesses are slowed down by account and by address, and nobody is locked out for good.

use super::page::{PageError, render};
use super::password;
use super::session::{self, next_page};
use crate::token;
use crate::web::address::Address;
use crate::web::{Error, State, Web};
use anyhow::Result;
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use chrono::TimeDelta;
use serde::Deserialize;

/// Wrong guesses within [`WINDOW`] after which an account or address has to wait.
const GUESSES: i64 = 10;
const WINDOW: TimeDelta = TimeDelta::minutes(15);

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    business: String,
    email: String,
    next: String,
    problem: Option<&'static str>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// The form; whoever is logged in already goes on.
pub(super) async fn form(
    web: State,
    jar: CookieJar,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    if session::find(&web, &jar).await?.is_some() {
        return Ok(Redirect::to(next_page(&wanted.next)).into_response());
    }
    render(&page(&web, String::new(), wanted.next, None))
}

/// Logs in: the same answer, after the same time, whether the address or the password is wrong.
pub(super) async fn login(
    web: State,
    jar: CookieJar,
    address: Address,
    Form(sent): Form<Credentials>,
) -> Result<Response, PageError> {
    let email = sent.email.trim().to_lowercase();
    let keys = [format!("account:{}", token::hash(&email)), format!("address:{}", address.0)];
    slow_down(&web, &keys).await?;
    let found = web.desk.store.find_agent(&email).await?;
    let (agent, kept) = found.unzip();
    let right = password::verify(sent.password, kept).await?;
    let Some(agent) = agent.filter(|_| right) else {
        for key in &keys {
            web.desk.store.count_failed_login(key, WINDOW, web.desk.clock.now()).await?;
        }
        let problem = Some("Address and password do not fit. Check both and try again.");
        let page = render(&page(&web, sent.email, sent.next, problem))?;
        return Ok((StatusCode::UNAUTHORIZED, page).into_response());
    };
    let jar = session::begin(&web, jar, &agent).await?;
    Ok((jar, Redirect::to(next_page(&sent.next))).into_response())
}

/// Logs out.
pub(super) async fn logout(web: State, jar: CookieJar) -> Result<Response, PageError> {
    session::end(&web, &jar).await?;
    Ok((session::forget(&web, jar), Redirect::to("/login")).into_response())
}

async fn slow_down(web: &Web, keys: &[String]) -> Result<(), Error> {
    for key in keys {
        let guesses = web.desk.store.failed_logins(key, WINDOW, web.desk.clock.now()).await?;
        if guesses >= GUESSES {
            return Err(Error::TooMany(WINDOW.num_seconds().unsigned_abs()));
        }
    }
    Ok(())
}

fn page(web: &Web, email: String, next: String, problem: Option<&'static str>) -> LoginPage {
    LoginPage { business: web.desk.config.business.name.clone(), email, next, problem }
}
