//! Fetching the files of WhatsApp's messages: each when it is due, a few at once, a few times.

use crate::channel::Unfetched;
use crate::conversation::{Media, NewFile};
use crate::desk::{Desk, files};
use crate::store::{DueMedia, Fetched};
use anyhow::{Context, Result};
use chrono::TimeDelta;
use futures::future::join_all;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Files that are fetched at once.
const AT_ONCE: i64 = 4;

/// Attempts at one file; more failed calls would speak against the number.
const ATTEMPTS: i64 = 4;

/// How long an attempt belongs to this node: longer than both its calls may take.
const LEASE: TimeDelta = TimeDelta::seconds(180);

/// The first wait after a failure; each is four times the one before.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(2);

/// How long it is slept at most.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

impl Desk {
    /// Fetches files until `stop` turns true.
    pub async fn fetch_media(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.fetch_due_media().await {
                Ok(0) => tokio::select! {
                    () = tokio::time::sleep(LONGEST_SLEEP) => {}
                    () = self.fetching.notified() => {}
                    _ = stop.changed() => {}
                },
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(
                        error = format!("{error:#}"),
                        "fetching files failed; trying again"
                    );
                    tokio::time::sleep(LONGEST_SLEEP).await;
                }
            }
        }
    }

    /// Fetches the files that are due; returns how many attempts that took.
    pub(in crate::desk) async fn fetch_due_media(&self) -> Result<usize> {
        let now = self.clock.now();
        // Looking first keeps an idle node from taking the write lock again and again.
        if self.store.next_media_due().await?.is_none_or(|due| due > now) {
            return Ok(0);
        }
        let due = self.store.claim_media(AT_ONCE, now, now + LEASE).await?;
        let ended = join_all(due.iter().map(|media| self.fetch_one(media))).await;
        for ended in ended {
            ended?;
        }
        Ok(due.len())
    }

    async fn fetch_one(&self, due: &DueMedia) -> Result<()> {
        let fetched = self.try_fetching(due).await;
        let now = self.clock.now();
        let fetched = match fetched {
            Ok(fetched) => fetched,
            Err(Unfetched::Later(words)) if due.attempts < ATTEMPTS => {
                Fetched::Later(now + wait(due.attempts), words)
            }
            Err(Unfetched::Later(words) | Unfetched::Never(words)) => Fetched::Lost(words),
        };
        if let Fetched::Later(_, words) | Fetched::Lost(words) = &fetched {
            tracing::warn!(attachment.id = %due.attachment_id, attempt = due.attempts, why = words,
                "a file of WhatsApp could not be fetched");
        }
        let quiet = self.config.inbox_settings(&due.inbox).map(|it| it.inbox().quiet_seconds);
        let due_at = now + TimeDelta::seconds(i64::from(quiet.unwrap_or_default()));
        let changed = self.store.settle_media(due, &fetched, now, due_at).await?;
        if let Some(conversation) = changed {
            self.tell(&conversation);
            self.work.notify_one();
        }
        Ok(())
    }

    async fn try_fetching(&self, due: &DueMedia) -> Result<Fetched, Unfetched> {
        let settings = self.config.inbox_settings(&due.inbox);
        let whatsapp = settings.and_then(|settings| settings.whatsapp.as_deref());
        let whatsapp = whatsapp
            .ok_or_else(|| Unfetched::Never("the settings no longer name its inbox".into()))?;
        let media = Media { id: due.media_id.clone(), sha256: due.sha256.clone() };
        let most = self.config.attachments.max_bytes;
        let fetched = self.fetcher.fetch(whatsapp, &media, most).await?;
        let size = i64::try_from(fetched.bytes.len()).unwrap_or(i64::MAX);
        let file = NewFile { id: due.attachment_id.clone(), bytes: fetched.bytes };
        let laid = self.lay_down(file).await;
        laid.map_err(|error| Unfetched::Later(format!("it cannot be written: {error:#}")))?;
        Ok(Fetched::Here { media_type: fetched.media_type.to_owned(), size })
    }

    async fn lay_down(&self, file: NewFile) -> Result<()> {
        let folder = self.files.clone().context("no folder for files is set")?;
        files::lay_down(folder, vec![file]).await.map(drop)
    }
}

/// How long to wait after an attempt.
fn wait(attempt: i64) -> TimeDelta {
    let times = 4_i32.saturating_pow(u32::try_from(attempt - 1).unwrap_or(0));
    FIRST_WAIT * times
}
