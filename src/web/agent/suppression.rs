//! Whom nothing is sent unasked: customers who have said so, and the addresses that an admin has put on the list.

use super::clockface::Moment;
use super::logbook;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::channel::whatsapp_address;
use crate::conversation::{InboxName, NOTIFICATIONS};
use crate::store::{Agent, OptOut, StaffAct, Suppression};
use crate::web::{Error, State, Web};
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// Lines of each list on a page.
const PAGE: i64 = 50;

/// Pages that can be turned to.
const LAST: i64 = 10_000;

/// Characters that a reason may have.
const REASON: usize = 200;

#[derive(Template)]
#[template(path = "suppressions.html")]
struct SuppressionsPage {
    frame: Frame,
    inboxes: Vec<String>,
    entries: Vec<Entry>,
    opt_outs: Vec<Ended>,
    q: String,
    /// The search as it stands in the addresses of other pages.
    address: String,
    page: i64,
    more: bool,
    /// What was to be put on the list and was not, and why.
    refused: Option<(New, String)>,
}

/// An address on the list.
struct Entry {
    inbox: String,
    address: String,
    reason: String,
    by: String,
    at: Moment,
}

/// A customer who has ended something.
struct Ended {
    inbox: String,
    address: String,
    name: Option<String>,
    is_marketing: bool,
    words: String,
    at: Moment,
}

#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default = "first")]
    page: i64,
    #[serde(default)]
    q: String,
    done: Option<String>,
}

fn first() -> i64 {
    1
}

/// The page.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    render(&read(&web, &agent, wanted).await?)
}

async fn read(web: &Web, agent: &Agent, wanted: Wanted) -> Result<SuppressionsPage, PageError> {
    let (page, now) = (wanted.page.clamp(1, LAST), web.desk.clock.now());
    let q = wanted.q.trim().chars().take(100).collect::<String>();
    let (store, offset) = (&web.desk.store, (page - 1) * PAGE);
    let mut entries = store.suppressions(None, &q, offset, PAGE + 1).await?;
    let mut opt_outs = store.opt_outs(None, &q, offset, PAGE + 1).await?;
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = entries.len() > most || opt_outs.len() > most;
    entries.truncate(most);
    opt_outs.truncate(most);
    let frame = Frame::new(web, agent, "notifications").await?.with_notice(wanted.done.as_deref());
    let address: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
    Ok(SuppressionsPage {
        frame,
        inboxes: notifying(web),
        entries: entries.into_iter().map(|entry| Entry::new(entry, now)).collect(),
        opt_outs: opt_outs.into_iter().map(|ended| Ended::new(ended, now)).collect(),
        address: format!("/suppressions?q={address}&"),
        q,
        page,
        more,
        refused: None,
    })
}

/// The inboxes from which people can be notified.
pub(super) fn notifying(web: &Web) -> Vec<String> {
    let inboxes = web.desk.config.inboxes.iter();
    inboxes.filter(|inbox| inbox.whatsapp.is_some()).map(|inbox| inbox.name.clone()).collect()
}

#[derive(Deserialize)]
pub(super) struct New {
    inbox: String,
    address: String,
    #[serde(default)]
    reason: String,
}

/// Puts an address on the list. What is refused is shown again with what was written.
pub(super) async fn add(
    web: State,
    SignedIn(agent): SignedIn,
    Form(new): Form<New>,
) -> Result<Response, PageError> {
    let one = match understand(&web, &agent, &new) {
        Ok(one) => one,
        Err(words) => {
            let mut page = read(&web, &agent, Wanted::default()).await?;
            page.refused = Some((new, words));
            return Ok((StatusCode::BAD_REQUEST, render(&page)?).into_response());
        }
    };
    if web.desk.store.suppress(&one).await? {
        let (act, whom) = (StaffAct::Suppressed, Some(one.address.as_str()));
        logbook::write(&web, &agent, act, whom, &one.reason).await?;
    }
    Ok(Redirect::to("/suppressions?done=suppressed").into_response())
}

/// What is to be put on the list, or what is wrong with the form.
fn understand(web: &Web, agent: &Agent, new: &New) -> Result<Suppression, String> {
    if !notifying(web).contains(&new.inbox) {
        return Err(t!("error-suppression-inbox"));
    }
    let address = whatsapp_address(&new.address).ok_or_else(|| t!("error-suppression-address"))?;
    let reason = new.reason.trim();
    let length = reason.chars().count();
    if length == 0 || length > REASON || reason.contains(char::is_control) {
        return Err(t!("error-suppression-reason"));
    }
    Ok(Suppression {
        inbox: InboxName::from(new.inbox.as_str()),
        address,
        reason: reason.to_owned(),
        agent_id: Some(agent.id.clone()),
        by_name: agent.name.clone(),
        created_at: web.desk.clock.now(),
    })
}

#[derive(Deserialize)]
pub(super) struct Named {
    inbox: String,
    address: String,
}

/// Takes an address off the list; what a customer has said themselves stays.
pub(super) async fn remove(
    web: State,
    SignedIn(agent): SignedIn,
    Form(named): Form<Named>,
) -> Result<Redirect, PageError> {
    let inbox = InboxName::from(named.inbox.as_str());
    if !web.desk.store.unsuppress(&inbox, &named.address).await? {
        return Err(Error::NotFound(t!("error-suppression-gone")).into());
    }
    let (act, whom) = (StaffAct::Unsuppressed, Some(named.address.as_str()));
    logbook::write(&web, &agent, act, whom, &named.inbox).await?;
    Ok(Redirect::to("/suppressions?done=unsuppressed"))
}

impl Entry {
    fn new(entry: Suppression, now: DateTime<Utc>) -> Self {
        Self {
            inbox: entry.inbox.to_string(),
            address: entry.address,
            reason: entry.reason,
            by: entry.by_name,
            at: Moment::new(entry.created_at, now),
        }
    }
}

impl Ended {
    fn new(ended: OptOut, now: DateTime<Utc>) -> Self {
        Self {
            inbox: ended.inbox.to_string(),
            address: ended.address,
            name: ended.name,
            is_marketing: ended.category != NOTIFICATIONS,
            words: ended.words,
            at: Moment::new(ended.said_at, now),
        }
    }
}
