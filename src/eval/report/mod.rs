//! Reports: single HTML files with plots and tables, for the screen and for paper.
//!
//! [`page::Page`], [`table::Table`], [`plot::Plot`] and [`bars::Bars`] serve any report; [`fn@evaluation`]
//! writes the one of labelled sets.

pub mod bars;
mod evaluation;
pub mod page;
pub mod plot;
mod replayed;
mod section;
pub mod table;

pub use evaluation::{Origin, evaluation};
pub use replayed::replayed;
