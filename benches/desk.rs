//! How fast the desk's pages are where much waits: 10,000 open conversations with 1,000,000 messages.
//!
//! `cargo bench --bench desk` prints the time that the server takes for a page (with the way over a local
//! connection) and how many statements it asks the database for it. One conversation is decided for real; the
//! others are copies of it. Where `TEST_BROWSER_MODULES` names a folder with `playwright-core`, Chromium then
//! shows how long it takes from a key to the next conversation on the screen (`desk-paint.mjs`).
#![expect(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

#[expect(dead_code, reason = "each bench uses its own part of it")]
mod support;

use sqlx::{Connection as _, SqliteConnection};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use support::{Connection, message, percentile, verdict};
use sureply::{App, Config};
use tempfile::TempDir;
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

const CONVERSATIONS: u32 = 10_000;
const MESSAGES: u32 = 100;
/// How often each page is asked for.
const TIMES: usize = 60;
const MOST: f64 = 50.0;
const MOST_STATEMENTS: usize = 10;

const SETTINGS: &str = "
[server]
listen = '127.0.0.1:0'
[log]
filter = 'off'
[[inbox]]
name = 'api'
channel = 'api'
mode = 'draft'
quiet_seconds = 0
";

/// Copies of the one conversation: four in ten wait with a draft, two without, two are an agent's, two the
/// bot's. Their messages came one a second, the newest conversation's last.
const COPIES: [&str; 6] = [
    "insert into contact (id, name, created_at)
     select 'c' || i, 'Customer ' || i, (select created_at from conversation) from n",
    "insert into conversation (id, inbox, contact_id, status, lang, priority, topic, last_seq, last_shown,
         handoff_told, waiting_since, due_since, due_at, assignee, created_at, updated_at)
     select 'v' || i, inbox, 'c' || i,
         case i % 10 when 6 then 'with_agent' when 7 then 'with_agent' when 8 then 'bot' when 9 then 'bot'
             else 'waiting' end,
         lang, priority, topic, $2, $2, handoff_told, case when i % 10 < 6 then updated_at end,
         case when i % 10 < 8 then updated_at end,
         case when i % 10 < 8 then strftime('%Y-%m-%dT%H:%M:%f+00:00', updated_at, (i * 7919 % 86400) || ' seconds') end,
         case i % 10 when 6 then (select id from agent) when 7 then (select id from agent) end,
         created_at, strftime('%Y-%m-%dT%H:%M:%f+00:00', updated_at, '-' || (i * 104729 % 86400) || ' seconds')
     from n, (select * from conversation limit 1)",
    "insert into message (id, conversation_id, seq, shown, inbox, author, visibility, body, attachments,
         citations, choices, sent_at, received_at)
     select 'm' || i || '-' || j, 'v' || i, j, j, inbox,
         case j % 3 when 1 then 'customer' when 2 then 'bot' else 'agent' end, 'public',
         'Message ' || j || ' of ' || i || ': ' || body, '[]', '[]', '[]', sent_at,
         strftime('%Y-%m-%dT%H:%M:%f+00:00', received_at, '-' || (($1 - i) * $2 + $2 - j) || ' seconds')
     from n, (with recursive k(j) as (select 1 union all select j + 1 from k where j < $2) select j from k),
         (select * from message where author = 'customer' limit 1)",
    "insert into turn (id, conversation_id, state, first_seq, last_seq, opened_at, due_at, cap_at, attempts,
         decided_at)
     select 't' || i, 'v' || i, 'decided', $2, $2, opened_at, due_at, cap_at, 1, decided_at
     from n, (select * from turn limit 1)",
    "insert into decision (id, turn_id, conversation_id, action, reasons, confidence, summary, record,
         created_at, risk, features, eligible, share)
     select 'd' || i, 't' || i, 'v' || i, action, reasons, confidence, summary, record, created_at, risk,
         features, eligible, share
     from n, (select * from decision limit 1)",
    "insert into draft (id, turn_id, conversation_id, base_seq, state, body, created_at)
     select 'r' || i, 't' || i, 'v' || i, $2, 'proposed', body, created_at
     from n, (select * from draft limit 1) where i % 10 < 4",
];

static COUNTS: AtomicBool = AtomicBool::new(false);
static STATEMENTS: AtomicUsize = AtomicUsize::new(0);

/// Counts the statements that are put to the database for a request; what the server looks for by itself
/// meanwhile is not the page's.
struct Counter;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Counter {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        let counts = metadata.target() == "sqlx::query"
            || metadata.is_span() && metadata.name() == "request";
        if counts { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, _: &Metadata<'_>, _: Context<'_, S>) -> bool {
        COUNTS.load(Ordering::Relaxed)
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if context
            .event_scope(event)
            .is_some_and(|mut spans| spans.any(|it| it.name() == "request"))
        {
            STATEMENTS.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn main() {
    let counting = tracing_subscriber::registry().with(Counter);
    tracing::subscriber::set_global_default(counting).expect("nobody counts yet");
    rustls::crypto::ring::default_provider().install_default().expect("none is installed yet");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure());
}

async fn measure() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let file = folder.path().join("sureply.toml");
    std::fs::write(&file, SETTINGS).expect("the settings can be written");
    let config = Config::load(Some(&file)).expect("the settings are good");
    let app = App::start(folder.path(), config.clone()).await.expect("the server starts");
    let cookie = join(&app).await;
    decide_one(&app).await;
    app.stop().await;
    copy(folder.path()).await;

    let app = App::start(folder.path(), config).await.expect("the server starts again");
    let mut desk =
        Desk { line: Connection::open(&app.address().to_string()).await.expect("a line"), cookie };
    let began = Instant::now();
    while !desk.page("/search?q=9999+return").await.1.contains("id=\"row-v9999\"") {
        assert!(began.elapsed() < Duration::from_mins(10), "the messages are not all to be found");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    for (name, path) in [
        ("queue, needs approval", "/queue/approval"),
        ("queue, all", "/queue/all"),
        ("queue, page 100", "/queue/all?page=100"),
        ("conversation", "/conversations/v5000?queue=approval"),
        ("search", "/search?q=message+5000"),
    ] {
        desk.measure(name, path).await;
    }
    let (address, cookie) = (format!("http://{}", app.address()), desk.cookie.clone());
    tokio::task::spawn_blocking(move || paint(&address, &cookie)).await.expect("it was looked at");
    app.stop().await;
}

/// Lets Chromium walk from conversation to conversation; it prints what it finds.
fn paint(address: &str, cookie: &str) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/desk-paint.mjs");
    let painted = Command::new("node").args([script, address, cookie]).status();
    if !painted.is_ok_and(|status| status.success()) {
        verdict(
            "key to the next conversation on the screen",
            "not measured",
            "p95 ≤ 100 ms",
            false,
        );
    }
}

/// The first admin's cookie.
async fn join(app: &App) -> String {
    let link = app.setup_link().expect("nobody works here yet");
    let form = "name=Ada&email=ada%40shop.example&password=four+plain+old+words";
    let request = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    let request = request.expect("a client").post(link).header("sec-fetch-site", "same-origin");
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    let joined = request.send().await.expect("an answer");
    let cookie = joined.headers().get("set-cookie").expect("a session").to_str().expect("text");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

async fn decide_one(app: &App) {
    let token = app.new_token("bench").await.expect("a token");
    let mut line = Connection::open(&app.address().to_string()).await.expect("a line");
    let text = "How long do I have to return something?";
    line.ask(&message("api", &token, "m-1", text)).await.expect("it is taken in");
    while sureply::bench::records(app).await.expect("records").is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn copy(folder: &std::path::Path) {
    let url = format!("sqlite://{}", folder.join("sureply.db").display());
    let mut database = SqliteConnection::connect(&url).await.expect("the database opens");
    for copies in COPIES {
        let numbers =
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < $1) ";
        let (into, select) = copies.split_once("select").expect("it selects");
        let sql = format!("{into} {numbers} select {select}");
        let sql = sqlx::AssertSqlSafe(sql);
        sqlx::query(sql)
            .bind(CONVERSATIONS)
            .bind(MESSAGES)
            .execute(&mut database)
            .await
            .expect(copies);
    }
    database.close().await.expect("it is closed");
}

/// An agent's browser.
struct Desk {
    line: Connection,
    cookie: String,
}

impl Desk {
    async fn page(&mut self, path: &str) -> (u16, String) {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: bench\r\naccept: text/html\r\ncookie: {}\r\n\r\n",
            self.cookie
        );
        self.line.ask(&request).await.expect("an answer")
    }

    async fn measure(&mut self, name: &str, path: &str) {
        let mut times = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let began = Instant::now();
            let (status, page) = self.page(path).await;
            times.push(began.elapsed().as_secs_f64() * 1_000.0);
            assert!(status == 200 && page.contains("row-"), "{path}: {status}");
        }
        STATEMENTS.store(0, Ordering::Relaxed);
        COUNTS.store(true, Ordering::Relaxed);
        self.page(path).await;
        COUNTS.store(false, Ordering::Relaxed);
        let statements = STATEMENTS.load(Ordering::Relaxed);
        let (p50, p95) = (percentile(&times, 50), percentile(&times, 95));
        let figure = format!("p50 {p50:.1} ms, p95 {p95:.1} ms");
        verdict(name, &figure, "p95 ≤ 50 ms", p95 <= MOST);
        let figure = format!("{statements} statements");
        verdict(name, &figure, "≤ 10", statements <= MOST_STATEMENTS);
    }
}
