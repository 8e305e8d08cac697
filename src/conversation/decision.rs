//! A decision: what is done about a turn, why, and everything that follows from it at once.

use super::{Basis, Citation, Draft, Event, Priority, Summary};
use super::{DecisionId, Mode};
use crate::lang::Lang;
use crate::word::words;
use serde::{Deserialize, Serialize};

words! {
    /// What is done about a turn. Every turn ends in exactly one of these.
    Action {
        /// The draft goes out by itself.
        Answer = "answer",
        /// The customer is asked which of a few entries they mean.
        Clarify = "clarify",
        /// The draft waits for an agent.
        Draft = "draft",
        /// A person takes over, with what is missing.
        Escalate = "escalate",
        /// Nothing is to be answered: thanks, spam, automatic mail.
        Ignore = "ignore",
    }
}

words! {
    /// Why a decision came out as it did.
    Reason {
        /// Every gate was passed.
        Sure = "sure",
        /// The inbox lets the bot draft only.
        DraftMode = "draft_mode",
        /// The inbox lets the bot record only.
        ShadowMode = "shadow_mode",
        /// A person already has the conversation, or is awaited.
        WithPerson = "with_person",
        /// The customer asks for a person.
        PersonWanted = "person_wanted",
        /// The customer complains.
        Complaint = "complaint",
        /// Only somebody with the customer's account can answer.
        AccountSpecific = "account_specific",
        /// A rule of the business says that a person answers this.
        RuleMatched = "rule_matched",
        /// The topic is one that is never answered automatically.
        RiskNever = "risk_never",
        /// The message is thanks or goodbye.
        Thanks = "thanks",
        /// The message is a greeting and nothing else.
        Greeting = "greeting",
        /// The customer wants no more messages.
        OptOut = "opt_out",
        /// The message was written by a machine.
        Automatic = "automatic",
        /// The message is advertising or junk.
        Spam = "spam",
        /// There are no words to go by: only files, emoji or signs.
        Unreadable = "unreadable",
        /// The knowledge holds nothing on this.
        NothingFound = "nothing_found",
        /// What was found is too weak even for a draft.
        WeakEvidence = "weak_evidence",
        /// What was found does for a draft, not for an automatic answer.
        NotSure = "not_sure",
        /// Words that matter in the question stand nowhere in the entry; only older decisions say so.
        WordsMissing = "words_missing",
        /// The evidence does not show yet that any answers of this kind are right often enough.
        NotLicensed = "not_licensed",
        /// Two or three entries are about equally likely.
        Ambiguous = "ambiguous",
        /// The customer was already asked once and it is still unclear.
        AskedBefore = "asked_before",
        /// A sentence, number, date, address or link of the draft stands in no cited excerpt.
        Undocumented = "undocumented",
        /// Not every question of the turn is covered.
        NotCovered = "not_covered",
        /// The entry is in another language than the customer.
        OtherLanguage = "other_language",
        /// The message is longer than what was read of it.
        TooLong = "too_long",
        /// The message carries files that nobody has looked at.
        HasAttachments = "has_attachments",
        /// Words of the customer's were only heard, in a voice note that a machine transcribed.
        Heard = "heard",
        /// The message reads like orders to a machine, so that it must meet what the high risk class asks.
        Injection = "injection",
        /// The sender's domain says that the mail is not from it.
        SenderFails = "sender_fails",
        /// Nobody vouches for the mail's sender, and what is asked is of high risk.
        SenderUnproven = "sender_unproven",
        /// The mail was days old when it came.
        OldMail = "old_mail",
        /// The address has had as many automatic mails as it may get in an hour.
        TooManyMails = "too_many_mails",
        /// The address's reader has called a mail of ours spam.
        CalledSpam = "called_spam",
        /// The mail wants its answers at another address than its sender's.
        AnswersElsewhere = "answers_elsewhere",
        /// The model could not be used; approved words took its place.
        ModelFailed = "model_failed",
        /// Something broke on the way; a person takes over.
        Failure = "failure",
    }
}

impl Reason {
    /// The reason in words for an agent.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Sure => "Every gate was passed.",
            Self::DraftMode => "This inbox waits for a person's approval.",
            Self::ShadowMode => "This inbox only records what the bot would do.",
            Self::WithPerson => "A person already has this conversation.",
            Self::PersonWanted => "The customer asks for a person.",
            Self::Complaint => "The customer complains.",
            Self::AccountSpecific => "This needs a look into the customer's order or account.",
            Self::RuleMatched => "A rule says that a person answers this.",
            Self::RiskNever => "This topic is never answered automatically.",
            Self::Thanks => "The customer says thanks or goodbye.",
            Self::Greeting => "The customer only says hello so far.",
            Self::OptOut => "The customer wants no more messages.",
            Self::Automatic => "A machine wrote this message.",
            Self::Spam => "This looks like advertising or junk.",
            Self::Unreadable => "There are no words to go by.",
            Self::NothingFound => "The knowledge holds nothing on this.",
            Self::WeakEvidence => "What was found is too weak even for a draft.",
            Self::NotSure => "The evidence does for a draft, not for an automatic answer.",
            Self::WordsMissing => "Words that matter in the question stand nowhere in the article.",
            Self::NotLicensed => {
                "There is no evidence yet that answers of this kind are right often enough."
            }
            Self::Ambiguous => "Two or three articles are about equally likely.",
            Self::AskedBefore => "The customer was already asked once and it is still unclear.",
            Self::Undocumented => "Something in the draft stands in no cited excerpt.",
            Self::NotCovered => "Not every question of the customer is covered.",
            Self::OtherLanguage => "The article is in another language than the customer's.",
            Self::TooLong => "The message is longer than what was read of it.",
            Self::Heard => "The voice note was transcribed by a machine.",
            Self::HasAttachments => "The customer sent files that a person should look at.",
            Self::Injection => {
                "The message reads like orders to a machine, so it counts as high risk."
            }
            Self::SenderFails => "The sender's domain says that this mail is not from it.",
            Self::SenderUnproven => {
                "Nobody vouches for the sender of this mail, and the topic is of high risk."
            }
            Self::OldMail => "This mail was days old when it arrived.",
            Self::TooManyMails => {
                "This address has had as many automatic mails as it may get in an hour."
            }
            Self::CalledSpam => {
                "A mail to this address was called spam, so nothing goes out by itself."
            }
            Self::AnswersElsewhere => {
                "This mail wants its answers at another address than its sender's."
            }
            Self::ModelFailed => "The model could not be used.",
            Self::Failure => "Something broke on the way to an answer.",
        }
    }
}

/// One gate of the policy and whether the turn passed it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// What it asks, in a word or two.
    pub name: String,
    /// Whether it was passed.
    pub passed: bool,
    /// What it saw.
    pub detail: String,
}

/// Words to the customer that leave through the outbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The text, in Markdown.
    pub body: String,
    /// What it rests on.
    pub citations: Vec<Citation>,
    /// Choices offered with a question.
    pub choices: Vec<String>,
    /// Whether it tells the customer that a person takes over.
    pub tells_handoff: bool,
}

/// All that follows from a decision; the store writes it in one transaction or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Conclusion {
    /// The decision's identifier.
    pub id: DecisionId,
    /// What is done.
    pub action: Action,
    /// Why, the telling one first.
    pub reasons: Vec<Reason>,
    /// The probability that sending the draft would be right, 0 to 1.
    pub confidence: f64,
    /// The mode of the inbox at the time: it says what state the draft gets.
    pub mode: Mode,
    /// The draft, when there is one.
    pub draft: Option<Draft>,
    /// What goes to the customer now.
    pub reply: Option<Reply>,
    /// What it does to the conversation's status.
    pub event: Event,
    /// What an agent reads on taking over.
    pub summary: Option<Summary>,
    /// The customer's language.
    pub lang: Lang,
    /// How soon a person should look.
    pub priority: Priority,
    /// The topic found.
    pub topic: Option<String>,
    /// What a verdict on it will count as; none for a failure. Nothing goes out by itself without.
    pub basis: Option<Basis>,
    /// The whole record, for the why panel, audits and replay.
    pub record: serde_json::Value,
}
