//! The policy: what may go out by itself, and the rules that send a message to a person or a team.

use crate::conversation::Priority;
use serde::{Deserialize, Serialize};

/// What may go out by itself: the share of wrong answers that the business can live with, by risk
/// class, and the limits of the decision. How sure the bot must be follows from the evidence alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// What is tolerated of answers from low-risk entries.
    pub low: Tolerance,
    /// The same for entries of standard risk.
    pub standard: Tolerance,
    /// The same for entries of high risk.
    pub high: Tolerance,
    /// The share of automatic answers that a person judges afterwards, above 0 and at most 1; more are
    /// judged while evidence is thin.
    pub audit_share: f64,
    /// Confidence below which not even a draft is shown: a bad draft leads the agent astray.
    pub draft_floor: f64,
    /// How much a runner-up must be believed in, as a share of the belief in the best, for a question
    /// back.
    pub clarify_closeness: f64,
    /// Confidence from which a question back is worth the customer's time.
    pub clarify_floor: f64,
    /// The most automatic replies in a row without a person.
    pub max_replies_in_a_row: u32,
}

/// How many wrong answers are tolerated, and how surely it must be shown that there are no more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tolerance {
    /// The tolerated share of wrong automatic answers, between 0 and 1.
    pub alpha: f64,
    /// The tolerated chance that the share is in truth greater than the evidence shows; by default 0.10.
    #[serde(default = "one_in_ten")]
    pub delta: f64,
}

fn one_in_ten() -> f64 {
    0.10
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            low: Tolerance { alpha: 0.10, delta: 0.10 },
            standard: Tolerance { alpha: 0.05, delta: 0.10 },
            high: Tolerance { alpha: 0.02, delta: 0.10 },
            audit_share: 0.05,
            draft_floor: 0.35,
            clarify_closeness: 0.5,
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
