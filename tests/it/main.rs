//! Stories told over HTTP to a real server: what customers, agents and programs see.

#![expect(
    clippy::expect_used,
    reason = "a story that cannot go on ends with the words of its expect"
)]

mod bad_input;
mod browser;
mod burst;
mod crash;
mod outage;
mod restart;
mod simulate;
mod story;
mod support;
mod tidy;
mod webhook;
