//! The policy: what may go out by itself, and the rules that send a message to a person or a team.

use crate::conversation::Priority;
use serde::{Deserialize, Serialize};

/// Thresholds and limits of the decision.
///
/// The thresholds are provisional constants: an order to start with, not a proof. They are named so
/// in every record until a bound earned from verdicts takes their place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Confidence from which an answer to a low-risk entry may go out, 0 to 1.
    pub provisional_low: f64,
    /// The same for entries of standard risk.
    pub provisional_standard: f64,
    /// The same for entries of high risk.
    pub provisional_high: f64,
    /// The share of the question (each word by its rarity) that the entry must hold, 0 to 1: who asks
    /// about cats gets no answer about dogs, however alike the questions read.
    pub provisional_coverage: f64,
    /// Confidence below which not even a draft is shown: a bad draft leads the agent astray.
    pub draft_floor: f64,
    /// How close the runner-up must be, as a share of the best score, for a question back.
    pub clarify_closeness: f64,
    /// Confidence from which a question back is worth the customer's time.
    pub clarify_floor: f64,
    /// The most automatic replies in a row without a person.
    pub max_replies_in_a_row: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            provisional_low: 0.70,
            provisional_standard: 0.80,
            provisional_high: 0.92,
            provisional_coverage: 0.50,
            draft_floor: 0.35,
            clarify_closeness: 0.85,
            clarify_floor: 0.50,
            max_replies_in_a_row: 6,
        }
    }
}

/// What to do with messages that hold certain words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name, shown to agents when it matches.
    pub name: String,
    /// Words or phrases; one is enough. Case and accents do not count; whole words only.
    pub any: Vec<String>,
    /// The topic such messages get.
    #[serde(default)]
    pub topic: Option<String>,
    /// The team they go to.
    #[serde(default)]
    pub route: Option<String>,
    /// How soon a person should look.
    #[serde(default)]
    pub priority: Option<Priority>,
    /// Whether a person always answers.
    #[serde(default)]
    pub escalate: bool,
}
