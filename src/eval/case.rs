//! Labelled questions: one JSON object a line, with the entries that would answer it.

use super::thread;
use crate::knowledge::EntryId;
use crate::lang::Lang;
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The part of a set that a question belongs to where its line names none.
const SPLIT: &str = "dev";

/// What a line looks like.
const EXAMPLE: &str = r#"{"text": "the question", "gold": ["the id of an entry"]}"#;

/// A labelled question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Case {
    /// Its name, unique in its set; the place of its line where the line gives none.
    #[serde(default)]
    pub id: String,
    /// What the customer writes.
    pub text: String,
    /// What was said before, oldest first.
    #[serde(default)]
    pub history: Vec<Said>,
    /// The entries that would answer it; none when nothing in the knowledge does.
    pub gold: Vec<EntryId>,
    /// The part of the set it belongs to: `train` or `dev`.
    #[serde(default)]
    pub split: Option<String>,
    /// Why it has the gold it has, such as `answerable` or `human_request`.
    #[serde(default)]
    pub reason: Option<String>,
    /// The language it is in, where the set says.
    #[serde(default)]
    pub lang: Option<Lang>,
    /// The file and line it stands in.
    #[serde(skip)]
    pub place: String,
}

/// Something that was said before a question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Said {
    /// Who said it: `customer`, or anything else for the business.
    #[serde(alias = "author")]
    pub role: String,
    /// The words.
    pub text: String,
}

impl Case {
    /// The part of the set it belongs to.
    pub fn split(&self) -> &str {
        self.split.as_deref().unwrap_or(SPLIT)
    }
}

/// Reads the questions of a file, or of every `.jsonl` file of a folder but its `kb.jsonl`; of one
/// split only when one is named. Says in which file and line something is wrong.
pub fn load_cases(path: &Path, split: Option<&str>) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for file in files(path)? {
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("reading the questions of {}", file.display()))?;
        let lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
        for (line, number) in lines.filter(|(line, _)| !line.trim().is_empty()) {
            let place = format!("{}:{number}", file.display());
            let case = match thread::case(line) {
                Some(case) => case,
                None => serde_json::from_str(line).with_context(|| {
                    format!("reading {place}: each line is an object such as {EXAMPLE}")
                })?,
            };
            let id = if case.id.is_empty() { format!("line-{number}") } else { case.id };
            cases.push(Case { id, place, ..case });
        }
    }
    let mut seen = HashMap::new();
    for case in &cases {
        if let Some(first) = seen.insert(&case.id, &case.place) {
            bail!("{}: the question id `{}` is taken by {first}", case.place, case.id);
        }
    }
    cases.retain(|case| split.is_none_or(|split| case.split() == split));
    ensure!(
        !cases.is_empty(),
        "{} holds no questions{}",
        path.display(),
        split
            .map(|split| format!(" of split `{split}`; `--split all` takes every row"))
            .unwrap_or_default(),
    );
    Ok(cases)
}

fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let folder = std::fs::read_dir(path).with_context(|| format!("opening {}", path.display()))?;
    for entry in folder {
        let file = entry.with_context(|| format!("listing {}", path.display()))?.path();
        let is_questions = file.extension().is_some_and(|extension| extension == "jsonl")
            && file.file_name().is_some_and(|name| name != "kb.jsonl" && name != "triage.jsonl");
        if is_questions {
            files.push(file);
        }
    }
    if files.is_empty() {
        bail!("{} holds no .jsonl file with questions", path.display());
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::load_cases;
    use std::fs;

    #[test]
    fn questions_are_read_from_all_files_of_a_folder_but_the_knowledge() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect(name);
        write("kb.jsonl", "{\"id\":\"e\",\"answer\":\"…\"}\n");
        write("a.jsonl", "{\"id\":\"1\",\"text\":\"hi\",\"gold\":[\"e\"],\"split\":\"dev\"}\n\n");
        write("b.jsonl", "{\"id\":\"2\",\"text\":\"ho\",\"gold\":[],\"split\":\"train\"}\n");
        let ids = |split| -> Vec<String> {
            load_cases(folder.path(), split)
                .expect("cases")
                .into_iter()
                .map(|case| case.id)
                .collect()
        };
        assert_eq!(ids(None), ["1", "2"]);
        assert_eq!(ids(Some("dev")), ["1"]);
    }

    #[test]
    fn a_question_may_lack_all_but_text_and_gold() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("q.jsonl");
        fs::write(&file, "\u{feff}{\"text\":\"hi\",\"gold\":[],\"more\":1}\n").expect("writing");
        let cases = load_cases(&file, Some("dev")).expect("cases");
        assert_eq!((cases[0].id.as_str(), cases[0].lang, cases.len()), ("line-1", None, 1));
        assert!(cases[0].place.ends_with("q.jsonl:1"));
    }

    #[test]
    fn bad_questions_are_refused_with_file_and_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("q.jsonl");
        for (text, part) in [
            ("{\"id\":\"1\",\"text\":\"hi\",\"gold\":[]}\nnonsense", "q.jsonl:2"),
            ("{\"id\":\"1\",\"text\":\"hi\"}", "gold"),
            (
                "{\"id\":\"1\",\"text\":\"a\",\"gold\":[]}\n{\"id\":\"1\",\"text\":\"b\",\"gold\":[]}",
                "q.jsonl:2: the question id `1` is taken by",
            ),
            ("", "no questions"),
        ] {
            fs::write(&file, text).expect("writing");
            let error = format!("{:#}", load_cases(&file, None).expect_err(text));
            assert!(error.contains(part), "{text}: {error}");
        }
        assert!(load_cases(&folder.path().join("absent"), None).is_err());
    }
}
