//! Logging in and out; guesses are slowed down by account and by address, and nobody is locked out for good.

use super::page::{PageError, render};
use super::session::{self, next_page};
use super::{password, second_step};
use crate::store::Agent;
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

/// Guesses within [`WINDOW`]: at one account from one address, from one address at any account, and at
/// one account from anywhere. The first is the tightest, so that a stranger elsewhere cannot keep the
/// right person out.
struct Limits {
    pair: i64,
    address: i64,
    account: i64,
}

/// At passwords.
const GUESSES: Limits = Limits { pair: 10, address: 50, account: 100 };
/// At codes, of which there are far fewer, by those who know the password.
const GUESSES_AT_CODES: Limits = Limits { pair: 5, address: 25, account: 20 };
const WINDOW: TimeDelta = TimeDelta::minutes(15);

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    business: String,
    email: String,
    next: String,
    problem: Option<String>,
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
    let attempt = Attempt::count(&web, &email, address).await?;
    let (agent, kept) = find(&web, &email).await?.unzip();
    let right = password::verify(sent.password, kept.clone()).await?;
    let Some((agent, proven)) = agent.zip(kept).filter(|_| right) else {
        let problem = Some(t!("login-wrong"));
        let page = render(&page(&web, sent.email, sent.next, problem))?;
        return Ok((StatusCode::UNAUTHORIZED, page).into_response());
    };
    attempt.was_right(&web).await?;
    if web.desk.store.has_factor(&agent.id).await? {
        return second_step::ask(&web, &agent, &proven, sent.next).await;
    }
    go_on(&web, jar, &agent, &proven, &sent.next).await
}

/// Begins a session and leads to where somebody wanted; to the login again when the password that
/// they have proven was changed meanwhile.
pub(super) async fn go_on(
    web: &Web,
    jar: CookieJar,
    agent: &Agent,
    proven: &str,
    next: &str,
) -> Result<Response, PageError> {
    match session::begin(web, jar, agent, proven).await? {
        Some(jar) => Ok((jar, Redirect::to(next_page(next))).into_response()),
        None => Ok(Redirect::to("/login").into_response()),
    }
}

/// The person of an address; an address with characters that none has is not even looked for, since
/// not every database takes them.
async fn find(web: &Web, email: &str) -> Result<Option<(Agent, String)>> {
    if email.contains(char::is_control) {
        return Ok(None);
    }
    web.desk.store.find_agent(email).await
}

/// Logs out.
pub(super) async fn logout(web: State, jar: CookieJar) -> Result<Response, PageError> {
    session::end(&web, &jar).await?;
    Ok((session::forget(&web, jar), Redirect::to("/login")).into_response())
}

/// An attempt to log in, counted before the password is looked at, so that guesses made side by
/// side all count.
pub(super) struct Attempt {
    address: String,
    pair: String,
    account: String,
}

impl Attempt {
    /// Counts one at a password.
    pub(super) async fn count(web: &Web, email: &str, address: Address) -> Result<Self, Error> {
        Self::count_as(web, "", email, address, GUESSES).await
    }

    /// Counts one at a code; a right password does not take those back.
    pub(super) async fn count_code(
        web: &Web,
        email: &str,
        address: Address,
    ) -> Result<Self, Error> {
        Self::count_as(web, "code-", email, address, GUESSES_AT_CODES).await
    }

    /// Whoever is over a narrow limit does not count towards the wider ones any more.
    async fn count_as(
        web: &Web,
        kind: &str,
        email: &str,
        address: Address,
        limits: Limits,
    ) -> Result<Self, Error> {
        let (account, address) = (token::hash(email), address.0);
        let attempt = Self {
            address: format!("{kind}address:{address}"),
            pair: format!("{kind}pair:{account}:{address}"),
            account: format!("{kind}account:{account}"),
        };
        for (key, most) in [
            (&attempt.address, limits.address),
            (&attempt.pair, limits.pair),
            (&attempt.account, limits.account),
        ] {
            if web.desk.store.count_login(key, WINDOW, web.desk.clock.now()).await? > most {
                return Err(Error::TooMany(WINDOW.num_seconds().unsigned_abs()));
            }
        }
        Ok(attempt)
    }

    /// It was no guess. Other people's guesses from the same address stay counted.
    pub(super) async fn was_right(&self, web: &Web) -> Result<()> {
        let store = &web.desk.store;
        store.clear_logins(&self.pair).await?;
        store.clear_logins(&self.account).await?;
        store.uncount_login(&self.address).await
    }
}

fn page(web: &Web, email: String, next: String, problem: Option<String>) -> LoginPage {
    LoginPage { business: web.desk.config.business.name.clone(), email, next, problem }
}
