//! The desk: the story of a message, one file a step.
//!
//! A message is received ([`receive`]), its voice notes are transcribed ([`hear`]), its turn is
//! considered ([`consider`]) and concluded ([`respond`]), what leaves is delivered ([`deliver`]),
//! people act on the rest ([`agent`]) and may take back what they send ([`held`]); the [`worker`]
//! does what has fallen due.

mod again;
mod agent;
mod aid;
mod attend;
mod attendance;
mod away;
mod consider;
mod context;
mod declare;
mod deliver;
mod files;
mod find;
mod give;
mod hear;
mod held;
mod late;
mod learn;
mod live;
mod mail;
mod mailbox;
mod moment;
mod notify;
mod presence;
mod receive;
mod record;
mod regroup;
mod replay;
mod respond;
mod retrieve;
mod sample;
mod sort;
mod spend;
mod spool;
mod summary;
#[cfg(test)]
mod tests;
mod trust;
mod turn;
mod void;
mod weigh;
mod whatsapp;
mod words;
mod worker;

pub use agent::Approve;
pub use declare::{Declared, Known};
pub use find::{Finder, Found};
pub use held::Outcome;
pub use live::News;
pub use mail::Unreceived;
pub use presence::{Doing, Present};
pub use receive::Intake;
#[cfg(test)]
pub use record::Stages;
pub use record::{Candidate, Record};
pub use replay::{Otherwise, Replay, Replayed, Skipped};
pub use retrieve::{CANDIDATES, Heard, retrieve};
pub use sort::{Bulk, BulkAct};
pub use spool::Spooling;
pub use trust::{ClassTrust, Standing, Step};
pub use turn::bare_turn;
pub use weigh::grounding;

use crate::answer::Answerer;
use crate::channel::{self, Channel, Fetcher, Home};
use crate::clock::Clock;
use crate::config::{Config, InboxSettings};
use crate::conversation::InboxName;
use crate::search::Search;
use crate::store::Store;
use anyhow::{Context, Result};
use attendance::Attended;
use hear::Hearing;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64};
use std::sync::{Arc, RwLock};
use tokio::sync::{Notify, broadcast};
use trust::Trust;

/// The parts a step needs.
pub struct Desk {
    /// Everything that must survive.
    pub store: Store,
    /// The live index.
    pub search: Arc<Search>,
    /// The settings.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    answerer: Answerer,
    /// What transcribes voice notes, where there is anything.
    hearing: Option<Hearing>,
    /// Where files lie.
    files: Option<PathBuf>,
    channels: Channels,
    policy_version: String,
    trust: RwLock<Arc<Trust>>,
    /// Held while trust is brought up to date.
    renewing: tokio::sync::Mutex<()>,
    /// How many of the sample's questions have been considered, of how many.
    sample: (AtomicU64, AtomicU64),
    /// Whether the sample's evidence has been put away for good.
    is_sample_away: AtomicBool,
    /// When it was last looked for what agents took and left, in seconds.
    looked: AtomicI64,
    news: broadcast::Sender<News>,
    presence: presence::Presence,
    work: Notify,
    /// Called when a file is to be fetched, and what fetches it.
    fetching: Notify,
    fetcher: Fetcher,
    attended: Attended,
    numbers: whatsapp::Numbers,
}

impl Desk {
    /// Sets the desk up; opens every inbox's channel.
    pub fn open(
        store: Store,
        search: Arc<Search>,
        config: Arc<Config>,
        clock: Clock,
    ) -> Result<Self> {
        let answerer = Answerer::new(config.model.as_ref(), &clock, weigh::alike)
            .context("setting up the model")?;
        // Until the store's key is known, nothing that it has signed is believed, nor anything else.
        let channels = open_channels(&config, &rand::random::<[u8; 32]>())?;
        let policy_version = crate::confidence::policy_version(&config);
        let (news, _) = broadcast::channel(1024);
        Ok(Self {
            store,
            search,
            config,
            clock,
            answerer,
            hearing: None,
            files: None,
            channels,
            policy_version,
            trust: RwLock::new(Arc::new(Trust::none())),
            renewing: tokio::sync::Mutex::default(),
            sample: (AtomicU64::new(0), AtomicU64::new(0)),
            is_sample_away: AtomicBool::new(false),
            looked: AtomicI64::new(i64::MIN),
            news,
            presence: presence::Presence::default(),
            work: Notify::new(),
            fetching: Notify::new(),
            fetcher: Fetcher::default(),
            attended: Attended::default(),
            numbers: whatsapp::Numbers::default(),
        })
    }

    /// Has the channels sign with the key that all nodes share.
    pub fn with_signing_key(mut self, key: &[u8]) -> Result<Self> {
        self.channels = open_channels(&self.config, key)?;
        Ok(self)
    }

    /// The channel of an inbox that the settings name.
    pub fn channel(&self, inbox: &InboxName) -> Option<&dyn Channel> {
        self.channels.get(inbox).map(AsRef::as_ref)
    }

    /// Whether files can go with what is sent through an inbox.
    pub fn carries_files(&self, inbox: &InboxName) -> bool {
        self.channel(inbox).is_some_and(|channel| channel.limits().files)
    }
}

type Channels = HashMap<InboxName, Box<dyn Channel>>;

fn open_channels(config: &Config, signing_key: &[u8]) -> Result<Channels> {
    let home = Home { business: &config.business.name, signing_key };
    let open = |settings: &InboxSettings| {
        let channel = channel::open(settings, &home)
            .with_context(|| format!("opening inbox {}", settings.name))?;
        Ok((InboxName::from(settings.name.as_str()), channel))
    };
    config.inboxes.iter().map(open).collect()
}
