//! Sureply: answers customers' messages when it is sure, and brings a person when it is not.

#[doc(hidden)]
pub mod bench;
pub mod config;

mod answer;
mod clock;
mod conversation;
mod curation;
mod knowledge;
mod lang;
mod search;
mod triage;
mod word;
