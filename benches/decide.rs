//! How soon a stored message is decided: without a model, over the sample knowledge, at twenty
//! messages a second. Half of them come to an inbox without quiet time and count from their commit,
//! half to one with it and count from its end; both until their decision is committed.
//!
//! `cargo bench --bench decide`
#![expect(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

#[expect(dead_code, reason = "each bench uses its own part of it")]
mod support;

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use support::{Connection, message, percentile, questions, verdict};
use sureply::bench::News;
use sureply::{App, Config};
use tempfile::TempDir;
use tokio::sync::broadcast::Receiver;

const SECONDS: usize = 20;
const A_SECOND: usize = 20;

const SETTINGS: &str = "
[server]
listen = '127.0.0.1:0'
[log]
filter = 'error'
[[inbox]]
name = 'at-once'
channel = 'api'
quiet_seconds = 0
[[inbox]]
name = 'after-quiet'
channel = 'api'
quiet_seconds = 1
";

/// A message that was taken in.
struct Sent {
    conversation: String,
    /// When its quiet time is over, in seconds; none where there is no quiet time.
    due: Option<f64>,
}

/// When each conversation changed, in seconds: first its message was stored, then decided on.
type Changes = HashMap<String, Vec<f64>>;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure());
}

async fn measure() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let probed = folder.path().to_owned();
    let file = folder.path().join("sureply.toml");
    std::fs::write(&file, SETTINGS).expect("the settings can be written");
    let config = Config::load(Some(&file)).expect("the settings are good");
    sureply::bench::start_logging(&config.log).expect("logging starts");
    let app = App::start(folder.path(), config).await.expect("the server starts");
    let token = app.new_token("bench").await.expect("a token");
    let news = sureply::bench::follow(&app);
    let recorder = tokio::spawn(record(news, SECONDS * A_SECOND));
    let probe = tokio::task::spawn_blocking(move || support::sync_times(&probed));
    let address = app.address().to_string();
    let (at_once, after_quiet) = tokio::join!(
        send(&address, &token, "at-once", 0),
        send(&address, &token, "after-quiet", 1)
    );
    let changes = recorder.await.expect("the news are followed");
    let syncs = probe.await.expect("the probe ends");
    app.stop().await;
    report(&waits(&at_once, &changes), &waits(&after_quiet, &changes), &syncs);
}

#[expect(clippy::print_stdout, reason = "the figures are what the bench is for")]
fn report(at_once: &[f64], after_quiet: &[f64], syncs: &[f64]) {
    for (name, waits) in [("no quiet time", at_once), ("after quiet time", after_quiet)] {
        let (p50, p99) = (percentile(waits, 50), percentile(waits, 99));
        println!("{name}: {} decided, p50 {p50:.1} ms, p99 {p99:.1} ms", waits.len());
    }
    let (p50, p99) = (percentile(syncs, 50), percentile(syncs, 99));
    println!("a bare sync meanwhile: p50 {p50:.1} ms, p99 {p99:.1} ms; {}", support::pressure());
    let all = [at_once, after_quiet].concat();
    let (p50, p99) = (percentile(&all, 50), percentile(&all, 99));
    let figure = format!("p50 {p50:.1} ms, p99 {p99:.1} ms");
    verdict("commit to decision", &figure, "p50 ≤ 10 ms, p99 ≤ 50 ms", p50 <= 10.0 && p99 <= 50.0);
}

/// Sends every other message of the run to `inbox`, in time.
async fn send(address: &str, token: &str, inbox: &str, offset: usize) -> Vec<Sent> {
    let texts = questions();
    let mut connection = Connection::open(address).await.expect("a connection");
    let pause = Duration::from_secs(1) / u32::try_from(A_SECOND).expect("a few");
    let start = tokio::time::Instant::now() + pause * u32::try_from(offset).expect("a few");
    let mut clock = tokio::time::interval_at(start, pause * 2);
    let mut sent = Vec::new();
    for number in (offset..SECONDS * A_SECOND).step_by(2) {
        clock.tick().await;
        // Every second question, so that all languages come along.
        let text = &texts[number * 2 % texts.len()];
        let request = message(inbox, token, &format!("m-{number}"), text);
        let (status, body) = connection.ask(&request).await.expect("an answer");
        assert_eq!(status, 202, "{body}");
        let accepted: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        let due: chrono::DateTime<chrono::Utc> =
            accepted["due_at"].as_str().and_then(|due| due.parse().ok()).expect("a time");
        let conversation = accepted["conversation_id"].as_str().expect("an id").to_owned();
        let due = (offset > 0).then(|| seconds(due.into()));
        sent.push(Sent { conversation, due });
    }
    sent
}

/// Follows the news until that many conversations have been stored and decided on.
async fn record(mut news: Receiver<News>, conversations: usize) -> Changes {
    let mut changes = Changes::new();
    let mut decided = 0;
    while decided < conversations {
        let news = tokio::time::timeout(Duration::from_secs(10), news.recv()).await;
        let news = news.expect("each message is decided on").expect("no news are missed");
        let times = changes.entry(news.conversation_id.to_string()).or_default();
        times.push(seconds(SystemTime::now()));
        decided += usize::from(times.len() == 2);
    }
    changes
}

/// How long each decision took, in milliseconds.
fn waits(sent: &[Sent], changes: &Changes) -> Vec<f64> {
    let wait = |sent: &Sent| {
        let times = &changes[&sent.conversation];
        (times[1] - sent.due.unwrap_or(times[0])) * 1_000.0
    };
    sent.iter().map(wait).collect()
}

fn seconds(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH).expect("the clock is set").as_secs_f64()
}
