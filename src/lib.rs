//! Sureply: answers customers' messages when it is sure, and brings a person when it is not.

pub mod config;

mod answer;
mod channel;
mod clock;
mod conversation;
mod curation;
mod knowledge;
mod lang;
mod search;
mod store;
mod triage;
mod word;
