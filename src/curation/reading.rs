//! A reading: the articles that files give, and what is wrong with the files that give none.

use crate::knowledge::parse::Rows;
use crate::knowledge::{Article, ArticleId, Problem, parse};
use anyhow::{Context, Result};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// What was read from files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The articles, each with the file it stands in.
    pub articles: Vec<(String, Article)>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// The files that give no article for now; what they last gave stays in use.
    pub files_with_problems: Vec<String>,
    /// The articles whose title stands in for an empty answer.
    pub titles_as_answers: usize,
    /// Where each article was first met.
    seen: HashMap<ArticleId, String>,
}

impl Reading {
    /// Reads the file at `path`, Markdown or JSON lines by its ending, under the name `file`.
    pub fn read_file(&mut self, file: &str, path: &Path) {
        let max_bytes =
            if is_jsonl(path) { parse::MAX_JSONL_BYTES } else { parse::MAX_MARKDOWN_BYTES };
        match read_up_to(path, max_bytes) {
            Ok(bytes) => self.take(file, &bytes),
            Err(error) => self.refuse(
                file,
                &format!("the file cannot be read ({error})"),
                "let the user that runs Sureply read it",
            ),
        }
    }

    /// Takes what a file holds.
    pub fn take(&mut self, file: &str, bytes: &[u8]) {
        let rows = if is_jsonl(Path::new(file)) {
            parse::jsonl(file, bytes)
        } else {
            let (article, problems) = parse::markdown(file, bytes);
            Rows { articles: article.into_iter().collect(), problems, titles_as_answers: 0 }
        };
        let mut problems = rows.problems;
        let doubles = rows.articles.iter().filter_map(|article| self.double(file, article, bytes));
        problems.extend(doubles);
        if !problems.is_empty() {
            self.problems.extend(problems);
            self.files_with_problems.push(file.to_owned());
            return;
        }
        self.titles_as_answers += rows.titles_as_answers;
        for article in rows.articles {
            self.seen.insert(article.id.clone(), file.to_owned());
            self.articles.push((file.to_owned(), article));
        }
    }

    /// Notes that a file gives nothing, and what to do about it.
    pub fn refuse(&mut self, file: &str, what: &str, fix: &str) {
        let (what, fix) = (what.to_owned(), fix.to_owned());
        self.problems.push(Problem { file: file.to_owned(), line: 1, what, fix });
        self.files_with_problems.push(file.to_owned());
    }

    /// Whether nothing was found to read, not even something broken.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty() && self.files_with_problems.is_empty()
    }

    fn double(&self, file: &str, article: &Article, bytes: &[u8]) -> Option<Problem> {
        let first = self.seen.get(&article.id)?;
        Some(Problem {
            file: file.to_owned(),
            line: line_of_id(bytes, &article.id),
            what: format!("the id `{}` is taken by {first}", article.id),
            fix: "give each article an id of its own".to_owned(),
        })
    }
}

/// Whether the file is one of JSON lines.
pub fn is_jsonl(path: &Path) -> bool {
    has_ending(path, "jsonl")
}

/// Whether the file is Markdown.
pub fn is_markdown(path: &Path) -> bool {
    has_ending(path, "md")
}

/// The place on disk that a path leads to, with all links followed.
pub fn real_path(path: &Path) -> Result<PathBuf> {
    path.canonicalize().with_context(|| format!("looking for {}", path.display()))
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

/// Reads one byte more than is allowed at most, which is enough for the parser to refuse the file.
fn read_up_to(path: &Path, max_bytes: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(max_bytes).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The line of `id: …` or `{"id": …` that names the article.
fn line_of_id(bytes: &[u8], id: &ArticleId) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let names_it = |line: &str| {
        line.trim_start_matches(['{', '"', ' ']).starts_with("id") && line.contains(id.as_str())
    };
    text.lines().position(names_it).map_or(1, |above| above + 1)
}

#[cfg(test)]
mod tests {
    use super::Reading;

    /// An article in Markdown with the given id.
    fn article(id: &str) -> String {
        format!("---\ntitle: T\nid: {id}\nlang: en\ntopic: t\n---\n## Q\nA\n")
    }

    #[test]
    fn the_later_of_two_files_with_one_id_is_refused() {
        let mut reading = Reading::default();
        reading.take("a.md", article("x").as_bytes());
        reading.take("b.md", article("x").as_bytes());
        reading.take("c.md", article("y").as_bytes());
        let files: Vec<&str> = reading.articles.iter().map(|(file, _)| file.as_str()).collect();
        assert_eq!(files, ["a.md", "c.md"]);
        assert_eq!(reading.files_with_problems, ["b.md"]);
        assert_eq!(
            reading.problems[0].to_string(),
            "b.md:3: the id `x` is taken by a.md; give each article an id of its own"
        );
    }

    #[test]
    fn one_bad_row_keeps_the_whole_file_out() {
        let row = r#"{"id":"a","title":"T","question":"Q","answer":"","lang":"en"}"#;
        let mut reading = Reading::default();
        reading.take("kb.jsonl", format!("{row}\n{{}}\n").as_bytes());
        assert_eq!((reading.articles.len(), reading.problems.len()), (0, 1));
        reading.take("kb.jsonl", row.as_bytes());
        assert_eq!((reading.articles.len(), reading.titles_as_answers), (1, 1));
    }

    #[test]
    fn only_the_beginning_of_a_huge_file_is_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("huge.md");
        std::fs::write(&path, vec![b'a'; 10_000_000]).expect("writing it");
        let bytes = super::read_up_to(&path, 1_000).expect("reading it");
        assert_eq!(bytes.len(), 1_001);
    }
}
