//! Views: searches kept under a name, in the rail with how many conversations each finds.

use super::form::tidy;
use super::page::{Frame, PageError, render};
use super::search::Wanted;
use super::session::SignedIn;
use crate::conversation::ViewId;
use crate::store::{Agent, Role, SavedView};
use crate::web::{Error, State};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{Redirect, Response};
use axum::{Form, Json};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Characters that a name may have.
const NAME: usize = 60;

/// A view as the rail shows it.
pub(super) struct ViewLink {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) shared: bool,
    /// Whether it is the viewer's own.
    pub(super) mine: bool,
}

impl ViewLink {
    pub(super) fn new(view: &SavedView, agent: &Agent) -> Self {
        Self {
            id: view.id.to_string(),
            name: crate::web::markdown::visible(&view.name),
            address: format!("/search?{}", view.query),
            shared: view.shared,
            mine: view.agent_id == agent.id,
        }
    }
}

#[derive(Template)]
#[template(path = "views.html")]
struct ViewsPage {
    frame: Frame,
    /// Each with how many conversations it finds; empty where that is not known yet.
    views: Vec<(ViewLink, String)>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

/// What a form says of a view.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    name: String,
    /// Sent where the team is to see it.
    shared: Option<String>,
    query: String,
}

impl Said {
    fn name(&self) -> Result<String, Error> {
        let name = tidy(&self.name).replace(['\n', '\t'], " ");
        if name.is_empty() || name.chars().count() > NAME {
            return Err(Error::BadRequest(t!("view-no-name")));
        }
        Ok(name)
    }
}

/// All views, to be looked at, renamed and deleted.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let views = web.desk.store.views(&agent.id).await?;
    let mut counts = web.counts.of(&web, &views).await?;
    let views = views.iter().map(|view| ViewLink::new(view, &agent)).map(|link| {
        let count = counts.remove(&link.id).unwrap_or_default();
        (link, count)
    });
    let views = views.collect();
    let frame = Frame::new(&web, &agent, "views").await?.with_notice(asked.done.as_deref());
    render(&ViewsPage { frame, views })
}

/// How many conversations each view finds, by its identifier, as far as it is known.
pub(super) async fn counts(
    web: State,
    SignedIn(agent): SignedIn,
) -> Result<Json<BTreeMap<String, String>>, Error> {
    let views = web.desk.store.views(&agent.id).await?;
    Ok(Json(web.counts.of(&web, &views).await?))
}

/// Whether the team is to see it: whoever may only look changes nothing for others.
fn may_share(agent: &Agent, said: &Said) -> bool {
    said.shared.is_some() && agent.role >= Role::Agent
}

/// Keeps a search.
pub(super) async fn keep(
    web: State,
    SignedIn(agent): SignedIn,
    Form(said): Form<Said>,
) -> Result<Redirect, PageError> {
    let wanted = Wanted::read(&said.query);
    let view = SavedView {
        id: ViewId::fresh(),
        agent_id: agent.id.clone(),
        name: said.name()?,
        shared: may_share(&agent, &said),
        query: wanted.query(),
    };
    if view.query.is_empty() {
        return Err(Error::BadRequest(t!("view-empty")).into());
    }
    if !web.desk.store.add_view(&view, web.desk.clock.now()).await? {
        return Err(Error::Conflict(t!("view-full")).into());
    }
    Ok(Redirect::to(&format!("/search?{}&done=view-kept", view.query)))
}

/// Gives a view another name, and shares it or not.
pub(super) async fn change(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Form(said): Form<Said>,
) -> Result<Redirect, PageError> {
    let (id, name) = (ViewId::from(id), said.name()?);
    let shared = may_share(&agent, &said);
    if !web.desk.store.change_view(&id, &agent.id, &name, shared).await? {
        return Err(Error::NotFound(t!("error-no-view")).into());
    }
    Ok(Redirect::to("/views?done=view-changed"))
}

/// Deletes a view.
pub(super) async fn delete(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
) -> Result<Redirect, PageError> {
    if !web.desk.store.delete_view(&ViewId::from(id), &agent.id).await? {
        return Err(Error::NotFound(t!("error-no-view")).into());
    }
    Ok(Redirect::to("/views?done=view-deleted"))
}
