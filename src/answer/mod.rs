//! Answers: the words a customer may get, and whether every fact in them is documented.
//!
//! A draft is either the entry's approved words ([`mod@verbatim`]) or a model's, which are used only when
//! [`model`] can trace each citation back to an entry it was offered. What the model says of itself is
//! recorded, never trusted: [`ground`] looks at the words.
//!
//! What is answered may have been spoken: [`transcriber`] puts a voice note to its endpoint by the same
//! rules as a model is asked by.

mod aid;
mod asked;
mod back;
mod breaker;
mod budget;
mod calls;
mod certainty;
mod failure;
mod fetch;
pub mod ground;
mod library;
mod llm;
mod meter;
mod model;
mod prompt;
mod recorded;
pub mod redact;
mod reply;
mod retry;
mod rewrite;
mod shape;
mod text;
pub mod texts;
mod tone;
mod tongue;
mod transcriber;
mod transcript;
mod used;
mod veil;
mod verbatim;
mod wire;

pub use aid::Aid;
pub use asked::{Asked, Understood};
pub use failure::Spent;
pub use meter::Meter;
pub use model::Model;
pub use recorded::Recorded;
pub use rewrite::{Leant, Rewriting};
pub use transcriber::{Sound, Transcriber};
pub use used::ModelUse;
pub use verbatim::verbatim;

use ground::Alike;
use prompt::Prompt;
use veil::Veil;

use crate::clock::Clock;

use crate::conversation::{Draft, Turn};
use crate::knowledge::Entry;
use crate::lang::Lang;

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

impl Request<'_> {
    /// The veil over this customer's words; what the offered entries say is no secret.
    fn veil(&self) -> Veil {
        if !self.turn.inbox.hides_personal {
            return Veil::none();
        }
        let entries = self.entries();
        let public =
            entries.iter().flat_map(|entry| [entry.question.as_str(), entry.answer.as_str()]);
        Veil::over(&self.turn.contact.names(), public)
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
    pub fn new(
        model: Option<&crate::config::Model>,
        clock: &Clock,
        alike: Alike,
    ) -> anyhow::Result<Self> {
        Ok(match model {
            None => Self::Verbatim,
            Some(settings) => Self::Model(Box::new(Model::new(settings, clock, alike)?)),
        })
    }

    /// A model that is told what to do by a prompt of one's own instead of the one in use.
    pub fn with_prompt(
        model: &crate::config::Model,
        clock: &Clock,
        alike: Alike,
        prompt: &str,
    ) -> anyhow::Result<Self> {
        let prompt = Prompt::read(prompt)?;
        Ok(Self::Model(Box::new(Model::with_prompt(model, clock, alike, prompt)?)))
    }

    /// Who wrote a past draft, of which a record keeps the call, or why there was none.
    pub fn recorded(&self, used: Option<ModelUse>, problem: Option<String>, alike: Alike) -> Self {
        let prompts = match self {
            Self::Model(model) => Some(model.library.prompts()),
            Self::Verbatim | Self::Recorded(_) => None,
        };
        Self::Recorded(Box::new(Recorded { used, problem, prompts, alike }))
    }

    /// Whether a model is asked.
    pub fn is_model(&self) -> bool {
        matches!(self, Self::Model(_))
    }

    /// Writes out what a question asks that leans on what was said before; none without a model.
    pub async fn rewrite(&self, leant: &Leant<'_>) -> Option<Rewriting> {
        match self {
            Self::Verbatim | Self::Recorded(_) => None,
            Self::Model(model) => Some(model.rewrite(leant).await),
        }
    }

    /// Asks which of the choices the customer means, in words that fit; none without a model.
    pub async fn ask_back(&self, request: &Request<'_>, choices: &[String]) -> Option<Rewriting> {
        match self {
            Self::Verbatim | Self::Recorded(_) => None,
            Self::Model(model) => Some(model.ask_back(request, choices).await),
        }
    }

    /// Writes for the person who takes over, for `reason`; none without a model.
    pub async fn aid(&self, request: &Request<'_>, reason: &str, suggests: bool) -> Option<Aid> {
        match self {
            Self::Verbatim | Self::Recorded(_) => None,
            Self::Model(model) => Some(model.aid(request, reason, suggests).await),
        }
    }

    /// Writes a draft; whatever goes wrong with a model ends in the approved words and a `problem`.
    /// Where a budget is `spent` no model is asked.
    pub async fn draft(&self, request: &Request<'_>, spent: Option<Spent>) -> Drafted {
        match (self, spent) {
            (Self::Verbatim, _) => verbatim(request),
            (Self::Model(_), Some(spent)) => {
                let problem = Some(spent.to_string());
                Drafted { problem, ..verbatim(request) }
            }
            (Self::Model(model), None) => model.draft(request).await,
            (Self::Recorded(recorded), _) => recorded.draft(request),
        }
    }
}

#[cfg(test)]
mod tests;
