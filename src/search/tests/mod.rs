//! Tests of the room, over real indexes in temporary folders.

mod endpoint;
mod find;
mod meaning;
mod write;

use super::{Query, Search};
use crate::config::Embedding;
use crate::knowledge::{Audience, Entry, Hit, Publication, Risk};
use crate::lang::Lang;
use chrono::NaiveDate;
use std::ops::Deref;
use tempfile::TempDir;

/// A search with the folder it lives in.
struct Fixture {
    search: Search,
    dir: TempDir,
}

impl Deref for Fixture {
    type Target = Search;

    fn deref(&self) -> &Search {
        &self.search
    }
}

/// A search over entries, at revision 1.
fn over(entries: &[Entry]) -> Fixture {
    let dir = TempDir::new().expect("a temporary folder");
    let search =
        Search::open(dir.path(), &Embedding::default()).expect("an empty folder can be opened");
    search.replace(entries, 1).expect("entries can be indexed");
    Fixture { search, dir }
}

/// A published entry for everybody; its article has its name up to the slash.
pub fn entry(id: &str, lang: Lang, question: &str, answer: &str) -> Entry {
    Entry {
        id: id.into(),
        article: id.split('/').next().unwrap_or(id).into(),
        version: 1,
        lang,
        title: String::new(),
        topic: String::new(),
        tags: Vec::new(),
        risk: Risk::Standard,
        audience: Audience::Public,
        valid_until: None,
        status: Publication::Published,
        question: question.to_owned(),
        ways: Vec::new(),
        learned: Vec::new(),
        answer: answer.to_owned(),
    }
}

fn english(id: &str, question: &str, answer: &str) -> Entry {
    entry(id, Lang::EN, question, answer)
}

fn asks(text: &str) -> Query<'_> {
    Query { text, lang: Lang::EN, today: day(15), limit: 10, team: false }
}

/// A day of June 2026.
fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, day).expect("June has the day")
}

fn found(search: &Search, query: Query<'_>) -> Vec<Hit> {
    search.find(&query).expect("a search never fails")
}

fn ids(search: &Search, query: Query<'_>) -> Vec<String> {
    found(search, query).iter().map(|hit| hit.entry.id.to_string()).collect()
}
