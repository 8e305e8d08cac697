//! Evidence: labelled turns, from which a business learns how often its answers are right.

use crate::knowledge::{EntryId, Risk};
use crate::word::words;
use serde::{Deserialize, Serialize};

words! {
    /// Where a label comes from.
    Source {
        /// What an agent did with a draft that waited.
        Verdict = "verdict",
        /// A person's verdict on an automatic answer that was drawn by lot.
        Audit = "audit",
        /// A labelled set that an admin has declared to stand for the customers.
        Declared = "declared",
        /// A person's verdict on an automatic answer that gave alarm; never part of an estimate, as
        /// what gives alarm is wrong more often than the rest.
        Alarm = "alarm",
    }
}

words! {
    /// What makes an automatic answer suspect.
    Alarm {
        /// The customer wrote again after the conversation had been closed.
        Reopened = "reopened",
        /// The customer complained right after it.
        Complaint = "complaint",
        /// The customer asked for a person right after it.
        PersonWanted = "person_wanted",
        /// An agent wrote right after it.
        Correction = "correction",
        /// The customer marked it as unhelpful.
        ThumbsDown = "thumbs_down",
    }
}

/// What a later verdict on a decision will count as.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// The risk class.
    pub risk: Risk,
    /// The entry that the draft stands on, where there is one.
    pub entry: Option<EntryId>,
    /// The features, by name.
    pub features: serde_json::Value,
    /// Whether every gate but the confidence was passed. Only such turns stand for those that a
    /// licence lets out; the others never are, however sure.
    pub eligible: bool,
    /// The share of turns of this kind that get a verdict: 1 while every draft waits for a person,
    /// the audit's probability where sure ones go out by themselves.
    pub share: f64,
    /// The probability of the audit by which this automatic answer was drawn, if it was.
    pub drawn: Option<f64>,
}
