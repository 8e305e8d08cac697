//! How people sort and share the work: priority, tags, blocking, who has what, one at a time or many at once.

use super::Desk;
use crate::conversation::{AgentId, ContactId, ConversationId, Priority, Tag};
use crate::store::Acted;
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashSet;
use std::sync::atomic::Ordering;

/// How often it is looked for what agents took and left, in seconds.
const LOOK_EVERY: i64 = 60;

/// What is done to many conversations at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkAct {
    /// The agent takes them.
    Take,
    /// Somebody is given them.
    Assign(AgentId),
    /// They are put aside until then.
    Snooze(DateTime<Utc>),
    /// They are closed.
    Resolve,
    /// The bot gets them back.
    GiveBack,
    /// They get a tag.
    Tag(Tag),
    /// They get a priority.
    Priority(Priority),
}

/// What came of doing something to many conversations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bulk {
    /// Where it was done.
    pub done: usize,
    /// Where words are about to be sent.
    pub held: usize,
    /// Where there is no room for more tags.
    pub full: usize,
    /// Where nobody answers the contact.
    pub blocked: usize,
    /// Where it no longer fits, or nothing is.
    pub gone: usize,
}

impl Desk {
    /// Sets a conversation's priority by hand.
    pub async fn set_priority(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        to: Priority,
    ) -> Result<Acted> {
        let acted = self.store.set_priority(id, agent, to, self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    /// Adds a tag to a conversation.
    pub async fn add_tag(&self, id: &ConversationId, agent: &AgentId, tag: &Tag) -> Result<Acted> {
        let acted = self.store.add_tag(id, agent, tag, self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    /// Takes a tag off a conversation.
    pub async fn remove_tag(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        tag: &Tag,
    ) -> Result<Acted> {
        let acted = self.store.remove_tag(id, agent, tag, self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    /// Gives a conversation to somebody.
    pub async fn assign(&self, id: &ConversationId, to: &AgentId, by: &AgentId) -> Result<Acted> {
        let acted = self.store.assign(id, to, Some(by), self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    /// Blocks the contact of a conversation.
    pub async fn block(&self, id: &ConversationId, agent: &AgentId, reason: &str) -> Result<Acted> {
        let acted = self.store.block(id, agent, reason, self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    /// Answers a contact again.
    pub async fn unblock(&self, contact: &ContactId, agent: &AgentId) -> Result<bool> {
        let unblocked = self.store.unblock(contact, agent, self.clock.now()).await?;
        for id in unblocked.iter().flatten() {
            self.tell(id);
        }
        Ok(unblocked.is_some())
    }

    /// Does the same to many conversations, each for itself: where it does not fit, it is refused there only. Of
    /// what was merged, the conversation that goes on is meant, once.
    pub async fn bulk(
        &self,
        ids: &[ConversationId],
        agent: &AgentId,
        act: &BulkAct,
    ) -> Result<Bulk> {
        let mut bulk = Bulk::default();
        for id in &self.going_on(ids).await? {
            let acted = match act {
                BulkAct::Take => self.take(id, agent).await,
                BulkAct::Assign(to) => self.assign(id, to, agent).await,
                BulkAct::Snooze(until) => self.snooze(id, agent, *until).await,
                BulkAct::Resolve => self.resolve(id, agent).await,
                BulkAct::GiveBack => self.give_back(id, agent).await,
                BulkAct::Tag(tag) => self.add_tag(id, agent, tag).await,
                BulkAct::Priority(to) => self.set_priority(id, agent, *to).await,
            }?;
            match acted {
                Acted::Done(_) => bulk.done += 1,
                Acted::Held => bulk.held += 1,
                Acted::Full => bulk.full += 1,
                Acted::Blocked => bulk.blocked += 1,
                Acted::Stale
                | Acted::NoConversation
                | Acted::Nobody
                | Acted::NoFile
                | Acted::Unwanted(_) => {
                    bulk.gone += 1;
                }
            }
        }
        Ok(bulk)
    }

    /// The conversations that go on for some, each once, in the order named.
    async fn going_on(&self, ids: &[ConversationId]) -> Result<Vec<ConversationId>> {
        let mut seen = HashSet::with_capacity(ids.len());
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            let survivor = self.store.survivor(id).await?;
            if seen.insert(survivor.clone()) {
                all.push(survivor);
            }
        }
        Ok(all)
    }

    /// Puts before the others what agents took and left, at most once a minute; returns how many
    /// conversations that were.
    pub(super) async fn lapse(&self) -> Result<usize> {
        let (now, minutes) = (self.clock.now(), self.config.desk.claim_minutes);
        let passed = now.timestamp().saturating_sub(self.looked.load(Ordering::Relaxed));
        if minutes == 0 || (0..LOOK_EVERY).contains(&passed) {
            return Ok(0);
        }
        self.looked.store(now.timestamp(), Ordering::Relaxed);
        let seen = now - TimeDelta::minutes(i64::from(minutes));
        let lapsed = self.store.lapse(seen, now).await?;
        for id in &lapsed {
            self.tell(id);
        }
        Ok(lapsed.len())
    }
}
