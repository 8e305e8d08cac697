//! Held sends: what an agent sends waits a little, so that it can be taken back.

use super::{Approve, Desk};
use crate::conversation::{AgentId, ConversationId, HeldSend, SendAct};
use crate::store::{Acted, Sending, Words};
use anyhow::Result;
use chrono::TimeDelta;

/// What the note says that keeps words which could not be sent.
const NOT_SENT: &str =
    "This was not sent: the customer wrote meanwhile, or a colleague was faster.";

/// What became of an agent's word to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It waits, and may be taken back until then.
    Held,
    /// It was done, or was not.
    Done(Acted),
}

impl Desk {
    /// Puts words on hold where the settings say so, else sends them.
    pub async fn send(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        act: SendAct,
    ) -> Result<Outcome> {
        let seconds = self.config.desk.undo_seconds;
        if seconds == 0 {
            return Ok(Outcome::Done(self.do_send(id, agent, act, Sending::AtOnce).await?));
        }
        let now = self.clock.now();
        let held = HeldSend {
            conversation_id: id.clone(),
            agent_id: agent.clone(),
            act,
            due_at: now + TimeDelta::seconds(i64::from(seconds)),
        };
        let acted = self.store.hold_send(&held, now).await?;
        Ok(match self.after(id, acted) {
            Acted::Done(_) => Outcome::Held,
            refused => Outcome::Done(refused),
        })
    }

    /// Takes words back before they leave; none where it is too late.
    pub async fn undo_send(
        &self,
        id: &ConversationId,
        agent: &AgentId,
    ) -> Result<Option<HeldSend>> {
        let taken = self.store.take_back(id, agent, self.clock.now()).await?;
        self.tell(id);
        Ok(taken)
    }

    /// Sends what nobody has taken back; what can no longer be sent is kept as a note.
    pub(super) async fn let_go(&self, held: &HeldSend) -> Result<()> {
        let (id, agent) = (&held.conversation_id, &held.agent_id);
        let acted =
            self.do_send(id, agent, held.act.clone(), Sending::FromHold(held.due_at)).await?;
        if !matches!(acted, Acted::Done(_)) {
            tracing::info!(conversation.id = %id, "held words could not be sent; they are kept as a note");
            self.store.drop_send(held, NOT_SENT, self.clock.now()).await?;
            self.tell(id);
        }
        Ok(())
    }

    async fn do_send(
        &self,
        id: &ConversationId,
        agent: &AgentId,
        act: SendAct,
        sending: Sending,
    ) -> Result<Acted> {
        match act {
            SendAct::Approve { draft, text, facts_changed, files } => {
                let approve = Approve { draft, text, facts_changed, files };
                self.approve(id, agent, approve, sending).await
            }
            SendAct::Reply { text, files } => {
                let words = Words { text: &text, files: &files };
                self.reply(id, agent, words, sending).await
            }
        }
    }
}
