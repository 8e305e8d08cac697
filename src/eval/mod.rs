//! Evaluation: labelled questions, and what came of them.

mod case;
mod contest;
mod figure;
mod run;
mod set;
mod tally;

pub use case::{Case, load_cases};
pub use contest::{Line, configurations, line};
pub use run::{Bench, Row};
pub use set::{LabelledSet, Wanted, learn, load_sets};
pub use tally::{Ended, Tally};
