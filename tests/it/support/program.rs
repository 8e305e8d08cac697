//! The real program as a process of its own, by the real clock, which can be killed at any moment.

use super::database::{self, Books};
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long the program may take to start, on a machine that is busy with other tests.
const START: Duration = Duration::from_mins(1);

/// The program on a data folder and a port of its own.
pub(crate) struct Program {
    folder: TempDir,
    database: String,
    port: u16,
    process: Option<Child>,
}

impl Program {
    /// Prepares a folder with these settings; nothing runs yet.
    pub(crate) async fn with(settings: &str) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = TempDir::new().expect("a temporary folder");
        let port = free_port();
        let file = folder.path().join("data").join("sureply.db");
        let database =
            database::fresh().await.unwrap_or_else(|| format!("sqlite://{}", file.display()));
        let text = format!(
            "[server]\nlisten = '127.0.0.1:{port}'\n[database]\nurl = '{database}'\n{settings}"
        );
        fs::write(folder.path().join("sureply.toml"), text).expect("the settings are written");
        Self { folder, database, port, process: None }
    }

    /// Serves; returns once it is ready.
    pub(crate) async fn serve(&mut self) {
        let log = File::options().create(true).append(true).open(self.log_file()).expect("a log");
        let process = self
            .command(&["serve"])
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log)
            .spawn()
            .expect("the program starts");
        self.process = Some(process);
        let began = Instant::now();
        while !self.is_ready().await {
            let process = self.process.as_mut().expect("it was started");
            let ended = process.try_wait().expect("its status");
            assert!(ended.is_none(), "the program ended: {}", self.log());
            assert!(began.elapsed() < START, "the program is not ready: {}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn is_ready(&self) -> bool {
        let asked = reqwest::get(self.url("/readyz")).await;
        asked.is_ok_and(|answer| answer.status().is_success())
    }

    /// Ends it as a power switch would: it gets no chance to finish anything.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("it runs");
            process.wait().expect("it has ended");
        }
    }

    /// Runs another command on the same data and settings; returns what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> impl Future<Output = String> + Send + use<> {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null());
        async move {
            let finished = tokio::task::spawn_blocking(move || (command.output(), command));
            let (output, command) = finished.await.expect("no panic");
            let output = output.expect("the program starts");
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{command:?}: {errors}");
            String::from_utf8(output.stdout).expect("words").trim().to_owned()
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Its data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Everything it has printed while serving.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log_file()).expect("its log")
    }

    /// What stands in its database.
    pub(crate) async fn books(&self) -> Books {
        Books::read(&self.database).await
    }

    /// Waits until the server has logged some words.
    pub(crate) async fn logs(&self, words: &str) {
        let until = Instant::now() + Duration::from_mins(2);
        while !self.log().contains(words) {
            assert!(Instant::now() < until, "never logged: {words}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sureply"));
        command.args(arguments).arg("--data").arg(self.data());
        command.arg("--config").arg(self.folder.path().join("sureply.toml"));
        command
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A free port below those that the system gives to outgoing connections: a client that tries again
/// while the server is down could otherwise connect to itself and so keep the port.
fn free_port() -> u16 {
    let mut ports = std::iter::repeat_with(|| rand::random_range(20_000..30_000));
    ports
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .expect("it looks until there is one")
}
