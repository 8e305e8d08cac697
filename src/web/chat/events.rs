//! What happens in a chat, told as it happens; a page that comes back goes on where it was.

use super::message::{Cursor, PAGE, ShownMessage, Standing};
use super::visitor::Visitor;
use crate::conversation::ContactId;
use crate::desk::News;
use crate::web::{Error, State, Web};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, StreamExt as _};
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;

/// Streams that one visitor may have open: a few tabs on a few devices.
const MAX_STREAMS: usize = 5;
/// How often to look without news, for what other nodes have done.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The streams that are open, by visitor.
#[derive(Debug, Clone, Default)]
pub struct Streams(Arc<Mutex<HashMap<ContactId, usize>>>);

impl Streams {
    fn enter(&self, contact: &ContactId) -> Option<Place> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(contact.clone()).or_default();
        if *count >= MAX_STREAMS {
            return None;
        }
        *count += 1;
        Some(Place { streams: self.clone(), contact: contact.clone() })
    }
}

/// An open stream; it is counted until this is dropped.
struct Place {
    streams: Streams,
    contact: ContactId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.contact) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.contact);
            }
        }
    }
}

/// Streams messages and changes of standing, from `Last-Event-ID` on.
pub(in crate::web) async fn events(
    web: State,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Error> {
    let place = web.streams.enter(&visitor.contact).ok_or(Error::TooMany(30))?;
    let told = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let follower = Follower {
        news: web.desk.follow(),
        stopping: web.stopping.clone(),
        web: Arc::clone(&web),
        visitor,
        told,
        standing: None,
        _place: place,
    };
    let batches = stream::unfold(follower, |mut follower| async {
        follower
            .next()
            .await
            .map(|batch| (stream::iter(batch.into_iter().map(Ok::<_, Infallible>)), follower))
    });
    let events = Sse::new(batches.flatten()).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // Proxies that hold answers back until they are whole would hold a stream back for ever.
    let unbuffered =
        [(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"))];
    Ok((unbuffered, events))
}

/// A page that follows its chat.
struct Follower {
    web: Arc<Web>,
    visitor: Visitor,
    news: broadcast::Receiver<News>,
    stopping: watch::Receiver<bool>,
    /// The cursor of the newest message that was told.
    told: Option<String>,
    /// The standing that was told.
    standing: Option<Standing>,
    _place: Place,
}

impl Follower {
    /// The next events, as soon as there are any; none when the stream is to end.
    async fn next(&mut self) -> Option<Vec<Event>> {
        loop {
            match self.look().await {
                Ok(events) if !events.is_empty() => return Some(events),
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(
                        error = format!("{error:#}"),
                        "a chat's stream broke; its page comes back"
                    );
                    return None;
                }
            }
            if !self.wait().await {
                return None;
            }
        }
    }

    async fn look(&mut self) -> anyhow::Result<Vec<Event>> {
        let store = &self.web.desk.store;
        let state = store.find_chat_state(&self.visitor.inbox, &self.visitor.contact).await?;
        let mut events = Vec::new();
        if let Some(state) = &state {
            let from = Cursor::resume(state, self.told.as_deref());
            if state.last_shown > from.shown {
                for message in store.shown_messages(&state.id, from.shown, PAGE).await? {
                    let shown = ShownMessage::from(message);
                    self.told = Some(shown.cursor.clone());
                    events.push(
                        Event::default().event("message").id(&shown.cursor).json_data(shown)?,
                    );
                }
            }
        }
        let standing = Standing::of(&self.web, &self.visitor.inbox, state.as_ref());
        if self.standing.as_ref() != Some(&standing) {
            events.push(Event::default().event("status").json_data(&standing)?);
            self.standing = Some(standing);
        }
        Ok(events)
    }

    /// Waits until there may be something new; `false` when the server stops.
    async fn wait(&mut self) -> bool {
        let ours = self.told.as_deref().and_then(|told| told.rsplit_once('.')).map(|(id, _)| id);
        let news = &mut self.news;
        let heard = async {
            loop {
                match news.recv().await {
                    Ok(news) if ours.is_some_and(|id| id != news.conversation_id.as_str()) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    // The desk is gone; the server is about to stop.
                    Err(RecvError::Closed) => return std::future::pending().await,
                }
            }
        };
        tokio::select! {
            () = heard => true,
            () = tokio::time::sleep(LOOK_EVERY) => true,
            _ = self.stopping.wait_for(|stop| *stop) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_STREAMS, Streams};
    use crate::conversation::ContactId;

    #[test]
    fn a_visitor_has_a_few_streams_and_gets_back_those_that_end() {
        let streams = Streams::default();
        let (ana, ben) = (ContactId::from("ana"), ContactId::from("ben"));
        let mut open: Vec<_> = (0..MAX_STREAMS).filter_map(|_| streams.enter(&ana)).collect();
        assert_eq!(open.len(), MAX_STREAMS);
        assert!(streams.enter(&ana).is_none());
        assert!(streams.enter(&ben).is_some());
        open.pop();
        assert!(streams.enter(&ana).is_some());
        open.clear();
        assert!(streams.0.lock().unwrap().is_empty());
    }
}
