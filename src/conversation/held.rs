//! A held send: words that an agent has said to send and may still take back.

use super::{AgentId, ConversationId, DraftId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is done once nobody has taken it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum SendAct {
    /// A draft goes out, as it was or edited.
    Approve {
        /// The version that was on the screen.
        draft: DraftId,
        /// What is to be sent.
        text: String,
        /// Whether the edit touched facts.
        facts_changed: bool,
    },
    /// The agent's own words go out.
    Reply {
        /// What is to be sent.
        text: String,
    },
}

impl SendAct {
    /// The words that are to leave.
    pub fn text(&self) -> &str {
        match self {
            Self::Approve { text, .. } | Self::Reply { text } => text,
        }
    }
}

/// Words on hold: a conversation has one at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldSend {
    /// Where they go.
    pub conversation_id: ConversationId,
    /// Who said to send them.
    pub agent_id: AgentId,
    /// What is done.
    pub act: SendAct,
    /// Until when they may be taken back.
    pub due_at: DateTime<Utc>,
}
