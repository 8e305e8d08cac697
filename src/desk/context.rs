//! What was said before a turn, as far as its questions may lean on it.

use crate::conversation::{Author, Citation, Message};
use crate::lang::Lang;
use crate::triage::{Intent, offered, read};

/// Characters of an earlier question that are lent; a long story would drown the new one.
const LENT_CHARS: usize = 300;

/// What the conversation so far has to lend; made of a turn's history alone, so that the same turn
/// always gets the same.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Context<'a> {
    /// The customer's last question.
    pub(super) question: Option<String>,
    /// What our last answer rests on.
    pub(super) answered: Option<&'a Citation>,
    /// The choices that were offered right before the turn, and the question they were offered for.
    pub(super) offered: Option<(&'a [String], String)>,
}

impl<'a> Context<'a> {
    /// Reads the messages before a turn, oldest first.
    pub(super) fn of(history: &'a [Message], lang: Lang) -> Self {
        let (asked, is_choice) = last_question(history, lang);
        let ours = history.iter().rev().find(|message| is_answer(message));
        Self {
            offered: offered(history).map(|choices| (choices, asked.clone().unwrap_or_default())),
            // The words of a choice are those of the entry that answered it.
            question: asked.filter(|_| !is_choice),
            answered: ours.and_then(|message| message.citations.first()),
        }
    }

    /// The words it lends to a question, or none when there is nothing to lend.
    pub(super) fn lent(&self) -> Option<String> {
        let title = self.answered.map(|citation| citation.title.as_str());
        let lent: Vec<&str> = title.into_iter().chain(self.question.as_deref()).collect();
        (!lent.is_empty()).then(|| lent.join(" "))
    }
}

/// Whether a message of ours answers something: an event or a question back does not.
fn is_answer(message: &Message) -> bool {
    matches!(message.author, Author::Bot | Author::Agent) && !message.citations.is_empty()
}

/// The customer's last words that ask something, and whether they answered a question of ours.
fn last_question(history: &[Message], lang: Lang) -> (Option<String>, bool) {
    let runs = history.chunk_by(|a, b| is_customer(a) == is_customer(b));
    let mut last = (None, false);
    let mut before: &[Message] = &[];
    for run in runs {
        if run.first().is_some_and(is_customer) {
            let is_choice = offered(before).is_some();
            if let Some(question) = question(run, lang) {
                last = (Some(question), is_choice);
            }
        }
        before = run;
    }
    last
}

fn is_customer(message: &Message) -> bool {
    message.author == Author::Customer
}

/// What a run of the customer's messages asks; none where it is courtesy or a machine's.
fn question(run: &[Message], lang: Lang) -> Option<String> {
    let text: Vec<String> = run.iter().map(Message::words).collect();
    let triage = read(&text.join("\n"), lang, &[]);
    let asks = match triage.intent {
        Intent::Question | Intent::AccountSpecific | Intent::Complaint => true,
        Intent::PersonWanted
        | Intent::Thanks
        | Intent::Greeting
        | Intent::OptOut
        | Intent::Automatic
        | Intent::Spam
        | Intent::Unreadable => false,
    };
    let question = triage.questions.last().filter(|_| asks)?;
    Some(question.chars().take(LENT_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use super::{Author, Citation, Context, Lang, Message};
    use crate::conversation::{ConversationId, MessageId, Visibility};
    use chrono::DateTime;

    fn said(author: Author, body: &str) -> Message {
        Message {
            id: MessageId::from("m"),
            conversation_id: ConversationId::from("c"),
            seq: 1,
            shown: None,
            external_id: None,
            author,
            agent_id: None,
            visibility: Visibility::Public,
            body: body.into(),
            attachments: Vec::new(),
            citations: Vec::new(),
            choices: Vec::new(),
            delivery: None,
            sent_at: DateTime::UNIX_EPOCH,
            received_at: DateTime::UNIX_EPOCH,
        }
    }

    fn answer(title: &str) -> Message {
        let citation =
            Citation { entry: title.into(), version: 1, excerpt: "x".into(), title: title.into() };
        Message { citations: vec![citation], ..said(Author::Bot, "An answer.") }
    }

    fn asks_back(choices: &[&str]) -> Message {
        let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
        Message { choices, ..said(Author::Bot, "Which?") }
    }

    #[test]
    fn the_last_question_and_the_last_answer_are_lent() {
        let history = [
            said(Author::Customer, "Do you repair tents?"),
            answer("Do you repair?"),
            said(Author::Customer, "Hello again, how long does shipping take?"),
            answer("How long is shipping?"),
            said(Author::Customer, "Thanks a lot!"),
        ];
        let context = Context::of(&history, Lang::EN);
        assert_eq!(
            context.lent().as_deref(),
            Some("How long is shipping? how long does shipping take?")
        );
        assert_eq!(context.offered, None);
        assert_eq!(Context::of(&[], Lang::EN).lent(), None);
    }

    #[test]
    fn choices_come_with_the_question_they_were_offered_for() {
        let history = [
            said(Author::Customer, "Shipping"),
            said(Author::Customer, "how does it work?"),
            asks_back(&["Cost?", "Time?"]),
        ];
        let context = Context::of(&history, Lang::EN);
        let (choices, question) = context.offered.expect("choices");
        assert_eq!(choices, ["Cost?", "Time?"]);
        assert!(question.contains("how does it work"), "{question}");
    }

    #[test]
    fn a_choice_lends_the_words_of_what_was_chosen_only() {
        let history = [
            said(Author::Customer, "shipping"),
            asks_back(&["Cost?", "Time?"]),
            said(Author::Customer, "2"),
            answer("Time?"),
        ];
        assert_eq!(Context::of(&history, Lang::EN).lent().as_deref(), Some("Time?"));
    }
}
