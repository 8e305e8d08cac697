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

/// Finds conversations by what was said in them.
pub struct Finder {
    store: Store,
    messages: Arc<Messages>,
    /// What came within the spread and is in the index. Held while the index is written.
    seen: Mutex<BTreeSet<Came>>,
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
        Ok(Self { store, messages: Arc::new(messages), seen: Mutex::default() })
    }

    /// Brings the index up to date every few seconds until `stop` turns true.
    pub async fn follow(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = Arc::clone(&self).catch_up_apart(stop.clone()).await {
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

    /// Brings the index up to date on a thread of its own: thousands of messages at once would keep a worker of the
    /// runtime from those who wait for an answer. Where that takes long, `stop` ends it.
    async fn catch_up_apart(self: Arc<Self>, mut stop: watch::Receiver<bool>) -> Result<()> {
        let runtime = Handle::current();
        let catching_up = move || {
            runtime.block_on(async {
                tokio::select! {
                    caught_up = self.catch_up() => caught_up,
                    _ = stop.wait_for(|stop| *stop) => Ok(()),
                }
            })
        };
        spawn_blocking(catching_up).await.context("following messages on a thread of its own")?
    }

    /// A page of the conversations that hold the words and that the filter leaves, and whether another
    /// follows.
    pub async fn find(&self, text: &str, filter: &Filter, page: i64) -> Result<(Vec<Found>, bool)> {
        let offset = (page.max(1) - 1) * PAGE;
        if text.trim().is_empty() {
            let rows = self.store.sift(None, filter, offset, PAGE + 1).await?;
            return Ok(cut(rows.into_iter().map(|row| Found { row, excerpt: Vec::new() })));
        }
        self.catch_up().await?;
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
        self.catch_up().await?;
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

    /// Takes into the index what has come since the last time.
    pub async fn catch_up(&self) -> Result<()> {
        let mut seen = self.seen.lock().await;
        let reached = self.messages.reached().unwrap_or(DateTime::UNIX_EPOCH);
        let mut last = earliest(reached - SPREAD);
        loop {
            // Most of what came within the spread is known, and is read no further than its names.
            let came = self.store.came_after(&last, BATCH).await?;
            let known = came.iter().take_while(|came| seen.contains(came)).count();
            if let Some(before) = known.checked_sub(1) {
                last.clone_from(&came[before]);
            }
            if known < came.len() {
                let Some(end) = self.take_after(&last, &mut seen).await? else { return Ok(()) };
                last = end;
            } else if came.is_empty() {
                return Ok(());
            }
        }
    }

    /// Takes what came after a message into the index, as far as it was not seen; gives the last of it.
    async fn take_after(&self, last: &Came, seen: &mut BTreeSet<Came>) -> Result<Option<Came>> {
        let mut spoken = self.store.spoken_after(last, BATCH).await?;
        let came = |message: &Spoken| (message.received_at, message.id.clone());
        let Some(end) = spoken.last().map(came) else { return Ok(None) };
        spoken.retain(|message| !seen.contains(&came(message)));
        let taken: Vec<Came> = spoken.iter().map(came).collect();
        let messages = Arc::clone(&self.messages);
        spawn_blocking(move || messages.add(&spoken)).await.context("writing the index")??;
        // Only now: what could not be written is taken up again.
        seen.extend(taken);
        *seen = seen.split_off(&earliest(end.0 - SPREAD - SPREAD));
        Ok(Some(end))
    }
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
