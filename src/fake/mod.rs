//! Stand-ins for providers, for tests and for trying Sureply without an account.

mod graph;

pub use graph::{Account, Facts, Fault, Graph, Order, Said, sample_templates};
