//! Opening the store: connecting, refusing a SQLite that may lose commits, bringing tables up to date.

use super::{Db, Store, on};
use anyhow::{Context, Result, bail, ensure};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

static MIGRATOR: Migrator = sqlx::migrate!("src/store/migrations");

/// The first SQLite without the race that can lose commits in a write-ahead log
/// (sqlite.org/changes.html, release 3.51.3).
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// Pages that the write-ahead log may hold before they move into the database. With few, the pages
/// that every message writes would move again and again.
const LOG_PAGES: &str = "4000";

/// What is done where it fails.
const UP_TO_DATE: &str = "bringing the database's tables up to date";

/// How long a connection is waited for before the caller is told that the database is busy.
const PATIENCE: Duration = Duration::from_secs(10);

impl Store {
    /// Opens `sqlite://path` or `postgres://…` and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self> {
        if url.starts_with("sqlite:") {
            open_sqlite(url).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            open_postgres(url).await
        } else {
            bail!("database.url must start with sqlite: or postgres:")
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        on!(&self.read, db => sqlx::query("select 1").execute(db).await.map(drop))
            .context("asking the database for a sign of life")
    }
}

async fn open_sqlite(url: &str) -> Result<Store> {
    let options = SqliteConnectOptions::from_str(url)
        .context("reading database.url")?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", LOG_PAGES)
        .pragma("temp_store", "memory")
        .busy_timeout(PATIENCE);
    let pool = |connections| {
        SqlitePoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE)
    };
    let write = pool(1).connect_with(options.clone()).await.context(
        "opening the SQLite database; is another program holding it, or is the file no database?",
    )?;
    let version: String = sqlx::query_scalar("select sqlite_version()")
        .fetch_one(&write)
        .await
        .context("asking SQLite for its version")?;
    ensure!(
        is_new_enough(&version),
        "SQLite {version} can lose commits; at least 3.51.3 is needed",
    );
    MIGRATOR.run(&write).await.context(UP_TO_DATE)?;
    // It chooses among indexes by what it has counted, and counts anew what has grown tenfold
    // (`sqlite.org/pragma.html`, optimize). A connection learns of it only when it is opened.
    sqlx::raw_sql("pragma optimize = 0x10002")
        .execute(&write)
        .await
        .context("letting SQLite count its rows")?;
    let read =
        pool(4).connect_with(options).await.context("opening the SQLite database to read")?;
    Ok(Store { read: Db::Sqlite(read), write: Db::Sqlite(write), targets: Arc::default() })
}

async fn open_postgres(url: &str) -> Result<Store> {
    let options = PgConnectOptions::from_str(url).context("reading database.url")?;
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await
        .context("connecting to PostgreSQL; is it running, and are name and password right?")?;
    MIGRATOR.run(&pool).await.context(UP_TO_DATE)?;
    let (read, write) = (Db::Postgres(pool.clone()), Db::Postgres(pool));
    Ok(Store { read, write, targets: Arc::default() })
}

fn is_new_enough(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = [(); 3].map(|()| parts.next().unwrap_or(0));
    found >= OLDEST_SQLITE
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn an_sqlite_that_may_lose_commits_is_told_apart() {
        for (version, fine) in [
            ("3.51.3", true),
            ("3.51.2", false),
            ("3.53.0", true),
            ("3.9.9", false),
            ("4.0.0", true),
        ] {
            assert_eq!(is_new_enough(version), fine, "{version}");
        }
    }
}
