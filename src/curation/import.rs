//! Import: knowledge that is brought in once and lives in the store from then on.

use super::reading::{is_jsonl, is_markdown, real_path};
use super::source::read_folder;
use super::sync::take_down_sample;
use super::{Reading, Source};
use crate::store::{Changes, Store};
use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use std::path::Path;

/// The file of JSON lines that a folder of a data set holds.
const ROWS: &str = "kb.jsonl";

/// Reads a Markdown file, a file of JSON lines, a folder with `kb.jsonl` in it, or a folder of
/// Markdown files.
pub fn read(path: &Path) -> Result<Reading> {
    let real = real_path(path)?;
    if real.is_dir() {
        let rows = real.join(ROWS);
        return if rows.is_file() { Ok(read_file(&rows)) } else { read_folder(&real) };
    }
    if !(is_jsonl(&real) || is_markdown(&real)) {
        bail!("{} is neither Markdown (.md) nor JSON lines (.jsonl)", path.display());
    }
    Ok(read_file(&real))
}

/// Adds a reading to what was brought in before, in place of articles of the same id. The sample
/// goes; indexes follow the store.
pub async fn bring_in(store: &Store, reading: &Reading, now: DateTime<Utc>) -> Result<Changes> {
    let changes = store.add_articles(Source::Imported.as_str(), &reading.articles, now).await?;
    if !reading.articles.is_empty() {
        take_down_sample(store, now).await?;
    }
    Ok(changes)
}

fn read_file(path: &Path) -> Reading {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut reading = Reading::default();
    reading.read_file(&name, path);
    reading
}

#[cfg(test)]
mod tests {
    use super::read;
    use std::fs;

    const ARTICLE: &str = "---\nid: m\nlang: en\ntitle: T\ntopic: t\n---\n## Q\nA\n";
    const ROW: &str = r#"{"id":"j","title":"T","question":"Q","answer":"","lang":"en"}"#;

    #[test]
    fn files_and_folders_are_told_apart() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (file, text) in
            [("md/a.md", ARTICLE), ("set/kb.jsonl", ROW), ("set/README.md", "?"), ("other.csv", "")]
        {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("making it");
            fs::write(path, text).expect("writing it");
        }
        for (path, id) in [("md", "m"), ("md/a.md", "m"), ("set", "j"), ("set/kb.jsonl", "j")] {
            let reading = read(&folder.path().join(path)).expect(path);
            assert_eq!(reading.problems, [], "{path}");
            assert_eq!(reading.articles[0].1.id.as_str(), id, "{path}");
        }
        for path in ["other.csv", "missing.md"] {
            assert!(read(&folder.path().join(path)).is_err(), "{path}");
        }
    }
}
