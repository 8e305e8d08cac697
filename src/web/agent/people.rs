//! The people who work here: inviting more of them, their roles, and their leaving.

use super::join::is_mailbox;
use super::logbook;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use super::traits::joined;
use crate::conversation::AgentId;
use crate::store::{Agent, Changed, Role, StaffAct, Traits};
use crate::token;
use crate::web::{Error, State, Web};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{Redirect, Response};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    frame: Frame,
    people: Vec<Agent>,
    /// Whose login takes two steps.
    two_steps: HashSet<AgentId>,
    /// What they can.
    traits: HashMap<AgentId, Traits>,
    /// What may be given.
    roles: &'static [Role],
    /// A link just made; it is shown this once.
    link: Option<Link>,
}

impl PeoplePage {
    /// The languages that somebody speaks, as a form shows them.
    fn langs(&self, id: &AgentId) -> String {
        self.traits.get(id).map(|traits| joined(&traits.langs)).unwrap_or_default()
    }

    fn skills(&self, id: &AgentId) -> String {
        self.traits.get(id).map(|traits| traits.skills.join(", ")).unwrap_or_default()
    }

    fn capacity(&self, id: &AgentId) -> i64 {
        self.traits.get(id).map_or(0, |traits| traits.capacity)
    }

    fn is_away(&self, id: &AgentId) -> bool {
        self.traits.get(id).is_some_and(|traits| traits.away_since.is_some())
    }
}

/// A link to pass on.
struct Link {
    title: String,
    life: String,
    url: String,
}

#[derive(Deserialize)]
pub(super) struct Invitation {
    #[serde(default)]
    email: String,
    role: Role,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    done: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Given {
    role: Role,
}

/// Everybody who works here or has worked here.
pub(super) async fn list(
    web: State,
    SignedIn(agent): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let page = page(&web, &agent, None).await?;
    render(&PeoplePage { frame: page.frame.with_notice(wanted.done.as_deref()), ..page })
}

/// Makes a one-time link and shows it once.
pub(super) async fn invite(
    web: State,
    SignedIn(agent): SignedIn,
    Form(sent): Form<Invitation>,
) -> Result<Response, PageError> {
    let (token, email) = (token::fresh(), sent.email.trim().to_lowercase());
    let email = Some(email.as_str()).filter(|email| !email.is_empty());
    if email.is_some_and(|email| !is_mailbox(email)) {
        return Err(Error::BadRequest(t!("error-no-address")).into());
    }
    let now = web.desk.clock.now();
    web.desk.store.invite(&token::hash(&token), email, sent.role, now).await?;
    logbook::write(&web, &agent, StaffAct::Invited, email, sent.role.as_str()).await?;
    let url = format!("{}/join/{token}", web.public_url);
    let link = Link { title: t!("link-invitation"), life: t!("link-days"), url };
    render(&page(&web, &agent, Some(link)).await?)
}

/// Gives somebody another role.
pub(super) async fn set_role(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<AgentId>,
    Form(given): Form<Given>,
) -> Result<Redirect, PageError> {
    let changed = web.desk.store.set_role(&id, given.role, web.desk.clock.now()).await?;
    note(&web, &agent, changed, StaffAct::RoleGiven, &id, given.role.as_str()).await?;
    told(changed, "role")
}

/// Logs somebody out everywhere.
pub(super) async fn log_out(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<AgentId>,
) -> Result<Redirect, PageError> {
    if !web.desk.store.agents().await?.iter().any(|person| person.id == id) {
        return told(Changed::Nobody, "");
    }
    web.desk.store.end_sessions_of(&id, None).await?;
    note(&web, &agent, Changed::Done, StaffAct::LoggedOut, &id, "").await?;
    told(Changed::Done, "logged-out")
}

/// Notes that somebody no longer works here.
pub(super) async fn deactivate(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<AgentId>,
) -> Result<Redirect, PageError> {
    let changed = web.desk.store.deactivate(&id, web.desk.clock.now()).await?;
    note(&web, &agent, changed, StaffAct::Deactivated, &id, "").await?;
    told(changed, "deactivated")
}

/// Makes a one-time link for somebody who has forgotten their password, and shows it once.
pub(super) async fn offer_reset(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<AgentId>,
) -> Result<Response, PageError> {
    not_oneself(&agent, &id)?;
    let token = token::fresh();
    if !web.desk.store.offer_reset(&token::hash(&token), &id, web.desk.clock.now()).await? {
        return Err(nobody().into());
    }
    note(&web, &agent, Changed::Done, StaffAct::ResetOffered, &id, "").await?;
    let url = format!("{}/reset/{token}", web.public_url);
    let link = Link { title: t!("password-fresh"), life: t!("link-hour"), url };
    render(&page(&web, &agent, Some(link)).await?)
}

/// Lets somebody in again who had left.
pub(super) async fn reactivate(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<AgentId>,
) -> Result<Redirect, PageError> {
    let changed = web.desk.store.reactivate(&id).await?;
    note(&web, &agent, changed, StaffAct::Reactivated, &id, "").await?;
    told(changed, "reactivated")
}

/// Takes the second step of the login away from somebody who has lost their app.
pub(super) async fn reset_factor(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<AgentId>,
) -> Result<Redirect, PageError> {
    not_oneself(&agent, &id)?;
    if !web.desk.store.drop_factor(&id).await? {
        return told(Changed::Nobody, "");
    }
    note(&web, &agent, Changed::Done, StaffAct::FactorReset, &id, "").await?;
    told(Changed::Done, "two-step-reset")
}

/// Refuses what would let a session that was stolen get round its owner's password or code.
fn not_oneself(agent: &Agent, id: &AgentId) -> Result<(), Error> {
    if agent.id == *id { Err(Error::Conflict(t!("error-own-account"))) } else { Ok(()) }
}

/// Writes down what was done to somebody, if it was.
async fn note(
    web: &Web,
    agent: &Agent,
    changed: Changed,
    act: StaffAct,
    id: &AgentId,
    detail: &str,
) -> anyhow::Result<()> {
    if changed != Changed::Done {
        return Ok(());
    }
    let people = web.desk.store.agents().await?;
    let whom = people.into_iter().find(|person| person.id == *id);
    let whom = whom.map(|person| format!("{} ({})", person.name, person.email));
    logbook::write(web, agent, act, whom.as_deref(), detail).await
}

fn nobody() -> Error {
    Error::NotFound(t!("error-nobody"))
}

/// Back to the list, or why not.
fn told(changed: Changed, done: &str) -> Result<Redirect, PageError> {
    match changed {
        Changed::Done => Ok(Redirect::to(&format!("/people?done={done}"))),
        Changed::Nobody => Err(nobody().into()),
        Changed::LastAdmin => Err(Error::Conflict(t!("error-last-admin")).into()),
    }
}

async fn page(web: &Web, agent: &Agent, link: Option<Link>) -> Result<PeoplePage, PageError> {
    let people = web.desk.store.agents().await?;
    let frame = Frame::new(web, agent, "people").await?;
    let two_steps = web.desk.store.agents_with_factor().await?;
    let traits = web.desk.store.traits().await?;
    Ok(PeoplePage { frame, people, two_steps, traits, roles: Role::ALL, link })
}
