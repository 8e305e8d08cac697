//! Aid: what a model writes for a person who takes over, marked as unverified.

use super::budget::Fitted;
use super::ground;
use super::library::Prompts;
use super::model::Model;
use super::prompt::{Line, Material, Prompt};
use super::shape::Form;
use super::used::{Left, ModelUse};
use super::veil::Veil;
use super::{Request, reply, text::tidy};
use crate::conversation::{Citation, Draft, Summary, Writer};
use anyhow::Result;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;

/// The most time for what a person may do without.
const PATIENCE: Duration = Duration::from_secs(10);
/// Characters that each part of a summary may have, and items that were tried.
const LONGEST_PART: usize = 600;
const MOST_TRIED: usize = 8;

/// What a model wrote for a person; nobody has checked it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Aid {
    /// The conversation in short.
    pub summary: Option<Summary>,
    /// A reply to look at.
    pub suggestion: Option<Suggestion>,
    /// The calls.
    pub used: Vec<ModelUse>,
}

/// A reply for a person to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The words.
    pub text: String,
    /// What of them no article says that was found.
    pub undocumented: Vec<String>,
}

/// What is given to sum up.
#[derive(Serialize)]
struct Handed<'a> {
    history: &'a [Line],
    message: &'a str,
    found: Vec<&'a str>,
    reason: &'a str,
}

#[derive(Deserialize)]
struct Replied {
    reply: String,
}

impl Model {
    /// Sums the turn up for the person who takes over, for `reason`, and suggests a reply where asked to.
    pub async fn aid(&self, request: &Request<'_>, reason: &str, suggests: bool) -> Aid {
        let deadline = Instant::now() + self.timeout.min(PATIENCE);
        let prompts = self.library.prompts();
        let summary = self.summary(request, reason, &prompts, deadline);
        let suggestion = async {
            if suggests { self.suggestion(request, &prompts, deadline).await } else { (None, None) }
        };
        let ((summary, first), (suggestion, second)) = tokio::join!(summary, suggestion);
        Aid { summary, suggestion, used: first.into_iter().chain(second).collect() }
    }

    async fn summary(
        &self,
        request: &Request<'_>,
        reason: &str,
        prompts: &Prompts,
        deadline: Instant,
    ) -> (Option<Summary>, Option<ModelUse>) {
        let (mut veil, prompt) = (request.veil(), &prompts.summary);
        let mut material = Material::of(request, &mut veil);
        // Only what was found is told, not what it says: that must not take the room of the history.
        material.sources.iter_mut().for_each(|source| source.answer.clear());
        let Ok(fitted) = self.fit(prompt, material, handed(reason.to_owned())).await else {
            return (None, None);
        };
        let (said, call) =
            self.say::<Summary>(Form::Summary, prompt, &fitted, &veil, deadline).await;
        let put_back = |text: &str| veil.restore(&cut(text)).ok();
        let summary = said.ok().and_then(|said| {
            Some(Summary {
                problem: put_back(&said.problem)?,
                tried: said.tried.iter().take(MOST_TRIED).filter_map(|it| put_back(it)).collect(),
                missing: put_back(&said.missing)?,
                mood: put_back(&said.mood)?,
            })
        });
        (summary, Some(call))
    }

    async fn suggestion(
        &self,
        request: &Request<'_>,
        prompts: &Prompts,
        deadline: Instant,
    ) -> (Option<Suggestion>, Option<ModelUse>) {
        let mut veil = request.veil();
        let material = Material::of(request, &mut veil);
        if material.sources.is_empty() {
            return (None, None);
        }
        let prompt = &prompts.suggest;
        let Ok(fitted) = self.fit(prompt, material, Prompt::render).await else {
            return (None, None);
        };
        let (said, call) = self.say::<Replied>(Form::Reply, prompt, &fitted, &veil, deadline).await;
        let text = said.ok().and_then(|said| veil.restore(tidy(&said.reply).trim()).ok());
        let text = text.filter(|text| !text.is_empty() && text.chars().count() <= 4_000);
        (text.map(|text| self.marked(text, request)), Some(call))
    }

    /// The words with what no article says that was found.
    fn marked(&self, text: String, request: &Request<'_>) -> Suggestion {
        let entries = request.entries();
        let citations = entries.iter().map(|entry| Citation {
            entry: entry.id.clone(),
            version: entry.version,
            excerpt: entry.answer.trim().to_owned(),
            title: String::new(),
        });
        let draft = Draft {
            text,
            citations: citations.collect(),
            writer: Writer::Verbatim,
            lang: request.lang,
        };
        let grounding = ground::check(&draft, &entries, &request.turn.text(), self.alike);
        Suggestion { text: draft.text, undocumented: grounding.undocumented }
    }

    /// One call whose answer is read as an object.
    pub(super) async fn say<T: DeserializeOwned>(
        &self,
        form: Form,
        prompt: &Prompt,
        fitted: &Fitted,
        veil: &Veil,
        deadline: Instant,
    ) -> (Result<T, String>, ModelUse) {
        let words = self.words(form, prompt, &fitted.user, fitted.tokens);
        let (call, took) = self.ask(prompt, words, deadline).await;
        let said = match &call.reply {
            Ok(body) => object(body),
            Err(failure) => Err(failure.to_string()),
        };
        (said, ModelUse { left: Some(Left::behind(veil)), ..took })
    }
}

/// How a conversation is handed over for `reason`.
fn handed(reason: String) -> impl Fn(&Prompt, &Material) -> Result<String> {
    move |prompt, material| {
        let found = material.sources.iter().map(|source| source.question.as_str()).collect();
        let (history, message) = (&material.history, &material.message);
        prompt.render(&Handed { history, message, found, reason: &reason })
    }
}

/// The object in a reply.
fn object<T: DeserializeOwned>(body: &Value) -> Result<T, String> {
    let text = reply::content(body)?;
    let found = text.match_indices('{').take(32).find_map(|(start, _)| {
        let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
        serde_json::from_value(values.next()?.ok()?).ok()
    });
    found.ok_or_else(|| "the model's answer is not the object asked for".into())
}

fn cut(text: &str) -> String {
    tidy(text).trim().chars().take(LONGEST_PART).collect()
}
