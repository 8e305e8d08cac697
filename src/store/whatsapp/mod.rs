//! What WhatsApp tells: taken in with one commit, the same in whatever order and however often it comes.

mod change;
mod kept;
mod media;
mod message;
mod names;
mod number;
mod opt;
mod price;
mod status;

pub use media::{DueMedia, Fetched};
pub(super) use message::insert;
pub(super) use names::tie;

use super::{SpoolMark, Store, Tx, intake, spool, template};
use crate::conversation::{
    Change, Consent, ConversationId, Inbound, InboxName, Kept, NumberNews, Price, StatusNews,
    TemplateNews, WhatsappNews,
};
use crate::store::Received;
use anyhow::Result;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// News with the inbox that they came in by.
pub type News = (InboxName, WhatsappNews);

/// What became of what was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// The messages, in their order.
    pub received: Vec<Received>,
    /// The conversations in which something else changed.
    pub changed: Vec<ConversationId>,
    /// What messages of ours cost of which that was not known before.
    pub prices: Vec<Price>,
    /// Whether something may be due by that: a turn is to be considered anew, or a delivery no longer keeps others
    /// waiting.
    pub stirs: bool,
}

/// The news of one inbox, sorted.
#[derive(Default)]
struct Sorted<'a> {
    statuses: Vec<&'a StatusNews>,
    changes: Vec<&'a Change>,
    names: Vec<&'a [String]>,
    consents: Vec<&'a Consent>,
    templates: Vec<&'a TemplateNews>,
    kept: Vec<&'a Kept>,
    numbers: Vec<&'a NumberNews>,
}

impl Store {
    /// Stores messages and news with one commit, or none of them; with it, up to which record of a spool all are stored.
    pub async fn take_of_spool(
        &self,
        messages: &[Inbound],
        news: &[News],
        stored: Option<SpoolMark<'_>>,
        now: DateTime<Utc>,
    ) -> Result<Taken> {
        let mut tx = self.begin().await?;
        let sorted = sorted(news);
        // Who is who comes first, so that messages under a new name find their contact.
        for (inbox, news) in &sorted {
            for names in &news.names {
                names::tie(&mut tx, inbox, names, now).await?;
            }
        }
        let received = intake::receive(&mut tx, messages, now).await?;
        let mut taken = Taken { received, ..Taken::default() };
        for (inbox, news) in &sorted {
            take_rest(&mut tx, inbox, news, &mut taken, now).await?;
        }
        if let Some(stored) = stored {
            spool::note_stored(&mut tx, stored).await?;
        }
        tx.commit().await?;
        taken.changed.sort_unstable();
        taken.changed.dedup();
        Ok(taken)
    }
}

#[cfg(test)]
impl Store {
    /// Stores messages and news that came by no spool.
    pub async fn take(
        &self,
        messages: &[Inbound],
        news: &[News],
        now: DateTime<Utc>,
    ) -> Result<Taken> {
        self.take_of_spool(messages, news, None, now).await
    }
}

fn sorted(news: &[News]) -> BTreeMap<&InboxName, Sorted<'_>> {
    let mut all: BTreeMap<&InboxName, Sorted<'_>> = BTreeMap::new();
    for (inbox, news) in news {
        let of = all.entry(inbox).or_default();
        match news {
            WhatsappNews::Status(status) => of.statuses.push(status),
            WhatsappNews::Change(change) => of.changes.push(change),
            WhatsappNews::Names(names) => of.names.push(names),
            WhatsappNews::Consent(consent) => of.consents.push(consent),
            WhatsappNews::Template(news) => of.templates.push(news),
            WhatsappNews::Kept(kept) => of.kept.push(kept),
            WhatsappNews::Number(number) => of.numbers.push(number),
        }
    }
    all
}

async fn take_rest(
    tx: &mut Tx,
    inbox: &InboxName,
    news: &Sorted<'_>,
    taken: &mut Taken,
    now: DateTime<Utc>,
) -> Result<()> {
    for consent in &news.consents {
        kept::agree(tx, inbox, consent, now).await?;
    }
    let changed = change::take(tx, inbox, &news.changes, now).await?;
    taken.stirs |= !changed.is_empty();
    taken.changed.extend(changed);
    let strays = status::take(tx, inbox, &news.statuses, taken, now).await?;
    // After the conversations are held, as everywhere, so that two nodes do not wait for each other.
    number::hear(tx, inbox, &news.numbers, now).await?;
    let kept: Vec<&Kept> = news.kept.iter().copied().chain(&strays).collect();
    template::take(tx, inbox, &news.templates, now).await?;
    kept::keep(tx, inbox, &kept, now).await
}
