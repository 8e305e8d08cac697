//! Stand-ins for providers, for tests and for trying Sureply without an account.

mod graph;

pub use graph::{Account, Fault, Graph, Order, Said, sample_templates};
