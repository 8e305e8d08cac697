//! A database of its own for each story: a SQLite file, or a fresh one on `TEST_DATABASE_URL`.

use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};

/// The settings' `[database]` for one story; empty where SQLite's default file is used.
pub(super) async fn section() -> String {
    fresh().await.map_or_else(String::new, |url| format!("[database]\nurl = \"{url}\"\n"))
}

/// A fresh database on PostgreSQL, where the tests are to run on that.
#[expect(clippy::disallowed_methods, reason = "the environment says which database to test on")]
pub(super) async fn fresh() -> Option<String> {
    let server = std::env::var("TEST_DATABASE_URL").ok()?;
    let name = format!("story_{}", uuid::Uuid::now_v7().simple());
    let mut connection = PgConnection::connect(&server).await.expect("PostgreSQL is reachable");
    let create = format!("create database {name}");
    connection.execute(sqlx::AssertSqlSafe(create)).await.expect("a database of its own");
    let (base, _) = server.rsplit_once('/').expect("the URL ends in a database's name");
    Some(format!("{base}/{name}"))
}

/// What stands in a server's database, read past the server.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// The customers' messages, by the ids their senders gave.
    pub(crate) stored: Vec<String>,
    /// Ours on their way out: message, turn, state.
    pub(crate) outbox: Vec<(String, String, String)>,
    /// The same by the deliveries' own ids, with their states.
    pub(crate) deliveries: Vec<(String, String)>,
    /// Turns and deliveries that are not done.
    pub(crate) open: usize,
}

const BOOKS: &str = "
    select 'stored' as kind, external_id as id, '' as turn, '' as state
    from message where external_id is not null
    union all select 'outbox', message_id, coalesce(turn_id, ''), state from outbox
    union all select 'delivery', id, '', state from outbox
    union all select 'open', id, '', state from turn where state = 'open'";

impl Books {
    pub(super) async fn read(url: &str) -> Self {
        let rows: Vec<(String, String, String, String)> = if url.starts_with("postgres") {
            let mut connection = PgConnection::connect(url).await.expect("PostgreSQL is there");
            sqlx::query_as(BOOKS).fetch_all(&mut connection).await.expect("the rows")
        } else {
            let mut connection = SqliteConnection::connect(url).await.expect("the file is there");
            sqlx::query_as(BOOKS).fetch_all(&mut connection).await.expect("the rows")
        };
        let mut books = Self::default();
        for (kind, id, turn, state) in rows {
            match kind.as_str() {
                "stored" => books.stored.push(id),
                "outbox" => {
                    books.open += usize::from(matches!(state.as_str(), "queued" | "sending"));
                    books.outbox.push((id, turn, state));
                }
                "delivery" => books.deliveries.push((id, state)),
                _ => books.open += 1,
            }
        }
        books
    }
}
