//! Aid: what a model writes for a person who takes over, marked as unverified, and how it asks back.

use super::ground;
use super::library::Prompts;
use super::model::{Model, count};
use super::prompt::{Line, Material, Prompt};
use super::rewrite::Rewriting;
use super::shape::Form;
use super::used::{Left, ModelUse};
use super::veil::Veil;
use super::{Request, reply, text::tidy, tone, tongue};
use crate::conversation::{Citation, Draft, Formality, Summary, Writer};
use crate::lang::Lang;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;

/// The most time for what a person may do without.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most time for asking back: the customer waits, and there are words that do.
const ASKING: Duration = Duration::from_secs(5);
/// Characters that a question back may have.
const LONGEST_QUESTION: usize = 200;
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
struct Handed {
    history: Vec<Line>,
    message: String,
    found: Vec<String>,
    reason: String,
}

/// What is given to ask back.
#[derive(Serialize)]
struct Unclear {
    language: Lang,
    formality: Formality,
    message: String,
    choices: Vec<String>,
}

#[derive(Deserialize)]
struct Replied {
    reply: String,
}

#[derive(Deserialize)]
struct AskedBack {
    question: String,
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
        let mut veil = request.veil();
        let material = Material::of(request, &mut veil);
        let handed = Handed {
            history: material.history,
            message: material.message,
            found: material.sources.into_iter().map(|source| source.question).collect(),
            reason: reason.to_owned(),
        };
        let Ok(user) = prompts.summary.render(&handed) else { return (None, None) };
        let (said, call) =
            self.say::<Summary>(Form::Summary, &prompts.summary, &user, &veil, deadline).await;
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
        let Ok(fitted) = self.fit(&prompts.suggest, material).await else { return (None, None) };
        let (said, call) =
            self.say::<Replied>(Form::Reply, &prompts.suggest, &fitted.user, &veil, deadline).await;
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

    /// Writes the question that asks which of the choices is meant; they are shown with it anyway.
    pub async fn ask_back(&self, request: &Request<'_>, choices: &[String]) -> Rewriting {
        let deadline = Instant::now() + self.timeout.min(ASKING);
        let prompts = self.library.prompts();
        let mut veil = request.veil();
        let formality = request.turn.inbox.tone.formality;
        let unclear = Unclear {
            language: request.lang,
            formality,
            message: veil.hide(&tidy(&request.turn.text())),
            choices: choices.to_vec(),
        };
        let user = match prompts.clarify.render(&unclear) {
            Ok(user) => user,
            Err(error) => {
                let problem = Some(format!("{error:#}"));
                return Rewriting { question: None, model: None, problem };
            }
        };
        let (said, call) =
            self.say::<AskedBack>(Form::Question, &prompts.clarify, &user, &veil, deadline).await;
        let asked =
            said.and_then(|said| question(&said.question, request.lang, formality, choices));
        let (question, problem) = match asked {
            Ok(question) => (Some(question), None),
            Err(problem) => (None, Some(problem)),
        };
        Rewriting { question, model: Some(call), problem }
    }

    /// One call whose answer is read as an object.
    async fn say<T: DeserializeOwned>(
        &self,
        form: Form,
        prompt: &Prompt,
        user: &str,
        veil: &Veil,
        deadline: Instant,
    ) -> (Result<T, String>, ModelUse) {
        let tokens = count(&prompt.system) + count(user);
        let words = self.words(form, prompt, user, tokens);
        let (call, took) = self.ask(prompt, words, deadline).await;
        let said = match &call.reply {
            Ok(body) => object(body),
            Err(failure) => Err(failure.to_string()),
        };
        (said, ModelUse { left: Some(Left::behind(veil)), ..took })
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

/// A question that asks and states nothing, or why it is none.
fn question(
    said: &str,
    lang: Lang,
    formality: Formality,
    choices: &[String],
) -> Result<String, String> {
    let said = tidy(said.trim());
    let is_one = said.ends_with('?') && said.matches(['?', '.', '!', '\n']).count() == 1;
    if !is_one || said.chars().count() > LONGEST_QUESTION {
        return Err("the model did not ask one short question".into());
    }
    if tongue::of(&said).is_some_and(|tongue| tongue != lang) {
        return Err("the model asked in another language".into());
    }
    if tone::slip(&said, lang, formality).is_some() {
        return Err("the model's question is out of tone".into());
    }
    if ground::adds_facts(&said, &choices.join("\n"), lang) {
        return Err("the model's question states something".into());
    }
    Ok(said)
}

fn cut(text: &str) -> String {
    tidy(text).trim().chars().take(LONGEST_PART).collect()
}

#[cfg(test)]
mod tests {
    use super::question;
    use crate::conversation::Formality;
    use crate::lang::Lang;

    #[test]
    fn a_question_back_asks_and_states_nothing() {
        let choices = ["What does shipping to Norway cost?".to_owned(), "How long?".to_owned()];
        for (said, is_good) in [
            ("Which of these do you mean?", true),
            ("Do you want to know about shipping to Norway or the time it takes?", true),
            ("Shipping costs 5 €. Which do you mean?", false),
            ("Do you mean the 20 % discount?", false),
            ("Shall I look at https://evil.example?", false),
            ("Do you mean shipping to Sweden?", false),
            ("We will refund you, or which do you mean?", false),
            ("Welches davon meinen Sie mit der Frage nach dem Versand?", false),
            ("Tell me more.", false),
        ] {
            let asked = question(said, Lang::EN, Formality::Any, &choices);
            assert_eq!(asked.is_ok(), is_good, "{said}: {asked:?}");
        }
    }
}
