//! Receiving: deliveries that come at the same time share one commit, and each is answered after it, or once the spool
//! holds it.

use super::Desk;
use super::spool::{Delivered, Spooling};
use super::worker::LONGEST_SLEEP;
use crate::conversation::{Inbound, InboxName, Kept, Price, WhatsappNews};
use crate::store::{News, Received, SpoolMark, is_refused};
use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Deliveries that one commit may hold at most.
pub(super) const BATCH: usize = 128;

/// How long a sender is kept waiting.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

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
pub struct Intake {
    direct: mpsc::Sender<(Delivery, Answer)>,
    /// Where there is one, what is not answered with more than that it came goes through it.
    spooling: Option<Spooling>,
}

/// The store is slower than the deliveries; the sender should come back later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many messages wait to be stored")]
pub struct Overloaded;

impl Intake {
    /// Starts the task that stores deliveries; it ends when every clone of the intake is gone.
    pub fn start(desk: Arc<Desk>) -> (Self, tokio::task::JoinHandle<()>) {
        let (sender, receiver) = mpsc::channel(desk.config.server.intake_queue.max(1));
        let task = tokio::spawn(store_all(desk, receiver));
        (Self { direct: sender, spooling: None }, task)
    }

    /// The same, with a spool.
    pub fn through(self, spooling: Spooling) -> Self {
        Self { spooling: Some(spooling), ..self }
    }

    /// Whether there is a spool: what was taken may then not be in the database yet.
    pub(super) fn is_spooled(&self) -> bool {
        self.spooling.is_some()
    }

    /// Stores a message; returns once it is safely on disk. A sender who is told to come back later
    /// may find that it was stored after all, as a duplicate.
    pub async fn receive(&self, inbound: Inbound) -> Result<Result<Received>, Overloaded> {
        let delivery = Delivery { messages: vec![inbound], news: Vec::new() };
        let stored = self.hand_in(delivery).await?;
        Ok(stored.and_then(|mut stored| stored.pop().context("one message has one end")))
    }

    /// Takes what a body tells, all of it or nothing; returns once it is safely on disk, in the spool or in the
    /// database.
    pub async fn take(&self, came: Delivered, body: &[u8]) -> Result<Result<()>, Overloaded> {
        if came.messages.is_empty() && came.news.is_empty() {
            return Ok(Ok(()));
        }
        if let Some(spooling) = &self.spooling {
            return spooling.take(came, body).await;
        }
        let Delivered { messages, news, .. } = came;
        Ok(self.hand_in(Delivery { messages, news }).await?.map(drop))
    }

    async fn hand_in(&self, delivery: Delivery) -> Result<Result<Vec<Received>>, Overloaded> {
        let (answer, stored) = oneshot::channel();
        self.direct.try_send((delivery, answer)).map_err(|_| Overloaded)?;
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
        match self.store_together(&batch.messages, &batch.news, None).await {
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
                    let news = &batch.news[news.clone()];
                    stored.push(self.store_apart(messages, news, is_refused).await);
                }
            }
        }
        self.tell_received(stored.iter().flatten().flatten());
        stored
    }

    /// Tells whoever looks on what a commit has stored, and the worker if something of it is due soon.
    pub(super) fn tell_received<'a>(&self, received: impl Iterator<Item = &'a Received> + Clone) {
        metrics::counter!("sureply_intake_commits_total").increment(1);
        for received in received.clone().filter(|received| !received.duplicate) {
            metrics::counter!("sureply_messages_received_total").increment(1);
            self.tell(&received.conversation_id);
        }
        let soon = self.clock.now() + LONGEST_SLEEP;
        let mut due = received.filter_map(|received| received.due_at);
        if due.any(|due| due < soon) {
            self.work.notify_one();
        }
    }

    /// Stores a delivery piece by piece: what can be stored is, and whoever sent it is told of the first piece
    /// that cannot. A message of WhatsApp that cannot, for good, is kept as it was understood: Meta would send all of
    /// them again for days, and has no history to ask for.
    pub(super) async fn store_apart(
        &self,
        messages: &[Inbound],
        news: &[News],
        is_for_good: impl Fn(&anyhow::Error) -> bool,
    ) -> Result<Vec<Received>> {
        let mut received = Vec::with_capacity(messages.len());
        let mut refused = None;
        for message in messages {
            match self.store_together(std::slice::from_ref(message), &[], None).await {
                Ok(stored) => received.extend(stored),
                Err(error) if is_for_good(&error) => {
                    let kept = self.keep_unstored(message, error).await;
                    refused = refused.or(kept.err());
                }
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        for one in news {
            match self.store_together(&[], std::slice::from_ref(one), None).await {
                Ok(_) => {}
                Err(error) if is_for_good(&error) => {
                    let kept = self.keep_untold(one, &error).await;
                    refused = refused.or(kept.err());
                }
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        refused.map_or(Ok(received), Err)
    }

    /// Keeps a message of WhatsApp that the store refuses and would refuse again, for a person to find.
    async fn keep_unstored(&self, message: &Inbound, error: anyhow::Error) -> Result<()> {
        let Some(told) = &message.whatsapp else { return Err(error) };
        let (inbox, id) = (message.inbox.name.clone(), message.external_id.clone());
        let id = id.unwrap_or_default();
        tracing::error!(%inbox, message.external_id = id, error = format!("{error:#}"),
            "a message cannot be stored; it is kept in whatsapp_kept as `unstored`");
        metrics::counter!("sureply_messages_unstored_total").increment(1);
        let body = serde_json::json!({
            "id": id, "names": message.aliases, "text": message.body, "sent_at": message.sent_at,
            "media": told.media.as_ref().map(|media| &media.id), "about": told.about, "raw": told.raw,
        });
        self.keep(inbox, format!("unstored {id}"), body.to_string(), None).await
    }

    /// Keeps news that the store refuses and would refuse again.
    async fn keep_untold(&self, (inbox, news): &News, error: &anyhow::Error) -> Result<()> {
        tracing::error!(%inbox, error = format!("{error:#}"),
            "news cannot be stored; they are kept in whatsapp_kept as `unstored`");
        metrics::counter!("sureply_messages_unstored_total").increment(1);
        let body = format!("{news:?}");
        let sum = crate::token::hex(&Sha256::digest(&body));
        self.keep(inbox.clone(), format!("unstored {sum}"), body, None).await
    }

    /// Keeps what could not be stored as what it is.
    pub(super) async fn keep(
        &self,
        inbox: InboxName,
        id: String,
        body: String,
        stored: Option<SpoolMark<'_>>,
    ) -> Result<()> {
        let kept = Kept { id, kind: "unstored".into(), body };
        self.store_together(&[], &[(inbox, WhatsappNews::Kept(kept))], stored).await.map(drop)
    }

    /// Stores messages and news with one commit, and how far that is in the spool; gives what became of the messages.
    pub(super) async fn store_together(
        &self,
        messages: &[Inbound],
        news: &[News],
        stored: Option<SpoolMark<'_>>,
    ) -> Result<Vec<Received>> {
        let taken = self.store.take_of_spool(messages, news, stored, self.clock.now()).await?;
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
