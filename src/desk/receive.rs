//! Receiving: deliveries that come at the same time share one commit, and each is answered after it.

use super::Desk;
use super::worker::LONGEST_SLEEP;
use crate::conversation::{Inbound, Kept, Price, WhatsappNews};
use crate::store::{News, Received, is_refused};
use anyhow::{Context, Result};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Deliveries that one commit may hold at most.
const BATCH: usize = 128;

/// How long a sender is kept waiting.
const PATIENCE: Duration = Duration::from_secs(5);

/// What came in at once: messages, and news besides.
struct Delivery {
    messages: Vec<Inbound>,
    news: Vec<News>,
}

/// Deliveries that are stored together, and where each of them lies.
#[derive(Default)]
struct Batch {
    messages: Vec<Inbound>,
    news: Vec<News>,
    parts: Vec<(Range<usize>, Range<usize>)>,
}

impl Batch {
    fn of(deliveries: impl IntoIterator<Item = Delivery>) -> Self {
        let mut batch = Self::default();
        for delivery in deliveries {
            let (messages, news) = (batch.messages.len(), batch.news.len());
            batch.messages.extend(delivery.messages);
            batch.news.extend(delivery.news);
            batch.parts.push((messages..batch.messages.len(), news..batch.news.len()));
        }
        batch
    }
}

impl Batch {
    /// Whether it is a single piece of which nothing is kept where it cannot be stored.
    fn is_single(&self) -> bool {
        let is_metas = |message: &Inbound| message.whatsapp.is_some();
        self.messages.len() + self.news.len() == 1 && !self.messages.iter().any(is_metas)
    }
}

type Answer = oneshot::Sender<Result<Vec<Received>>>;

/// The way in: hands deliveries to the task that stores them.
#[derive(Debug, Clone)]
pub struct Intake(mpsc::Sender<(Delivery, Answer)>);

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
        let delivery = Delivery { messages: vec![inbound], news: Vec::new() };
        let stored = self.hand_in(delivery).await?;
        Ok(stored.and_then(|mut stored| stored.pop().context("one message has one end")))
    }

    /// Stores messages and news, all of them or none; returns once they are safely on disk.
    pub async fn take(
        &self,
        messages: Vec<Inbound>,
        news: Vec<News>,
    ) -> Result<Result<()>, Overloaded> {
        if messages.is_empty() && news.is_empty() {
            return Ok(Ok(()));
        }
        Ok(self.hand_in(Delivery { messages, news }).await?.map(drop))
    }

    async fn hand_in(&self, delivery: Delivery) -> Result<Result<Vec<Received>>, Overloaded> {
        let (answer, stored) = oneshot::channel();
        self.0.try_send((delivery, answer)).map_err(|_| Overloaded)?;
        let stored = tokio::time::timeout(PATIENCE, stored).await.map_err(|_| Overloaded)?;
        Ok(stored
            .context("the intake stopped before the message was stored")
            .and_then(|stored| stored))
    }
}

async fn store_all(desk: Arc<Desk>, mut receiver: mpsc::Receiver<(Delivery, Answer)>) {
    let mut waiting = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut waiting, BATCH).await > 0 {
        let (batch, answers): (Vec<Delivery>, Vec<Answer>) = waiting.drain(..).unzip();
        let stored = desk.store_batch(&Batch::of(batch)).await;
        for (stored, answer) in stored.into_iter().zip(answers) {
            // A sender who has hung up delivers again and is told that it is a duplicate.
            drop(answer.send(stored));
        }
    }
}

impl Desk {
    /// Stores a batch with one commit; if that fails, each delivery on its own, so that one that
    /// cannot be stored does not turn the others away.
    async fn store_batch(&self, batch: &Batch) -> Vec<Result<Vec<Received>>> {
        let mut stored = Vec::with_capacity(batch.parts.len());
        match self.store_together(&batch.messages, &batch.news).await {
            Ok(all) => {
                let mut all = all.into_iter();
                let of = |(messages, _): &(Range<usize>, _)| {
                    Ok(all.by_ref().take(messages.len()).collect())
                };
                stored.extend(batch.parts.iter().map(of));
            }
            // A store that does not answer at all would only be asked in vain once for each.
            Err(error) if self.store.ping().await.is_err() => {
                stored.push(Err(error));
                let out_of_reach = |_| Err(anyhow::anyhow!("the store is out of reach"));
                stored.extend(batch.parts[1..].iter().map(out_of_reach));
            }
            Err(error) if batch.is_single() => stored.push(Err(error)),
            Err(_) => {
                for (messages, news) in &batch.parts {
                    let messages = &batch.messages[messages.clone()];
                    stored.push(self.store_apart(messages, &batch.news[news.clone()]).await);
                }
            }
        }
        metrics::counter!("sureply_intake_commits_total").increment(1);
        for received in stored.iter().flatten().flatten().filter(|received| !received.duplicate) {
            metrics::counter!("sureply_messages_received_total").increment(1);
            self.tell(&received.conversation_id);
        }
        let soon = self.clock.now() + LONGEST_SLEEP;
        let mut received = stored.iter().flatten().flatten();
        if received.any(|received| received.due_at.is_some_and(|due| due < soon)) {
            self.work.notify_one();
        }
        stored
    }

    /// Stores a delivery piece by piece: what can be stored is, and whoever sent it is told of the first piece
    /// that cannot. A message of WhatsApp that cannot is kept as it was understood: Meta would send all of them
    /// again for days, and has no history to ask for.
    async fn store_apart(&self, messages: &[Inbound], news: &[News]) -> Result<Vec<Received>> {
        let mut received = Vec::with_capacity(messages.len());
        let mut refused = None;
        for message in messages {
            match self.store_together(std::slice::from_ref(message), &[]).await {
                Ok(stored) => received.extend(stored),
                Err(error) => {
                    let kept = self.keep_unstored(message, error).await;
                    refused = refused.or(kept.err());
                }
            }
        }
        for one in news {
            let stored = self.store_together(&[], std::slice::from_ref(one)).await;
            refused = refused.or(stored.err());
        }
        refused.map_or(Ok(received), Err)
    }

    /// Keeps a message of WhatsApp that the store refuses and would refuse again, for a person to find. What may
    /// only have failed this time is an error, so that Meta sends it again.
    async fn keep_unstored(&self, message: &Inbound, error: anyhow::Error) -> Result<()> {
        let Some(told) = message.whatsapp.as_ref().filter(|_| is_refused(&error)) else {
            return Err(error);
        };
        let (inbox, id) = (message.inbox.name.clone(), message.external_id.clone());
        let id = id.unwrap_or_default();
        tracing::error!(%inbox, message.external_id = id, error = format!("{error:#}"),
            "a message cannot be stored; it is kept in whatsapp_kept as `unstored`");
        metrics::counter!("sureply_messages_unstored_total").increment(1);
        let body = serde_json::json!({
            "id": id, "names": message.aliases, "text": message.body, "sent_at": message.sent_at,
            "media": told.media.as_ref().map(|media| &media.id), "about": told.about, "raw": told.raw,
        });
        let id = format!("unstored {id}");
        let kept = Kept { id, kind: "unstored".into(), body: body.to_string() };
        let news = [(inbox, WhatsappNews::Kept(kept))];
        self.store_together(&[], &news).await.map(drop)
    }

    /// Stores messages and news with one commit; gives what became of the messages.
    async fn store_together(&self, messages: &[Inbound], news: &[News]) -> Result<Vec<Received>> {
        let taken = self.store.take(messages, news, self.clock.now()).await?;
        for conversation in &taken.changed {
            self.tell(conversation);
        }
        count(&taken.prices);
        let has_file = |it: &Inbound| it.whatsapp.as_ref().is_some_and(|it| it.media.is_some());
        if messages.iter().any(has_file) {
            self.fetching.notify_one();
        }
        if taken.stirs {
            self.work.notify_one();
        }
        Ok(taken.received)
    }
}

/// Counts what messages cost, by category and currency.
fn count(prices: &[Price]) {
    for price in prices {
        let Some(amount) = &price.amount else { continue };
        let micros = u64::try_from(amount.micros).unwrap_or_default();
        let (category, currency) = (price.category.clone(), amount.currency.clone());
        metrics::counter!("sureply_message_cost_micros_total", "category" => category, "currency" => currency)
            .increment(micros);
    }
}
