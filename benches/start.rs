//! How soon the program serves, and how much memory it takes: the binary itself, with the sample
//! knowledge, on an empty data folder and again on the same one.
//!
//! `cargo bench --bench start`
#![expect(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

#[expect(dead_code, reason = "each bench uses its own part of it")]
mod support;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::{Connection, get, message, percentile, questions, verdict};
use tempfile::TempDir;

const ROUNDS: usize = 5;
const PROGRAM: &str = env!("CARGO_BIN_EXE_sureply");

/// A server in a process of its own.
struct Server {
    process: Child,
    address: String,
    ready_after: Duration,
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(measure());
}

async fn measure() {
    let (mut cold, mut again) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let folder = TempDir::new().expect("a temporary folder can be made");
        for times in [&mut cold, &mut again] {
            let server = Server::start(folder.path()).await;
            times.push(server.ready_after.as_secs_f64());
            server.stop();
        }
    }
    for (name, times) in [("cold start", cold), ("second start", again)] {
        let time = percentile(&times, 50);
        verdict(name, &format!("{time:.2} s"), "≤ 1 s", time <= 1.0);
    }
    memory().await;
}

async fn memory() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let server = Server::start(folder.path()).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let idle = server.resident();
    server.write(folder.path(), 5).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    let used = server.resident();
    server.stop();
    for (name, memory) in [("idle memory", idle), ("memory after five messages", used)] {
        let figure = format!(
            "{:.0} MB, of that {:.0} MB of the program's own file",
            memory.total, memory.file
        );
        verdict(name, &figure, "≤ 60 MB", memory.total <= 60.0);
    }
}

/// Resident memory, in megabytes.
struct Memory {
    total: f64,
    /// Read from files, and given back to the machine when it needs it.
    file: f64,
}

impl Server {
    async fn start(data: &Path) -> Self {
        let port = {
            let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
            free.local_addr().expect("an address").port()
        };
        let address = format!("127.0.0.1:{port}");
        let started = Instant::now();
        let process = program(data, &["serve"])
            .env("SUREPLY__SERVER__LISTEN", &address)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        while !is_ready(&address).await {
            assert!(started.elapsed() < Duration::from_secs(30), "the server is not ready");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Self { process, address, ready_after: started.elapsed() }
    }

    /// Writes some messages and waits until the quiet time of the last is over.
    async fn write(&self, data: &Path, messages: usize) {
        let output = program(data, &["agent", "token", "bench"]).output().expect("a token");
        let token = String::from_utf8(output.stdout).expect("a token is text");
        let mut connection = Connection::open(&self.address).await.expect("a connection");
        for (number, text) in questions().iter().take(messages).enumerate() {
            let request = message("api", token.trim(), &format!("m-{number}"), text);
            let (status, body) = connection.ask(&request).await.expect("an answer");
            assert_eq!(status, 202, "{body}");
        }
    }

    fn resident(&self) -> Memory {
        let path = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(path).expect("the process runs");
        let megabytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
            kilobytes.map_or(0.0, |kilobytes: f64| kilobytes / 1_024.0)
        };
        Memory { total: megabytes("VmRSS:"), file: megabytes("RssFile:") }
    }

    fn stop(mut self) {
        self.process.kill().expect("the process runs");
        self.process.wait().expect("the process ends");
    }
}

async fn is_ready(address: &str) -> bool {
    let Ok(mut connection) = Connection::open(address).await else { return false };
    connection.ask(&get("/readyz")).await.is_ok_and(|(status, _)| status == 200)
}

/// The program, away from any settings of this folder.
fn program(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(data).arg("--data").arg(data.join("data")).args(arguments);
    command
}
