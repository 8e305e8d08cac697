//! Stands in for licences until the desk keeps those that verdicts have earned: constants, no proof.

use crate::confidence::{Licence, terms};
use crate::config::Policy;
use crate::knowledge::Risk;

/// A licence that nobody earned.
pub(super) fn provisional(policy: &Policy, risk: Risk) -> Licence {
    let (terms, threshold) = match (terms(policy, risk), risk) {
        (Some(terms), Risk::Low) => (terms, 0.70),
        (Some(terms), Risk::Standard) => (terms, 0.80),
        (Some(terms), Risk::High) => (terms, 0.92),
        (_, _) => return Licence::never(),
    };
    Licence { threshold: Some(threshold), ..Licence::none(terms) }
}
