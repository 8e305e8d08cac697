//! Sureply: answers customers' messages when it is sure, and brings a person when it is not.

#[doc(hidden)]
pub mod bench;
pub mod cli;
pub mod config;

mod answer;
mod app;
mod channel;
mod clock;
mod confidence;
mod conversation;
mod curation;
mod desk;
mod eval;
mod knowledge;
mod lang;
mod search;
mod store;
mod telemetry;
mod token;
mod triage;
mod web;
mod word;

pub use app::App;
pub use clock::Clock;
pub use config::Config;
