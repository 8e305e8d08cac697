//! The queue pages.

use super::list::List;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::store::Queue;
use crate::web::{Error, State};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{Redirect, Response};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    frame: Frame,
    list: List,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    page: Option<i64>,
    done: Option<String>,
    bulk: Option<String>,
}

/// The start: what needs approval.
pub(super) async fn start() -> Redirect {
    Redirect::to("/queue/approval")
}

/// A page of a queue.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Path(queue): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let queue: Queue = queue.parse().map_err(|_| Error::NotFound(t!("error-no-queue")))?;
    let frame = Frame::new(&web, &agent, queue.as_str()).await?.with_bulk(wanted.bulk.as_deref());
    let list = List::read(&web, &agent, queue, wanted.page.unwrap_or(1)).await?;
    render(&QueuePage { frame: frame.with_notice(wanted.done.as_deref()), list })
}
