//! News for open pages: that a conversation changed. The page asks again for what it shows.

use super::presence;
use super::session::{Here, SignedIn};
use crate::conversation::{AgentId, ConversationId, SessionId};
use crate::desk::News;
use crate::store::ChangeMark;
use crate::web::{Error, State, Web};
use axum::extract::Query;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use chrono::{DateTime, TimeDelta, Utc};
use futures::stream;
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

/// A stream ends when the server stops, and after this long in any case; the browser comes back, and its session is looked at anew.
const LONGEST: Duration = Duration::from_mins(5);
/// How often to look without news, for what other nodes have done.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// The word for a conversation that is not known by name; browsers drop events without any data.
const SOME: &str = "some";
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long before its own time a page may have read what it shows, and how far the nodes' clocks may be apart.
const EARLIER: TimeDelta = TimeDelta::seconds(5);

/// What a page says of itself as it begins to listen.
#[derive(Deserialize)]
pub(super) struct Listener {
    /// When the server made the page: what has changed since then is told at once.
    since: Option<DateTime<Utc>>,
}

/// The stream of news. An event `change` names the conversation, or says `some` when it is not known which; an
/// event `presence` tells who else is in one.
pub(super) async fn stream(
    web: State,
    Here(session): Here,
    SignedIn(agent): SignedIn,
    Query(listener): Query<Listener>,
) -> Result<impl IntoResponse, Error> {
    let (news, presence) = (web.desk.follow(), web.desk.follow_presence());
    let mark = web.desk.store.change_mark().await?;
    let follower = Follower {
        session,
        agent: agent.id,
        news,
        presence,
        is_behind: listener.since.is_some_and(|since| mark.newest() > Some(since - EARLIER)),
        mark,
        stopping: web.stopping.clone(),
        end: Instant::now() + LONGEST,
        web: Arc::clone(&web),
    };
    let news = stream::unfold(follower, |mut follower| async {
        let event = follower.next().await?;
        Some((Ok::<_, Infallible>(event), follower))
    });
    let events = Sse::new(news).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], events))
}

/// A page that follows the desk.
struct Follower {
    web: Arc<Web>,
    /// The session that the page belongs to; the stream ends with it.
    session: SessionId,
    /// Whose page it is; they know of themselves that they are there.
    agent: AgentId,
    /// What this node tells.
    news: Receiver<News>,
    /// Where somebody comes or writes, as this node knows.
    presence: Receiver<ConversationId>,
    /// How the store stood when the page was last told.
    mark: ChangeMark,
    /// Whether something happened between the making of the page and the first word it can hear.
    is_behind: bool,
    stopping: watch::Receiver<bool>,
    end: Instant,
}

impl Follower {
    /// What happened next; nothing when the stream is to end.
    async fn next(&mut self) -> Option<Event> {
        if std::mem::take(&mut self.is_behind) {
            return Some(Event::default().event("change").data(SOME));
        }
        loop {
            let mut came = None;
            let heard = tokio::select! {
                news = self.news.recv() => match news {
                    Ok(news) => Some(news.conversation_id.to_string()),
                    Err(RecvError::Lagged(_)) => Some(SOME.to_owned()),
                    Err(RecvError::Closed) => return None,
                },
                change = self.presence.recv() => {
                    // What was missed is told again in a few seconds, or is over.
                    came = change.ok();
                    None
                }
                () = sleep(LOOK_EVERY) => None,
                () = sleep_until(self.end) => return None,
                _ = self.stopping.wait_for(|stop| *stop) => return None,
            };
            if !self.goes_on().await {
                return None;
            }
            if let Some(id) = came {
                let people = presence::others(&self.web, &id, &self.agent).to_string();
                return Some(Event::default().event("presence").data(people));
            }
            let has_changed = self.look().await;
            if heard.is_some() || has_changed {
                let conversation = heard.unwrap_or_else(|| SOME.to_owned());
                return Some(Event::default().event("change").data(conversation));
            }
        }
    }

    /// Whether nobody has ended the session. While the store does not answer, nobody has.
    async fn goes_on(&self) -> bool {
        self.web.desk.store.has_session(&self.session).await.unwrap_or(true)
    }

    /// Whether the store stands otherwise than when the page was last told. While it does not
    /// answer, nothing has changed.
    async fn look(&mut self) -> bool {
        match self.web.desk.store.change_mark().await {
            Ok(mark) => std::mem::replace(&mut self.mark, mark) != self.mark,
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "could not look for changes");
                false
            }
        }
    }
}
