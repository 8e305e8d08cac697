//! Evaluation: labelled questions, and what came of them.

mod case;
mod contest;
mod figure;
mod folder;
mod replay;
mod run;
mod set;
mod tally;

pub use case::{Case, load_cases};
pub use contest::{Line, configurations, line};
pub use folder::Folder;
pub use replay::{Change, Difference, Side, compare};
pub use run::{Bench, Row};
pub use set::{LabelledSet, Wanted, learn, load_sets};
pub use tally::{Ended, Tally};
