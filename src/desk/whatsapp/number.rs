//! Minding numbers: each is looked at once an hour by one node, and what is wrong with it is told.

use crate::channel::{look_at_number, version_ends};
use crate::config::WhatsappSettings;
use crate::conversation::{InboxName, NumberHealth, NumberWarning};
use crate::desk::Desk;
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::watch;

/// How often a number is looked at, and how soon again after a look that failed.
const EVERY: TimeDelta = TimeDelta::hours(1);
const AGAIN: TimeDelta = TimeDelta::minutes(5);
/// How often a node asks whether a look is due, and takes up what others have found.
const ASK_EVERY: Duration = Duration::from_mins(1);
/// How long what is only kept stays, and how many rows go at once.
const KEPT: TimeDelta = TimeDelta::days(90);
const ROWS: i64 = 500;

/// What this node knows of the numbers.
#[derive(Debug, Default)]
pub(in crate::desk) struct Numbers {
    known: RwLock<BTreeMap<InboxName, NumberHealth>>,
    /// What has been told in the log.
    told: Mutex<BTreeSet<(InboxName, &'static str)>>,
    /// When Meta last called, where that is not stored yet.
    heard: Mutex<HashMap<InboxName, DateTime<Utc>>>,
}

impl Desk {
    /// Minds numbers until `stop` turns true.
    pub async fn keep_numbers(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let minding = async {
                if let Err(error) = self.mind_numbers().await {
                    tracing::error!(
                        error = format!("{error:#}"),
                        "looking after the WhatsApp numbers failed; trying again"
                    );
                }
                tokio::time::sleep(ASK_EVERY).await;
            };
            tokio::select! {
                () = minding => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
    }

    /// Looks at the numbers that are due, tells what is wrong with any, and lets go of what was kept for long
    /// enough.
    pub async fn mind_numbers(&self) -> Result<()> {
        self.store_heard().await?;
        for (inbox, settings) in self.numbers_set() {
            let now = self.clock.now();
            // The claim outlives the look; a node that dies leaves it to the next.
            if self.store.claim_number(&inbox, now, now + AGAIN).await? {
                self.look(&inbox, settings).await?;
            }
        }
        let before = self.clock.now() - KEPT;
        while self.store.drop_kept(before, ROWS).await? >= ROWS.unsigned_abs() {}
        self.renew_numbers().await
    }

    async fn look(&self, inbox: &InboxName, settings: &WhatsappSettings) -> Result<()> {
        let now = self.clock.now();
        let looked = look_at_number(settings, now).await;
        let (looked, next) = match &looked {
            Ok(health) => (Ok(health), now + EVERY),
            Err(words) => (Err(words.as_str()), now + AGAIN),
        };
        self.store.save_look(inbox, looked, next).await
    }

    /// Takes up how the numbers fare, and tells in the log what has newly gone wrong.
    pub async fn renew_numbers(&self) -> Result<()> {
        let mut known = BTreeMap::new();
        for (inbox, _) in self.numbers_set() {
            let health = self.store.number(&inbox).await?.unwrap_or_default();
            known.insert(inbox, health);
        }
        *self.numbers.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        let mut told = self.numbers.told.lock().unwrap_or_else(PoisonError::into_inner);
        let mut standing = BTreeSet::new();
        for (inbox, warnings) in self.number_warnings() {
            for kind in NumberWarning::KINDS {
                let found = warnings.iter().find(|warning| warning.kind() == kind);
                let gauge = metrics::gauge!("sureply_number_warning", "inbox" => inbox.to_string(), "kind" => kind);
                gauge.set(if found.is_some() { 1.0 } else { 0.0 });
                let Some(warning) = found else { continue };
                if !told.contains(&(inbox.clone(), kind)) {
                    tracing::warn!(%inbox, warning = ?warning, "a WhatsApp number needs somebody to look after it; see /inboxes");
                }
                standing.insert((inbox.clone(), kind));
            }
        }
        *told = standing;
        Ok(())
    }

    /// What is known of a number.
    pub fn number(&self, inbox: &InboxName) -> Option<NumberHealth> {
        let known = self.numbers.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(inbox).cloned()
    }

    /// What somebody should mend, by inbox.
    pub fn number_warnings(&self) -> Vec<(InboxName, Vec<NumberWarning>)> {
        let now = self.clock.now();
        let of = |(inbox, settings): (InboxName, &WhatsappSettings)| {
            let health = self.number(&inbox)?;
            let warnings = health.warnings(version_ends(&settings.graph_version), now);
            Some((inbox, warnings))
        };
        self.numbers_set().filter_map(of).collect()
    }

    /// The numbers of the settings.
    fn numbers_set(&self) -> impl Iterator<Item = (InboxName, &WhatsappSettings)> {
        self.config.inboxes.iter().filter_map(|inbox| {
            Some((InboxName::from(inbox.name.as_str()), inbox.whatsapp.as_deref()?))
        })
    }

    /// Notes that Meta has called. It is stored later: Meta waits for its answer.
    pub(super) fn note_heard(&self, inbox: &InboxName) {
        let now = self.clock.now();
        let mut heard = self.numbers.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.insert(inbox.clone(), now);
        drop(heard);
        let mut known = self.numbers.known.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(inbox.clone()).or_default().heard_at = Some(now);
    }

    /// Stores when Meta last called.
    pub(super) async fn store_heard(&self) -> Result<()> {
        let heard = {
            let mut heard = self.numbers.heard.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *heard)
        };
        for (inbox, at) in heard {
            self.store.note_heard(&inbox, at).await?;
        }
        Ok(())
    }
}
