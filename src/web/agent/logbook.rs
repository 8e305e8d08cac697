//! The logbook on the screen: who did what to people and settings, for admins.

use super::clockface::Moment;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::store::{Agent, StaffAct, StaffLine};
use crate::web::words::say_of;
use crate::web::{State, Web};
use anyhow::Result;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

/// Lines on a page.
const PAGE: i64 = 50;

/// Pages that can be turned to: nobody reads further back than this here.
const LAST: i64 = 100_000;

#[derive(Template)]
#[template(path = "logbook.html")]
struct LogbookPage {
    frame: Frame,
    lines: Vec<Line>,
    page: i64,
    more: bool,
}

/// A line on the page.
struct Line {
    at: Moment,
    who: String,
    what: String,
    whom: Option<String>,
    detail: String,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default = "first")]
    page: i64,
}

fn first() -> i64 {
    1
}

/// A page of the logbook.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let (page, now) = (wanted.page.clamp(1, LAST), web.desk.clock.now());
    let mut lines = web.desk.store.log_page((page - 1) * PAGE, PAGE + 1).await?;
    let more = lines.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    lines.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let lines = lines.into_iter().map(|line| Line::new(line, now)).collect();
    let frame = Frame::new(&web, &agent, "people").await?;
    render(&LogbookPage { frame, lines, page, more })
}

impl Line {
    fn new(line: StaffLine, now: chrono::DateTime<chrono::Utc>) -> Self {
        Self {
            at: Moment::new(line.created_at, now),
            who: line.actor_name,
            what: say_of("staff-act", line.act.as_str()),
            whom: line.subject,
            detail: line.detail,
        }
    }
}

/// Writes down what somebody did, with the name that whom or what it was done to has now.
pub(super) async fn write(
    web: &Web,
    actor: &Agent,
    act: StaffAct,
    subject: Option<&str>,
    detail: &str,
) -> Result<()> {
    let line = StaffLine {
        actor: Some(actor.id.clone()),
        actor_name: actor.name.clone(),
        act,
        subject: subject.map(str::to_owned),
        detail: detail.to_owned(),
        created_at: web.desk.clock.now(),
    };
    tracing::info!(agent.id = %actor.id, act = %act, "wrote into the logbook");
    web.desk.store.log(&line).await
}
