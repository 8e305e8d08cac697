//! Answers: the words a customer may get, and whether every fact in them is documented.
//!
//! A draft is either the entry's approved words ([`mod@verbatim`]) or a model's, which are used only when
//! [`model`] can trace each citation back to an entry it was offered. What the model says of itself is
//! recorded, never trusted: [`ground`] looks at the words.

mod asked;
mod breaker;
mod budget;
pub mod ground;
mod llm;
mod model;
mod prompt;
mod recorded;
pub mod redact;
mod reply;
mod rewrite;
mod shape;
mod text;
pub mod texts;
mod verbatim;

pub use asked::{Asked, Understood};
pub use model::Model;
pub use recorded::Recorded;
pub use rewrite::{Leant, Rewriting};
pub use verbatim::verbatim;

use prompt::Prompt;

use crate::conversation::{Draft, Turn};
use crate::knowledge::Entry;
use crate::lang::Lang;
use serde::{Deserialize, Serialize};

/// What an answer is written from; nothing of any other conversation is in it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The turn to answer.
    pub turn: &'a Turn,
    /// The customer's language.
    pub lang: Lang,
    /// The turn's questions with what was found.
    pub asked: &'a [Asked],
}

impl<'a> Request<'a> {
    /// Every entry found, each once: the best of each question first, then the seconds, and so on.
    pub fn entries(&self) -> Vec<&'a Entry> {
        let deepest = self.asked.iter().map(|asked| asked.hits.len()).max().unwrap_or(0);
        let mut entries: Vec<&Entry> = Vec::new();
        for rank in 0..deepest {
            for hit in self.asked.iter().filter_map(|asked| asked.hits.get(rank)) {
                if !entries.iter().any(|entry| entry.id == hit.entry.id) {
                    entries.push(&hit.entry);
                }
            }
        }
        entries
    }
}

/// A draft, if there is one, and how it came about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drafted {
    /// The proposed reply; none where nothing approved was found.
    pub draft: Option<Draft>,
    /// The questions that the draft answers.
    pub covered: Vec<String>,
    /// The model's own word on whether the sources answer; `Some(false)` goes with a verbatim draft
    /// that is for an agent's eyes.
    pub answerable: Option<bool>,
    /// The call to the model, if one was made.
    pub model: Option<ModelUse>,
    /// Why the model's words were not used; the draft is verbatim then.
    pub problem: Option<String>,
}

/// One use of a model, as the decision record keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelUse {
    /// The model's name at its endpoint.
    pub name: String,
    /// The prompt's name.
    pub prompt: String,
    /// The SHA-256 of the prompt's file, in hex.
    pub prompt_hash: String,
    /// Tokens read, as the endpoint counts them, else as we do.
    pub tokens_in: u64,
    /// Tokens written, as the endpoint counts them, else as we do.
    pub tokens_out: u64,
    /// Requests made.
    pub attempts: u32,
    /// How long it took in all, waiting included.
    pub milliseconds: u64,
    /// How many sources it was given; 0 in older records, which do not say.
    #[serde(default)]
    pub sources: usize,
    /// The endpoint's answer as JSON, from which the draft can be made again; empty where none came.
    pub response: String,
}

/// Who writes drafts.
pub enum Answerer {
    /// The entries' approved words.
    Verbatim,
    /// A language model, with the approved words to fall back on.
    Model(Box<Model>),
    /// A language model's words in a past decision.
    Recorded(Box<Recorded>),
}

impl Answerer {
    /// The answerer that the settings ask for; loads token tables only where there is a model.
    pub fn new(model: Option<&crate::config::Model>) -> anyhow::Result<Self> {
        Ok(match model {
            None => Self::Verbatim,
            Some(settings) => Self::Model(Box::new(Model::new(settings)?)),
        })
    }

    /// A model that is told what to do by a prompt of one's own instead of the one in use.
    pub fn with_prompt(model: &crate::config::Model, prompt: &str) -> anyhow::Result<Self> {
        Ok(Self::Model(Box::new(Model::with_prompt(model, Prompt::read(prompt)?)?)))
    }

    /// Writes out what a question asks that leans on what was said before; none without a model.
    pub async fn rewrite(&self, leant: &Leant<'_>) -> Option<Rewriting> {
        match self {
            Self::Verbatim | Self::Recorded(_) => None,
            Self::Model(model) => Some(model.rewrite(leant).await),
        }
    }

    /// Writes a draft; whatever goes wrong with a model ends in the approved words and a `problem`.
    pub async fn draft(&self, request: &Request<'_>) -> Drafted {
        match self {
            Self::Verbatim => verbatim(request),
            Self::Model(model) => model.draft(request).await,
            Self::Recorded(recorded) => recorded.draft(request),
        }
    }
}

#[cfg(test)]
mod tests;
