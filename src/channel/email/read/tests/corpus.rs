//! The mails of the shared data, where they are, and the saved mails of the fuzzer.
#![expect(clippy::print_stdout, reason = "figures are told, and what was left out")]

use super::bad::{allowed, worked};
use super::own;
use crate::channel::email::read::{safe_html, understand};
use crate::conversation::MailKind;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const DATA: &str = "../shared/data";

/// The files below a folder, in their order; none, and that is said, if it is not there.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    if found.is_empty() {
        println!("left out: {folder} is not there");
    }
    found
}

fn kind_of(path: &Path) -> MailKind {
    let raw = fs::read(path).expect("it was listed");
    understand(&raw, &own()).mail.kind
}

#[test]
fn every_row_is_understood_in_time_with_its_words() {
    let rows = [files(&format!("{DATA}/email")), files(&format!("{DATA}/naughty"))].concat();
    let (mut slowest, mut bytes) = (Duration::ZERO, 0);
    for path in &rows {
        let raw = fs::read(path).expect("it was listed");
        understand(&raw, &own());
        let began = worked();
        let found = understand(&raw, &own());
        let spent = worked().saturating_sub(began);
        safe_html(&raw);
        bytes += raw.len();
        let allowed = allowed(raw.len());
        assert!(spent <= allowed, "{}: {spent:?} for {} bytes", path.display(), raw.len());
        slowest = slowest.max(spent);
        // Plain text without parts must come out whole, whatever the rest is.
        let is_plain = path.extension().is_some_and(|ending| ending == "txt");
        if is_plain && !raw.trim_ascii().is_empty() {
            assert!(
                !found.text.is_empty()
                    || !found.files.is_empty()
                    || found.mail.report.is_some()
                    || is_framed(&raw),
                "{}: no words",
                path.display()
            );
        }
    }
    println!("{} files, {bytes} bytes, the slowest {slowest:?}", rows.len());
}

/// Whether a mail holds only headers or empty parts.
fn is_framed(raw: &[u8]) -> bool {
    let text = String::from_utf8_lossy(raw).replace("\r\n", "\n");
    let body = text.split_once("\n\n").map_or("", |(_, body)| body);
    body.trim().is_empty() || text.to_ascii_lowercase().contains("multipart/")
}

#[test]
fn naughty_strings_come_out_as_words() {
    let Ok(list) = fs::read_to_string(format!("{DATA}/naughty/blns.json")) else {
        println!("left out: {DATA}/naughty is not there");
        return;
    };
    let strings: Vec<String> = serde_json::from_str(&list).expect("it is a list");
    for string in &strings {
        let raw = format!(
            "From: a@example.org\nSubject: {}\n\n{string}\n",
            string.replace(['\n', '\r'], " ")
        );
        let found = understand(raw.as_bytes(), &own());
        let clean = crate::channel::text::clean(string);
        let first = clean.split_whitespace().find(|word| !word.starts_with('>'));
        let is_kept = first.is_none_or(|first| found.text.contains(first));
        assert!(is_kept, "{string:?} became {:?}", found.text);
        understand(string.as_bytes(), &own());
    }
}

#[test]
fn bounces_and_answers_of_machines_are_caught() {
    let folder = format!("{DATA}/email/sisimai-set-of-emails/maildir");
    let rows = files(&folder);
    if rows.is_empty() {
        return;
    }
    let is_ordinary = |path: &PathBuf| path.to_string_lossy().contains("is-not-bounce");
    let (ordinary, automatic): (Vec<PathBuf>, Vec<PathBuf>) =
        rows.into_iter().partition(is_ordinary);
    let missed: Vec<&PathBuf> =
        automatic.iter().filter(|path| kind_of(path) == MailKind::Personal).collect();
    let bounces: Vec<&PathBuf> = automatic
        .iter()
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            ["lhost-", "rhost-", "rfc3464"].iter().any(|start| name.starts_with(start))
        })
        .collect();
    let as_bounce = bounces.iter().filter(|path| kind_of(path) == MailKind::Bounce).count();
    println!(
        "caught {} of {} automatic mails, {as_bounce} of {} bounces as bounces; missed: {missed:?}",
        automatic.len() - missed.len(),
        automatic.len(),
        bounces.len(),
    );
    assert!(missed.len() * 100 <= automatic.len(), "more than one in a hundred is missed");
    assert!(
        (bounces.len() - as_bounce) * 100 <= bounces.len() * 3,
        "bounces pass for something else"
    );
    assert!(ordinary.iter().all(|path| kind_of(path) == MailKind::Personal));
}

#[test]
fn ordinary_mails_are_nobodys_bounces() {
    let mut seen = 0;
    for folder in [
        "email_reply_trimmer",
        "zapier-email-reply-parser",
        "github-email_reply_parser",
        "cpython",
        "mail-parser/eml",
    ] {
        for path in files(&format!("{DATA}/email/{folder}")) {
            let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
            let raw = fs::read(&path).expect("it was listed");
            if !matches!(ending.as_str(), "txt" | "eml") || says_automatic(&raw) {
                continue;
            }
            seen += 1;
            let found = understand(&raw, &own());
            assert_eq!(
                found.mail.kind,
                MailKind::Personal,
                "{}: {:?}",
                path.display(),
                found.mail.why
            );
        }
    }
    println!("{seen} ordinary mails, none taken for automatic");
}

/// Whether a mail says of itself in so many words that it is a report or goes to a list.
fn says_automatic(raw: &[u8]) -> bool {
    let text = String::from_utf8_lossy(raw).to_ascii_lowercase();
    ["\nprecedence:", "multipart/report", "message/delivery-status", "\nlist-id:"]
        .iter()
        .any(|mark| text.contains(mark))
}

#[test]
fn subjects_and_words_are_those_of_the_parser() {
    let (mut subjects, mut bodies) = (0, 0);
    for path in files(&format!("{DATA}/email/mail-parser/eml")) {
        let Ok(list) = fs::read_to_string(path.with_extension("json")) else { continue };
        if path.extension().is_none_or(|ending| ending != "eml") {
            continue;
        }
        let expected: Value = serde_json::from_str(&list).expect("it is JSON");
        let found = understand(&fs::read(&path).expect("it was listed"), &own());
        // Bytes of an unnamed charset are lost to the parser, not to us.
        if let Some(subject) = subject(&expected).filter(|subject| !subject.contains('\u{fffd}')) {
            assert_eq!(letters(&found.mail.subject), letters(&subject), "{}", path.display());
            subjects += 1;
        }
        for text in plain(&expected) {
            // What follows a free line may have been taken off, and stand elsewhere.
            let first = text.trim_start().lines().next().unwrap_or_default();
            let start: String = letters(first).chars().take(40).collect();
            let all = letters(&found.text)
                + &found
                    .mail
                    .removed
                    .iter()
                    .map(|removed| letters(&removed.text))
                    .collect::<String>();
            // What was decoded by a wrong charset cannot be compared, nor words in place of HTML.
            if !text.contains("support HTML")
                && !start.contains('\u{fffd}')
                && start.is_ascii()
                && !found.mail.problems.iter().any(|problem| problem.contains("charset"))
            {
                assert!(all.contains(&start), "{}: {start} not in {all}", path.display());
                bodies += 1;
            }
        }
    }
    println!("compared {subjects} subjects and {bodies} bodies");
}

fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

fn subject(expected: &Value) -> Option<String> {
    let headers = expected["parts"][0]["headers"].as_array()?;
    let header = headers.iter().find(|header| header["name"] == "subject")?;
    header["value"]["Text"].as_str().map(str::to_owned)
}

/// The plain words of a mail, as far as the parser takes them for its body.
fn plain(expected: &Value) -> Vec<String> {
    let ids = expected["text_body"].as_array().cloned().unwrap_or_default();
    let parts =
        ids.iter().filter_map(|id| expected["parts"].get(usize::try_from(id.as_u64()?).ok()?));
    parts.filter_map(|part| part["body"]["Text"].as_str().map(str::to_owned)).collect()
}

#[test]
fn what_the_fuzzer_saved_is_understood() {
    let saved = files("fuzz/corpus/mail");
    assert!(!saved.is_empty(), "the saved mails are part of the project");
    for path in saved {
        let raw = fs::read(&path).expect("it was listed");
        let began = worked();
        understand(&raw, &own());
        safe_html(&raw);
        assert!(worked().saturating_sub(began) < Duration::from_secs(5), "{}", path.display());
    }
}
