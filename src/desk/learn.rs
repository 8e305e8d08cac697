//! What people teach the desk: verdicts on automatic answers, and wordings.

use super::Desk;
use crate::conversation::{AgentId, ConversationId, DecisionId, MessageId, Verdict};
use crate::store::Acted;
use anyhow::Result;

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
        let removed = self.store.remove_wording(id, agent, self.clock.now()).await?;
        self.work.notify_one();
        Ok(removed)
    }

    /// Brings a removed wording back; `false` when it was not removed.
    pub async fn restore_wording(&self, id: &str) -> Result<bool> {
        let restored = self.store.restore_wording(id).await?;
        self.work.notify_one();
        Ok(restored)
    }
}
