//! What the bot knows: the entries by topic, and what is wrong with their sources.

use super::clockface::{Moment, date};
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::knowledge::{Audience, Entry, Problem, Publication, Risk};
use crate::store::Wording;
use crate::web::words::say_of;
use crate::web::{State, markdown};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{Redirect, Response};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use std::collections::HashMap;

/// Entries on one page.
const PAGE: usize = 100;

/// Learned wordings that a page looks through; entries keep far fewer.
const WORDINGS: i64 = 10_000;

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
    /// The entry that is shown open.
    open: String,
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
    ways: Vec<String>,
    answer: String,
    risk: Option<String>,
    marks: Vec<(&'static str, String)>,
    /// What customers' wordings have taught, newest first.
    learned: Vec<LearnedView>,
    /// How many of them are in use.
    in_use: usize,
}

/// A learned wording.
struct LearnedView {
    id: String,
    words: String,
    since: Moment,
    /// Whether it was forgotten, and can be brought back.
    forgotten: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    page: Option<usize>,
    open: String,
    done: Option<String>,
}

/// A page of the knowledge, or of the part of it that holds the words sought.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let (store, now) = (&web.desk.store, web.desk.clock.now());
    let mut entries = store.entries().await?;
    let sought = wanted.q.trim().to_lowercase();
    entries.retain(|entry| holds(entry, &sought));
    entries.sort_by(|one, other| (&one.topic, &one.id).cmp(&(&other.topic, &other.id)));
    let (found, page) = (entries.len(), wanted.page.unwrap_or(1).max(1));
    let shown = entries.into_iter().skip((page - 1).saturating_mul(PAGE)).take(PAGE);
    let learned = by_entry(store.wordings(None, 0, WORDINGS).await?, now);
    let frame = Frame::new(&web, &agent, "knowledge").await?;
    render(&KnowledgePage {
        frame: frame.with_notice(wanted.done.as_deref()),
        problems: store.problems().await?,
        sought: wanted.q,
        found,
        topics: topics(shown, learned, now.date_naive()),
        page,
        more: page.saturating_mul(PAGE) < found,
        open: wanted.open,
    })
}

/// Forgets a learned wording, and goes back to its entry.
pub(super) async fn forget(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Form(wanted): Form<Wanted>,
) -> Result<Redirect, PageError> {
    let forgotten = web.desk.remove_wording(&id, &agent.id).await?;
    Ok(wanted.back(if forgotten { "forgotten" } else { "unchanged" }))
}

/// Brings a forgotten wording back.
pub(super) async fn remember(
    web: State,
    Path(id): Path<String>,
    Form(wanted): Form<Wanted>,
) -> Result<Redirect, PageError> {
    let remembered = web.desk.restore_wording(&id).await?;
    Ok(wanted.back(if remembered { "remembered" } else { "unchanged" }))
}

impl Wanted {
    /// To the page that a form was sent from, with word of what was done.
    fn back(&self, done: &str) -> Redirect {
        let page = self.page.unwrap_or(1).to_string();
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("q", self.q.as_str()), ("page", &page), ("open", &self.open)])
            .append_pair("done", done)
            .finish();
        Redirect::to(&format!("/knowledge?{query}#open"))
    }
}

fn by_entry(wordings: Vec<Wording>, now: DateTime<Utc>) -> HashMap<String, Vec<LearnedView>> {
    let mut learned: HashMap<String, Vec<LearnedView>> = HashMap::new();
    for wording in wordings {
        learned.entry(wording.entry_id.to_string()).or_default().push(LearnedView {
            id: wording.id,
            words: markdown::visible(&wording.words),
            since: Moment::new(wording.created_at, now),
            forgotten: wording.removed_at.is_some(),
        });
    }
    learned
}

fn holds(entry: &Entry, sought: &str) -> bool {
    let parts = [entry.id.as_str(), &entry.topic, &entry.title, &entry.question, &entry.answer];
    sought.is_empty() || parts.iter().any(|part| part.to_lowercase().contains(sought))
}

/// Groups entries that come in the order of their topics.
fn topics(
    entries: impl Iterator<Item = Entry>,
    mut learned: HashMap<String, Vec<LearnedView>>,
    today: NaiveDate,
) -> Vec<Topic> {
    let mut topics: Vec<Topic> = Vec::new();
    for entry in entries {
        let name = if entry.topic.is_empty() { t!("no-topic") } else { entry.topic.clone() };
        if topics.last().is_none_or(|topic| topic.name != name) {
            topics.push(Topic { name, entries: Vec::new() });
        }
        if let Some(topic) = topics.last_mut() {
            let learned = learned.remove(entry.id.as_str()).unwrap_or_default();
            topic.entries.push(view(entry, learned, today));
        }
    }
    topics
}

fn view(entry: Entry, learned: Vec<LearnedView>, today: NaiveDate) -> EntryView {
    EntryView {
        in_use: learned.iter().filter(|wording| !wording.forgotten).count(),
        learned,
        marks: marks(&entry, today),
        risk: match entry.risk {
            Risk::Standard => None,
            Risk::Low => Some(say_of("risk", "low")),
            Risk::High => Some(say_of("risk", "high")),
            Risk::Never => Some(t!("class-of-never")),
        },
        answer: markdown::to_html(&entry.answer),
        ways: entry.ways,
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
        marks.push(("quiet", t!("mark-internal")));
    }
    match entry.status {
        Publication::Published => {}
        Publication::Draft => marks.push(("warn", t!("mark-draft"))),
        Publication::Archived => marks.push(("warn", t!("mark-archived"))),
    }
    if let Some(last_day) = entry.valid_until {
        let (class, words) = if last_day < today {
            ("bad", t!("mark-expired"))
        } else if last_day - today <= SOON {
            ("warn", t!("mark-ends"))
        } else {
            ("quiet", t!("mark-until"))
        };
        marks.push((class, format!("{words} {}", date(last_day))));
    }
    marks
}
