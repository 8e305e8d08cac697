//! A held send: words that an agent has said to send and may still take back.

use super::{AgentId, AttachmentId, ConversationId, DraftId};
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
        /// The files that go with it.
        #[serde(default)]
        files: Vec<AttachmentId>,
    },
    /// The agent's own words go out.
    Reply {
        /// What is to be sent.
        text: String,
        /// The files that go with it.
        #[serde(default)]
        files: Vec<AttachmentId>,
    },
}

impl SendAct {
    /// The words that are to leave.
    pub fn text(&self) -> &str {
        match self {
            Self::Approve { text, .. } | Self::Reply { text, .. } => text,
        }
    }

    /// The files that are to leave with them.
    pub fn files(&self) -> &[AttachmentId] {
        match self {
            Self::Approve { files, .. } | Self::Reply { files, .. } => files,
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

#[cfg(test)]
mod tests {
    use super::SendAct;

    #[test]
    fn what_was_held_before_there_were_files_still_reads() {
        for (held, text) in [
            (r#"{"act":"reply","text":"By post."}"#, "By post."),
            (r#"{"act":"approve","draft":"d","text":"Hello!","facts_changed":false}"#, "Hello!"),
        ] {
            let act: SendAct = serde_json::from_str(held).expect("it reads");
            assert_eq!((act.text(), act.files().len()), (text, 0));
        }
    }
}
