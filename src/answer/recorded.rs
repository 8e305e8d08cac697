//! A model's draft made again from the reply that a record keeps: no call, the same checks.

use super::ground::Alike;
use super::library::Prompts;
use super::prompt::Material;
use super::reply::{self, Check, Checked};
use super::veil::Veil;
use super::{Drafted, ModelUse, Request, verbatim};
use serde_json::Value;
use std::sync::Arc;

/// A model's part in a past decision.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The call, as the record keeps it; none where no model was asked.
    pub(super) used: Option<ModelUse>,
    /// Why its words were not used then.
    pub(super) problem: Option<String>,
    /// The prompts in use, where they are others than the program's.
    pub(super) prompts: Option<Arc<Prompts>>,
    /// How alike in meaning two texts are.
    pub(super) alike: Alike,
}

impl Recorded {
    /// Checks the recorded reply against what is found now.
    pub(super) fn draft(&self, request: &Request<'_>) -> Drafted {
        let approved = verbatim(request);
        let Some(used) = &self.used else {
            return Drafted { problem: self.problem.clone(), ..approved };
        };
        let model = Some(used.clone());
        match self.checked(used, request) {
            Ok(Checked::Answer(draft, covered)) => Drafted {
                draft: Some(draft),
                covered,
                answerable: Some(true),
                model,
                problem: None,
            },
            Ok(Checked::Unanswerable) => Drafted { answerable: Some(false), model, ..approved },
            Err(problem) => Drafted { model, problem: Some(problem), ..approved },
        }
    }

    fn checked(&self, used: &ModelUse, request: &Request<'_>) -> Result<Checked, String> {
        // Where no reply came, nothing but the reason is known.
        let body: Value = serde_json::from_str(&used.response)
            .map_err(|_| self.problem.clone().unwrap_or_else(|| "no reply was kept".into()))?;
        let prompts = match &self.prompts {
            Some(prompts) => Arc::clone(prompts),
            None => Arc::new(Prompts::embedded().map_err(|error| format!("{error:#}"))?),
        };
        let hid = used.left.as_ref().is_some_and(|left| left.hides_personal);
        let mut veil = if hid { request.veil() } else { Veil::none() };
        let sources =
            Material::of(request, &mut veil).sources.into_iter().map(|source| source.entry);
        let offered: Vec<String> = match used.sources {
            0 => sources.collect(),
            most => sources.take(most).collect(),
        };
        let prompt = &prompts.answer;
        let check = Check { request, prompt, offered: &offered, veil: &veil, alike: self.alike };
        reply::check(&body, &used.name, &check)
    }
}
