//! Confidence: how sure a draft is right, and what the policy lets follow from that.

mod features;
mod gate;
mod judge;
mod policy;
#[cfg(test)]
mod tests;
mod wording;

pub use features::{Evidence, Features, features};
pub use judge::judge;
pub use policy::{Decision, Facts, decide, policy_version};
