//! The people who work here, and inviting more of them.

use super::join::is_mailbox;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::store::{Agent, Role};
use crate::token;
use crate::web::{Error, State, Web};
use askama::Template;
use axum::Form;
use axum::response::Response;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    frame: Frame,
    people: Vec<Agent>,
    /// The link of an invitation just made; it is shown this once.
    link: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Invitation {
    #[serde(default)]
    email: String,
    role: Role,
}

/// Everybody who works here.
pub(super) async fn list(web: State, SignedIn(agent): SignedIn) -> Result<Response, PageError> {
    render(&page(&web, &agent, None).await?)
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
        let words = "this is no e-mail address; write one such as ada@example.org, or none";
        return Err(Error::BadRequest(words.into()).into());
    }
    let now = web.desk.clock.now();
    web.desk.store.invite(&token::hash(&token), email, sent.role, now).await?;
    tracing::info!(agent.id = %agent.id, role = %sent.role, "invited somebody");
    let link = format!("{}/join/{token}", web.public_url);
    render(&page(&web, &agent, Some(link)).await?)
}

async fn page(web: &Web, agent: &Agent, link: Option<String>) -> Result<PeoplePage, PageError> {
    let people = web.desk.store.agents().await?;
    Ok(PeoplePage { frame: Frame::new(web, agent, "people").await?, people, link })
}
