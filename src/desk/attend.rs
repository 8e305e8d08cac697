//! Showing customers that their message was read and is being answered, where their channel can show that.

use super::Desk;
use crate::channel::Channel;
use crate::conversation::{ConversationId, TurnId};
use crate::store::Claimed;
use anyhow::Result;
use std::sync::Arc;

impl Desk {
    /// Shows it beside the turn, which neither waits for it nor fails with it.
    pub(super) fn attend(self: &Arc<Self>, claimed: &Claimed) {
        let is_first = claimed.attempts == 1;
        if is_first && self.channels.values().any(|channel| channel.attends()) {
            let (desk, turn) = (Arc::clone(self), claimed.id.clone());
            let conversation = claimed.conversation_id.clone();
            tokio::spawn(async move {
                if let Err(error) = desk.show_attention(&turn, &conversation).await {
                    tracing::debug!(turn.id = %turn, error = format!("{error:#}"), "no mark was shown");
                }
            });
        }
    }

    async fn show_attention(&self, turn: &TurnId, conversation: &ConversationId) -> Result<()> {
        let conversation = self.store.conversation(conversation).await?;
        let Some(channel) = self.channel(&conversation.inbox).filter(|it| Channel::attends(*it))
        else {
            return Ok(());
        };
        if let Some(message) = self.store.find_answered(Some(turn)).await? {
            channel.attend(&message, self.clock.now()).await;
        }
        Ok(())
    }
}
