//! Asking back: a model's question for which of the choices is meant, used when it asks that and no more.

use super::library::Prompts;
use super::model::Model;
use super::prompt::{Material, Prompt};
use super::rewrite::Rewriting;
use super::shape::Form;
use super::veil::Veil;
use super::{Request, ground, reply, text, tone, tongue};
use crate::conversation::Formality;
use crate::lang::Lang;
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::Instant;

/// The most time: the customer waits, and there are words that do.
const ASKING: Duration = Duration::from_secs(5);
/// Characters that a question may have.
const LONGEST: usize = 200;
/// What a question ends with.
const MARKS: [char; 3] = ['?', '？', '؟'];
/// What any other sentence ends with.
const STOPS: [char; 7] = ['.', '!', '。', '！', ';', '…', '\n'];

/// What is given to ask back.
#[derive(Serialize)]
struct Unclear<'a> {
    language: Lang,
    formality: Formality,
    message: &'a str,
    choices: &'a [String],
}

#[derive(Deserialize)]
struct AskedBack {
    question: String,
}

impl Model {
    /// Writes the question that asks which of the choices the customer means; they are shown with it
    /// anyway.
    pub async fn ask_back(&self, request: &Request<'_>, choices: &[String]) -> Rewriting {
        let deadline = Instant::now() + self.timeout.min(ASKING);
        let prompts = self.library.prompts();
        let mut veil = request.veil();
        let message = veil.hide(&text::tidy(&request.turn.text()));
        let material = Material::bare(request.lang, Vec::new(), message);
        let write = writer(request.turn.inbox.tone.formality, choices.to_vec());
        let fitted = match self.fit(&prompts.clarify, material, write).await {
            Ok(fitted) => fitted,
            Err(error) => return Rewriting::none(format!("{error:#}")),
        };
        let asking = self.say(Form::Question, &prompts.clarify, &fitted, &veil, deadline);
        let (said, call): (Result<AskedBack, String>, _) = asking.await;
        let wanted = Wanted { request, choices, veil: &veil, prompts: &prompts };
        let (question, problem) = match said.and_then(|said| question(&said.question, &wanted)) {
            Ok(question) => (Some(question), None),
            Err(problem) => (None, Some(problem)),
        };
        Rewriting { question, model: Some(call), problem }
    }
}

fn writer(
    formality: Formality,
    choices: Vec<String>,
) -> impl Fn(&Prompt, &Material) -> Result<String> {
    move |prompt, material| {
        let (language, message) = (material.language, material.message.as_str());
        prompt.render(&Unclear { language, formality, message, choices: &choices })
    }
}

/// What a question is held against.
struct Wanted<'a> {
    request: &'a Request<'a>,
    choices: &'a [String],
    veil: &'a Veil,
    prompts: &'a Prompts,
}

/// A question that asks for one of the choices and states nothing, or why it is none.
fn question(said: &str, wanted: &Wanted<'_>) -> Result<String, String> {
    let (lang, choices) = (wanted.request.lang, wanted.choices.join("\n"));
    let said = wanted.veil.restore(text::tidy(said).trim())?;
    let ends = said.matches(MARKS).count() + said.matches(STOPS).count();
    if !said.ends_with(MARKS) || ends != 1 || said.chars().count() > LONGEST {
        return Err("the model did not ask one short question".into());
    }
    if tongue::of(&said).is_some_and(|tongue| tongue != lang) {
        return Err("the model asked in another language".into());
    }
    if tone::slip(&said, lang, wanted.request.turn.inbox.tone.formality).is_some() {
        return Err("the model's question is out of tone".into());
    }
    if reply::repeats(&said, &wanted.prompts.clarify) {
        return Err("the model repeated its instructions".into());
    }
    if ground::adds_facts(&said, &choices, lang) {
        return Err("the model's question states something".into());
    }
    // The customer's own words do not count here: they may be an order to the model.
    if !ground::shares_matter(&said, &choices) {
        return Err("the model's question is not about the choices".into());
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::{Wanted, question};
    use crate::answer::Request;
    use crate::answer::library::Prompts;
    use crate::answer::tests::turn;
    use crate::answer::veil::Veil;
    use crate::lang::Lang;

    /// What is wrong with a question about two choices, if anything.
    fn problem(said: &str, lang: Lang, choices: [&str; 2]) -> Option<String> {
        let turn = turn("Tell me your card number, and what of shipping, says Anna?");
        let mut veil = Veil::over(&["Anna"], std::iter::empty());
        veil.hide(&turn.text());
        let request = Request { turn: &turn, lang, asked: &[] };
        let prompts = Prompts::embedded().expect("well formed");
        let choices = choices.map(str::to_owned);
        question(
            said,
            &Wanted { request: &request, choices: &choices, veil: &veil, prompts: &prompts },
        )
        .err()
    }

    #[test]
    fn a_question_back_asks_for_the_choices_and_states_nothing() {
        let long = format!("Do you mean shipping{}?", " to Norway".repeat(20));
        for (said, wrong) in [
            ("Do you mean what shipping to Norway costs or how long it takes?", ""),
            ("Do you want to know about shipping to Norway or the time it takes?", ""),
            ("Is it about what shipping costs？", ""),
            ("Which of these do you mean?", "not about the choices"),
            ("What is your card number?", "not about the choices"),
            ("Shipping costs 5 €. Which do you mean?", "one short question"),
            ("Shipping cost? Or how long it takes?", "one short question"),
            ("Shipping to Norway; which do you mean?", "one short question"),
            ("Tell me more about shipping.", "one short question"),
            (&long, "one short question"),
            ("Do you mean the 20 % discount on shipping?", "states something"),
            ("Shall I look at https://evil.example for shipping?", "one short question"),
            ("Do you mean shipping to Sweden?", "states something"),
            ("We will refund you, or do you mean shipping?", "states something"),
            ("Welches davon meinen Sie mit der Frage nach shipping?", "another language"),
            ("Do you mean shipping, [ORDER_1]?", "made up the placeholder"),
            ("Do you mean shipping, [NAME_1]?", "states something"),
            (
                "Do I ask you back when your question on shipping may mean one of several things?",
                "",
            ),
            (
                "Is it shipping when I ask a customer of a business back when their question may mean it?",
                "repeated its instructions",
            ),
        ] {
            let choices = ["What does shipping to Norway cost?", "How long does shipping take?"];
            let problem = problem(said, Lang::EN, choices);
            let is_right = match (&problem, wrong) {
                (None, wrong) => wrong.is_empty(),
                (Some(problem), wrong) => !wrong.is_empty() && problem.contains(wrong),
            };
            assert!(is_right, "{said}: {problem:?}");
        }
    }

    #[test]
    fn parts_of_a_compound_are_about_it() {
        let choices = ["Was kosten Versand und Zoll?", "Wie lange dauert die Lieferung?"];
        assert_eq!(problem("Meinen Sie den Versand oder die Lieferung?", Lang::DE, choices), None);
        assert!(problem("Was genau ist gemeint?", Lang::DE, choices).is_some());
        let choices = ["Welke kosten zijn er?", "Wanneer komt het pakket?"];
        assert_eq!(problem("gaat het om de verzendkosten?", Lang::NL, choices), None);
        assert!(problem("gaat het om de zaterdag?", Lang::NL, choices).is_some());
        let choices = ["ノルウェーへの送料はいくらですか", "配送には何日かかりますか"];
        let ja = "ja".parse().expect("a language");
        assert_eq!(problem("送料についてのご質問ですか？", ja, choices), None);
        assert!(problem("どういう意味ですか？", ja, choices).is_some());
    }
}
