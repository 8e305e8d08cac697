//! The search page: conversations by what was said in them, and by what they are.

use super::list::{Row, who_may_work};
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::conversation::{AgentId, InboxName, Status};
use crate::desk::Found;
use crate::store::{Filter, Queue};
use crate::web::words::say_of;
use crate::web::{State, markdown};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    frame: Frame,
    wanted: Wanted,
    rows: Vec<Hit>,
    /// What may be chosen: word, name.
    states: Vec<(&'static str, String)>,
    inboxes: Vec<String>,
    agents: Vec<(String, String)>,
    /// Those whom a conversation can be given to.
    workers: Vec<(String, String)>,
    /// What is looked for, as an address says it.
    query: String,
    /// The address of this page.
    to: String,
    /// The addresses of the pages before and after.
    back: Option<String>,
    next: Option<String>,
    /// Whether anything is looked for at all.
    is_asked: bool,
}

/// A conversation that was found.
struct Hit {
    row: Row,
    address: String,
    /// Where it holds the words, in parts.
    excerpt: Vec<(String, bool)>,
}

/// What is looked for; empty parts leave all.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    status: String,
    inbox: String,
    lang: String,
    agent: String,
    topic: String,
    priority: String,
    tag: String,
    /// Days, the last one included.
    from: String,
    to: String,
    page: Option<i64>,
    bulk: Option<String>,
    done: Option<String>,
}

/// The page.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let (store, now) = (&web.desk.store, web.desk.clock.now());
    let filter = wanted.filter();
    let is_asked = !wanted.q.trim().is_empty() || filter != Filter::default();
    let page = wanted.page.unwrap_or(1).clamp(1, 100_000);
    let (found, more) = if is_asked {
        web.finder.find(&wanted.q, &filter, page).await?
    } else {
        (Vec::new(), false)
    };
    let agents = store.agents().await?;
    let names = agents.iter().map(|it| (it.id.to_string(), it.name.clone())).collect();
    let hit = |found: Found| {
        let row = Row::new(found.row, &names, now);
        let excerpt = found.excerpt.iter().map(|(text, is_it)| (markdown::visible(text), *is_it));
        Hit { address: row.address(Queue::All), excerpt: excerpt.collect(), row }
    };
    render(&SearchPage {
        frame: Frame::new(&web, &agent, "search")
            .await?
            .with_bulk(wanted.bulk.as_deref())
            .with_notice(wanted.done.as_deref()),
        query: wanted.query(),
        workers: who_may_work(&agents),
        to: wanted.address(page),
        rows: found.into_iter().map(hit).collect(),
        states: states(),
        inboxes: web.desk.config.inboxes.iter().map(|inbox| inbox.name.clone()).collect(),
        agents: agents.into_iter().map(|agent| (agent.id.to_string(), agent.name)).collect(),
        back: (page > 1).then(|| wanted.address(page - 1)),
        next: more.then(|| wanted.address(page + 1)),
        is_asked,
        wanted,
    })
}

fn states() -> Vec<(&'static str, String)> {
    let named = |status: &Status| (status.as_str(), say_of("state", status.as_str()));
    Status::ALL.iter().map(named).collect()
}

impl Wanted {
    /// What an address looks for.
    pub(super) fn read(query: &str) -> Self {
        let mut wanted = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if let Some(field) = wanted.field(&name) {
                *field = value.into_owned();
            }
        }
        wanted
    }

    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "q" => &mut self.q,
            "status" => &mut self.status,
            "inbox" => &mut self.inbox,
            "lang" => &mut self.lang,
            "agent" => &mut self.agent,
            "topic" => &mut self.topic,
            "priority" => &mut self.priority,
            "tag" => &mut self.tag,
            "from" => &mut self.from,
            "to" => &mut self.to,
            _ => return None,
        })
    }

    /// The words that are looked for.
    pub(super) fn words(&self) -> &str {
        &self.q
    }

    /// What it leaves; what cannot be read leaves all.
    pub(super) fn filter(&self) -> Filter {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Filter {
            status: self.status.parse().ok(),
            inbox: text(&self.inbox).map(InboxName::from),
            lang: self.lang.trim().parse().ok(),
            agent: text(&self.agent).map(AgentId::from),
            topic: text(&self.topic),
            priority: self.priority.parse().ok(),
            tag: self.tag.parse().ok(),
            from: day(&self.from, 0),
            before: day(&self.to, 1),
        }
    }

    /// What is looked for, as an address says it.
    pub(super) fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("q", &self.q),
            ("status", &self.status),
            ("inbox", &self.inbox),
            ("lang", &self.lang),
            ("agent", &self.agent),
            ("topic", &self.topic),
            ("priority", &self.priority),
            ("tag", &self.tag),
            ("from", &self.from),
            ("to", &self.to),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }

    /// The address of another page of the same.
    fn address(&self, page: i64) -> String {
        let query = self.query();
        let sign = if query.is_empty() { "" } else { "&" };
        format!("/search?{query}{sign}page={page}")
    }
}

/// The first moment of a day, so many days later.
fn day(text: &str, later: u64) -> Option<DateTime<Utc>> {
    let day = text.parse::<NaiveDate>().ok()?.checked_add_days(Days::new(later))?;
    Some(day.and_time(NaiveTime::MIN).and_utc())
}
