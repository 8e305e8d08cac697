//! The chat page, its widget, and what they ask for.

mod events;
mod files;
mod link;
mod message;
mod page;
mod sniff;
mod unhelpful;
mod visitor;
mod widget;
mod words;

pub use events::Streams;
pub(super) use events::events;
pub(super) use files::{download, upload};
pub(super) use link::link;
pub(super) use message::{list, post, read};
pub(super) use page::page;
pub(super) use unhelpful::unhelpful;
pub(super) use visitor::begin;
pub(super) use widget::widget;
