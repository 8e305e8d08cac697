//! Confidence: how sure a draft is right, and what the policy and the evidence let follow from that.

pub mod audit;
pub mod bound;
mod calibration;
mod drift;
mod features;
mod fit;
mod gate;
mod grid;
mod model;
mod policy;
mod post;
#[cfg(test)]
mod tests;
mod wording;

pub use bound::{Labelled, Licence, Terms};
pub use calibration::{Bin, Reliability, reliability};
pub use drift::Drift;
pub use features::{Evidence, Features, features};
pub use fit::Unfit;
pub use grid::grid;
pub use model::Model;
pub use policy::{Decision, Facts, decide, policy_version, risk_of, terms};
pub use post::Post;
