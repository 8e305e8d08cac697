//! What people do at the desk: approve, reject, reply, note, take, close, give back.

use super::Desk;
use crate::conversation::{
    AgentId, AttachmentId, ConversationId, DraftId, DraftState, Event, MessageId, ProposedDraft,
    Verdict,
};
use crate::store::{Acted, Approval, Sending, Words};
use anyhow::Result;
use chrono::{DateTime, Utc};

/// An agent's approval of the draft they saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approve {
    /// The version on their screen.
    pub draft: DraftId,
    /// What they want to send.
    pub text: String,
    /// Whether their changes touched facts; none when they did not say.
    pub facts_changed: bool,
    /// The files that go with it.
    pub files: Vec<AttachmentId>,
}

impl Desk {
    /// Sends the draft as the agent left it, if it is still the one that waits.
    pub(super) async fn approve(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        approve: Approve,
        sending: Sending,
    ) -> Result<Acted> {
        let waiting = self.store.find_waiting_draft(id).await?;
        let Some(seen) = waiting.filter(|draft| draft.id == approve.draft) else {
            return Ok(if self.store.find_conversation(id).await?.is_some() {
                Acted::Stale
            } else {
                Acted::NoConversation
            });
        };
        let learn = self.lesson(id, &seen, &approve).await;
        let approval = Approval { learn, sending, ..Self::approval(&seen, approve) };
        let acted = self.store.approve(id, agent, &approval, self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    /// Refuses the draft, with the reason.
    pub async fn reject(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        draft: &DraftId,
        reason: &str,
    ) -> Result<Acted> {
        let acted = self.store.reject(id, agent, draft, reason, self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    /// Sends the agent's own words.
    pub(super) async fn reply(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        words: impl Into<Words<'_>>,
        sending: Sending,
    ) -> Result<Acted> {
        let acted = self.store.reply(id, agent, words, sending, self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    /// Adds a note that the customer never sees.
    pub async fn note(&self, id: &ConversationId, agent: &AgentId, text: &str) -> Result<Acted> {
        let acted = self.store.add_note(id, agent, text, self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    /// Takes the conversation: from now on the bot stays out.
    pub async fn take(&self, id: &ConversationId, agent: &AgentId) -> Result<Acted> {
        self.change(id, agent, Event::AgentTook).await
    }

    /// Puts the conversation aside until a time; a customer's message brings it back earlier.
    pub async fn snooze(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        until: DateTime<Utc>,
    ) -> Result<Acted> {
        let acted = self.store.snooze(id, agent, until, self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    /// Brings back what was put aside for long enough; returns how many conversations that were.
    pub(super) async fn wake(&self) -> Result<usize> {
        let now = self.clock.now();
        if self.store.next_waking().await?.is_none_or(|due| due > now) {
            return Ok(0);
        }
        let woken = self.store.wake(now).await?;
        for id in &woken {
            self.tell(id);
        }
        Ok(woken.len())
    }

    /// Closes the conversation; a new message reopens it.
    pub async fn resolve(&self, id: &ConversationId, agent: &AgentId) -> Result<Acted> {
        self.change(id, agent, Event::Resolved).await
    }

    /// Gives the conversation back to the bot.
    pub async fn give_back(&self, id: &ConversationId, agent: &AgentId) -> Result<Acted> {
        self.change(id, agent, Event::GivenBack).await
    }

    /// Settles a delivery of unknown end by a person's word: it was sent, or it is to go again.
    pub async fn settle_delivery(
        &self,
        id: &ConversationId,
        message: &MessageId,
        was_sent: bool,
    ) -> Result<Acted> {
        let acted = self.store.settle_uncertain(id, message, was_sent, self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    async fn change(&self, id: &ConversationId, agent: &AgentId, event: Event) -> Result<Acted> {
        let acted = self.store.change(id, agent, event, self.clock.now()).await?;
        Ok(self.after(id, acted))
    }

    fn approval(seen: &ProposedDraft, approve: Approve) -> Approval {
        let unchanged = approve.text.trim() == seen.draft.text.trim();
        let (state, verdict) = match (unchanged, approve.facts_changed) {
            (true, _) => (DraftState::Approved, Verdict::Right),
            (false, false) => (DraftState::Edited, Verdict::Wording),
            (false, true) => (DraftState::Edited, Verdict::Wrong),
        };
        Approval {
            draft: approve.draft,
            text: approve.text,
            files: approve.files,
            state,
            verdict,
            learn: None,
            sending: Sending::AtOnce,
        }
    }

    pub(super) fn after(&self, id: &ConversationId, acted: Acted) -> Acted {
        if let Acted::Done(_) = &acted {
            self.tell(id);
            self.work.notify_one();
        }
        acted
    }
}
