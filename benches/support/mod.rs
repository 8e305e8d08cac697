//! What benches share: a lean client, lines with their goals, and what stands in the middle.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection that is kept, costing as little as a client can.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects to `host:port`.
    pub(crate) async fn open(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Sends a whole request; returns the answer's status and body.
    pub(crate) async fn ask(&mut self, request: &str) -> std::io::Result<(u16, String)> {
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(answer) = answer(&self.buffer) {
                return Ok(answer);
            }
        }
    }
}

/// The status and body of an answer that is there whole.
fn answer(buffer: &[u8]) -> Option<(u16, String)> {
    let end = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&buffer[..end]).ok()?;
    let status = head.get(9..12)?.parse().ok()?;
    let is_length = |line: &&str| line.to_ascii_lowercase().starts_with("content-length:");
    let length = head.lines().find(is_length).and_then(|line| line.split_once(':'));
    let length: usize = length.map_or(Some(0), |(_, length)| length.trim().parse().ok())?;
    let body = buffer.get(end..end + length)?;
    Some((status, String::from_utf8_lossy(body).into_owned()))
}

/// A request to read a page.
pub(crate) fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n")
}

/// A request to hand in a message.
pub(crate) fn message(inbox: &str, token: &str, id: &str, text: &str) -> String {
    let text = serde_json::Value::from(text);
    let body = format!(r#"{{"id":"{id}","contact":{{"id":"{id}"}},"text":{text}}}"#);
    format!(
        "POST /api/v1/inboxes/{inbox}/messages HTTP/1.1\r\nhost: bench\r\n\
         authorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len(),
    )
}

/// Prints a figure with its goal, and whether it meets it.
#[expect(clippy::print_stdout, reason = "the figures are what benches are for")]
pub(crate) fn verdict(name: &str, figure: &str, goal: &str, is_met: bool) {
    println!("{name}: {figure} (goal {goal}) {}", if is_met { "ok" } else { "MISSED" });
}

/// The figure below which a share of all lie, in hundredths; of 50 the middle.
pub(crate) fn percentile(figures: &[f64], percent: usize) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() - 1) * percent / 100]
}

/// What customers of the sample business write.
pub(crate) fn questions() -> Vec<String> {
    let mut questions = Vec::new();
    for file in ["en", "de", "es", "other"] {
        let path = format!("{}/tests/eval/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).expect("the labelled messages are there");
        for line in text.lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
            questions.extend(case["text"].as_str().map(str::to_owned));
        }
    }
    questions
}

/// What a commit costs at least on this disk now: how long it takes to append a page and sync it.
pub(crate) fn sync_time(folder: &Path) -> Duration {
    const TIMES: u32 = 100;
    let mut file = File::create(folder.join("probe")).expect("a file can be made");
    (0..TIMES).map(|_| sync(&mut file)).sum::<Duration>() / TIMES
}

/// How long appending and syncing takes in milliseconds, tried now and then for twenty seconds.
pub(crate) fn sync_times(folder: &Path) -> Vec<f64> {
    let mut file = File::create(folder.join("probe")).expect("a file can be made");
    let mut times = Vec::new();
    for _ in 0..200 {
        times.push(sync(&mut file).as_secs_f64() * 1_000.0);
        std::thread::sleep(Duration::from_millis(100));
    }
    times
}

fn sync(file: &mut File) -> Duration {
    let started = Instant::now();
    file.write_all(&[0; 4096]).expect("the disk has room");
    file.sync_data().expect("the disk syncs");
    started.elapsed()
}

/// How busy the machine is with whatever it does: the share of time that work waited for a processor.
pub(crate) fn pressure() -> String {
    let text = std::fs::read_to_string("/proc/pressure/cpu").unwrap_or_default();
    let share = text.split_whitespace().find_map(|word| word.strip_prefix("avg10="));
    format!("work waits for a processor {} % of the time", share.unwrap_or("?"))
}
