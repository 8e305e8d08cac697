//! What a route asks of whoever calls it; looked at here, before any handler runs, and nowhere else.

use super::agent::{self, PageError};
use super::{Error, Web, api, chat, csrf, words};
use crate::store::Role;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// What a route asks of whoever calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nothing: whoever calls is served alike, and no cookie counts.
    Nothing,
    /// No login, but forms must come from our own pages: the ways in and out of the desk.
    OwnPage,
    /// Nothing, but pages of other sites may not call: a chat is begun by its own page or a program.
    NoForeignPage,
    /// The token of a program.
    Program,
    /// The token of a visitor of the inbox that the address names; no foreign page may use it.
    Visitor,
    /// Somebody of the desk with at least this role; forms must come from our own pages.
    Role(Role),
}

/// A route's door: what it asks, and what it asks that of.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) web: Arc<Web>,
    pub(super) needs: Needs,
}

/// Lets a request through to its handler, or answers why not.
pub(super) async fn admit(
    State(Door { web, needs }): State<Door>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let asked = words::accepted(&parts.headers);
    match words::speaking(asked, needs.look(&mut parts, &web)).await {
        Ok(()) => {
            let tongue = agent::tongue(&parts).unwrap_or(asked);
            words::speaking(tongue, next.run(Request::from_parts(parts, body))).await
        }
        Err(refusal) => refusal,
    }
}

impl Needs {
    /// Looks at a request; who was found goes with it, for the handler to take.
    async fn look(self, parts: &mut Parts, web: &Arc<Web>) -> Result<(), Response> {
        let looked = match self {
            Self::Nothing => Ok(()),
            Self::OwnPage => csrf::from_own_page(parts, web),
            Self::NoForeignPage => csrf::from_no_foreign_page(parts, web),
            Self::Program => api::admit(parts, web).await,
            Self::Visitor => match csrf::from_no_foreign_page(parts, web) {
                Ok(()) => chat::admit(parts, web).await,
                refused => refused,
            },
            Self::Role(role) => {
                csrf::from_own_page(parts, web).map_err(IntoResponse::into_response)?;
                return agent::admit(parts, web, role).await;
            }
        };
        looked.map_err(IntoResponse::into_response)
    }
}

/// An error as a page for whoever reads pages, and as a problem for everybody else.
pub(super) fn refusal(headers: &HeaderMap, error: Error) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/html")) {
        return PageError(error).into_response();
    }
    error.into_response()
}
