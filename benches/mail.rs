//! How mails become words: whether what stays of a mail is what its writer wrote, how many are read in
//! a second, and whether memory stays flat.
//!
//! `cargo bench --bench mail`, with the sets of `../shared/data/email` (or the folder that
//! `TEST_MAIL_DATA` names). It ends by running `benches/peers/mail.py` with `TEST_MAIL_PYTHON`
//! (`python3` where that is not set), so that other libraries are measured in the same run.
#![expect(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]
#![expect(clippy::print_stdout, reason = "the figures are what the bench is for")]

#[expect(dead_code, reason = "each bench uses its own part of it")]
mod support;

use serde_json::json;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use support::verdict;
use sureply::bench::{Own, understand, without_quotes};

const ROUND: Duration = Duration::from_secs(2);
/// Mails over which memory is to stay as it is, and after how many it is first looked at.
const MANY: usize = 50_000;
const WARM: usize = 5_000;
/// Memory that a run of that many may take more than a short one.
const GROWTH: usize = 4_000_000;

/// The sets of which texts alone are known, each with the folder of its mails.
const SETS: [(&str, &str); 3] = [
    ("trimmer", "email_reply_trimmer/emails"),
    ("github", "github-email_reply_parser"),
    ("zapier", "zapier-email-reply-parser"),
];
/// The folders of whole mails.
const WHOLE: [&str; 3] = ["sisimai-set-of-emails/maildir", "mail-parser/eml", "cpython"];

/// A text of a set.
struct Row {
    set: &'static str,
    name: OsString,
    text: String,
}

fn main() {
    let data = std::env::var_os("TEST_MAIL_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/email"),
        PathBuf::from,
    );
    if !data.is_dir() {
        println!("left out: {} is not there", data.display());
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mail");
    std::fs::create_dir_all(&folder).expect("a folder for what peers read");
    let rows = rows(&data);
    let rate = rate(&rows, |row| without_quotes(&row.text).0);
    println!("quotes and signatures alone: {rate:.0} texts/s on one core");
    exactness(&data, &rows);
    write_ours(&folder, &rows, rate);
    let mails = corpus(&data, &folder, &rows);
    let own = Own {
        addresses: vec!["help@shop.example".into()],
        authserv: Vec::new(),
        reply_to_is_sender: false,
    };
    let rate = self::rate(&mails, |mail| understand(mail, &own).text);
    let figure = format!("{rate:.0}/s");
    verdict("mails read and stripped on one core", &figure, "≥ 5000/s", rate >= 5_000.0);
    memory(&mails, &own);
    peers(&data, &folder);
}

fn rows(data: &Path) -> Vec<Row> {
    let mut rows = Vec::new();
    for (set, folder) in SETS {
        for file in files(&data.join(folder)) {
            if file.extension().is_some_and(|extension| extension == "txt") {
                let name = file.file_name().expect("a file has a name").to_owned();
                rows.push(Row { set, name, text: text(&file) });
            }
        }
    }
    rows
}

/// All files of a folder and of those in it, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("left out: {} is not there", folder.display());
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let all =
        paths.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    all.collect()
}

fn text(file: &Path) -> String {
    let bytes = std::fs::read(file).expect("the file can be read");
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n").trim().to_owned()
}

/// How many are done in a second, all of them in turn.
fn rate<T>(all: &[T], work: impl Fn(&T) -> String) -> f64 {
    let pass = || {
        for one in all {
            drop(black_box(work(one)));
        }
    };
    pass();
    let (start, mut rounds) = (Instant::now(), 0_u32);
    while start.elapsed() < ROUND {
        pass();
        rounds += 1;
    }
    let count = u32::try_from(all.len()).expect("few mails") * rounds;
    f64::from(count) / start.elapsed().as_secs_f64()
}

fn exactness(data: &Path, rows: &[Row]) {
    let gold = data.join("email_reply_trimmer/trimmed");
    let rows = rows.iter().filter(|row| row.set == "trimmer");
    let (mut exact, mut all) = (0, 0);
    for row in rows {
        all += 1;
        if without_quotes(&row.text).0 == text(&gold.join(&row.name)) {
            exact += 1;
        } else {
            println!("not exact: {}", row.name.display());
        }
    }
    let figure = format!("{exact} of {all}");
    verdict("exact on the reply trimmer's set", &figure, "≥ 95 %", exact * 100 >= all * 95);
}

/// Writes what is ours where `benches/peers/mail.py` finds it.
fn write_ours(folder: &Path, rows: &[Row], rate: f64) {
    let mut lines = format!("{}\n", json!({ "rate": rate }));
    for row in rows {
        let kept = without_quotes(&row.text).0;
        let line = json!({ "set": row.set, "name": row.name.to_string_lossy(), "kept": kept });
        writeln!(lines, "{line}").expect("text takes what is written");
    }
    std::fs::write(folder.join("ours.jsonl"), lines).expect("the rows can be written");
}

/// All whole mails, and the texts as mails; their paths are written down for peers.
fn corpus(data: &Path, folder: &Path, rows: &[Row]) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = WHOLE.iter().flat_map(|whole| files(&data.join(whole))).collect();
    paths.retain(|path| path.extension().is_none_or(|extension| extension != "json"));
    for (number, row) in rows.iter().enumerate() {
        let path = folder.join(format!("{number}.eml"));
        let mail = format!(
            "From: Ann <ann@shop.example>\r\nTo: help@shop.example\r\nSubject: Order {number}\r\n\
             Message-ID: <{number}@shop.example>\r\nDate: Mon, 2 Mar 2026 09:15:00 +0100\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: 8bit\r\n\r\n{}\r\n",
            row.text.replace('\n', "\r\n"),
        );
        std::fs::write(&path, mail).expect("the mail can be written");
        paths.push(path);
    }
    let list: Vec<&str> = paths.iter().map(|path| path.to_str().expect("a plain path")).collect();
    std::fs::write(folder.join("corpus.txt"), list.join("\n")).expect("the list can be written");
    paths.iter().map(|path| std::fs::read(path).expect("the mail can be read")).collect()
}

/// Reads many mails, and looks at memory after the first of them and at the end.
fn memory(mails: &[Vec<u8>], own: &Own) {
    let mut early = 0;
    for (number, mail) in mails.iter().cycle().take(MANY).enumerate() {
        black_box(understand(mail, own));
        if number == WARM {
            early = resident();
        }
    }
    let late = resident();
    let figure = format!("{:.1} MB, then {:.1} MB", megabytes(early), megabytes(late));
    verdict("memory after 5,000 and 50,000 mails", &figure, "flat", late <= early + GROWTH);
}

/// The bytes of memory that this process holds.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.map_or(0, |kilobytes: usize| kilobytes * 1024)
}

fn megabytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes / 1024).expect("less than a terabyte")) / 1024.0
}

/// Runs the other libraries on the same rows.
fn peers(data: &Path, folder: &Path) {
    let python = std::env::var_os("TEST_MAIL_PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/mail.py");
    let status = Command::new(&python).arg(script).arg(data).arg(folder).status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => println!("left out: the other libraries: {status}"),
        Err(error) => println!("left out: {} cannot be run: {error}", python.display()),
    }
}
