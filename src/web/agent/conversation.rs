//! The conversation page: what was said, the draft in the composer, and why.

use super::clockface::Moment;
use super::list::{List, contact, priority, with};
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use super::thread::{Line, lines};
use super::why::{Why, fate, writer};
use crate::conversation::{
    AgentId, Author, Citation, Conversation, ConversationId, Delivery, ProposedDraft, Status,
};
use crate::desk::Record;
use crate::store::{Agent, Queue};
use crate::web::{Error, State, Web};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::HashMap;

/// Messages that one page shows.
const MESSAGES: i64 = 100;

#[derive(Template)]
#[template(path = "conversation.html")]
struct ConversationPage {
    frame: Frame,
    list: List,
    id: ConversationId,
    head: Head,
    lines: Vec<Line>,
    /// The number before which older messages are found.
    older: Option<i64>,
    composer: Composer,
    why: Option<Why>,
    /// What has become of the newest draft.
    fate: Option<&'static str>,
}

/// The line above a conversation.
struct Head {
    contact: String,
    email: Option<String>,
    status: String,
    status_word: Status,
    mine: bool,
    priority: Option<&'static str>,
    lang: Option<String>,
    topic: Option<String>,
    inbox: String,
    waiting: Option<Moment>,
}

/// Where the agent writes.
struct Composer {
    /// Changes when a newer message or draft comes.
    version: String,
    draft: Option<DraftView>,
    /// The panel that is open: `draft`, `reply`, `note` or `reject`.
    panel: &'static str,
    /// The agent's own words, kept when an act did not take effect.
    reply: String,
    note: String,
    reason: String,
    problem: Option<&'static str>,
}

/// The draft that waits.
struct DraftView {
    id: String,
    text: String,
    citations: Vec<Citation>,
    writer: String,
    lang: String,
    written: Moment,
}

/// What an agent had written when their act did not take effect.
pub(super) struct Kept {
    pub(super) status: StatusCode,
    pub(super) problem: &'static str,
    pub(super) panel: &'static str,
    pub(super) text: String,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    queue: String,
    before: Option<i64>,
    done: Option<String>,
}

/// A conversation.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let (id, queue) = (ConversationId::from(id), wanted.queue.parse().unwrap_or(Queue::All));
    let before = wanted.before.unwrap_or(i64::MAX);
    let page = read(&web, &agent, &id, queue, before, None).await?;
    let frame = page.frame.with_notice(wanted.done.as_deref());
    render(&ConversationPage { frame, ..page })
}

/// The page once more, with what the agent had written and why it did not take effect.
pub(super) async fn again(
    web: &Web,
    agent: &Agent,
    id: &ConversationId,
    queue: Queue,
    kept: Kept,
) -> Result<Response, PageError> {
    let status = kept.status;
    let page = read(web, agent, id, queue, i64::MAX, Some(kept)).await?;
    Ok((status, render(&page)?).into_response())
}

async fn read(
    web: &Web,
    agent: &Agent,
    id: &ConversationId,
    queue: Queue,
    before: i64,
    kept: Option<Kept>,
) -> Result<ConversationPage, PageError> {
    let (store, now) = (&web.desk.store, web.desk.clock.now());
    let Some(conversation) = store.find_conversation(id).await? else {
        return Err(Error::NotFound("there is no such conversation".into()).into());
    };
    let person = store.contact(&conversation).await?;
    let called = contact(person.name.as_deref(), person.email.as_deref());
    let list = List { open: Some(id.clone()), ..List::read(web, agent, queue, 1).await? };
    let messages = store.messages(id, before, MESSAGES).await?;
    let heard = messages.iter().rev().find(|message| message.author == Author::Customer);
    let heard = heard.map_or(0, |message| message.seq);
    let older = messages.first().map(|message| message.seq).filter(|seq| *seq > 1);
    let draft = store.find_waiting_draft(id).await?;
    let fate = store.find_last_draft(id).await?.and_then(|draft| fate(draft.state));
    let why = store.find_last_decision(id).await?.and_then(|(record, summary)| {
        let record: Record = serde_json::from_value(record).ok()?;
        Some(Why::new(record, summary))
    });
    Ok(ConversationPage {
        frame: Frame::new(web, agent, queue.as_str()).await?,
        head: head(&conversation, &called, person.email, &agent.id, &list.names, now),
        lines: lines(messages, &called, &list.names, now),
        list,
        older,
        composer: composer(heard, draft, kept, now),
        why,
        fate,
        id: id.clone(),
    })
}

fn head(
    conversation: &Conversation,
    called: &str,
    email: Option<String>,
    agent: &AgentId,
    names: &HashMap<String, String>,
    now: DateTime<Utc>,
) -> Head {
    let assignee = conversation.assignee.as_ref();
    let status = match conversation.status {
        Status::Waiting => "Waits for a person.".to_owned(),
        Status::WithAgent => with(assignee.and_then(|id| names.get(id.as_str()))),
        Status::Bot => "With the bot.".to_owned(),
        Status::Snoozed => "Put aside.".to_owned(),
        Status::Resolved => "Resolved.".to_owned(),
    };
    Head {
        contact: called.to_owned(),
        email: email.filter(|email| email != called),
        status,
        status_word: conversation.status,
        mine: conversation.status == Status::WithAgent && assignee == Some(agent),
        priority: priority(conversation.priority),
        lang: conversation.lang.map(|lang| lang.to_string()),
        topic: conversation.topic.clone(),
        inbox: conversation.inbox.to_string(),
        waiting: conversation.waiting_since.map(|since| Moment::new(since, now)),
    }
}

/// `heard` is the number of the customer's newest message.
fn composer(
    heard: i64,
    draft: Option<ProposedDraft>,
    kept: Option<Kept>,
    now: DateTime<Utc>,
) -> Composer {
    let draft = draft.map(|waiting| DraftView {
        id: waiting.id.to_string(),
        text: waiting.draft.text,
        citations: waiting.draft.citations,
        writer: writer(&waiting.draft.writer),
        lang: waiting.draft.lang.to_string(),
        written: Moment::new(waiting.created_at, now),
    });
    let waiting = draft.as_ref().map_or("none", |draft| draft.id.as_str());
    let mut composer = Composer {
        version: format!("{waiting}-{heard}"),
        panel: if draft.is_some() { "draft" } else { "reply" },
        draft,
        reply: String::new(),
        note: String::new(),
        reason: String::new(),
        problem: None,
    };
    if let Some(kept) = kept {
        composer.problem = Some(kept.problem);
        composer.keep(kept.panel, kept.text);
    }
    composer
}

impl Composer {
    /// Puts kept words where they can be used: of a draft that is gone, the reason becomes a note.
    fn keep(&mut self, panel: &'static str, text: String) {
        self.panel = if panel == "reject" && self.draft.is_none() { "note" } else { panel };
        match self.panel {
            "note" => self.note = text,
            "reject" => self.reason = text,
            _ => self.reply = text,
        }
    }
}
