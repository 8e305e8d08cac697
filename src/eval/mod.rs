//! Evaluation: labelled questions, and what came of them.
//!
//! A [`LabelledSet`] is read, each question is put through the steps that answer customers ([`run`]),
//! every configuration is measured ([`contest`]), the bound is tried ([`bound`]), and [`report`] writes it
//! all down for people.

mod alarm;
mod assess;
mod bound;
mod case;
mod contest;
mod figure;
mod folder;
mod replay;
pub mod report;
mod run;
mod set;
mod tally;
mod thread;
mod trial;

pub use alarm::Alarms;
pub use assess::{Assessed, Manner, assess};
pub use bound::Bound;
pub use case::{Case, load_cases};
pub use contest::Line;
pub use folder::Folder;
pub use replay::{Change, Difference, Side, compare};
pub use run::Row;
pub use set::{LabelledSet, Wanted, load_sets};
pub use tally::{Ended, Tally};
pub use trial::{Halves, Trial};
