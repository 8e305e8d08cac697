//! Teams on the screen: made, named, filled and ended by admins.

use super::logbook;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::conversation::{AgentId, TeamId};
use crate::store::{Agent, StaffAct, Team};
use crate::web::{Error, State, Web};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{Redirect, Response};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Characters that the name of a team may have.
const NAME: usize = 60;

#[derive(Template)]
#[template(path = "teams.html")]
struct TeamsPage {
    frame: Frame,
    teams: Vec<TeamView>,
    /// Whoever can be in a team.
    people: Vec<Agent>,
    /// Teams that the settings name and that are not there.
    missing: Vec<String>,
}

/// A team on the page.
struct TeamView {
    team: Team,
    /// Who is in it, by name.
    names: String,
    /// The inboxes that are for it.
    inboxes: String,
}

impl TeamView {
    fn has(&self, person: &Agent) -> bool {
        self.team.members.contains(&person.id)
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    done: Option<String>,
}

/// A form's fields, of which some come several times.
type Fields = Vec<(String, String)>;

/// All teams.
pub(super) async fn list(
    web: State,
    SignedIn(agent): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let teams = web.desk.store.teams().await?;
    let people = web.desk.store.agents().await?;
    let missing = missing(&web, &teams);
    let teams = teams.into_iter().map(|team| view(&web, team, &people)).collect();
    let people = people.into_iter().filter(|person| person.left_at.is_none()).collect();
    let frame = Frame::new(&web, &agent, "people").await?.with_notice(wanted.done.as_deref());
    render(&TeamsPage { frame, teams, people, missing })
}

/// Makes a team.
pub(super) async fn make(
    web: State,
    SignedIn(agent): SignedIn,
    Form(fields): Form<Fields>,
) -> Result<Redirect, PageError> {
    let team = read(TeamId::fresh(), fields)?;
    save(&web, &agent, &team, StaffAct::TeamMade).await
}

/// Changes a team's name and who is in it.
pub(super) async fn change(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<TeamId>,
    Form(fields): Form<Fields>,
) -> Result<Redirect, PageError> {
    if !web.desk.store.teams().await?.iter().any(|team| team.id == id) {
        return Err(gone().into());
    }
    let team = read(id, fields)?;
    save(&web, &agent, &team, StaffAct::TeamChanged).await
}

/// Ends a team; its people stay.
pub(super) async fn end(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<TeamId>,
) -> Result<Redirect, PageError> {
    let teams = web.desk.store.teams().await?;
    let Some(team) = teams.into_iter().find(|team| team.id == id) else {
        return Err(gone().into());
    };
    if !web.desk.store.drop_team(&id).await? {
        return Err(gone().into());
    }
    logbook::write(&web, &agent, StaffAct::TeamEnded, Some(&team.name), "").await?;
    Ok(Redirect::to("/people/teams?done=team-ended"))
}

fn gone() -> Error {
    Error::NotFound(t!("error-team-gone"))
}

async fn save(web: &Web, agent: &Agent, team: &Team, act: StaffAct) -> Result<Redirect, PageError> {
    if !web.desk.store.save_team(team, web.desk.clock.now()).await? {
        return Err(Error::Conflict(t!("error-team-taken")).into());
    }
    let people = web.desk.store.agents().await?;
    logbook::write(web, agent, act, Some(&team.name), &names(team, &people)).await?;
    Ok(Redirect::to("/people/teams?done=team"))
}

/// What a form says of a team.
fn read(id: TeamId, fields: Fields) -> Result<Team, Error> {
    let (mut name, mut members) = (String::new(), BTreeSet::new());
    for (field, value) in fields {
        match field.as_str() {
            "name" => value.trim().clone_into(&mut name),
            "member" => {
                members.insert(AgentId::from(value));
            }
            _ => {}
        }
    }
    if name.is_empty() || name.chars().count() > NAME || name.contains(char::is_control) {
        return Err(Error::BadRequest(t!("error-team-name")));
    }
    Ok(Team { id, name, members })
}

fn view(web: &Web, team: Team, people: &[Agent]) -> TeamView {
    let inboxes = web.desk.config.inboxes.iter();
    let for_it = inboxes.filter(|inbox| {
        inbox.team.as_ref().is_some_and(|name| name.to_lowercase() == team.name.to_lowercase())
    });
    let inboxes = for_it.map(|inbox| inbox.name.as_str()).collect::<Vec<_>>().join(", ");
    TeamView { names: names(&team, people), inboxes, team }
}

/// Who is in a team and still works here, by name.
fn names(team: &Team, people: &[Agent]) -> String {
    let members = people.iter().filter(|it| it.left_at.is_none() && team.members.contains(&it.id));
    members.map(|person| person.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The teams that inboxes and rules name and that are not there, each once.
fn missing(web: &Web, teams: &[Team]) -> Vec<String> {
    let known: BTreeSet<String> = teams.iter().map(|team| team.name.to_lowercase()).collect();
    let config = &web.desk.config;
    let named = config.inboxes.iter().filter_map(|inbox| inbox.team.as_ref());
    let named = named.chain(config.rules.iter().filter_map(|rule| rule.route.as_ref()));
    let missing = named.filter(|name| !known.contains(&name.to_lowercase())).cloned();
    missing.collect::<BTreeSet<_>>().into_iter().collect()
}
