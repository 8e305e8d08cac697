//! A model's draft: prompt, call, checks, one repair, and the approved words wherever a check still fails.

use super::budget::{self, Fitted};
use super::calls::{Call, Calls};
use super::ground::Alike;
use super::library::{Library, Prompts};
use super::prompt::{Material, Prompt};
use super::reply::{self, Check, Checked};
use super::rewrite::{self, Leant, Rewriting};
use super::shape::{Form, Words};
use super::used::{Left, ModelUse, cost};
use super::{Drafted, Request, verbatim};
use super::{certainty, meter};
use crate::clock::Clock;
use crate::config;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;

/// The most time for writing out a question: the answer itself is still to come.
const REWRITING: Duration = Duration::from_secs(5);
/// A repair with less time than this left would only be broken off.
const REPAIR: Duration = Duration::from_secs(1);

/// A language model and the prompts it is asked with.
pub struct Model {
    pub(super) calls: Calls,
    pub(super) library: Library,
    pub(super) timeout: Duration,
    pub(super) alike: Alike,
    max_prompt_tokens: usize,
    max_output_tokens: u32,
    stream: bool,
}

impl Model {
    /// Prepares for calls; loads the token tables, which takes a quarter of a second.
    pub fn new(settings: &config::Model, clock: &Clock, alike: Alike) -> Result<Self> {
        let problems = super::texts::check();
        ensure!(problems.is_empty(), "checking the prompts: {}", problems.join("; "));
        Self::with(settings, clock, alike, Library::open(settings.prompts.as_deref())?)
    }

    /// The same with a prompt of one's own for answers.
    pub(super) fn with_prompt(
        settings: &config::Model,
        clock: &Clock,
        alike: Alike,
        answer: Prompt,
    ) -> Result<Self> {
        let others = Library::open(settings.prompts.as_deref())?.prompts();
        let prompts = Prompts { answer, ..(*others).clone() };
        Self::with(settings, clock, alike, Library::fixed(prompts))
    }

    fn with(
        settings: &config::Model,
        clock: &Clock,
        alike: Alike,
        library: Library,
    ) -> Result<Self> {
        let least = 2 * count(&library.prompts().answer.system);
        ensure!(
            settings.max_prompt_tokens >= least,
            "model.max_prompt_tokens is {}; it must be at least {least}",
            settings.max_prompt_tokens
        );
        Ok(Self {
            calls: Calls::new(settings, clock)?,
            library,
            timeout: Duration::from_secs(settings.timeout_seconds.max(1)),
            alike,
            max_prompt_tokens: settings.max_prompt_tokens,
            max_output_tokens: settings.max_output_tokens,
            stream: settings.stream,
        })
    }

    /// Writes a draft; anything but an answer that passes every check ends in the approved words.
    pub async fn draft(&self, request: &Request<'_>) -> Drafted {
        let deadline = Instant::now() + self.timeout;
        let approved = verbatim(request);
        let mut veil = request.veil();
        let material = Material::of(request, &mut veil);
        if material.sources.is_empty() {
            return approved;
        }
        let prompts = self.library.prompts();
        let prompt = &prompts.answer;
        let offered: Vec<String> =
            material.sources.iter().map(|source| source.entry.clone()).collect();
        let left = Left::of(&material, &veil);
        let fitted = match self.fit(prompt, material, Prompt::render).await {
            Ok(fitted) => fitted,
            Err(error) => return Drafted { problem: Some(format!("{error:#}")), ..approved },
        };
        let offered = &offered[..fitted.sources.min(offered.len())];
        let check = Check { request, prompt, offered, veil: &veil, alike: self.alike };
        let (checked, used) = self.ask_and_repair(&check, &fitted, deadline).await;
        let model = Some(ModelUse { sources: offered.len(), left: Some(left), ..used });
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

    /// Asks, and where a check fails once more with the reason, within the same time.
    async fn ask_and_repair(
        &self,
        check: &Check<'_>,
        fitted: &Fitted,
        deadline: Instant,
    ) -> (Result<Checked, String>, ModelUse) {
        let prompt = check.prompt;
        let words = self.words(Form::Answer, prompt, &fitted.user, fitted.tokens);
        let (call, used) = self.ask(prompt, words, deadline).await;
        let checked = judge(&call, check);
        let said = call.reply.as_ref().ok().and_then(|body| reply::content(body).ok());
        let (Err(problem), Some(said)) = (&checked, said) else { return (checked, used) };
        let has_time = deadline.saturating_duration_since(Instant::now()) >= REPAIR;
        if !has_time || said.len() > LONGEST_REPAIRED {
            return (checked, used);
        }
        let tokens = fitted.tokens + count(&said) + count(problem);
        let again = Words { refused: Some((&said, problem)), tokens, ..words };
        let (second, more) = self.ask(prompt, again, deadline).await;
        if second.reply.is_err() {
            // The first reply stays the one that is kept: the decision can be made again from it.
            return (
                checked,
                ModelUse {
                    logprob: used.logprob,
                    response: used.response.clone(),
                    ..used.and(more)
                },
            );
        }
        let used = ModelUse { repaired: Some(problem.clone()), ..used.and(more) };
        (judge(&second, check), used)
    }

    /// Writes out what a question asks that leans on what was said before.
    pub async fn rewrite(&self, leant: &Leant<'_>) -> Rewriting {
        let deadline = Instant::now() + self.timeout.min(REWRITING);
        let prompts = self.library.prompts();
        let prompt = &prompts.rewrite;
        let mut veil = leant.veil();
        let material = rewrite::material(leant, &mut veil);
        let fitted = match self.fit(prompt, material, rewrite::written).await {
            Ok(fitted) => fitted,
            Err(error) => return Rewriting::none(format!("{error:#}")),
        };
        let words = self.words(Form::Question, prompt, &fitted.user, fitted.tokens);
        let (call, took) = self.ask(prompt, words, deadline).await;
        let model = Some(ModelUse { left: Some(Left::behind(&veil)), ..took });
        let checked = match &call.reply {
            Ok(body) => rewrite::check(body, leant.content, &veil),
            Err(failure) => Err(failure.to_string()),
        };
        match checked {
            Ok(question) => Rewriting { question: Some(question), model, problem: None },
            Err(problem) => Rewriting { question: None, model, problem: Some(problem) },
        }
    }

    /// One call, and what it came to, which the meter has noted too.
    pub(super) async fn ask(
        &self,
        prompt: &Prompt,
        words: Words<'_>,
        deadline: Instant,
    ) -> (Call, ModelUse) {
        let call = self.calls.ask(words, deadline).await;
        let used = used(prompt, &call, words.tokens);
        meter::note(&used);
        (call, used)
    }

    pub(super) fn words<'a>(
        &self,
        form: Form,
        prompt: &'a Prompt,
        user: &'a str,
        tokens: usize,
    ) -> Words<'a> {
        Words {
            system: &prompt.system,
            user,
            form,
            refused: None,
            max_output_tokens: self.max_output_tokens,
            tokens,
            stream: self.stream,
        }
    }

    /// Makes the prompt fit as `write` writes it. Counting tokens takes milliseconds, which the threads
    /// that serve requests cannot spare.
    pub(super) async fn fit(
        &self,
        prompt: &Prompt,
        material: Material,
        write: impl Fn(&Prompt, &Material) -> Result<String> + Send + 'static,
    ) -> Result<Fitted> {
        let (prompt, most) = (prompt.clone(), self.max_prompt_tokens);
        tokio::task::spawn_blocking(move || budget::fit(&prompt, material, most, write, count))
            .await
            .context("counting tokens")?
    }
}

/// Bytes of a reply that is worth repairing.
const LONGEST_REPAIRED: usize = 16 * 1024;

fn judge(call: &Call, check: &Check<'_>) -> Result<Checked, String> {
    match &call.reply {
        Ok(body) => reply::check(body, &call.model, check),
        Err(failure) => Err(failure.to_string()),
    }
}

/// What a call came to, as the record keeps it.
fn used(prompt: &Prompt, call: &Call, counted: usize) -> ModelUse {
    let body = call.reply.as_ref().ok();
    let (read, written) = body.map(reply::usage).unwrap_or_default();
    let words = body.map(reply::words_of).unwrap_or_default();
    let tokens_in = read.unwrap_or(if body.is_some() { counted as u64 } else { 0 });
    let tokens_out = written.unwrap_or_else(|| count(&words) as u64);
    ModelUse {
        name: call.model.clone(),
        prompt: prompt.name.clone(),
        prompt_hash: prompt.hash.clone(),
        tokens_in: tokens_in + call.lost.tokens_in,
        tokens_out,
        cost_micros: cost(call.prices, tokens_in, tokens_out) + call.lost.cost_micros,
        attempts: call.lost.attempts,
        milliseconds: u64::try_from(call.elapsed.as_millis()).unwrap_or(u64::MAX),
        sources: 0,
        left: None,
        repaired: None,
        logprob: body.and_then(certainty::of),
        response: body.map(Value::to_string).unwrap_or_default(),
    }
}

/// The number of tokens of a text by a table that is near enough for any model.
pub(super) fn count(text: &str) -> usize {
    tiktoken_rs::o200k_base_singleton().count_ordinary(text)
}
