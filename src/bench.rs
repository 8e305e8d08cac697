//! What benches reach of the house; no part of the library's interface.

pub use crate::knowledge::{Audience, Entry, Hit, Publication, Risk};
pub use crate::lang::Lang;
pub use crate::search::{Bare, Query, Search};
