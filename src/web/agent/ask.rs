//! Asking the bot without a customer: a question with its whole decision. Nothing is sent or stored.

use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use super::why::{Why, writer};
use crate::conversation::{Citation, Draft, Reply};
use crate::desk::bare_turn;
use crate::store::Agent;
use crate::web::{Error, State, Web, markdown};
use anyhow::Context as _;
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;

/// Characters that a question may have.
const LONGEST: usize = 2_000;

#[derive(Template)]
#[template(path = "ask.html")]
struct AskPage {
    frame: Frame,
    question: String,
    inbox: String,
    answer: Option<Asked>,
}

struct Asked {
    why: Why,
    reply: Option<String>,
    draft: Option<DraftView>,
}

struct DraftView {
    html: String,
    writer: String,
    citations: Vec<Citation>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
}

/// The form, with a question that an address brings along. It is not asked by that: calls to a model
/// may cost, and any page could lead here.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    show(&web, &agent, wanted, false).await
}

/// The decision about a question, asked on our own page.
pub(super) async fn ask(
    web: State,
    SignedIn(agent): SignedIn,
    Form(wanted): Form<Wanted>,
) -> Result<Response, PageError> {
    show(&web, &agent, wanted, true).await
}

async fn show(
    web: &Web,
    agent: &Agent,
    wanted: Wanted,
    is_asked: bool,
) -> Result<Response, PageError> {
    let question: String = wanted.q.trim().chars().take(LONGEST).collect();
    let Some(settings) = web.desk.config.inboxes.first() else {
        return Err(Error::BadRequest(t!("error-no-inbox")).into());
    };
    let answer = if question.is_empty() || !is_asked {
        None
    } else {
        let turn = bare_turn(&question, settings.inbox(), web.desk.clock.now());
        // A task of its own: who leaves the page does not leave a call to a model uncounted.
        let desk = Arc::clone(&web.desk);
        let considering = tokio::spawn(async move { desk.consider(&turn).await });
        let considered = considering.await.context("considering a question")??;
        let (reply, summary) =
            (considered.conclusion.reply, considered.conclusion.summary.as_ref());
        let draft = considered.record.draft.as_ref().map(draft);
        Some(Asked {
            why: Why::new(considered.record, summary),
            reply: reply.as_ref().map(html),
            draft,
        })
    };
    let frame = Frame::new(web, agent, "ask").await?;
    render(&AskPage { frame, question, inbox: settings.name.clone(), answer })
}

fn html(reply: &Reply) -> String {
    markdown::to_html(&reply.body)
}

fn draft(draft: &Draft) -> DraftView {
    DraftView {
        html: markdown::to_html(&draft.text),
        writer: writer(&draft.writer),
        citations: draft.citations.clone(),
    }
}
