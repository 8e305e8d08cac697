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
pub(super) use visitor::admit;

use super::needs::Needs;
use super::route::{Route, get, post};
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;

/// The routes of the chat. Whoever comes without a token may see the page and begin a session.
pub(super) fn routes(upload: usize) -> Vec<Route> {
    let upload = files::upload.layer(DefaultBodyLimit::max(upload));
    vec![
        get("/chat/{inbox}", Needs::Nothing, page::page),
        get("/chat/{inbox}/widget.js", Needs::Nothing, widget::widget),
        post("/chat/{inbox}/session", Needs::Nothing, visitor::begin),
        post("/chat/{inbox}/link", Needs::Visitor, link::link),
        get("/chat/{inbox}/messages", Needs::Visitor, message::list),
        post("/chat/{inbox}/messages", Needs::Visitor, message::post),
        post("/chat/{inbox}/messages/{id}/unhelpful", Needs::Visitor, unhelpful::unhelpful),
        get("/chat/{inbox}/events", Needs::Visitor, events::events),
        post("/chat/{inbox}/read", Needs::Visitor, message::read),
        post("/chat/{inbox}/attachments", Needs::Visitor, upload),
        get("/chat/{inbox}/attachments/{id}", Needs::Visitor, files::download),
    ]
}
