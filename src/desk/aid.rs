//! Aid: once a person is brought in, a model sums up for them, and suggests a reply where nothing does.
//!
//! It comes after the decision is stored and takes no worker's place, so that no customer and no queue
//! waits for it; whatever goes wrong leaves what the decision itself says.

use super::Desk;
use crate::answer::{Asked, Request};
use crate::conversation::{Action, Conclusion, Mode, Turn};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

/// Nobody needs a summary that comes later than this.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How long stopping waits for what is being written; calls end by themselves before that.
const LAST_WAIT: Duration = Duration::from_secs(12);
/// Of so many calls that the settings allow at once, one may be for a person, and each person's aid
/// makes two at most: half the calls stay for customers who wait.
const SHARE: usize = 4;

/// A concluded turn that a person has to take over.
pub(super) struct Handover {
    pub(super) turn: Box<Turn>,
    pub(super) conclusion: Conclusion,
    pub(super) asked: Vec<Asked>,
}

/// What is being written for people, a few at a time.
pub(super) struct Aides {
    running: JoinSet<()>,
    places: Arc<Semaphore>,
    /// How many may be under way or wait for a place.
    most: usize,
}

impl Aides {
    /// Nobody is helped yet.
    pub(super) fn new(desk: &Desk) -> Self {
        let calls = desk.config.model.as_ref().map_or(0, |model| model.max_concurrent);
        let places = (calls / SHARE).max(1);
        Self {
            running: JoinSet::new(),
            places: Arc::new(Semaphore::new(places)),
            most: desk.config.worker.concurrency.max(places),
        }
    }

    /// Takes up what a step ended in; where too many wait already, the decision's own summary will do.
    pub(super) fn take(&mut self, desk: &Arc<Desk>, ended: Result<Option<Handover>, JoinError>) {
        while let Some(ended) = self.running.try_join_next() {
            note_panic(&ended);
        }
        note_panic(&ended);
        let Ok(Some(handover)) = ended else { return };
        if self.running.len() >= self.most {
            tracing::info!(turn.id = %handover.turn.id, "too many wait for a model's help");
            return;
        }
        let (desk, places) = (Arc::clone(desk), Arc::clone(&self.places));
        self.running.spawn(async move {
            if let Ok(Ok(_place)) = timeout(LONGEST_WAIT, places.acquire()).await {
                desk.aid(&handover).await;
            }
        });
    }

    /// Returns once everybody is helped.
    pub(super) async fn finish(mut self) {
        while let Some(ended) = self.running.join_next().await {
            note_panic(&ended);
        }
    }

    /// Ends what is being written, begins nothing, and breaks off what takes too long.
    pub(super) async fn stop(self) {
        self.places.close();
        if timeout(LAST_WAIT, self.finish()).await.is_err() {
            tracing::warn!("what a model wrote for a person took too long and was broken off");
        }
    }
}

/// Logs a step that ended in a panic; its claim runs out and it is tried again, then given up.
fn note_panic<T>(ended: &Result<T, JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a step ended badly");
    }
}

impl Desk {
    /// Whether a model may write for the person who takes over.
    pub(super) fn may_aid(&self, turn: &Turn, conclusion: &Conclusion) -> bool {
        let needs_person = matches!(conclusion.action, Action::Draft | Action::Escalate);
        self.answerer.is_model() && needs_person && turn.inbox.mode != Mode::Shadow
    }

    /// Has the model write for the person who takes over, and keeps it beside the decision.
    async fn aid(&self, handover: &Handover) {
        let Handover { turn, conclusion, asked } = handover;
        let account = Some(&turn.conversation.id);
        if self.spent(account).await.is_some() {
            return;
        }
        let request = Request { turn, lang: conclusion.lang, asked };
        let reason = conclusion.reasons.first().map_or("", |reason| reason.sentence());
        let suggests = conclusion.draft.is_none();
        let writing = Box::pin(self.answerer.aid(&request, reason, suggests));
        let Some(aid) = self.counted(account, writing).await else { return };
        if aid.summary.is_none() && aid.suggestion.is_none() {
            tracing::info!(turn.id = %turn.id, "the model wrote nothing of use for the person");
            return;
        }
        let kept = self.store.put_aid(&conclusion.id, &json!(aid), self.clock.now()).await;
        if let Err(error) = kept {
            tracing::error!(turn.id = %turn.id, error = format!("{error:#}"),
                "what the model wrote for a person could not be kept");
            return;
        }
        self.tell(&turn.conversation.id);
    }
}
