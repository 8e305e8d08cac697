//! Triage: what kind of message this is, in what language and mood, and whose business it is.

mod back;
mod choice;
mod clause;
mod injection;
mod intent;
mod language;
mod phrase;
mod priority;
mod question;
mod routing;
mod sentiment;
mod spam;
mod text;
mod words;

pub use back::{Leaning, leaning};
pub use choice::{Pick, offered, pick};

use crate::config::Rule;
use crate::conversation::{Author, ChannelKind, Message, OptWord, Priority, Turn, opt_word};
use crate::lang::Lang;
use crate::word::words;
use serde::{Deserialize, Serialize};

words! {
    /// What the customer is after.
    Intent {
        /// A question that the knowledge may answer; also several of them.
        Question = "question",
        /// A question that only a look into the customer's order or account answers.
        AccountSpecific = "account_specific",
        /// A complaint.
        Complaint = "complaint",
        /// The wish to talk to a person.
        PersonWanted = "person_wanted",
        /// Thanks or goodbye, and nothing else.
        Thanks = "thanks",
        /// A greeting, and nothing else.
        Greeting = "greeting",
        /// The wish to get no more messages.
        OptOut = "opt_out",
        /// Written by a machine: out of office, delivery report.
        Automatic = "automatic",
        /// Advertising or junk.
        Spam = "spam",
        /// No words to go by: only files, emoji or signs.
        Unreadable = "unreadable",
    }
}

words! {
    /// The customer's mood.
    Sentiment {
        /// Pleased.
        Positive = "positive",
        /// Neither.
        Neutral = "neutral",
        /// Displeased.
        Negative = "negative",
        /// Very displeased.
        Angry = "angry",
    }
}

/// All that triage finds in a turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Triage {
    /// The language the customer writes.
    pub lang: Lang,
    /// How sure that is, 0 to 1.
    pub lang_confidence: f64,
    /// What the customer is after.
    pub intent: Intent,
    /// The questions asked, each on its own; the whole text where it is one.
    pub questions: Vec<String>,
    /// The customer's mood.
    pub sentiment: Sentiment,
    /// How soon a person should look.
    pub priority: Priority,
    /// The topic, by the first rule that matches.
    pub topic: Option<String>,
    /// The team it goes to, by the first rule that matches.
    pub route: Option<String>,
    /// The rule that says a person answers this.
    pub escalate_rule: Option<String>,
    /// The words that led to these findings, for the agent to see.
    pub signals: Vec<String>,
    /// The words that read like orders to a machine, where there are any. They raise the risk and are
    /// never a reason not to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub injection: Option<String>,
    /// What the answer to our question back came to, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Pick>,
}

/// Builds the word tables and the language detector, so that the first message does not wait.
pub fn warm() {
    read("Guten Tag, how are you, où est ma commande?", Lang::EN, &[]);
}

/// Triages a turn; where its words do not tell, it is in the language of the conversation so far.
pub fn assess(turn: &Turn, rules: &[Rule]) -> Triage {
    let fallback = turn.conversation.lang.unwrap_or(turn.inbox.lang);
    let mut triage = read(&turn.text(), fallback, rules);
    if let Some(word) = only_opt_words(turn) {
        // Whoever ends or begins again has been heeded when the message came; whoever has ended nothing says hello.
        let is_back = turn.history.iter().any(|said| is_theirs(said) && is_end(&said.body));
        triage.intent = match word {
            OptWord::Stop | OptWord::StopMarketing => Intent::OptOut,
            OptWord::Start if is_back => Intent::Thanks,
            OptWord::Start => Intent::Greeting,
        };
        triage.questions = Vec::new();
        return triage;
    }
    match offered(&turn.history) {
        Some(choices) => chosen(triage, &turn.text(), choices, fallback),
        None => triage,
    }
}

fn is_theirs(message: &Message) -> bool {
    message.author == Author::Customer
}

fn is_end(message: &str) -> bool {
    matches!(opt_word(message), Some((OptWord::Stop | OptWord::StopMarketing, _)))
}

/// The last of the words that end notifications or begin them, where the turn holds nothing else.
fn only_opt_words(turn: &Turn) -> Option<OptWord> {
    if turn.inbox.channel != ChannelKind::Whatsapp || turn.has_unknown_files() {
        return None;
    }
    let words = turn.messages.iter().map(|message| opt_word(&message.body).map(|(word, _)| word));
    words.collect::<Option<Vec<_>>>()?.pop()
}

/// Reads the turn as the answer to our question back, unless it is plainly something else: a title
/// that is pressed may read like a complaint, but it is ours, not the customer's.
fn chosen(mut triage: Triage, text: &str, choices: &[String], lang: Lang) -> Triage {
    let pick = pick(text, choices, lang);
    let is_named = choice::names(text, choices, lang).is_some();
    let is_open = match triage.intent {
        Intent::Question | Intent::Unreadable => true,
        Intent::Thanks | Intent::Greeting => pick == Pick::Neither,
        Intent::AccountSpecific
        | Intent::Complaint
        | Intent::PersonWanted
        | Intent::OptOut
        | Intent::Automatic
        | Intent::Spam => false,
    };
    if !is_open && !is_named {
        return triage;
    }
    if pick != Pick::Unclear {
        triage.intent = Intent::Question;
        triage.lang = lang;
        triage.questions = vec![text.trim().to_owned()];
    }
    triage.choice = Some(pick);
    triage
}

/// Characters of a turn that are read; what comes after them has been seen by nobody.
pub use text::READ_CHARS;

/// Triages a bare text; only its first [`READ_CHARS`] characters count.
pub fn read(raw: &str, fallback: Lang, rules: &[Rule]) -> Triage {
    let text = text::Text::read(raw);
    let language::Guess { lang, confidence } = language::detect(&text, fallback);
    let sentiment = sentiment::read(&text, lang);
    let (intent, mut signals) = intent::read(&text, lang, sentiment);
    let (found, raised_by) = priority::read(&text, intent, sentiment);
    let routing = routing::read(&text, rules);
    signals.extend(raised_by);
    let injection = injection::read(&text, raw);
    signals.extend(injection.iter().map(|told| format!("injection: {told}")));
    signals.extend(routing.signals);
    Triage {
        lang,
        lang_confidence: confidence,
        intent,
        questions: questions(&text, lang, intent),
        sentiment,
        priority: priority::with_rule(found, routing.priority),
        topic: routing.topic,
        route: routing.route,
        escalate_rule: routing.escalate_rule,
        signals,
        injection,
        choice: None,
    }
}

fn questions(text: &text::Text, lang: Lang, intent: Intent) -> Vec<String> {
    match intent {
        Intent::Question | Intent::AccountSpecific | Intent::Complaint | Intent::PersonWanted => {
            question::split(text, lang)
        }
        Intent::Thanks
        | Intent::Greeting
        | Intent::OptOut
        | Intent::Automatic
        | Intent::Spam
        | Intent::Unreadable => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
