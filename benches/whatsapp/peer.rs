//! `FastAPI` with sqlite3, which does the same duty in a process of its own.

use super::traffic::Traffic;
use super::{books, sqlite};
use sqlx::{Connection as _, SqliteConnection};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use sureply::fake::Account;
use tempfile::TempDir;

/// How long it may take to come up.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Peer {
    process: Child,
    address: String,
    folder: TempDir,
}

impl Peer {
    /// Starts it; why not, where it cannot be had.
    pub(crate) fn start(account: &Account) -> Result<Self, String> {
        let python = std::env::var_os("TEST_WHATSAPP_PYTHON")
            .ok_or("TEST_WHATSAPP_PYTHON names no Python that has it")?;
        let folder = TempDir::new().expect("a temporary folder can be made");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/whatsapp_fastapi.py");
        let process = Command::new(&python)
            .arg(script)
            .arg(folder.path().join("peer.db"))
            .arg(port.to_string())
            .env("APP_SECRET", &account.app_secret)
            .spawn()
            .map_err(|error| format!("{} cannot be run: {error}", python.display()))?;
        let mut peer = Self { process, address: format!("127.0.0.1:{port}"), folder };
        peer.wait().map(|()| peer)
    }

    fn wait(&mut self) -> Result<(), String> {
        let began = Instant::now();
        while TcpStream::connect(&self.address).is_err() {
            if let Some(status) = self.process.try_wait().expect("its end is known") {
                return Err(format!("it ended before it listened: {status}"));
            }
            if began.elapsed() > PATIENCE {
                return Err("it does not listen".into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    pub(crate) fn address(&self) -> String {
        self.address.clone()
    }

    /// Everything that was acked and is not stored as it should be, in words.
    pub(crate) async fn stop_and_check(mut self, traffic: &Traffic) -> Vec<String> {
        self.process.kill().expect("it is stopped");
        let url = sqlite(&self.folder.path().join("peer.db"));
        let mut database = SqliteConnection::connect(&url).await.expect("the database opens");
        let names = "select id from message";
        let stored = sqlx::query_scalar(names).fetch_all(&mut database).await.expect("messages");
        let mut faults = books::messages(traffic, stored);
        let states = "select callback, state from delivery";
        let stored = sqlx::query_as(states).fetch_all(&mut database).await.expect("deliveries");
        faults.extend(books::states(traffic, stored));
        database.close().await.expect("it is closed");
        faults
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
