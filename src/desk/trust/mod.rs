//! Trust: which answers of which inbox may go out by themselves, as the evidence allows.

mod shown;

pub use shown::{ClassTrust, Standing, Step};
