//! A database of its own for each story: a SQLite file, or a fresh one on `TEST_DATABASE_URL`.

use sqlx::{Connection as _, Executor as _, PgConnection};

/// The settings' `[database]` for one story; empty where SQLite's default file is used.
#[expect(clippy::disallowed_methods, reason = "the test run says where PostgreSQL is")]
pub(super) async fn section() -> String {
    let Ok(server) = std::env::var("TEST_DATABASE_URL") else { return String::new() };
    let name = format!("story_{}", uuid::Uuid::now_v7().simple());
    let mut connection = PgConnection::connect(&server).await.expect("PostgreSQL is reachable");
    let create = format!("create database {name}");
    connection.execute(sqlx::AssertSqlSafe(create)).await.expect("a database of its own");
    let (base, _) = server.rsplit_once('/').expect("the URL ends in a database's name");
    format!("[database]\nurl = \"{base}/{name}\"\n")
}
