//! A draft: a proposed reply with what it rests on.

use super::{AgentId, DraftId, TurnId};
use crate::knowledge::EntryId;
use crate::lang::Lang;
use crate::word::words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A sentence of an article that backs what a draft says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Citation {
    /// The entry cited.
    pub entry: EntryId,
    /// The version of its article that was live.
    pub version: i64,
    /// The words, verbatim as they stand in the entry.
    pub excerpt: String,
    /// The entry's question, as a label.
    pub title: String,
}

/// Who wrote a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Writer {
    /// The entry's approved words.
    Verbatim,
    /// A language model.
    Model {
        /// The model's name at its endpoint.
        name: String,
    },
}

/// A proposed reply, before it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// What the customer would read, in Markdown.
    pub text: String,
    /// What it rests on.
    pub citations: Vec<Citation>,
    /// Who wrote it.
    pub writer: Writer,
    /// The language it is in.
    pub lang: Lang,
}

words! {
    /// What has become of a draft.
    DraftState {
        /// It waits for an agent.
        Proposed = "proposed",
        /// It went out by itself, as the policy allows.
        Automatic = "automatic",
        /// An agent sent it as it was.
        Approved = "approved",
        /// An agent changed and sent it.
        Edited = "edited",
        /// An agent refused it.
        Rejected = "rejected",
        /// Something newer took its place: a message, a draft, an agent's own reply.
        Superseded = "superseded",
        /// It was written in shadow mode, for the record only.
        Shadow = "shadow",
    }
}

words! {
    /// What a person later said of a draft.
    Verdict {
        /// Sent unchanged.
        Right = "right",
        /// Edited; the facts stood.
        Wording = "wording",
        /// Facts changed, or rejected.
        Wrong = "wrong",
    }
}

/// A draft as it stands in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProposedDraft {
    /// This version's identifier; an approval names it.
    pub id: DraftId,
    /// The turn it answers.
    pub turn_id: TurnId,
    /// The number of the newest message it was written for.
    pub base_seq: i64,
    /// What has become of it.
    pub state: DraftState,
    /// The proposed words and citations.
    pub draft: Draft,
    /// What a person said of it.
    pub verdict: Option<Verdict>,
    /// Why a person refused it, in their words.
    pub reject_reason: Option<String>,
    /// Who settled it.
    pub agent_id: Option<AgentId>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}
