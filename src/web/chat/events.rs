//! What happens in a chat, told as it happens; a page that comes back goes on where it was.

use super::follow::{Batch, Follower};
use super::streams::Place;
use super::visitor::Visitor;
use crate::web::address::Address;
use crate::web::{Error, State};
use anyhow::Result;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, StreamExt as _};
use std::convert::Infallible;
use std::time::Duration;

const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A stream ends after this long; its page comes back, and what a proxy has kept open for nobody does not.
const LONGEST: Duration = Duration::from_mins(15);

/// Streams messages and changes of standing, from `Last-Event-ID` on.
pub(super) async fn events(
    web: State,
    visitor: Visitor,
    Address(address): Address,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Error> {
    let place = web.streams.enter(&visitor.contact, address)?;
    let cursor = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let follower = Follower::new(&web, visitor, cursor, None);
    let batches = stream::unfold((follower, place), |(mut follower, place): (_, Place)| async {
        let events = next(&mut follower).await?;
        Some((stream::iter(events.into_iter().map(Ok::<_, Infallible>)), (follower, place)))
    });
    let events = batches.flatten().take_until(tokio::time::sleep(LONGEST));
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // Proxies that hold answers back until they are whole would hold a stream back for ever.
    let unbuffered =
        [(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"))];
    let private = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((unbuffered, private, events))
}

/// The next events, as soon as there are any; none when the stream is to end.
async fn next(follower: &mut Follower) -> Option<Vec<Event>> {
    let events = match follower.next().await {
        Ok(batch) => batch.map(written).transpose(),
        Err(error) => Err(error),
    };
    events.unwrap_or_else(|error| {
        let error = format!("{error:#}");
        tracing::warn!(error, "a chat's stream broke; its page comes back");
        None
    })
}

fn written(batch: Batch) -> Result<Vec<Event>> {
    let mut events = Vec::with_capacity(batch.messages.len() + 1);
    for (message, place) in batch.messages.into_iter().zip(batch.places) {
        events.push(Event::default().event("message").id(place).json_data(message)?);
    }
    if batch.stands_otherwise {
        events.push(Event::default().event("status").json_data(&batch.standing)?);
    }
    Ok(events)
}
