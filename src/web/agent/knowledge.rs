//! What the bot knows: the entries by topic, and what is wrong with their sources.

use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::knowledge::{Audience, Entry, Problem, Publication, Risk};
use crate::web::{State, markdown};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use chrono::{NaiveDate, TimeDelta};
use serde::Deserialize;

/// Entries on one page.
const PAGE: usize = 100;

/// An entry that ends within this many days is marked.
const SOON: TimeDelta = TimeDelta::days(30);

#[derive(Template)]
#[template(path = "knowledge.html")]
struct KnowledgePage {
    frame: Frame,
    problems: Vec<Problem>,
    sought: String,
    found: usize,
    topics: Vec<Topic>,
    page: usize,
    more: bool,
}

struct Topic {
    name: String,
    entries: Vec<EntryView>,
}

struct EntryView {
    id: String,
    version: i64,
    lang: String,
    question: String,
    ways: String,
    answer: String,
    risk: Option<&'static str>,
    marks: Vec<(&'static str, String)>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
    page: Option<usize>,
}

/// A page of the knowledge, or of the part of it that holds the words sought.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let (store, today) = (&web.desk.store, web.desk.clock.now().date_naive());
    let mut entries = store.entries().await?;
    let sought = wanted.q.trim().to_lowercase();
    entries.retain(|entry| holds(entry, &sought));
    entries.sort_by(|one, other| (&one.topic, &one.id).cmp(&(&other.topic, &other.id)));
    let (found, page) = (entries.len(), wanted.page.unwrap_or(1).max(1));
    let shown = entries.into_iter().skip((page - 1).saturating_mul(PAGE)).take(PAGE);
    render(&KnowledgePage {
        frame: Frame::new(&web, &agent, "knowledge").await?,
        problems: store.problems().await?,
        sought: wanted.q,
        found,
        topics: topics(shown, today),
        page,
        more: page.saturating_mul(PAGE) < found,
    })
}

fn holds(entry: &Entry, sought: &str) -> bool {
    let parts = [entry.id.as_str(), &entry.topic, &entry.title, &entry.question, &entry.answer];
    sought.is_empty() || parts.iter().any(|part| part.to_lowercase().contains(sought))
}

/// Groups entries that come in the order of their topics.
fn topics(entries: impl Iterator<Item = Entry>, today: NaiveDate) -> Vec<Topic> {
    let mut topics: Vec<Topic> = Vec::new();
    for entry in entries {
        let name = if entry.topic.is_empty() { "No topic" } else { entry.topic.as_str() };
        if topics.last().is_none_or(|topic| topic.name != name) {
            topics.push(Topic { name: name.to_owned(), entries: Vec::new() });
        }
        if let Some(topic) = topics.last_mut() {
            topic.entries.push(view(entry, today));
        }
    }
    topics
}

fn view(entry: Entry, today: NaiveDate) -> EntryView {
    EntryView {
        marks: marks(&entry, today),
        risk: match entry.risk {
            Risk::Standard => None,
            Risk::Low => Some("low risk"),
            Risk::High => Some("high risk"),
            Risk::Never => Some("never automatic"),
        },
        answer: markdown::to_html(&entry.answer),
        ways: entry.ways.join(" · "),
        id: entry.id.to_string(),
        version: entry.version,
        lang: entry.lang.to_string(),
        question: entry.question,
    }
}

/// What keeps an entry from customers, or soon will; each with the class that colours it.
fn marks(entry: &Entry, today: NaiveDate) -> Vec<(&'static str, String)> {
    let mut marks = Vec::new();
    if entry.audience == Audience::Internal {
        marks.push(("quiet", "team only".to_owned()));
    }
    match entry.status {
        Publication::Published => {}
        Publication::Draft => marks.push(("warn", "draft".to_owned())),
        Publication::Archived => marks.push(("warn", "archived".to_owned())),
    }
    if let Some(last_day) = entry.valid_until {
        let (class, words) = if last_day < today {
            ("bad", "expired")
        } else if last_day - today <= SOON {
            ("warn", "ends")
        } else {
            ("quiet", "until")
        };
        marks.push((class, format!("{words} {}", last_day.format("%-d %b %Y"))));
    }
    marks
}
