//! Who is logged in: the cookie, and whether their role is enough.

use super::page::PageError;
use crate::config::RequireTotp;
use crate::conversation::SessionId;
use crate::store::{Agent, OpenSession, Role};
use crate::token;
use crate::web::needs::refusal;
use crate::web::words::{self, Tongue};
use crate::web::{Error, Web};
use anyhow::{Context as _, Result};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use std::sync::Arc;

/// The person who makes the request.
#[derive(Clone)]
pub(super) struct SignedIn(pub(super) Agent);

/// The session that the request belongs to.
#[derive(Clone)]
pub(super) struct Here(pub(super) SessionId);

/// The language they have chosen for the pages.
#[derive(Clone)]
struct Chosen(Tongue);

/// Begins a session for somebody who has just proved who they are, by the hash of their password;
/// always under a new token. None when the password is no longer that.
pub(super) async fn begin(
    web: &Web,
    jar: CookieJar,
    agent: &Agent,
    proven: &str,
) -> Result<Option<CookieJar>> {
    end(web, &jar).await?;
    let (token, now) = (token::fresh(), web.desk.clock.now());
    let begun = web.desk.store.begin_session(&token::hash(&token), &agent.id, proven, now).await?;
    Ok(begun.then(|| jar.add(cookie(web, token))))
}

/// Ends the session that the request came with, if any.
pub(super) async fn end(web: &Web, jar: &CookieJar) -> Result<()> {
    match jar.get(name(web)) {
        Some(cookie) => web.desk.store.end_session(&token::hash(cookie.value())).await,
        None => Ok(()),
    }
}

/// The jar without the session's cookie.
pub(super) fn forget(web: &Web, jar: CookieJar) -> CookieJar {
    jar.remove(cookie(web, String::new()))
}

/// The person behind the request's cookie.
pub(super) async fn find(web: &Web, jar: &CookieJar) -> Result<Option<OpenSession>> {
    match jar.get(name(web)) {
        Some(cookie) => {
            web.desk.store.find_session(&token::hash(cookie.value()), web.desk.clock.now()).await
        }
        None => Ok(None),
    }
}

/// Over HTTPS the name makes browsers insist on the flags; plain HTTP cannot have them.
fn name(web: &Web) -> &'static str {
    if is_secure(web) { "__Host-sureply" } else { "sureply" }
}

fn is_secure(web: &Web) -> bool {
    web.public_url.starts_with("https://")
}

fn cookie(web: &Web, token: String) -> Cookie<'static> {
    Cookie::build((name(web), token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_secure(web))
        .build()
}

/// Lets somebody with at least that role through; who it is goes with the request.
pub(in crate::web) async fn admit(
    parts: &mut Parts,
    web: &Web,
    role: Role,
) -> Result<(), Response> {
    let broken = |error: anyhow::Error| PageError::from(error).into_response();
    let jar = CookieJar::from_headers(&parts.headers);
    let Some(open) = find(web, &jar).await.map_err(broken)? else {
        return Err(ask_to_log_in(parts));
    };
    let OpenSession { agent, session_id, page_lang, .. } = open;
    if agent.role < role {
        let admins = web.desk.store.admins().await.map_err(broken)?;
        return Err(refusal(&parts.headers, may_not(agent.role, role, &admins)));
    }
    if owes_second_step(web, &agent).await.map_err(broken)? && !leads_on(parts) {
        return Err(ask_for_second_step(parts));
    }
    parts.extensions.insert(Here(session_id));
    if let Some(tongue) = page_lang.and_then(Tongue::of) {
        parts.extensions.insert(Chosen(tongue));
    }
    parts.extensions.insert(SignedIn(agent));
    Ok(())
}

/// The language that whoever is logged in has chosen for the pages.
pub(in crate::web) fn tongue(parts: &Parts) -> Option<Tongue> {
    parts.extensions.get::<Chosen>().map(|Chosen(tongue)| *tongue)
}

impl FromRequestParts<Arc<Web>> for SignedIn {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Web>) -> Result<Self, PageError> {
        let signed_in = parts.extensions.get::<Self>().cloned();
        Ok(signed_in.context("a route that takes who is logged in must need a role")?)
    }
}

impl FromRequestParts<Arc<Web>> for Here {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Web>) -> Result<Self, PageError> {
        let here = parts.extensions.get::<Self>().cloned();
        Ok(here.context("a route that takes a session must need a role")?)
    }
}

/// Says which role is needed and who can give it.
fn may_not(has: Role, needed: Role, admins: &[Agent]) -> Error {
    let names: Vec<&str> = admins.iter().take(3).map(|admin| admin.name.as_str()).collect();
    let [needed, has] = [needed, has].map(|role| words::say_of("role", role.as_str()));
    Error::Forbidden(if names.is_empty() {
        t!("error-may-not", needed = needed, has = has)
    } else {
        t!("error-may-not-ask", needed = needed, has = has, names = names.join(", "))
    })
}

/// Whether the settings ask for a second step that somebody has not set up yet.
pub(super) async fn owes_second_step(web: &Web, agent: &Agent) -> Result<bool> {
    let asked = match web.desk.config.desk.require_totp {
        RequireTotp::None => false,
        RequireTotp::Admins => agent.role >= Role::Admin,
        RequireTotp::All => true,
    };
    Ok(asked && !web.desk.store.has_factor(&agent.id).await?)
}

/// Whether a request is one of those by which a second step is set up.
fn leads_on(parts: &Parts) -> bool {
    parts.uri.path().starts_with("/account/two-step")
}

fn ask_for_second_step(parts: &Parts) -> Response {
    let accept = parts.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if parts.method == Method::GET && accept.is_some_and(|accept| accept.contains("text/html")) {
        return Redirect::to("/account/two-step").into_response();
    }
    refusal(&parts.headers, Error::Forbidden(t!("error-two-step-owed")))
}

/// A page leads to the login and back; a form says so in words, since going back keeps what was
/// written; anything else gets the bare status.
fn ask_to_log_in(parts: &Parts) -> Response {
    let words = Error::Unauthorized(t!("error-session-ended"));
    let accept = parts.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if !accept.is_some_and(|accept| accept.contains("text/html")) {
        return words.into_response();
    }
    if parts.method != Method::GET {
        return PageError(words).into_response();
    }
    let asked = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let next: String = url::form_urlencoded::byte_serialize(asked.as_bytes()).collect();
    Redirect::to(&format!("/login?next={next}")).into_response()
}

/// Where to go after the login: an address of ours, or the start.
pub(super) fn next_page(next: &str) -> &str {
    let foreign = next.starts_with("//")
        || next.contains(['\\', '\n', '\r', '\t'])
        || next.chars().any(char::is_control);
    if next.starts_with('/') && !foreign { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::next_page;

    #[test]
    fn a_login_never_leads_to_another_site() {
        for (next, page) in [
            ("/conversations/1?queue=mine", "/conversations/1?queue=mine"),
            ("/", "/"),
            ("", "/"),
            ("https://evil.example", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/\n/evil.example", "/"),
            ("javascript:alert(1)", "/"),
        ] {
            assert_eq!(next_page(next), page, "{next}");
        }
    }
}
