//! The table of routes: each with its method, its address and what it needs. The router is built from
//! it alone, so that whoever reads the table has read every way in.

use super::needs::{Door, Needs, admit};
use super::{Web, agent, api, assets, chat, error, health, hook, notification, suppression};
use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{self, MethodRouter};
use std::sync::Arc;

/// A route: one method at one address.
pub(super) struct Route {
    /// The method; what is read may also be asked for by `HEAD`.
    pub(super) method: Method,
    /// The address, with its variable parts in braces.
    pub(super) path: &'static str,
    /// What it asks of whoever calls.
    pub(super) needs: Needs,
    handler: MethodRouter<Arc<Web>>,
}

/// A route that reads.
pub(super) fn get<H, T>(path: &'static str, needs: Needs, handler: H) -> Route
where
    H: Handler<T, Arc<Web>>,
    T: 'static,
{
    Route { method: Method::GET, path, needs, handler: routing::get(handler) }
}

/// A route that changes something.
pub(super) fn post<H, T>(path: &'static str, needs: Needs, handler: H) -> Route
where
    H: Handler<T, Arc<Web>>,
    T: 'static,
{
    Route { method: Method::POST, path, needs, handler: routing::post(handler) }
}

/// A route that takes something away.
pub(super) fn delete<H, T>(path: &'static str, needs: Needs, handler: H) -> Route
where
    H: Handler<T, Arc<Web>>,
    T: 'static,
{
    Route { method: Method::DELETE, path, needs, handler: routing::delete(handler) }
}

/// Every route there is; `upload` bounds what may be sent as a file, in bytes.
pub(super) fn table(upload: usize) -> Vec<Route> {
    let open = vec![
        get("/healthz", Needs::Nothing, health::alive),
        get("/readyz", Needs::Nothing, health::ready),
        get("/metrics", Needs::Nothing, health::metrics),
        get("/static/{*path}", Needs::Nothing, assets::asset),
    ];
    let programs = api::routes().into_iter().chain(suppression::routes());
    let programs = programs.chain(notification::routes()).collect();
    [open, chat::routes(upload), programs, hook::routes(), agent::routes(upload)]
        .into_iter()
        .flatten()
        .collect()
}

/// The router of all routes, each behind its door.
pub(super) fn router(web: &Arc<Web>, upload: usize) -> Router<Arc<Web>> {
    let table = table(upload).into_iter();
    let ways_in = table.fold(Router::new(), |router, route| {
        tracing::trace!(method = %route.method, path = route.path, needs = ?route.needs, "a way in");
        let door = Door { web: Arc::clone(web), needs: route.needs };
        router.route(route.path, route.handler.route_layer(from_fn_with_state(door, admit)))
    });
    ways_in.fallback(error::no_such_page)
}
