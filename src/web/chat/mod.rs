//! The chat page, its widget, and what they ask for.

mod cursor;
mod events;
mod files;
mod follow;
mod identity;
mod jwt;
mod link;
mod message;
mod page;
mod standing;
mod streams;
mod typing;
mod verdict;
mod visitor;
mod widget;
mod words;

#[cfg(test)]
pub(super) use jwt::tests as jwt_tests;
pub use streams::Streams;
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
        post("/chat/{inbox}/session", Needs::NoForeignPage, visitor::begin),
        post("/chat/{inbox}/identify", Needs::NoForeignPage, identity::identify),
        post("/chat/{inbox}/forget", Needs::Visitor, identity::forget),
        post("/chat/{inbox}/email", Needs::Visitor, identity::email),
        post("/chat/{inbox}/link", Needs::Visitor, link::link),
        get("/chat/{inbox}/messages", Needs::Visitor, message::list),
        post("/chat/{inbox}/messages", Needs::Visitor, message::post),
        post("/chat/{inbox}/messages/{id}/helpful", Needs::Visitor, verdict::helpful),
        post("/chat/{inbox}/messages/{id}/unhelpful", Needs::Visitor, verdict::unhelpful),
        get("/chat/{inbox}/events", Needs::Visitor, events::events),
        post("/chat/{inbox}/typing", Needs::Visitor, typing::typing),
        post("/chat/{inbox}/read", Needs::Visitor, message::read),
        post("/chat/{inbox}/attachments", Needs::Visitor, upload),
        get("/chat/{inbox}/attachments/{id}", Needs::Visitor, files::download),
    ]
}
