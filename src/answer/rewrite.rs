//! Rewriting: a model writes out what a question that leans on the conversation asks.
//!
//! The rewritten question is only searched by. It is dropped when it loses words of the customer's
//! own, and whatever goes wrong, the question is understood without the model.

use super::prompt::{Line, Material, Prompt};
use super::text::{akin, tidy, words};
use super::veil::Veil;
use super::{ModelUse, reply};
use crate::conversation::{Author, Message, Visibility};
use crate::lang::Lang;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Messages of the conversation that the model reads, newest ones.
const MESSAGES: usize = 6;
/// Characters of each that it reads.
const CHARS: usize = 600;
/// Characters that a rewritten question may have.
const LONGEST: usize = 300;

/// A question that leans on what was said before it.
#[derive(Debug, Clone, Copy)]
pub struct Leant<'a> {
    /// The question.
    pub question: &'a str,
    /// Its own words that name a matter; rewriting must not lose them.
    pub content: &'a [String],
    /// What was said before, oldest first.
    pub history: &'a [Message],
    /// What the contact is called; empty where nothing is to be hidden.
    pub names: &'a [&'a str],
    /// Whether what tells who they are is hidden.
    pub hides_personal: bool,
    /// The customer's language.
    pub lang: Lang,
}

/// What the model is given to read.
#[derive(Serialize)]
struct Reading<'a> {
    language: Lang,
    history: &'a [Line],
    message: &'a str,
}

/// What came of a rewriting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rewriting {
    /// The question as it stands by itself; none where the model's words could not be used.
    pub question: Option<String>,
    /// The call to the model.
    pub model: Option<ModelUse>,
    /// Why its words were not used.
    pub problem: Option<String>,
}

impl Leant<'_> {
    /// The veil over this customer's words.
    pub(super) fn veil(&self) -> Veil {
        if self.hides_personal { Veil::over(self.names, std::iter::empty()) } else { Veil::none() }
    }
}

impl Rewriting {
    /// Nothing came of it, and no model was asked.
    pub(super) fn none(problem: String) -> Self {
        Self { question: None, model: None, problem: Some(problem) }
    }
}

/// Gathers what the model may read.
pub fn material(leant: &Leant<'_>, veil: &mut Veil) -> Material {
    let newest = &leant.history[leant.history.len().saturating_sub(MESSAGES)..];
    let lines = newest.iter().filter(|message| message.visibility == Visibility::Public);
    let mut cut = |text: &str| veil.hide(&tidy(text)).chars().take(CHARS).collect::<String>();
    let lines = lines.map(|message| Line {
        from: if message.author == Author::Customer { "customer" } else { "business" },
        text: cut(&message.words()),
    });
    let history = lines.collect();
    Material::bare(leant.lang, history, cut(leant.question))
}

/// The prompt with as much of the material as is left.
pub fn written(prompt: &Prompt, material: &Material) -> anyhow::Result<String> {
    let Material { language, history, message, .. } = material;
    prompt.render(&Reading { language: *language, history, message })
}

/// The question in the endpoint's reply, or why it cannot be used.
pub fn check(body: &Value, content: &[String], veil: &Veil) -> Result<String, String> {
    let text = reply::content(body)?;
    let start = text.find('{').ok_or("the model's answer is not the object asked for")?;
    let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
    let value = values.next().and_then(Result::ok);
    let written = value.as_ref().and_then(|value| value.get("question")?.as_str());
    let written = tidy(written.ok_or("the model's answer is not the object asked for")?.trim());
    let written = veil.restore(&written)?;
    if written.is_empty() || written.chars().count() > LONGEST {
        return Err("the model's question is empty or too long".into());
    }
    let there = words(&written);
    if content.iter().any(|word| !there.iter().any(|other| akin(word, other))) {
        return Err("the model's question loses words of the customer's".into());
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::{Leant, Veil, check, material};
    use crate::answer::tests::message;
    use crate::conversation::Author;
    use crate::lang::Lang;
    use serde_json::{Value, json};

    fn body(content: &str) -> Value {
        json!({"choices": [{"finish_reason": "stop", "message": {"content": content}}]})
    }

    #[test]
    fn a_question_that_keeps_the_customers_words_is_taken() {
        let said = "Sure: {\"question\": \"How long does shipping to Portugal take?\"}";
        assert_eq!(
            check(&body(said), &["portugal".into()], &Veil::none()).as_deref(),
            Ok("How long does shipping to Portugal take?")
        );
    }

    #[test]
    fn anything_else_is_not() {
        let long = format!("{{\"question\": \"{}\"}}", "portugal ".repeat(60));
        for (said, problem) in [
            ("I cannot help with that.", "not the object"),
            ("{\"answer\": 1}", "not the object"),
            ("{\"question\": \" \"}", "empty or too long"),
            (long.as_str(), "empty or too long"),
            ("{\"question\": \"How long does shipping take?\"}", "loses words"),
        ] {
            let error = check(&body(said), &["portugal".into()], &Veil::none()).expect_err(said);
            assert!(error.contains(problem), "{said}: {error}");
        }
    }

    #[test]
    fn only_the_newest_messages_are_read_and_none_at_length() {
        let history: Vec<_> =
            (0..20).map(|n| message(Author::Bot, &format!("{n} {}", "x".repeat(2_000)))).collect();
        let leant = Leant {
            question: "why?",
            content: &[],
            history: &history,
            names: &[],
            hides_personal: true,
            lang: Lang::EN,
        };
        let reading = material(&leant, &mut Veil::none());
        assert_eq!(reading.history.len(), 6);
        assert!(reading.history[0].text.starts_with("14 "));
        assert!(reading.history.iter().all(|line| line.text.chars().count() <= 600));
    }
}
