//! Texts that want a model to do harm: rows of our own, and collections that others made where they are there.

use serde_json::Value;
use std::path::{Path, PathBuf};

/// So many texts of others are tried unless all are asked for, which takes minutes.
const SAMPLE: usize = 240;
/// What is shorter commands nobody; what is longer is cut, as the door would refuse it.
const SHORTEST: usize = 20;
const LONGEST: usize = 3_000;

/// Our own rows of a kind.
pub(super) fn own(kind: &str) -> Vec<String> {
    let file = std::fs::read_to_string("tests/injection.jsonl").expect("our rows are there");
    let rows = file.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let rows = rows.filter(|row| row["kind"] == kind);
    rows.filter_map(|row| row["text"].as_str().map(str::to_owned)).collect()
}

/// Whether every text is tried, in every place.
#[expect(clippy::disallowed_methods, reason = "a wish of whoever runs the tests, not a setting")]
pub(super) fn are_all_wanted() -> bool {
    std::env::var("INJECTION").is_ok_and(|wish| wish == "all")
}

/// Texts that others collected, an even sample of each file, or all where `INJECTION` is `all`.
pub(super) fn others() -> Vec<String> {
    let folder = Path::new("../shared/data/injection");
    if !folder.exists() {
        eprintln!("left out: {} is not there; only rows of our own are tried", folder.display());
        return Vec::new();
    }
    let files: Vec<Vec<String>> = files(folder).iter().map(|path| texts(path)).collect();
    let all: usize = files.iter().map(Vec::len).sum();
    if are_all_wanted() {
        return files.concat();
    }
    let rows: Vec<String> = files
        .iter()
        .flat_map(|texts| {
            // Of each file at least one text, and else its share.
            let most = (texts.len() * SAMPLE / all.max(1)).clamp(1, 40);
            texts.iter().step_by(texts.len().div_ceil(most).max(1)).cloned()
        })
        .collect();
    eprintln!("{} of {all} texts of others; INJECTION=all tries each", rows.len());
    rows
}

/// Every file below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    let is_text = |path: &Path| {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        matches!(ending, "json" | "jsonl" | "yaml" | "tsv" | "txt")
    };
    entries
        .into_iter()
        .flat_map(|path| {
            if path.is_dir() {
                return files(&path);
            }
            if is_text(&path) { vec![path] } else { Vec::new() }
        })
        .collect()
}

/// The texts of a file: those in its JSON, else its lines.
fn texts(path: &Path) -> Vec<String> {
    let file = std::fs::read_to_string(path).unwrap_or_default();
    let mut texts = Vec::new();
    match serde_json::from_str::<Value>(&file) {
        Ok(value) => strings(&value, &mut texts),
        Err(_) => {
            for line in file.lines() {
                match serde_json::from_str::<Value>(line) {
                    Ok(value) => strings(&value, &mut texts),
                    Err(_) => texts.push(line.to_owned()),
                }
            }
        }
    }
    texts.retain(|text| text.chars().count() >= SHORTEST);
    texts.iter().map(|text| text.chars().take(LONGEST).collect()).collect()
}

fn strings(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| strings(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| strings(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
