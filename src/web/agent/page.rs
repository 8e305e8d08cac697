//! What all pages share: the frame around them, and errors that people can read.

use super::bulk;
use super::list::shortened;
use super::suppression::notifying;
use super::views::ViewLink;
use super::warning::{Alert, alerts};
use crate::conversation::{AgentId, ConversationId, HeldSend};
use crate::knowledge::Risk;
use crate::store::{Agent, Counts, Queue, Role};
use crate::web::words;
use crate::web::{Error, Web, markdown};
use anyhow::Context;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};

/// Characters of words about to be sent that a page shows.
const WORDS: usize = 60;

/// The frame around a page: who looks at it, where they are and what waits.
pub(super) struct Frame {
    /// The time here, for the script: what it counts down follows this clock, not the viewer's.
    pub(super) now: String,
    /// The business whose desk this is.
    pub(super) business: String,
    /// Who looks at it, by identifier.
    pub(super) agent: AgentId,
    /// Who looks at it.
    pub(super) name: String,
    /// What they may do.
    pub(super) role: Role,
    /// How many conversations each queue holds.
    pub(super) counts: Counts,
    /// The entry of the menu that the page belongs to.
    pub(super) place: &'static str,
    /// What has just been done, if anything.
    pub(super) notice: Option<String>,
    /// What they may still take back.
    pub(super) held: Vec<Undo>,
    /// The searches that they and the team keep.
    pub(super) views: Vec<ViewLink>,
    /// All that is about to be sent.
    pub(super) sends: Vec<HeldSend>,
    /// Risk classes whose automatic answers were stopped.
    pub(super) stopped: Vec<Stopped>,
    /// What an admin should mend at a number.
    pub(super) numbers: Vec<Alert>,
    /// Whether there is an inbox from which people can be notified.
    pub(super) notifies: bool,
}

/// Words that are about to be sent.
pub(super) struct Undo {
    pub(super) id: String,
    /// Seconds that are left.
    pub(super) left: i64,
    /// How they begin.
    pub(super) words: String,
}

impl Undo {
    fn new(held: &HeldSend, now: DateTime<Utc>) -> Self {
        Self {
            id: held.conversation_id.to_string(),
            left: (held.due_at - now).num_seconds().max(0),
            words: match held.act.text() {
                "" => t!("undo-files", count = held.act.files().len()),
                text => shortened(&markdown::to_words(text), WORDS),
            },
        }
    }
}

/// A risk class of an inbox whose automatic answers were stopped.
pub(super) struct Stopped {
    pub(super) inbox: String,
    pub(super) risk: Risk,
}

impl Frame {
    /// The frame of a page at `place`, as `agent` sees it.
    pub(super) async fn new(
        web: &Web,
        agent: &Agent,
        place: &'static str,
    ) -> Result<Self, PageError> {
        let (store, now) = (&web.desk.store, web.desk.clock.now());
        let counts = store.counts(&agent.id, now).await?;
        let sends = if counts.held > 0 { store.held().await? } else { Vec::new() };
        let views = if counts.views > 0 { store.views(&agent.id).await? } else { Vec::new() };
        let own = sends.iter().filter(|held| held.agent_id == agent.id);
        Ok(Self {
            now: now.to_rfc3339_opts(SecondsFormat::Millis, true),
            business: web.desk.config.business.name.clone(),
            agent: agent.id.clone(),
            name: agent.name.clone(),
            role: agent.role,
            counts,
            place,
            notice: None,
            held: own.map(|held| Undo::new(held, now)).collect(),
            sends,
            views: views.iter().map(|view| ViewLink::new(view, agent)).collect(),
            stopped: stopped(web),
            numbers: alerts(web, agent),
            notifies: !notifying(web).is_empty(),
        })
    }

    /// What is about to be sent in a conversation.
    pub(super) fn held_in(&self, id: &ConversationId) -> Option<&HeldSend> {
        self.sends.iter().find(|held| held.conversation_id == *id)
    }

    /// Whether they may work the queues.
    pub(super) fn may_work(&self) -> bool {
        self.role >= Role::Agent
    }

    /// Whether they may look after the knowledge.
    pub(super) fn may_curate(&self) -> bool {
        self.role >= Role::Curator
    }

    /// Whether they may do everything.
    pub(super) fn may_govern(&self) -> bool {
        self.role >= Role::Admin
    }

    /// The frame with word of what has just been done.
    pub(super) fn with_notice(self, done: Option<&str>) -> Self {
        Self { notice: done.and_then(notice).or(self.notice), ..self }
    }

    /// The frame with word of what came of doing something to many conversations.
    pub(super) fn with_bulk(self, bulk: Option<&str>) -> Self {
        Self { notice: bulk.and_then(bulk::told).or(self.notice), ..self }
    }
}

/// The classes that are stopped now, of inboxes that the settings still name.
fn stopped(web: &Web) -> Vec<Stopped> {
    let stopped = web.desk.stopped();
    let known = stopped.into_iter().filter(|(inbox, _)| web.desk.config.inbox(inbox).is_some());
    known.map(|(inbox, risk)| Stopped { inbox: inbox.to_string(), risk }).collect()
}

/// What a finished act is called on the page that follows it. Only these words are ever shown, so
/// that an address cannot put words into our mouth.
fn notice(done: &str) -> Option<String> {
    words::find("done", done)
}

/// A queue's name in the menu.
pub(super) fn queue_name(queue: Queue) -> String {
    words::say_of("queue", queue.as_str())
}

/// Renders a page; it is for the person who asked and for this moment.
pub(super) fn render(page: &impl Template) -> Result<Response, PageError> {
    let mut response = Html(page.render().context("rendering a page")?).into_response();
    let private = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, private);
    Ok(response)
}

/// An error as a page: what happened and what to do next.
#[derive(Debug)]
pub(in crate::web) struct PageError(pub(in crate::web) Error);

impl<E: Into<Error>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    title: String,
    detail: String,
    login: bool,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, detail) = (self.0.status(), sentence(&self.0.to_string()));
        // The plain form logs what broke and sets the headers that go with the status.
        let mut response = self.0.into_response();
        let page =
            ErrorPage { title: title(status), detail, login: status == StatusCode::UNAUTHORIZED };
        if let Ok(html) = page.render() {
            let html_headers = Html(()).into_response().into_parts().0.headers;
            response.headers_mut().remove(header::CONTENT_LENGTH);
            response.headers_mut().extend(html_headers);
            *response.body_mut() = html.into();
        }
        response
    }
}

fn title(status: StatusCode) -> String {
    match status {
        StatusCode::NOT_FOUND => t!("error-nothing"),
        StatusCode::FORBIDDEN => t!("error-forbidden"),
        StatusCode::UNAUTHORIZED => t!("error-log-in"),
        StatusCode::TOO_MANY_REQUESTS => t!("error-too-many"),
        StatusCode::INTERNAL_SERVER_ERROR => t!("error-broken"),
        _ => t!("error-other"),
    }
}

/// Words as a sentence: with a capital letter and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
