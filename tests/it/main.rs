//! Stories told over HTTP to a real server: what customers, agents and programs see.

#![expect(clippy::expect_used, reason = "what a story expects, it says by panicking")]

mod bad_input;
mod browser;
mod burst;
mod clarify;
mod command;
mod crash;
mod eval;
mod files;
mod follow_up;
mod guard;
mod outage;
mod replay;
mod restart;
mod simulate;
mod story;
mod support;
mod tidy;
mod trust;
mod voice;
mod webhook;
mod whatsapp;
