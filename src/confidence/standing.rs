//! Standing: what is known of an entry beside its words: how long its text has stood, and what people made of
//! drafts from it.

use super::bound::real;
use crate::knowledge::EntryId;
use serde::{Deserialize, Serialize};

/// A text that has stood for so many days is old: two years.
const OLD: u64 = 730;

/// Verdicts that count as seen before the first, so that one alone does not say everything.
const BEFORE: f64 = 2.0;

/// What is known of an entry beside its words, at the moment of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The entry.
    pub entry: EntryId,
    /// Whole days since this version of its article was written.
    pub days: u64,
    /// Drafts from it that people found right.
    pub right: u64,
    /// Those that they found wrong.
    pub wrong: u64,
}

impl Standing {
    /// Its age, from 0 for new to 1 for two years and more.
    pub(super) fn age(&self) -> f64 {
        real(self.days.min(OLD)) / real(OLD)
    }

    /// What share of its drafts was right, 0 where there is no verdict.
    pub(super) fn praised(&self) -> f64 {
        real(self.right) / self.verdicts()
    }

    /// What share of its drafts was wrong, 0 where there is no verdict.
    pub(super) fn blamed(&self) -> f64 {
        real(self.wrong) / self.verdicts()
    }

    fn verdicts(&self) -> f64 {
        real(self.right) + real(self.wrong) + BEFORE
    }
}
