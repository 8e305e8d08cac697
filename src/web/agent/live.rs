//! News for open pages: that a conversation changed. The page asks again for what it shows.

use super::session::SignedIn;
use crate::desk::News;
use crate::web::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt};
use std::convert::Infallible;
use std::time::Duration;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

/// A stream ends when the server stops, and after this long in any case; the browser comes back, and its session is looked at anew.
const LONGEST: Duration = Duration::from_mins(5);

/// The stream of news. An event `change` names the conversation, or none when some were missed.
pub(super) async fn stream(
    web: State,
    SignedIn(_): SignedIn,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let news = BroadcastStream::new(web.desk.follow()).map(|news| Ok(event(news)));
    let mut stopping = web.stopping.clone();
    let end = async move {
        // An error only says that the server is gone, which also ends it.
        drop(tokio::time::timeout(LONGEST, stopping.wait_for(|stop| *stop)).await);
    };
    let news = news.take_until(Box::pin(end));
    Sse::new(news).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

fn event(news: Result<News, BroadcastStreamRecvError>) -> Event {
    let conversation = news.map(|news| news.conversation_id.to_string()).unwrap_or_default();
    Event::default().event("change").data(conversation)
}
