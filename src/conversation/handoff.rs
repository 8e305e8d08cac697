//! What an agent needs to know on taking over, in one glance.

use serde::{Deserialize, Serialize};

/// A handoff in words: told by code, from the turn and its decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// What the customer wants, in their own words, shortened.
    pub problem: String,
    /// What was tried, one line a step.
    pub tried: Vec<String>,
    /// What is missing to answer.
    pub missing: String,
    /// The customer's mood in a word.
    pub mood: String,
}
