//! What people put together or take apart: contacts that are one person, conversations that are one or two.

use super::Desk;
use crate::conversation::{AgentId, ContactId, ConversationId, MessageId, RegroupId};
use crate::store::Regrouped;
use anyhow::Result;

impl Desk {
    /// Notes that the contact of a conversation is the same person as another.
    pub async fn merge_contact(
        &self,
        id: &ConversationId,
        other: &ContactId,
        agent: &AgentId,
    ) -> Result<Regrouped> {
        let done = self.store.merge_contact(id, other, agent, self.clock.now()).await?;
        Ok(self.regrouped(&[id], done))
    }

    /// Merges two conversations of one contact; the newer goes on.
    pub async fn merge_conversations(
        &self,
        one: &ConversationId,
        other: &ConversationId,
        agent: &AgentId,
    ) -> Result<Regrouped> {
        let done = self.store.merge_conversations(one, other, agent, self.clock.now()).await?;
        Ok(self.regrouped(&[one, other], done))
    }

    /// Splits a conversation before a message.
    pub async fn split_conversation(
        &self,
        id: &ConversationId,
        message: &MessageId,
        agent: &AgentId,
    ) -> Result<Regrouped> {
        let done = self.store.split_conversation(id, message, agent, self.clock.now()).await?;
        Ok(self.regrouped(&[id], done))
    }

    /// Undoes what was put together or taken apart.
    pub async fn undo_regroup(
        &self,
        id: &ConversationId,
        regroup: &RegroupId,
        agent: &AgentId,
    ) -> Result<Regrouped> {
        let done = self.store.undo_regroup(regroup, agent, self.clock.now()).await?;
        Ok(self.regrouped(&[id], done))
    }

    fn regrouped(&self, touched: &[&ConversationId], done: Regrouped) -> Regrouped {
        if let Regrouped::Done(id) = &done {
            for touched in touched {
                self.tell(touched);
            }
            self.tell(id);
            self.work.notify_one();
        }
        done
    }
}
