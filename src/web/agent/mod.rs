//! The agents' side: everything behind the login, and the login itself.

mod act;
mod ask;
mod audit;
mod clockface;
mod conversation;
mod download;
mod facts;
mod form;
mod join;
mod knowledge;
mod list;
mod live;
mod login;
mod page;
mod password;
mod people;
mod queue;
mod search;
mod session;
mod share;
#[cfg(test)]
mod tests;
mod thread;
mod trust;
mod why;

pub(super) use join::setup_link;
pub(super) use page::PageError;

use super::{Web, csrf};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use std::sync::Arc;

/// The agents' routes; what changes something is taken from our own pages only.
pub(super) fn routes(web: &Arc<Web>) -> Router<Arc<Web>> {
    Router::new()
        .route("/", get(queue::start))
        .route("/login", get(login::form).post(login::login))
        .route("/logout", post(login::logout))
        .route("/join/{token}", get(join::form).post(join::join))
        .route("/people", get(people::list))
        .route("/people/invite", post(people::invite))
        .route("/queue/{queue}", get(queue::page))
        .route("/conversations/{id}", get(conversation::page))
        .route("/conversations/{id}/approve", post(act::approve))
        .route("/conversations/{id}/compare", post(act::compare))
        .route("/conversations/{id}/reject", post(act::reject))
        .route("/conversations/{id}/audit", post(audit::judge))
        .route("/conversations/{id}/reply", post(act::reply))
        .route("/conversations/{id}/undo", post(act::undo))
        .route("/conversations/{id}/note", post(act::note))
        .route("/conversations/{id}/take", post(act::take))
        .route("/conversations/{id}/snooze", post(act::snooze))
        .route("/conversations/{id}/resolve", post(act::resolve))
        .route("/conversations/{id}/give-back", post(act::give_back))
        .route("/conversations/{id}/deliveries/{message}/sent", post(act::was_sent))
        .route("/conversations/{id}/deliveries/{message}/again", post(act::send_again))
        .route("/attachments/{id}", get(download::file))
        .route("/live", get(live::stream))
        .route("/knowledge", get(knowledge::page))
        .route("/knowledge/wordings/{id}/forget", post(knowledge::forget))
        .route("/knowledge/wordings/{id}/restore", post(knowledge::remember))
        .route("/trust", get(trust::page))
        .route("/trust/sets/take-back", post(trust::take_back))
        .route("/search", get(search::page))
        .route("/ask", get(ask::page))
        .route_layer(from_fn_with_state(Arc::clone(web), csrf::own_pages_only))
}
