//! Reputation: what is known of an entry beside its words: how long its text has stood, and what people made of
//! drafts from it.

use super::EntryId;
use serde::{Deserialize, Serialize};

/// A text that has stood for so many days is old: two years.
const OLD: u32 = 730;

/// Verdicts that count as seen before the first, so that one alone does not say everything.
const BEFORE: f64 = 2.0;

/// What is known of an entry beside its words, at the moment of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reputation {
    /// The entry.
    pub entry: EntryId,
    /// Whole days since this version of its article was written.
    pub days: u32,
    /// Drafts from it that people found right.
    pub right: u32,
    /// Those that they found wrong.
    pub wrong: u32,
}

impl Reputation {
    /// Its age, from 0 for new to 1 for two years and more.
    pub fn age(&self) -> f64 {
        f64::from(self.days.min(OLD)) / f64::from(OLD)
    }

    /// What share of its drafts was right, 0 where there is no verdict.
    pub fn praised(&self) -> f64 {
        f64::from(self.right) / self.verdicts()
    }

    /// What share of its drafts was wrong, 0 where there is no verdict.
    pub fn blamed(&self) -> f64 {
        f64::from(self.wrong) / self.verdicts()
    }

    fn verdicts(&self) -> f64 {
        f64::from(self.right) + f64::from(self.wrong) + BEFORE
    }
}
