//! Articles as JSON lines, one entry each: the form in which other systems' questions come in.

use super::problem::{Flaw, Problem, Report, flaw};
use super::terms::Terms;
use super::text::decode;
use crate::knowledge::{Article, ArticleId, Entry, EntryId};
use crate::lang::Lang;
use serde::Deserialize;
use std::collections::HashMap;

/// The largest file of JSON lines that is read.
pub const MAX_JSONL_BYTES: usize = 64_000_000;

/// The topic of entries whose source names none.
const TOPIC: &str = "general";

/// What a file of JSON lines gives.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The articles of the rows without a problem.
    pub articles: Vec<Article>,
    /// What is wrong with the other rows.
    pub problems: Vec<Problem>,
    /// The articles whose title stands in for an answer that their row leaves empty.
    pub titles_as_answers: usize,
}

/// A row; keys beyond these are other systems' own and passed over.
#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    title: String,
    question: String,
    #[serde(default)]
    alt_questions: Vec<String>,
    answer: String,
    lang: Lang,
}

/// Reads all rows; blank lines are passed over.
pub fn jsonl(file: &str, bytes: &[u8]) -> Rows {
    let mut report = Report::new(file);
    let mut rows = Rows::default();
    match decode(bytes, MAX_JSONL_BYTES) {
        Ok(text) => read(&text, &mut rows, &mut report),
        Err((line, flaw)) => report.add(line, flaw),
    }
    rows.problems = report.finish();
    rows
}

fn read(text: &str, rows: &mut Rows, report: &mut Report<'_>) {
    let mut taken = HashMap::new();
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    for (line, number) in lines {
        let row = match parse(line) {
            Ok(row) => row,
            Err(flaw) => {
                report.add(number, flaw);
                continue;
            }
        };
        if let Some(first) = taken.insert(row.id.clone(), number) {
            let what = format!("the id `{}` is taken by line {first}", row.id);
            report.add(number, flaw(what, "give each row an id of its own"));
            continue;
        }
        rows.titles_as_answers += usize::from(row.answer.trim().is_empty());
        rows.articles.push(article(row));
    }
    if taken.is_empty() && report.is_clean() {
        report.add(1, flaw("the file has no rows", "write one JSON object a line"));
    }
}

fn parse(line: &str) -> Result<Row, Flaw> {
    let row: Row = serde_json::from_str(line).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        let fix =
            "write {\"id\", \"title\", \"question\", \"alt_questions\", \"answer\", \"lang\"}";
        flaw(format!("the row cannot be read: {reason}"), fix)
    })?;
    if row.id.is_empty() || row.id.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(flaw(format!("`id` is {:?}", row.id), "use a name without spaces"));
    }
    if row.title.trim().is_empty() {
        return Err(flaw("`title` is empty", "give the row a title"));
    }
    Ok(row)
}

/// The row's article; its title stands in for a question or an answer that is empty.
fn article(row: Row) -> Article {
    let id = ArticleId::from(row.id.as_str());
    let title = row.title.trim().to_owned();
    let or_title = |text: &str| match text.trim() {
        "" => title.clone(),
        text => text.to_owned(),
    };
    let ways = row.alt_questions.iter().map(|way| way.trim()).filter(|way| !way.is_empty());
    let terms = Terms::default();
    let entry = Entry {
        id: EntryId::from(row.id),
        article: id.clone(),
        version: 0,
        lang: row.lang,
        title: title.clone(),
        topic: TOPIC.to_owned(),
        tags: Vec::new(),
        risk: terms.risk,
        audience: terms.audience,
        valid_until: terms.valid_until,
        status: terms.status,
        question: or_title(&row.question),
        ways: ways.map(str::to_owned).collect(),
        learned: Vec::new(),
        answer: or_title(&row.answer),
    };
    Article { id, lang: row.lang, title, entries: vec![entry] }
}

#[cfg(test)]
mod tests {
    use super::jsonl;
    use proptest::prelude::proptest;

    fn row(id: &str, question: &str, answer: &str) -> String {
        format!(
            r#"{{"id":"{id}","title":"Title","question":"{question}","alt_questions":["way"," "],"answer":"{answer}","lang":"en","group":"x"}}"#
        )
    }

    #[test]
    fn a_row_is_an_article_with_one_entry() {
        let rows = jsonl("kb.jsonl", row("Get_refund?", "How?", " So. ").as_bytes());
        let entry = &rows.articles[0].entries[0];
        assert_eq!((entry.id.as_str(), entry.article.as_str()), ("Get_refund?", "Get_refund?"));
        assert_eq!((entry.question.as_str(), entry.answer.as_str()), ("How?", "So."));
        assert_eq!((entry.ways.join("|"), rows.titles_as_answers), ("way".to_owned(), 0));
    }

    #[test]
    fn the_title_stands_in_for_what_is_empty() {
        let text = [row("a", "", "A"), String::new(), row("b", "Q", " ")].join("\r\n");
        let rows = jsonl("kb.jsonl", text.as_bytes());
        assert_eq!(rows.problems, []);
        assert_eq!(rows.articles[0].entries[0].question, "Title");
        assert_eq!(rows.articles[1].entries[0].answer, "Title");
        assert_eq!(rows.titles_as_answers, 1);
    }

    #[test]
    fn every_bad_row_is_told_and_the_others_are_read() {
        let text = [
            row("a", "Q", "A"),
            "{".to_owned(),
            r#"{"id":"b"}"#.to_owned(),
            row("a", "Q", "A"),
            row("a b", "Q", "A"),
            row("", "Q", "A"),
            row("c", "Q", "A").replace("\"en\"", "\"english\""),
            row("d", "Q", "A").replace("Title", " "),
            row("e", "Q", "A"),
        ];
        let rows = jsonl("kb.jsonl", text.join("\n").as_bytes());
        let lines: Vec<usize> = rows.problems.iter().map(|problem| problem.line).collect();
        let ids: Vec<&str> = rows.articles.iter().map(|article| article.id.as_str()).collect();
        assert_eq!((lines, ids), (vec![2, 3, 4, 5, 6, 7, 8], vec!["a", "e"]));
        assert_eq!(rows.problems[1].what, "the row cannot be read: missing field `title`");
    }

    #[test]
    fn an_empty_file_is_a_problem() {
        assert_eq!(jsonl("kb.jsonl", b"\n\n").problems.len(), 1);
        assert_eq!(jsonl("kb.jsonl", b"\xff").problems.len(), 1);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            assert!(!jsonl("kb.jsonl", &bytes).problems.is_empty());
        }
    }
}
