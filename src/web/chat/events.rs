//! What happens in a chat, told as it happens; a page that comes back goes on where it was.

use super::message::{Cursor, PAGE, ShownMessage, Standing};
use super::visitor::Visitor;
use crate::conversation::ContactId;
use crate::desk::News;
use crate::web::address::Address;
use crate::web::{Error, State, Web};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, StreamExt as _};
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;

/// Streams that one visitor may have open: a few tabs on a few devices.
const MAX_STREAMS: usize = 5;
/// Streams that may be open from one address, since another visitor costs nothing there.
const MAX_FROM_ADDRESS: usize = 200;
/// Streams that may be open at once.
const MAX_OPEN: usize = 2_000;
/// How soon to come back when there are too many, in seconds.
const COME_BACK: u64 = 30;
/// How often to look without news, for what other nodes have done.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The streams that are open.
#[derive(Debug, Clone, Default)]
pub struct Streams(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    total: usize,
    /// By visitor and by address.
    by: HashMap<String, usize>,
}

impl Streams {
    fn enter(&self, contact: &ContactId, address: IpAddr) -> Result<Place, Error> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = [format!("visitor {contact}"), format!("address {address}")];
        for (key, most) in keys.iter().zip([MAX_STREAMS, MAX_FROM_ADDRESS]) {
            if open.by.get(key).is_some_and(|count| *count >= most) {
                return Err(Error::TooMany(COME_BACK));
            }
        }
        if open.total >= MAX_OPEN {
            return Err(Error::Busy(COME_BACK));
        }
        open.total += 1;
        for key in &keys {
            *open.by.entry(key.clone()).or_default() += 1;
        }
        Ok(Place { streams: self.clone(), keys })
    }
}

/// An open stream; it is counted until this is dropped.
struct Place {
    streams: Streams,
    keys: [String; 2],
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.total -= 1;
        for key in &self.keys {
            if let Some(count) = open.by.get_mut(key) {
                *count -= 1;
                if *count == 0 {
                    open.by.remove(key);
                }
            }
        }
    }
}

/// Streams messages and changes of standing, from `Last-Event-ID` on.
pub(super) async fn events(
    web: State,
    visitor: Visitor,
    Address(address): Address,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Error> {
    let place = web.streams.enter(&visitor.contact, address)?;
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
    let private = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((unbuffered, private, events))
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
    use super::{MAX_FROM_ADDRESS, MAX_OPEN, MAX_STREAMS, Place, Streams};
    use crate::conversation::ContactId;
    use crate::web::Error;
    use std::net::{IpAddr, Ipv4Addr};

    fn enter(streams: &Streams, contact: usize, address: usize) -> Result<Place, u16> {
        let address = IpAddr::from(Ipv4Addr::from_bits(u32::try_from(address).expect("small")));
        let place = streams.enter(&ContactId::from(contact.to_string()), address);
        place.map_err(|error: Error| error.status().as_u16())
    }

    #[test]
    fn a_visitor_has_a_few_streams_and_gets_back_those_that_end() {
        let streams = Streams::default();
        let mut open: Vec<_> =
            (0..MAX_STREAMS).map(|n| enter(&streams, 1, n).expect("room")).collect();
        assert_eq!(enter(&streams, 1, 9).err(), Some(429));
        assert!(enter(&streams, 2, 9).is_ok());
        open.pop();
        assert!(enter(&streams, 1, 9).is_ok());
        open.clear();
        let empty = streams.0.lock().expect("nobody panicked");
        assert!(empty.by.is_empty() && empty.total == 0);
    }

    #[test]
    fn an_address_and_the_server_have_their_limits_too() {
        let streams = Streams::default();
        let mut open: Vec<_> =
            (0..MAX_FROM_ADDRESS).map(|n| enter(&streams, n, 0).expect("room")).collect();
        assert_eq!(enter(&streams, MAX_OPEN, 0).err(), Some(429));
        for n in MAX_FROM_ADDRESS..MAX_OPEN {
            open.push(enter(&streams, n, n).expect("room"));
        }
        assert_eq!(enter(&streams, MAX_OPEN, MAX_OPEN).err(), Some(503));
        open.pop();
        assert!(enter(&streams, MAX_OPEN, MAX_OPEN).is_ok());
    }
}
