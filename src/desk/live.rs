//! News of changes, for the pages that show them; a hint only, the store is the truth.

use super::Desk;
use crate::conversation::ConversationId;
use tokio::sync::broadcast;

/// Something changed in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The conversation.
    pub conversation_id: ConversationId,
}

impl Desk {
    /// Follows the news of this node.
    pub fn follow(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    /// Tells whoever follows that a conversation changed.
    pub(super) fn tell(&self, conversation_id: &ConversationId) {
        // An error only says that nobody listens.
        drop(self.news.send(News { conversation_id: conversation_id.clone() }));
    }
}
