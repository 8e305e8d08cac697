//! The tokens of programs on the screen: made, shown once, and revoked.

use super::clockface::Moment;
use super::logbook;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::conversation::{ChannelKind, InboxName, TokenId};
use crate::store::{Agent, ApiToken, StaffAct};
use crate::token;
use crate::web::{Error, State, Web};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::HashMap;

/// Tokens on a page.
const PAGE: usize = 50;

/// Pages that can be turned to.
const LAST: i64 = 10_000;

/// Characters that the name of a token may have.
const NAME: usize = 80;

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    frame: Frame,
    tokens: Vec<TokenView>,
    /// The inboxes that programs use.
    inboxes: Vec<String>,
    page: i64,
    more: bool,
    /// A token just made; it is shown this once.
    made: Option<String>,
}

/// A token on the page.
struct TokenView {
    id: TokenId,
    name: String,
    inboxes: Option<String>,
    by: String,
    made: Moment,
    used: Option<Moment>,
    revoked: Option<Moment>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default = "first")]
    page: i64,
    done: Option<String>,
}

fn first() -> i64 {
    1
}

/// All tokens.
pub(super) async fn list(
    web: State,
    SignedIn(agent): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let page = read(&web, &agent, wanted.page.clamp(1, LAST), None).await?;
    render(&TokensPage { frame: page.frame.with_notice(wanted.done.as_deref()), ..page })
}

/// Makes a token and shows it once.
pub(super) async fn make(
    web: State,
    SignedIn(agent): SignedIn,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let all = |wanted: &str| {
        let fields = fields.iter().filter(|(name, _)| name == wanted);
        fields.map(|(_, value)| value.trim().to_owned()).collect::<Vec<_>>()
    };
    let (name, chosen) = (all("name").pop().unwrap_or_default(), all("inbox"));
    if name.is_empty() || name.chars().count() > NAME || name.contains(char::is_control) {
        return Err(Error::BadRequest(t!("error-token-name")).into());
    }
    let known = programs_inboxes(&web);
    if chosen.iter().any(|inbox| !known.contains(inbox)) {
        return Err(Error::BadRequest(t!("error-token-inbox")).into());
    }
    let inboxes: Vec<InboxName> =
        chosen.iter().map(|inbox| InboxName::from(inbox.as_str())).collect();
    let inboxes = Some(inboxes).filter(|inboxes| !inboxes.is_empty());
    let (token, now) = (token::fresh(), web.desk.clock.now());
    let store = &web.desk.store;
    store.add_token(&token::hash(&token), &name, inboxes.as_deref(), Some(&agent.id), now).await?;
    let detail = inboxes.map_or_else(|| "all inboxes".to_owned(), |inboxes| joined(&inboxes));
    logbook::write(&web, &agent, StaffAct::TokenMade, Some(&name), &detail).await?;
    render(&read(&web, &agent, 1, Some(token)).await?)
}

/// Revokes a token; programs that use it are refused within a second.
pub(super) async fn revoke(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<TokenId>,
) -> Result<Redirect, PageError> {
    let revoked = web.desk.store.revoke_token(&id, web.desk.clock.now()).await?;
    let Some(name) = revoked else {
        return Err(Error::NotFound(t!("error-token-gone")).into());
    };
    logbook::write(&web, &agent, StaffAct::TokenRevoked, Some(&name), "").await?;
    Ok(Redirect::to("/people/tokens?done=revoked"))
}

async fn read(
    web: &Web,
    agent: &Agent,
    page: i64,
    made: Option<String>,
) -> Result<TokensPage, PageError> {
    let (store, now) = (&web.desk.store, web.desk.clock.now());
    let size = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let mut tokens = store.tokens((page - 1) * size, size + 1).await?;
    let more = tokens.len() > PAGE;
    tokens.truncate(PAGE);
    let people = store.agents().await?;
    let names: HashMap<_, _> = people.iter().map(|it| (&it.id, it.name.as_str())).collect();
    let tokens = tokens
        .into_iter()
        .map(|token| {
            let by = token.created_by.as_ref();
            let by = by.and_then(|by| names.get(by)).map(|name| (*name).to_owned());
            TokenView::new(&token, by.unwrap_or_else(|| t!("token-by-command")), now)
        })
        .collect();
    let frame = Frame::new(web, agent, "people").await?;
    Ok(TokensPage { frame, tokens, inboxes: programs_inboxes(web), page, more, made })
}

impl TokenView {
    fn new(token: &ApiToken, by: String, now: DateTime<Utc>) -> Self {
        Self {
            id: token.id.clone(),
            name: token.name.clone(),
            inboxes: token.inboxes.as_deref().map(joined),
            by,
            made: Moment::new(token.created_at, now),
            used: token.used_at.map(|at| Moment::new(at, now)),
            revoked: token.revoked_at.map(|at| Moment::new(at, now)),
        }
    }
}

/// The inboxes that a token can be for.
fn programs_inboxes(web: &Web) -> Vec<String> {
    let inboxes = web.desk.config.inboxes.iter();
    let of_programs =
        inboxes.filter(|it| matches!(it.channel, ChannelKind::Api | ChannelKind::Whatsapp));
    of_programs.map(|inbox| inbox.name.clone()).collect()
}

fn joined(inboxes: &[InboxName]) -> String {
    inboxes.iter().map(InboxName::as_str).collect::<Vec<_>>().join(", ")
}
