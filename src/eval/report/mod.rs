//! Reports: single HTML files with plots and tables, for the screen and for paper.
//!
//! [`Page`], [`Table`], [`Plot`] and [`Bars`] serve any report; [`evaluation`] writes the one of
//! labelled sets.

mod bars;
mod evaluation;
mod page;
mod plot;
mod section;
mod table;

pub use bars::Bars;
pub use evaluation::{Origin, evaluation};
pub use page::Page;
pub use plot::{Axis, Mark, Pen, Plot, Unit};
pub use table::{Column, Table, name, number, percent, plain, text};
