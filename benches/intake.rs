//! What durable intake costs: messages over HTTP that are answered once they are on disk, beside an
//! empty page of the same framework, asked by the same client in turn.
//!
//! `cargo bench --bench intake`
#![expect(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

#[expect(dead_code, reason = "each bench uses its own part of it")]
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use support::{Connection, get, message, percentile, questions, verdict};
use sureply::{App, Config};
use tempfile::TempDir;

const CLIENTS: usize = 32;
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(2);

/// The quiet time is long, so that turns are opened and none is answered.
const SETTINGS: &str = "
[server]
listen = '127.0.0.1:0'
[[inbox]]
name = 'api'
channel = 'api'
quiet_seconds = 3600
quiet_cap_seconds = 7200
";

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure());
}

#[expect(clippy::print_stdout, reason = "the figures are what the bench is for")]
async fn measure() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let app = start(&folder).await;
    let intake = Arc::new(Intake::of(&app).await);
    let hello = hello().await;
    let mut ratios = Vec::new();
    let before = counts(&intake.address).await;
    round(&intake.address, &intake).await;
    round(&hello, &Arc::new(Page)).await;
    for _ in 0..ROUNDS {
        let ours = round(&intake.address, &intake).await;
        let theirs = round(&hello, &Arc::new(Page)).await;
        let sync = support::sync_time(folder.path());
        report(ours, theirs, sync);
        ratios.push(ours / theirs);
    }
    println!("{}", support::pressure());
    let after = counts(&intake.address).await;
    app.stop().await;
    let ratio = percentile(&ratios, 50);
    let share = (after.0 - before.0) / (after.1 - before.1);
    verdict("intake / axum hello", &format!("{ratio:.2}"), "≥ 0.10", ratio >= 0.10);
    verdict("messages per commit", &format!("{share:.1}"), "≥ 4", share >= 4.0);
}

#[expect(clippy::print_stdout, reason = "the figures are what the bench is for")]
fn report(ours: f64, theirs: f64, sync: Duration) {
    println!("intake {ours:.0}/s, axum hello {theirs:.0}/s, a bare sync {sync:.1?}");
}

async fn start(folder: &TempDir) -> App {
    let file = folder.path().join("sureply.toml");
    std::fs::write(&file, SETTINGS).expect("the settings can be written");
    let config = Config::load(Some(&file)).expect("the settings are good");
    // As it runs in earnest: what is not logged costs a little, too.
    sureply::bench::start_logging(&config.log).expect("logging starts");
    App::start(folder.path(), config).await.expect("the server starts")
}

/// What clients ask for.
trait Asked: Send + Sync + 'static {
    fn request(&self) -> String;
    fn status(&self) -> u16;
}

/// Messages, each of a contact of its own.
struct Intake {
    address: String,
    token: String,
    questions: Vec<String>,
    next: AtomicU64,
}

impl Intake {
    async fn of(app: &App) -> Self {
        let token = app.new_token("bench").await.expect("a token");
        let address = app.address().to_string();
        Self { address, token, questions: questions(), next: AtomicU64::new(0) }
    }
}

impl Asked for Intake {
    fn request(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let place = usize::try_from(number).expect("few messages") % self.questions.len();
        message("api", &self.token, &format!("m-{number}"), &self.questions[place])
    }

    fn status(&self) -> u16 {
        202
    }
}

/// An empty page.
struct Page;

impl Asked for Page {
    fn request(&self) -> String {
        get("/")
    }

    fn status(&self) -> u16 {
        200
    }
}

async fn hello() -> String {
    let page = axum::routing::get(|| async { "Hello, World!" });
    let router = axum::Router::new().route("/", page);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Lets all clients ask for some time; returns the answers a second.
async fn round(address: &str, asked: &Arc<impl Asked>) -> f64 {
    let started = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| tokio::spawn(ask(address.to_owned(), Arc::clone(asked), started + ROUND)))
        .collect();
    let mut answers = 0;
    for client in clients {
        answers += client.await.expect("a client ends well");
    }
    f64::from(answers) / started.elapsed().as_secs_f64()
}

async fn ask(address: String, asked: Arc<impl Asked>, until: Instant) -> u32 {
    let mut connection = Connection::open(&address).await.expect("a connection");
    let mut answers = 0;
    while Instant::now() < until {
        let (status, body) = connection.ask(&asked.request()).await.expect("an answer");
        assert_eq!(status, asked.status(), "{body}");
        answers += 1;
    }
    answers
}

/// Messages received and commits made so far, by the server's own metrics.
async fn counts(address: &str) -> (f64, f64) {
    let mut connection = Connection::open(address).await.expect("a connection");
    let (_, text) = connection.ask(&get("/metrics")).await.expect("the metrics");
    let count = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map_or(0.0, |count| count.parse().expect("a number"))
    };
    (count("sureply_messages_received_total"), count("sureply_intake_commits_total"))
}
