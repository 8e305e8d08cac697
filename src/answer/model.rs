//! A model's draft: prompt, call, checks, and the approved words wherever one of them fails.

use super::llm::{Call, Endpoint};
use super::prompt::{Material, Prompt};
use super::reply::{self, Checked};
use super::rewrite::{self, Leant, Rewriting};
use super::shape::Form;
use super::{Drafted, ModelUse, Request, budget, verbatim};
use crate::config;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// A language model and the prompt it is asked with.
pub struct Model {
    endpoint: Endpoint,
    prompt: Prompt,
    rewriting: Prompt,
    name: String,
    max_prompt_tokens: usize,
}

impl Model {
    /// Prepares for calls; loads the token tables, which takes a quarter of a second.
    pub fn new(settings: &config::Model) -> Result<Self> {
        let problems = super::texts::check();
        ensure!(problems.is_empty(), "checking the prompts: {}", problems.join("; "));
        Self::with_prompt(settings, Prompt::answer()?)
    }

    /// The same with a prompt of one's own.
    pub(super) fn with_prompt(settings: &config::Model, prompt: Prompt) -> Result<Self> {
        let least = 2 * count(&prompt.system);
        ensure!(
            settings.max_prompt_tokens >= least,
            "model.max_prompt_tokens is {}; it must be at least {least}",
            settings.max_prompt_tokens
        );
        Ok(Self {
            endpoint: Endpoint::new(settings)?,
            prompt,
            rewriting: Prompt::rewrite()?,
            name: settings.name.clone(),
            max_prompt_tokens: settings.max_prompt_tokens,
        })
    }

    /// Writes a draft; anything but an answer that passes every check ends in the approved words.
    pub async fn draft(&self, request: &Request<'_>) -> Drafted {
        let approved = verbatim(request);
        let material = Material::of(request);
        if material.sources.is_empty() {
            return approved;
        }
        let offered: Vec<String> =
            material.sources.iter().map(|source| source.entry.clone()).collect();
        let fitted = match self.fit(material).await {
            Ok(fitted) => fitted,
            Err(error) => return Drafted { problem: Some(format!("{error:#}")), ..approved },
        };
        let offered = &offered[..fitted.sources.min(offered.len())];
        let call = self.endpoint.ask(Form::Answer, &self.prompt.system, &fitted.user).await;
        let used = self.record(&self.prompt, &call, fitted.tokens);
        let model = Some(ModelUse { sources: offered.len(), ..used });
        let checked = match &call.reply {
            Ok(body) => reply::check(body, request, &self.prompt, offered, &self.name),
            Err(failure) => Err(failure.to_string()),
        };
        match checked {
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

    /// Writes out what a question asks that leans on what was said before.
    pub async fn rewrite(&self, leant: &Leant<'_>) -> Rewriting {
        let user = match self.rewriting.render(&rewrite::Reading::of(leant)) {
            Ok(user) => user,
            Err(error) => {
                let problem = Some(format!("{error:#}"));
                return Rewriting { question: None, model: None, problem };
            }
        };
        let call = self.endpoint.ask(Form::Question, &self.rewriting.system, &user).await;
        // A few hundred words at most, which may be counted here and now.
        let tokens = count(&self.rewriting.system) + count(&user);
        let model = Some(self.record(&self.rewriting, &call, tokens));
        let checked = match &call.reply {
            Ok(body) => rewrite::check(body, leant.content),
            Err(failure) => Err(failure.to_string()),
        };
        match checked {
            Ok(question) => Rewriting { question: Some(question), model, problem: None },
            Err(problem) => Rewriting { question: None, model, problem: Some(problem) },
        }
    }

    /// Counting tokens takes milliseconds, which the threads that serve requests cannot spare.
    async fn fit(&self, material: Material) -> Result<budget::Fitted> {
        let (prompt, most) = (self.prompt.clone(), self.max_prompt_tokens);
        tokio::task::spawn_blocking(move || budget::fit(&prompt, material, most, count))
            .await
            .context("counting tokens")?
    }

    fn record(&self, prompt: &Prompt, call: &Call, counted: usize) -> ModelUse {
        let body = call.reply.as_ref().ok();
        let (read, written) = body.map(reply::usage).unwrap_or_default();
        let words = body.and_then(|body| reply::content(body).ok()).unwrap_or_default();
        ModelUse {
            name: self.name.clone(),
            prompt: prompt.name.clone(),
            prompt_hash: prompt.hash.clone(),
            tokens_in: read.unwrap_or(counted as u64),
            tokens_out: written.unwrap_or_else(|| count(&words) as u64),
            attempts: call.attempts,
            milliseconds: u64::try_from(call.elapsed.as_millis()).unwrap_or(u64::MAX),
            sources: 0,
            response: body.map(Value::to_string).unwrap_or_default(),
        }
    }
}

/// The number of tokens of a text by a table that is near enough for any model.
fn count(text: &str) -> usize {
    tiktoken_rs::o200k_base_singleton().count_ordinary(text)
}
