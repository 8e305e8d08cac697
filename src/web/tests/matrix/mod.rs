//! Every route, for everybody, with what is theirs, another's and nobody's: each gets the status that is
//! written down, and whoever is refused has changed nothing.

pub(in crate::web) mod caller;
pub(in crate::web) mod rows;
pub(in crate::web) mod things;

use crate::clock::Clock;
use crate::web::agent::tests::world::World;
use crate::web::route::table;
use axum::http::StatusCode;
use caller::{Caller, Kind, everybody};
use chrono::{TimeZone as _, Utc};
use rows::{ROWS, Row};
use sqlx::{Connection as _, SqliteConnection};
use std::collections::BTreeSet;
use things::{Things, Whose, settings};

#[test]
fn every_route_is_written_down() {
    let routes = table(0);
    let built: BTreeSet<(&str, &str)> =
        routes.iter().map(|route| (route.method.as_str(), route.path)).collect();
    let written: BTreeSet<(&str, &str)> = ROWS.iter().map(|row| (row.0, row.1)).collect();
    assert_eq!(built, written, "write down in `ROWS` whom each route serves, and how");
    assert_eq!(ROWS.len(), routes.len());
}

#[tokio::test]
async fn nobody_gets_more_than_is_theirs() {
    let clock = Clock::by_hand(Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap());
    let world = World::of(settings(), clock, "http://desk.example").await;
    world.person(crate::store::Role::Viewer).await;
    let own = Things::new(&world, "own", "api").await;
    let foreign = Things::new(&world, "foreign", "depot").await;
    let callers = everybody(&world, &own.token).await;
    let mut matrix = Matrix { watch: Watch::new(&world).await, world, own, foreign, cells: 0 };
    for row in ROWS {
        for caller in &callers {
            matrix.check(row, caller).await;
        }
    }
    assert!(matrix.cells > 700, "{} cells were looked at", matrix.cells);
}

struct Matrix {
    world: World,
    watch: Watch,
    own: Things,
    foreign: Things,
    cells: usize,
}

impl Matrix {
    /// One caller at one route, with each kind of thing.
    async fn check(&mut self, row: &Row, caller: &Caller) {
        let (method, path, least, body, statuses) = *row;
        let refusal = caller.refusal(least);
        // An act changes what it is about: each gets something of its own.
        if refusal.is_none() && method == "POST" && changes_its_thing(path) {
            self.own =
                Things::new(&self.world, &format!("{:?} at {path}", caller.kind), "api").await;
        }
        for (whose, status) in
            [Whose::Nobodys, Whose::Foreign, Whose::Own].into_iter().zip(statuses.into_iter().rev())
        {
            if status == 0 {
                continue;
            }
            let nothing = Things::none();
            let things = match whose {
                Whose::Own => &self.own,
                Whose::Foreign => &self.foreign,
                Whose::Nobodys => &nothing,
            };
            let address = things.address(&self.own, path, whose);
            let body = things.body(body);
            let served = StatusCode::from_u16(status).unwrap();
            let expected = expected(row, caller, whose, served);
            let before = self.watch.version().await;
            let answer = self.world.answer(method, &address, &caller.headers(&body), &body).await;
            let what = format!("{:?}: {method} {address} ({whose:?})", caller.kind);
            assert_eq!(answer.status(), expected, "{what}");
            if method == "GET" {
                let head = self.world.answer("HEAD", &address, &caller.headers(&body), "").await;
                assert_eq!(head.status(), expected, "HEAD as {what}");
            }
            if refusal.is_some() || whose != Whose::Own {
                assert_eq!(self.watch.version().await, before, "{what} changed something");
            }
            self.cells += 1;
        }
    }
}

/// Whether an act on a thing leaves another thing behind.
fn changes_its_thing(path: &str) -> bool {
    path.starts_with("/conversations") || path.starts_with("/people/") && path.contains('{')
}

/// The status that a caller gets.
fn expected(row: &Row, caller: &Caller, whose: Whose, served: StatusCode) -> StatusCode {
    let (method, path, least, ..) = *row;
    match caller.refusal(least) {
        // There is no visitor of an inbox that is none.
        Some(_) if path.starts_with("/chat") && whose != Whose::Own && !path.contains("{id}") => {
            StatusCode::NOT_FOUND
        }
        Some(refusal) => refusal,
        None if (method, path) == ("GET", "/login") && matches!(caller.kind, Kind::Desk(_)) => {
            StatusCode::SEE_OTHER
        }
        None => served,
    }
}

/// Sees whether anybody has written to the database.
pub(in crate::web) struct Watch(SqliteConnection);

impl Watch {
    pub(in crate::web) async fn new(world: &World) -> Self {
        let url = format!("sqlite://{}", world.folder.path().join("sureply.db").display());
        Self(SqliteConnection::connect(&url).await.expect("the database"))
    }

    /// A number that changes with every commit of somebody else.
    pub(in crate::web) async fn version(&mut self) -> i64 {
        sqlx::query_scalar("pragma data_version").fetch_one(&mut self.0).await.expect("a number")
    }
}
