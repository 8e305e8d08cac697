//! What people teach the desk: verdicts on automatic answers, and wordings.

use super::agent::Approve;
use super::{Desk, Record};
use crate::answer::Understood;
use crate::answer::redact::{learnable, likeness};
use crate::conversation::{
    AgentId, Author, Conversation, ConversationId, DecisionId, MessageId, ProposedDraft, Verdict,
};
use crate::knowledge::Entry;
use crate::store::{Acted, NewWording};
use anyhow::{Context, Result};

/// The newest messages among which those of a draft's turn are looked for.
const LOOK_BACK: i64 = 50;

impl Desk {
    /// Takes in a person's verdict on an automatic answer that is under audit. Given a second time it
    /// is [`Acted::Stale`] and changes nothing.
    pub async fn audit(
        &self,
        decision: &DecisionId,
        agent: &AgentId,
        verdict: Verdict,
    ) -> Result<Acted> {
        let Some(audit) = self.store.find_audit(decision).await? else {
            return Ok(Acted::NoConversation);
        };
        let acted = self.store.settle_audit(decision, agent, verdict, self.clock.now()).await?;
        if acted == Acted::Stale {
            return Ok(acted);
        }
        self.watch_drift(&audit.inbox, audit.risk).await?;
        Ok(self.after(&audit.conversation_id, acted))
    }

    /// Brings an automatic answer that its customer marked as unhelpful before a person; a message
    /// that is none is [`Acted::Stale`].
    pub async fn thumbs_down(
        &self,
        conversation: &ConversationId,
        message: &MessageId,
    ) -> Result<Acted> {
        let acted = self.store.mark_unhelpful(conversation, message, self.clock.now()).await?;
        Ok(self.after(conversation, acted))
    }

    /// Forgets a learned wording; `false` when it is none. It is not learned again.
    pub async fn remove_wording(&self, id: &str, agent: &AgentId) -> Result<bool> {
        self.store.remove_wording(id, agent, self.clock.now()).await
    }

    /// Brings a removed wording back; `false` when it was not removed.
    pub async fn restore_wording(&self, id: &str) -> Result<bool> {
        self.store.restore_wording(id).await
    }

    /// The customer's wording that an approval teaches: where the draft goes out as it is, answers one
    /// question that is understood by itself, and rests on one entry. Whatever fails here must not
    /// keep the answer from its customer.
    pub(super) async fn lesson(
        &self,
        id: &ConversationId,
        seen: &ProposedDraft,
        approve: &Approve,
    ) -> Option<NewWording> {
        if approve.text.trim() != seen.draft.text.trim() {
            return None;
        }
        self.wording(id, seen).await.unwrap_or_else(|error| {
            tracing::warn!(conversation.id = %id, error = format!("{error:#}"), "a wording was not learned");
            None
        })
    }

    async fn wording(
        &self,
        id: &ConversationId,
        seen: &ProposedDraft,
    ) -> Result<Option<NewWording>> {
        let [citation] = seen.draft.citations.as_slice() else { return Ok(None) };
        let Some(told) = self.store.find_last_decision(id).await? else { return Ok(None) };
        let record: Record = serde_json::from_value(told.record).context("reading a decision")?;
        let Some(question) = lone_question(&record).filter(|_| record.turn_id == seen.turn_id)
        else {
            return Ok(None);
        };
        let Some(entry) = self.search.entry(&citation.entry)? else { return Ok(None) };
        let conversation = self.store.conversation(id).await?;
        if !self.was_said(&conversation, &record, question).await? {
            return Ok(None);
        }
        let contact = self.store.contact(&conversation).await?;
        let mailbox = contact.email.as_deref().and_then(|email| email.split('@').next());
        let names: Vec<&str> = contact.name.as_deref().into_iter().chain(mailbox).collect();
        let Some(learned) = learnable(question, &names) else { return Ok(None) };
        if is_known(&entry, &learned.likeness) {
            return Ok(None);
        }
        Ok(Some(NewWording {
            entry: entry.id,
            article: entry.article,
            words: learned.words,
            likeness: learned.likeness,
            most: i64::from(self.config.knowledge.learned_per_entry),
        }))
    }

    /// Whether the customer wrote the question so, in a message of the turn. What was only heard is not
    /// learned: a machine's mishearing is no wording of anybody's.
    async fn was_said(
        &self,
        conversation: &Conversation,
        record: &Record,
        question: &str,
    ) -> Result<bool> {
        let messages = self.store.messages(&conversation.id, i64::MAX, LOOK_BACK).await?;
        let is_theirs = |author| author == Author::Customer;
        Ok(messages.iter().any(|message| {
            is_theirs(message.author)
                && record.messages.contains(&message.id)
                && likeness(&message.body).contains(&likeness(question))
        }))
    }
}

/// The one question of a turn, where it has one that leans on nothing said before.
fn lone_question(record: &Record) -> Option<&str> {
    let [question] = record.covered.as_slice() else { return None };
    let is_lone = record.triage.as_ref().is_some_and(|triage| triage.questions.len() == 1);
    let stands = record.understood.iter().all(|understood| *understood == Understood::Itself);
    (is_lone && stands).then_some(question)
}

/// Whether the entry is asked for so already.
fn is_known(entry: &Entry, wording: &str) -> bool {
    let asked = std::iter::once(&entry.question).chain(&entry.ways).chain(&entry.learned);
    asked.into_iter().any(|way| likeness(way) == wording)
}
