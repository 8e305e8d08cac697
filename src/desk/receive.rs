//! Receiving: deliveries that come at the same time share one commit, and each is answered after it.

use super::Desk;
use super::worker::LONGEST_SLEEP;
use crate::conversation::Inbound;
use crate::store::Received;
use anyhow::{Context, Result};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Deliveries that one commit may hold at most.
const BATCH: usize = 128;

/// How long a sender is kept waiting.
const PATIENCE: Duration = Duration::from_secs(5);

type Answer = oneshot::Sender<Result<Received>>;

/// The way in: hands deliveries to the task that stores them.
#[derive(Debug, Clone)]
pub struct Intake(mpsc::Sender<(Inbound, Answer)>);

/// The store is slower than the deliveries; the sender should come back later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many messages wait to be stored")]
pub struct Overloaded;

impl Intake {
    /// Starts the task that stores deliveries; it ends when every clone of the intake is gone.
    pub fn start(desk: Arc<Desk>) -> (Self, tokio::task::JoinHandle<()>) {
        let (sender, receiver) = mpsc::channel(desk.config.server.intake_queue.max(1));
        let task = tokio::spawn(store_all(desk, receiver));
        (Self(sender), task)
    }

    /// Stores a message; returns once it is safely on disk. A sender who is told to come back later
    /// may find that it was stored after all, as a duplicate.
    pub async fn receive(&self, inbound: Inbound) -> Result<Result<Received>, Overloaded> {
        let (answer, stored) = oneshot::channel();
        self.0.try_send((inbound, answer)).map_err(|_| Overloaded)?;
        let stored = tokio::time::timeout(PATIENCE, stored).await.map_err(|_| Overloaded)?;
        Ok(stored
            .context("the intake stopped before the message was stored")
            .and_then(|stored| stored))
    }
}

async fn store_all(desk: Arc<Desk>, mut receiver: mpsc::Receiver<(Inbound, Answer)>) {
    let mut waiting = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut waiting, BATCH).await > 0 {
        let (batch, answers): (Vec<Inbound>, Vec<Answer>) = waiting.drain(..).unzip();
        let stored = desk.store_batch(&batch).await;
        for (stored, answer) in stored.into_iter().zip(answers) {
            // A sender who has hung up delivers again and is told that it is a duplicate.
            drop(answer.send(stored));
        }
    }
}

impl Desk {
    /// Stores a batch with one commit; if that fails, each delivery on its own, so that one that
    /// cannot be stored does not turn the others away.
    async fn store_batch(&self, batch: &[Inbound]) -> Vec<Result<Received>> {
        let now = self.clock.now();
        let mut stored = Vec::with_capacity(batch.len());
        match self.store.receive(batch, now).await {
            Ok(all) => stored.extend(all.into_iter().map(Ok)),
            Err(error) if batch.len() == 1 => stored.push(Err(error)),
            // A store that does not answer at all would only be asked in vain once for each.
            Err(error) if self.store.ping().await.is_err() => {
                stored.push(Err(error));
                stored.extend(
                    batch[1..].iter().map(|_| Err(anyhow::anyhow!("the store is out of reach"))),
                );
            }
            Err(_) => {
                for inbound in batch {
                    let one = self.store.receive(std::slice::from_ref(inbound), now).await;
                    stored.push(one.map(|mut received| received.remove(0)));
                }
            }
        }
        metrics::counter!("sureply_intake_commits_total").increment(1);
        for received in stored.iter().flatten().filter(|received| !received.duplicate) {
            metrics::counter!("sureply_messages_received_total").increment(1);
            self.tell(&received.conversation_id);
        }
        let soon = self.clock.now() + LONGEST_SLEEP;
        if stored.iter().flatten().any(|received| received.due_at.is_some_and(|due| due < soon)) {
            self.work.notify_one();
        }
        stored
    }
}
