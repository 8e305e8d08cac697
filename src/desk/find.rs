//! Finding: what was said, word by word, in every conversation.
//!
//! The index follows the store by the time at which messages came. Nodes commit and tell the time a little
//! apart, so that it looks back a while each time and takes what it has not seen.

use crate::conversation::{ConversationId, MessageId, Spoken};
use crate::search::{Messages, Place};
use crate::store::{Came, Filter, QueueRow, Store};
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, watch};
use tokio::task::spawn_blocking;

/// How far apart nodes may be in what they store when.
const SPREAD: TimeDelta = TimeDelta::seconds(60);
/// Messages that are read and written at once.
const BATCH: i64 = 5_000;
/// Messages that a search looks at; of more, the oldest are left out.
const MOST: usize = 1_000;
/// How often the index is brought up to date though nobody searches.
const EVERY: Duration = Duration::from_secs(10);

/// Conversations of a page.
pub const PAGE: i64 = 50;

/// Finds conversations by what was said in them; clones share the index.
#[derive(Clone)]
pub struct Finder {
    store: Store,
    messages: Arc<Messages>,
    /// What came lately, twice the spread, and is in the index. Held while the index is written.
    seen: Arc<Mutex<BTreeSet<Came>>>,
}

/// A conversation that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The conversation.
    pub row: QueueRow,
    /// Where it holds the words, if words were looked for.
    pub excerpt: Vec<(String, bool)>,
}

impl Finder {
    /// Opens the index in a folder.
    pub fn open(store: Store, dir: &Path) -> Result<Self> {
        let messages = Messages::open(dir).context("opening the index of messages")?;
        Ok(Self { store, messages: Arc::new(messages), seen: Arc::default() })
    }

    /// Brings the index up to date every few seconds until `stop` turns true.
    pub async fn follow(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.catch_up(&stop).await {
                tracing::error!(
                    error = format!("{error:#}"),
                    "following messages failed; trying again"
                );
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// A page of the conversations that hold the words and that the filter leaves, and whether another
    /// follows.
    pub async fn find(&self, text: &str, filter: &Filter, page: i64) -> Result<(Vec<Found>, bool)> {
        let offset = (page.max(1) - 1) * PAGE;
        if text.trim().is_empty() {
            let rows = self.store.sift(None, filter, offset, PAGE + 1).await?;
            return Ok(cut(rows.into_iter().map(|row| Found { row, excerpt: Vec::new() })));
        }
        self.catch_up(&never()).await?;
        let (messages, text) = (Arc::clone(&self.messages), text.to_owned());
        let places =
            spawn_blocking(move || messages.find(&text, MOST)).await.context("searching")??;
        let ids: Vec<ConversationId> =
            places.iter().map(|place| place.conversation.clone()).collect();
        if ids.is_empty() {
            return Ok((Vec::new(), false));
        }
        let mut excerpts: HashMap<ConversationId, Place> =
            places.into_iter().map(|place| (place.conversation.clone(), place)).collect();
        let rows = self.store.sift(Some(&ids), filter, offset, PAGE + 1).await?;
        Ok(cut(rows.into_iter().map(|row| {
            let excerpt = excerpts.remove(&row.id).map(|place| place.excerpt).unwrap_or_default();
            Found { row, excerpt }
        })))
    }

    /// How many conversations hold the words and are left by the filter, to a limit; as of the last time
    /// the index was brought up to date.
    pub async fn count(&self, text: &str, filter: &Filter, limit: i64) -> Result<i64> {
        if text.trim().is_empty() {
            return self.store.count_sifted(None, filter, limit).await;
        }
        let (messages, text) = (Arc::clone(&self.messages), text.to_owned());
        let places =
            spawn_blocking(move || messages.find(&text, MOST)).await.context("searching")??;
        let ids: Vec<ConversationId> = places.into_iter().map(|place| place.conversation).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        self.store.count_sifted(Some(&ids), filter, limit).await
    }

    /// Takes whole conversations into the index again: their messages may have been in others before. Other nodes
    /// find what has moved by its old place, from which a page leads on.
    pub async fn renew(&self, conversations: &[&ConversationId]) -> Result<()> {
        self.catch_up(&never()).await?;
        let _writing = self.seen.lock().await;
        for id in conversations {
            let spoken = self.store.spoken_in(id, BATCH).await?;
            if spoken.is_empty() {
                continue;
            }
            let messages = Arc::clone(&self.messages);
            spawn_blocking(move || messages.add(&spoken)).await.context("writing the index")??;
        }
        Ok(())
    }

    /// Takes into the index what has come since the last time, as far as it gets until `stop` turns true. It has a
    /// thread of its own: thousands of messages at once would keep a worker of the runtime from those who wait.
    pub(super) async fn catch_up(&self, stop: &watch::Receiver<bool>) -> Result<()> {
        let (finder, stop, runtime) = (self.clone(), stop.clone(), Handle::current());
        let catching_up = move || runtime.block_on(finder.take_all(&stop));
        spawn_blocking(catching_up).await.context("following messages on a thread of its own")?
    }

    async fn take_all(&self, stop: &watch::Receiver<bool>) -> Result<()> {
        let mut seen = self.seen.lock().await;
        let reached = self.messages.reached().unwrap_or(DateTime::UNIX_EPOCH);
        let mut last = earliest(reached - SPREAD);
        while !*stop.borrow() {
            // Most of what came lately is known, and not read again up to the first that is not.
            let came = self.store.came_after(&last, BATCH).await?;
            let known = came.iter().take_while(|came| seen.contains(came)).count();
            let Some(end) = came.last() else { break };
            if let Some(known) = came[..known].last() {
                last.clone_from(known);
            }
            if known < came.len() {
                let taken = self.take_after(&last, &mut seen).await?;
                last = taken.unwrap_or_else(|| end.clone());
            }
            // What has come meanwhile is left for the next time, or there would be none while much comes.
            if i64::try_from(came.len()).is_ok_and(|came| came < BATCH) {
                break;
            }
        }
        Ok(())
    }

    /// Takes what came after a message into the index, as far as it was not seen; gives the last of it.
    async fn take_after(&self, last: &Came, seen: &mut BTreeSet<Came>) -> Result<Option<Came>> {
        let mut spoken = self.store.spoken_after(last, BATCH).await?;
        let place = |message: &Spoken| (message.received_at, message.id.clone());
        let Some(end) = spoken.last().map(place) else { return Ok(None) };
        spoken.retain(|message| !seen.contains(&place(message)));
        self.messages.add(&spoken)?;
        // Only now: what could not be written is taken up again.
        seen.extend(spoken.iter().map(place));
        *seen = seen.split_off(&earliest(end.0 - SPREAD - SPREAD));
        Ok(Some(end))
    }
}

/// The word of somebody who never says stop.
fn never() -> watch::Receiver<bool> {
    watch::channel(false).1
}

/// Before everything that came at a time.
fn earliest(at: DateTime<Utc>) -> Came {
    (at, MessageId::from(""))
}

fn cut(found: impl Iterator<Item = Found>) -> (Vec<Found>, bool) {
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let mut found: Vec<Found> = found.collect();
    let more = found.len() > most;
    found.truncate(most);
    (found, more)
}
