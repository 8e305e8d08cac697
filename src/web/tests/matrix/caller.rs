//! Who may call: everybody whom a server meets, with what they carry.

use super::rows::Least;
use crate::store::Role;
use crate::token;
use crate::web::agent::tests::world::World;
use axum::http::StatusCode;
use chrono::TimeDelta;

/// Somebody who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Kind {
    /// Without anything.
    Nobody,
    /// With the cookie of a session that has run out.
    Expired,
    /// With a cookie that we never gave out.
    Forged,
    /// With another kind's token for a cookie.
    VisitorByCookie,
    ProgramByCookie,
    /// With a good session's token as a header.
    AdminByToken,
    Program,
    /// The visitor whose chat is asked for.
    Visitor,
    /// A visitor of another inbox.
    VisitorElsewhere,
    Desk(Role),
}

/// A caller and the header that says who they are.
pub(in crate::web) struct Caller {
    pub(in crate::web) kind: Kind,
    header: Option<(&'static str, String)>,
}

impl Caller {
    /// The headers of a request from our own page.
    pub(in crate::web) fn headers<'a>(&'a self, body: &'a str) -> Vec<(&'a str, &'a str)> {
        let media_type = match body.get(..1) {
            Some("{") => "application/json",
            Some("-") => "multipart/form-data; boundary=x",
            _ => "application/x-www-form-urlencoded",
        };
        let mut headers = vec![("sec-fetch-site", "same-origin"), ("content-type", media_type)];
        headers.extend(self.header.iter().map(|(name, value)| (*name, value.as_str())));
        headers
    }

    /// How a route that serves `least` refuses them; nothing if it does not.
    pub(in crate::web) fn refusal(&self, least: Least) -> Option<StatusCode> {
        match (least, self.kind) {
            (Least::Anyone, _)
            | (Least::Program, Kind::Program)
            | (Least::Visitor, Kind::Visitor) => None,
            (Least::Role(least), Kind::Desk(role)) if role >= least => None,
            (Least::Role(_), Kind::Desk(_)) => Some(StatusCode::FORBIDDEN),
            (Least::Program | Least::Visitor | Least::Role(_), _) => Some(StatusCode::UNAUTHORIZED),
        }
    }
}

/// Everybody; `visitor` is the token of the visitor whose chat is asked for.
pub(in crate::web) async fn everybody(world: &World, visitor: &str) -> Vec<Caller> {
    let (store, now) = (&world.desk.store, world.now());
    let program = token::fresh();
    store.add_token(&token::hash(&program), "shop", None, None, now).await.unwrap();
    // That it is used is written down once a minute; this is the time for this one.
    store.use_token(&token::hash(&program), now).await.unwrap();
    let admin = world.person(Role::Admin).await;
    let somebody = store.agents().await.unwrap().remove(0).id;
    let expired = token::fresh();
    let long_ago = now - TimeDelta::hours(13);
    assert!(
        store.begin_session(&token::hash(&expired), &somebody, "no hash", long_ago).await.unwrap()
    );
    let elsewhere = token::fresh();
    let (shop, who) = ("shop".into(), crate::store::Visitor::New("eve"));
    store.begin_chat(&token::hash(&elsewhere), &shop, who, now).await.unwrap();
    let cookie = |token: &str| Some(("cookie", format!("sureply={token}")));
    let bearer = |token: &str| Some(("authorization", format!("Bearer {token}")));
    let mut callers = vec![
        Caller { kind: Kind::Nobody, header: None },
        Caller { kind: Kind::Expired, header: cookie(&expired) },
        Caller { kind: Kind::Forged, header: cookie(&token::fresh()) },
        Caller { kind: Kind::VisitorByCookie, header: cookie(visitor) },
        Caller { kind: Kind::ProgramByCookie, header: cookie(&program) },
        Caller { kind: Kind::AdminByToken, header: bearer(admin.trim_start_matches("sureply=")) },
        Caller { kind: Kind::Program, header: bearer(&program) },
        Caller { kind: Kind::Visitor, header: bearer(visitor) },
        Caller { kind: Kind::VisitorElsewhere, header: bearer(&elsewhere) },
    ];
    for role in Role::ALL {
        let header = Some(("cookie", world.person(*role).await));
        callers.push(Caller { kind: Kind::Desk(*role), header });
    }
    callers
}
