//! What benches reach of the house; no part of the library's interface.

pub use crate::{
    knowledge::{Audience, Entry, Hit, Publication, Risk},
    lang::Lang,
    search::{Bare, Query, Search},
};
