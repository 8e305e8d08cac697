//! The parts of a set's section: its plots and its tables.

pub mod curves;
pub mod tables;
