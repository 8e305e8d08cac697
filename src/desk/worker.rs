//! The worker: claims what has fallen due, does it, and sleeps until the next.

use super::Desk;
use crate::store::{Claimed, Outgoing};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

/// How long the worker sleeps at most: what comes in on other nodes, or is due later than this, is
/// noticed by looking, not by a call.
pub(super) const LONGEST_SLEEP: Duration = Duration::from_secs(1);

/// A step that has fallen due.
enum Job {
    Turn(Claimed),
    Delivery(Outgoing),
    Orphan(Outgoing),
}

impl Desk {
    /// Works until `stop` turns true, then finishes what is under way.
    pub async fn work(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        while !*stop.borrow() {
            let free = self.config.worker.concurrency.saturating_sub(running.len());
            if free == 0 {
                if let Some(ended) = running.join_next().await {
                    note_panic(&ended);
                }
                continue;
            }
            let jobs = self.due(free).await.unwrap_or_else(|error| {
                tracing::error!(
                    error = format!("{error:#}"),
                    "looking for due work failed; trying again"
                );
                Vec::new()
            });
            let idle = jobs.is_empty();
            for job in jobs {
                running.spawn(Arc::clone(&self).perform(job));
            }
            if idle {
                let sleep = self.until_next().await;
                tokio::select! {
                    () = tokio::time::sleep(sleep) => {}
                    () = self.work.notified() => {}
                    Some(ended) = running.join_next() => note_panic(&ended),
                    _ = stop.changed() => {}
                }
            }
            while let Some(ended) = running.try_join_next() {
                note_panic(&ended);
            }
        }
        while running.join_next().await.is_some() {}
    }

    /// Does everything that is due now and what follows from it; returns how many steps that took.
    /// For tests and for commands that do not serve.
    pub async fn run_due(self: &Arc<Self>) -> Result<usize> {
        let mut done = 0;
        loop {
            let jobs = self.due(self.config.worker.concurrency).await?;
            if jobs.is_empty() {
                return Ok(done);
            }
            done += jobs.len();
            let mut running = JoinSet::new();
            for job in jobs {
                running.spawn(Arc::clone(self).perform(job));
            }
            while running.join_next().await.is_some() {}
        }
    }

    async fn due(&self, limit: usize) -> Result<Vec<Job>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        if limit == 0 {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let until = now + TimeDelta::seconds(i64::from(self.config.worker.lease_seconds));
        let mut jobs = Vec::new();
        let free = |jobs: &Vec<Job>| limit - i64::try_from(jobs.len()).unwrap_or(limit);
        // Looking first keeps an idle node from taking the write lock again and again.
        let is_due = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= now);
        if is_due(self.store.next_delivery_due().await?) {
            let orphans = self.store.orphaned_deliveries(now, limit).await?;
            jobs.extend(orphans.into_iter().map(Job::Orphan));
            let deliveries = self.store.claim_outbox(free(&jobs), now, until).await?;
            jobs.extend(deliveries.into_iter().map(Job::Delivery));
        }
        if free(&jobs) > 0 && is_due(self.store.next_turn_due().await?) {
            let turns = self.store.claim_turns(free(&jobs), now, until).await?;
            jobs.extend(turns.into_iter().map(Job::Turn));
        }
        Ok(jobs)
    }

    async fn until_next(&self) -> Duration {
        let (turn, delivery) =
            (self.store.next_turn_due().await, self.store.next_delivery_due().await);
        let next = [turn, delivery].into_iter().filter_map(|due| due.ok().flatten()).min();
        let Some(next) = next else { return LONGEST_SLEEP };
        (next - self.clock.now())
            .to_std()
            .unwrap_or(Duration::from_millis(1))
            .clamp(Duration::from_millis(1), LONGEST_SLEEP)
    }

    async fn perform(self: Arc<Self>, job: Job) {
        match job {
            Job::Turn(claimed) => {
                if let Err(error) = self.respond(&claimed).await {
                    tracing::error!(turn.id = %claimed.id, conversation.id = %claimed.conversation_id,
                        error = format!("{error:#}"), "a turn could not be concluded; it is tried again after its lease");
                }
            }
            Job::Delivery(outgoing) => {
                if let Err(error) = self.deliver(&outgoing).await {
                    tracing::error!(outbox.id = %outgoing.id, error = format!("{error:#}"),
                        "a delivery's end could not be recorded; it is settled after its lease");
                }
            }
            Job::Orphan(outgoing) => {
                if let Err(error) = self.settle_orphan(&outgoing).await {
                    tracing::error!(outbox.id = %outgoing.id, error = format!("{error:#}"),
                        "a delivery left behind could not be settled; it is tried again");
                }
            }
        }
        self.work.notify_one();
    }
}

/// Logs a step that ended in a panic; its claim runs out and it is tried again, then given up.
fn note_panic(ended: &Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a step ended badly");
    }
}
