//! The worker: claims what has fallen due, does it, and sleeps until the next.

use super::Desk;
use super::aid::{Aides, Handover};
use crate::conversation::HeldSend;
use crate::curation;
use crate::store::{Claimed, Outgoing};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long the worker sleeps at most: what comes in on other nodes, or is due later than this, is
/// noticed by looking, not by a call.
pub(super) const LONGEST_SLEEP: Duration = Duration::from_secs(1);

/// A step that has fallen due.
enum Job {
    Turn(Claimed),
    Send(HeldSend),
    Delivery(Outgoing),
    Orphan(Outgoing),
}

impl Desk {
    /// Works until `stop` turns true, then finishes what is under way.
    pub async fn work(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let (mut running, mut aides) = (JoinSet::new(), Aides::new(&self));
        while !*stop.borrow() {
            if self.free(&running) == 0 {
                if let Some(ended) = running.join_next().await {
                    aides.take(&self, ended);
                }
                continue;
            }
            let before = running.len();
            self.mind_the_time().await;
            // What is due at one kind is under way while the other is looked for.
            let sends = self.due_sends(self.free(&running)).await;
            self.start(sends, &mut running);
            let deliveries = self.due_deliveries(self.free(&running)).await;
            self.start(deliveries, &mut running);
            // Last, for turns may be many and slow, and people's words were promised to leave soon.
            let turns = self.due_turns(self.free(&running)).await;
            self.start(turns, &mut running);
            if running.len() == before {
                let sleep = self.until_next().await;
                tokio::select! {
                    () = tokio::time::sleep(sleep) => {}
                    () = self.work.notified() => {}
                    Some(ended) = running.join_next() => aides.take(&self, ended),
                    _ = stop.changed() => {}
                }
            }
            while let Some(ended) = running.try_join_next() {
                aides.take(&self, ended);
            }
        }
        while let Some(ended) = running.join_next().await {
            aides.take(&self, ended);
        }
        aides.stop().await;
    }

    /// Looks for what comes due by time alone; what fails is tried again at the next look.
    async fn mind_the_time(&self) {
        let looked = [
            ("what was put aside", self.wake().await.err()),
            ("missed targets", self.miss().await.err()),
            ("what agents took and left", self.lapse().await.err()),
            ("attempts of unknown end", self.ask_about_doubts().await.err()),
            ("due notifications", self.notify_due().await.err()),
        ];
        for (what, error) in looked {
            if let Some(error) = error {
                let error = format!("{error:#}");
                tracing::error!(error, "looking for {what} failed; trying again");
            }
        }
    }

    /// Does everything that is due now and what follows from it; returns how many steps that took.
    /// For tests and for commands that do not serve.
    pub async fn run_due(self: &Arc<Self>) -> Result<usize> {
        let mut done = 0;
        loop {
            self.keep_up().await?;
            done += self.wake().await? + self.miss().await? + self.lapse().await?;
            done += self.ask_about_doubts().await?;
            done += self.fetch_due_media().await?;
            done += self.notify_due().await?;
            done += self.sync_due_templates().await?;
            let limit = self.config.worker.concurrency;
            let mut jobs = self.due_turns(limit).await?;
            jobs.extend(self.due_sends(limit).await?);
            jobs.extend(self.due_deliveries(limit).await?);
            if jobs.is_empty() {
                return Ok(done);
            }
            done += jobs.len();
            let (mut running, mut aides) = (JoinSet::new(), Aides::new(self));
            for job in jobs {
                running.spawn(Arc::clone(self).perform(job));
            }
            while let Some(ended) = running.join_next().await {
                aides.take(self, ended);
            }
            aides.finish().await;
        }
    }

    /// Takes up what has been learned and what other nodes did; while serving, tasks of their own do.
    async fn keep_up(&self) -> Result<()> {
        curation::refresh(&self.store, &self.search).await?;
        self.renew_trust().await
    }

    /// How many more steps may be under way.
    fn free(&self, running: &JoinSet<Option<Handover>>) -> usize {
        self.config.worker.concurrency.saturating_sub(running.len())
    }

    fn start(self: &Arc<Self>, jobs: Result<Vec<Job>>, running: &mut JoinSet<Option<Handover>>) {
        match jobs {
            Ok(jobs) => {
                for job in jobs {
                    running.spawn(Arc::clone(self).perform(job));
                }
            }
            Err(error) => tracing::error!(
                error = format!("{error:#}"),
                "looking for due work failed; trying again"
            ),
        }
    }

    async fn due_turns(&self, limit: usize) -> Result<Vec<Job>> {
        let now = self.clock.now();
        // Looking first keeps an idle node from taking the write lock again and again.
        if limit == 0 || self.store.next_turn_due().await?.is_none_or(|due| due > now) {
            return Ok(Vec::new());
        }
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let turns = self.store.claim_turns(limit, now, self.lease(now)).await?;
        Ok(turns.into_iter().map(Job::Turn).collect())
    }

    async fn due_sends(&self, limit: usize) -> Result<Vec<Job>> {
        let now = self.clock.now();
        if limit == 0 || self.store.next_send_due().await?.is_none_or(|due| due > now) {
            return Ok(Vec::new());
        }
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let sends = self.store.claim_sends(limit, now, self.lease(now)).await?;
        Ok(sends.into_iter().map(Job::Send).collect())
    }

    async fn due_deliveries(&self, limit: usize) -> Result<Vec<Job>> {
        let now = self.clock.now();
        if limit == 0 || self.store.next_delivery_due().await?.is_none_or(|due| due > now) {
            return Ok(Vec::new());
        }
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let orphans = self.store.claim_orphans(limit, now, self.lease(now)).await?;
        let free = limit - i64::try_from(orphans.len()).unwrap_or(limit);
        let deliveries = self.store.claim_outbox(free, now, self.lease(now)).await?;
        let orphans = orphans.into_iter().map(Job::Orphan);
        Ok(orphans.chain(deliveries.into_iter().map(Job::Delivery)).collect())
    }

    /// Until when work that is claimed now belongs to this node.
    fn lease(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + TimeDelta::seconds(i64::from(self.config.worker.lease_seconds))
    }

    async fn until_next(&self) -> Duration {
        let store = &self.store;
        let next = [
            store.next_turn_due().await,
            store.next_send_due().await,
            store.next_waking().await,
            store.next_miss().await,
            store.next_delivery_due().await,
            store.next_doubt().await,
            store.next_notification_due().await,
        ];
        let next = next.into_iter().filter_map(|due| due.ok().flatten()).min();
        let Some(next) = next else { return LONGEST_SLEEP };
        (next - self.clock.now())
            .to_std()
            .unwrap_or(Duration::from_millis(1))
            .clamp(Duration::from_millis(1), LONGEST_SLEEP)
    }

    /// Does a step; gives back what a person may be helped with after it.
    async fn perform(self: Arc<Self>, job: Job) -> Option<Handover> {
        let mut handover = None;
        match job {
            Job::Turn(claimed) => {
                self.attend(&claimed);
                match self.respond(&claimed).await {
                    Ok(taken_over) => handover = taken_over,
                    Err(error) => {
                        tracing::error!(turn.id = %claimed.id, conversation.id = %claimed.conversation_id,
                            error = format!("{error:#}"), "a turn could not be concluded; it is tried again after its lease");
                    }
                }
            }
            Job::Send(held) => {
                if let Err(error) = self.let_go(&held).await {
                    tracing::error!(conversation.id = %held.conversation_id, error = format!("{error:#}"),
                        "held words could not be sent; it is tried again after its lease");
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
        handover
    }
}
