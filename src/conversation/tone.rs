//! The tone of an inbox: how a customer is spoken to there.

use crate::word::words;
use serde::{Deserialize, Serialize};

words! {
    /// How a customer is addressed where a language makes a difference: tu or vous, du or Sie.
    Formality {
        /// As the articles do it.
        Any = "any",
        /// Sie, vous, usted, Lei.
        Formal = "formal",
        /// du, tu, tú.
        Informal = "informal",
    }
}

words! {
    /// How long an answer may be.
    Length {
        /// A few sentences.
        Short = "short",
        /// What a channel for messages bears.
        Medium = "medium",
        /// A letter.
        Long = "long",
    }
}

impl Length {
    /// Characters that a model's answer may have.
    pub fn characters(self) -> usize {
        match self {
            Self::Short => 500,
            Self::Medium => 1_500,
            Self::Long => 4_000,
        }
    }
}

/// How a customer is spoken to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tone {
    /// What the assistant calls itself.
    pub assistant: Option<String>,
    /// How the customer is addressed.
    pub formality: Formality,
    /// What an answer begins with; `{name}` is the customer's first name.
    pub greeting: Option<String>,
    /// What it ends with; `{assistant}` and `{business}` are put in.
    pub signature: Option<String>,
    /// How long it may be.
    pub length: Length,
}

impl Default for Tone {
    fn default() -> Self {
        Self {
            assistant: None,
            formality: Formality::Any,
            greeting: None,
            signature: None,
            length: Length::Long,
        }
    }
}
