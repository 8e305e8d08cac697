//! Triage: what kind of message this is, in what language and mood, and whose business it is.

use crate::conversation::Priority;
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
}

pub fn assess(turn: &crate::conversation::Turn, rules: &[crate::config::Rule]) -> Triage {
    read(&turn.text(), turn.inbox.lang, rules)
}
pub fn read(text: &str, fallback: Lang, _rules: &[crate::config::Rule]) -> Triage {
    Triage {
        lang: fallback,
        lang_confidence: 1.0,
        intent: Intent::Question,
        questions: vec![text.to_owned()],
        sentiment: Sentiment::Neutral,
        priority: Priority::Normal,
        topic: None,
        route: None,
        escalate_rule: None,
        signals: Vec::new(),
    }
}
pub fn warm() {}
