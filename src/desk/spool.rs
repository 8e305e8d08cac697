//! The spool at the desk: what a body tells is answered once the spool holds the body, and stored from there in its
//! order, until it is.

use super::Desk;
use super::receive::{BATCH, Overloaded, PATIENCE};
use crate::channel::Told;
use crate::config::Config;
use crate::conversation::{Inbound, InboxName, WhatsappNews};
use crate::store::{Files, News, Progress, Spool, SpoolMark, Spooled, is_passing, is_refused};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

/// How long storing waits after it failed.
const AGAIN: Duration = Duration::from_secs(1);
/// After so many times in vain, though the database answers, what cannot be stored is kept as it was understood.
const TIMES: u32 = 5;

/// What a body told, and by which inbox it came in when.
#[derive(Debug)]
pub struct Delivered {
    inbox: InboxName,
    at: DateTime<Utc>,
    pub(super) messages: Vec<Inbound>,
    pub(super) news: Vec<News>,
    /// Who waits until it is in the database, if anybody does.
    stored: Option<oneshot::Sender<()>>,
}

impl Delivered {
    pub(super) fn new(inbox: &InboxName, at: DateTime<Utc>, told: Told) -> Self {
        let news = told.news.into_iter().map(|news| (inbox.clone(), news)).collect();
        Self { inbox: inbox.clone(), at, messages: told.messages, news, stored: None }
    }

    /// The inbox, if something is told of its number.
    pub(super) fn of_number(&self) -> Option<&InboxName> {
        self.news.iter().any(is_of_number).then_some(&self.inbox)
    }
}

fn is_of_number((_, news): &News) -> bool {
    matches!(news, WhatsappNews::Number(_))
}

/// What several bodies told, stored together.
#[derive(Default)]
struct Bodies {
    messages: Vec<Inbound>,
    news: Vec<News>,
    stored: Vec<oneshot::Sender<()>>,
}

impl Bodies {
    fn of(came: impl IntoIterator<Item = Delivered>) -> Self {
        let mut all = Self::default();
        for body in came {
            all.messages.extend(body.messages);
            all.news.extend(body.news);
            all.stored.extend(body.stored);
        }
        all
    }

    /// The inboxes of whose numbers something is told.
    fn of_numbers(&self) -> BTreeSet<&InboxName> {
        let told = self.news.iter().filter(|news| is_of_number(news));
        told.map(|(inbox, _)| inbox).collect()
    }
}

/// What stands before the body in a record, on a line of its own.
#[derive(Serialize, Deserialize)]
struct Head {
    inbox: InboxName,
    at: DateTime<Utc>,
}

fn record(came: &Delivered, body: &[u8]) -> Result<Vec<u8>> {
    let head = Head { inbox: came.inbox.clone(), at: came.at };
    let mut record = serde_json::to_vec(&head).context("writing the head of a record")?;
    record.push(b'\n');
    record.extend(body);
    Ok(record)
}

fn read(record: &[u8]) -> Option<(Head, &[u8])> {
    let end = record.iter().position(|byte| *byte == b'\n')?;
    Some((serde_json::from_slice(&record[..end]).ok()?, &record[end + 1..]))
}

/// The way into the spool.
#[derive(Debug, Clone)]
pub struct Spooling {
    spool: Spool<Delivered>,
    /// Places for those who wait to be answered.
    places: Arc<Semaphore>,
    /// Whether an answer waits for the database all the same; so it is by a clock that is moved by hand.
    waits: bool,
}

impl Spooling {
    /// Stores what the spool in a folder still holds, and starts the tasks that write and store what comes from now on;
    /// they end when every clone is gone and all is stored. There is none where nothing comes that would be spooled,
    /// nor beside a database that other nodes share: that keeps everything itself. Files that cannot be read or
    /// written are an error.
    pub async fn start(
        desk: &Arc<Desk>,
        folder: &Path,
        node: &str,
    ) -> Result<Option<(Self, JoinHandle<()>)>> {
        let is_wanted = fits(&desk.config);
        if !is_wanted && !folder.exists() {
            return Ok(None);
        }
        let stored = desk.store.spool_stored(node).await?;
        let least = u64::try_from(desk.clock.now().timestamp_micros()).unwrap_or_default();
        let opened = Files::open(folder, stored, least);
        let (mut files, held) = opened.context("opening the spool of what came in")?;
        for (number, record) in &held {
            let stored = desk.store_held(record, SpoolMark { node, number: *number }).await;
            stored.context("storing what came in before the last end")?;
        }
        files.settle()?;
        if !held.is_empty() {
            tracing::info!(records = held.len(), "what came in before the last end was stored");
        }
        if !is_wanted {
            return Ok(None);
        }
        let queue = desk.config.server.intake_queue.max(1);
        let (sender, records) = mpsc::channel(queue);
        let (spool, progress, writer) = Spool::start(files, sender);
        let (desk, node, waits) = (Arc::clone(desk), node.to_owned(), desk.clock.is_by_hand());
        let task = tokio::spawn(store_all(desk, node, (progress, writer), records));
        Ok(Some((Self { spool, places: Arc::new(Semaphore::new(queue)), waits }, task)))
    }

    /// Spools what a body tells; returns once it is safely on disk.
    pub(super) async fn take(
        &self,
        mut came: Delivered,
        body: &[u8],
    ) -> Result<Result<()>, Overloaded> {
        let _place = self.places.try_acquire().map_err(|_| Overloaded)?;
        let record = match record(&came, body) {
            Ok(record) => record,
            Err(error) => return Ok(Err(error)),
        };
        let (sender, stored) = oneshot::channel();
        came.stored = self.waits.then_some(sender);
        let written = tokio::time::timeout(PATIENCE, self.spool.write(record, came)).await;
        if let Err(unwritten) = written.map_err(|_| Overloaded)? {
            return Ok(Err(unwritten.into()));
        }
        if self.waits {
            let stored = tokio::time::timeout(PATIENCE, stored).await.map_err(|_| Overloaded)?;
            return Ok(stored.context("the server stopped before it was stored"));
        }
        Ok(Ok(()))
    }
}

/// Whether something comes that is spooled, and the database is this server's own.
fn fits(config: &Config) -> bool {
    let url = config.database.url.as_ref();
    url.is_none_or(|url| url.expose().starts_with("sqlite:"))
        && config.inboxes.iter().any(|inbox| inbox.whatsapp.is_some())
}

async fn store_all(
    desk: Arc<Desk>,
    node: String,
    (progress, writer): (Progress<Delivered>, thread::JoinHandle<()>),
    mut records: mpsc::Receiver<Spooled<Delivered>>,
) {
    let mut waiting = Vec::with_capacity(BATCH);
    while records.recv_many(&mut waiting, BATCH).await > 0 {
        let Some(last) = waiting.last().map(|last| last.number) else { continue };
        let bodies = Bodies::of(waiting.drain(..).map(|record| record.item));
        let mark = SpoolMark { node: &node, number: last };
        desk.store_until_done(&bodies, mark).await;
        progress.stored(last);
        for who in bodies.stored {
            // Whoever has hung up sends it again, and it is known.
            who.send(()).ok();
        }
    }
    drop(progress);
    if !matches!(tokio::task::spawn_blocking(|| writer.join()).await, Ok(Ok(()))) {
        tracing::error!("the spool's writer ended badly");
    }
}

impl Desk {
    /// Stores a batch, again and again until it is stored or kept.
    async fn store_until_done(&self, bodies: &Bodies, mark: SpoolMark<'_>) {
        let mut times = 0;
        while let Err(error) = self.store_once(bodies, mark, times >= TIMES).await {
            tracing::error!(
                record = mark.number,
                error = format!("{error:#}"),
                "what the spool holds could not be stored; trying again"
            );
            // As long as the database can do nothing, it says nothing of what it is given.
            times += u32::from(!is_passing(&error));
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Stores a batch with one commit; where the database refuses it, piece by piece.
    async fn store_once(&self, bodies: &Bodies, mark: SpoolMark<'_>, gives_up: bool) -> Result<()> {
        let Bodies { messages, news, .. } = bodies;
        let received = match self.store_together(messages, news, Some(mark)).await {
            Ok(received) => received,
            Err(error) if is_passing(&error) => return Err(error),
            Err(_) => {
                let is_for_good =
                    |error: &anyhow::Error| is_refused(error) || (gives_up && !is_passing(error));
                let received = self.store_apart(messages, news, is_for_good).await?;
                self.store_together(&[], &[], Some(mark)).await?;
                received
            }
        };
        self.tell_received(received.iter());
        for inbox in bodies.of_numbers() {
            self.follow_number(inbox).await;
        }
        Ok(())
    }

    /// Stores a record that the spool still held. What it holds of an inbox or a number that is no more is kept as it
    /// came; a database that can do nothing is an error after a while.
    async fn store_held(&self, record: &[u8], mark: SpoolMark<'_>) -> Result<()> {
        let Some((head, came)) = self.understand(record) else {
            let (inbox, body) =
                read(record).map_or(("unknown".into(), record), |(head, body)| (head.inbox, body));
            tracing::error!(%inbox, record = mark.number,
                "the settings have no such inbox or number any more; what came in by it is kept in whatsapp_kept");
            let id = format!("spooled {} {}", mark.node, mark.number);
            let body = String::from_utf8_lossy(body).into_owned();
            return self.keep(inbox, id, body, Some(mark)).await;
        };
        let came = Bodies::of([Delivered::new(&head.inbox, head.at, came)]);
        for times in 0.. {
            match self.store_once(&came, mark, times >= TIMES).await {
                Ok(()) => break,
                Err(error) if times >= TIMES => return Err(error),
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
        Ok(())
    }

    /// What a record tells by the settings of now, if it still tells anything.
    fn understand(&self, record: &[u8]) -> Option<(Head, Told)> {
        let (head, body) = read(record)?;
        let settings = self.config.inbox_settings(&head.inbox)?;
        let told = Self::read_whatsapp(settings, settings.whatsapp.as_deref()?, body, head.at)?;
        let tells = !told.messages.is_empty() || !told.news.is_empty();
        tells.then_some((head, told))
    }
}
