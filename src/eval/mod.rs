//! Evaluation: labelled questions, and what came of them.

mod case;
mod tally;

pub use case::{Case, load_cases};
pub use tally::{Ended, Tally};
