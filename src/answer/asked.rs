//! A question of a turn: in the customer's words, as it was understood, and what was found for it.

use crate::knowledge::{EntryId, Hit};
use serde::{Deserialize, Serialize};

/// One question of a turn, with what the search found for it, best first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asked {
    /// The question in the customer's words.
    pub question: String,
    /// The entries found, best first.
    pub hits: Vec<Hit>,
    /// What it was understood by.
    pub understood: Understood,
}

/// What a question was understood by, beside its own words; all of it stood in the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Understood {
    /// By nothing else.
    #[default]
    Itself,
    /// It leans on what was said before, which lent it words.
    FollowUp {
        /// The entry that was answered with last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<EntryId>,
        /// What it was read as: the words lent, then its own.
        read_as: String,
    },
    /// The conversation speaks of something by name, and its entry is the one meant.
    Subject {
        /// The words of the title that was named.
        name: String,
    },
    /// A model wrote out what it says in this conversation.
    Rewritten {
        /// What it was read as.
        read_as: String,
    },
    /// The customer chose an entry among those that were offered.
    Choice {
        /// The entry.
        entry: EntryId,
        /// What it was read as: the choice, then the question that had been unclear.
        read_as: String,
    },
    /// The customer was asked back and named none of the choices.
    NoChoice {
        /// What it was read as: the question that had been unclear, then what they said to it.
        read_as: String,
    },
}

impl Asked {
    /// A question that is understood by itself.
    pub fn new(question: impl Into<String>, hits: Vec<Hit>) -> Self {
        Self { question: question.into(), hits, understood: Understood::Itself }
    }

    /// The words that it was searched by.
    pub fn words(&self) -> &str {
        match &self.understood {
            Understood::Itself | Understood::Subject { .. } => &self.question,
            Understood::FollowUp { read_as, .. }
            | Understood::Rewritten { read_as }
            | Understood::Choice { read_as, .. }
            | Understood::NoChoice { read_as } => read_as,
        }
    }

    /// Whether the customer said which entry they mean.
    pub fn is_chosen(&self) -> bool {
        matches!(self.understood, Understood::Choice { .. })
    }

    /// Whether the customer was asked back in vain.
    pub fn is_missed(&self) -> bool {
        matches!(self.understood, Understood::NoChoice { .. })
    }
}
