//! The conversation page: what was said, the draft in the composer, and why.

use super::audit::{AuditView, find_waiting};
use super::clockface::{Due, Moment};
use super::edit::preview;
use super::files::{Attach, Chip};
use super::list::{List, contact, priority, shortened, tags, with};
use super::page::{Frame, PageError, render};
use super::person::{CONVERSATIONS, PersonView};
use super::session::SignedIn;
use super::summary::shown;
use super::thread::{Asides, Line, lines};
use super::why::{Why, fate, writer};
use crate::answer::Aid;
use crate::conversation::{
    AgentId, AttachmentId, Author, Citation, ConversationId, DecisionId, Delivery, DraftState,
    HeldSend, Identity, IdentityKind, Message, MessageId, Priority, ProposedDraft, Status, Summary,
};
use crate::desk::Record;
use crate::store::{Agent, Audit, Has, Opened, Queue, Store, ToldDecision};
use crate::web::markdown::{self, visible};
use crate::web::{Error, State, Web};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::HashMap;

/// Messages that one page shows.
const MESSAGES: i64 = 100;

/// Characters of a name that stand above a conversation, and in its tooltip; the contact's pane has it whole.
const LONGEST_NAME: usize = 80;
const WHOLE_NAME: usize = 500;

#[derive(Template)]
#[template(path = "conversation.html")]
struct ConversationPage {
    frame: Frame,
    list: List,
    id: ConversationId,
    head: Head,
    lines: Vec<Line>,
    /// The number before which older messages are found.
    older: Option<String>,
    composer: Composer,
    /// What is about to be sent.
    held: Option<HeldView>,
    why: Option<Why>,
    /// Who writes.
    person: PersonView,
    /// What a model wrote for the agent.
    aid: Option<AidView>,
    /// Whether another conversation goes on for it.
    is_merged: bool,
    /// What has become of the newest draft.
    fate: Option<String>,
}

/// The line above a conversation.
struct Head {
    contact: String,
    /// The name at greater length, where it was cut.
    whole: String,
    email: Option<String>,
    /// Whether their address is known to be theirs, or only said to be; nothing without one.
    vouching: Option<String>,
    /// What the business's own site calls them, if they were logged in there.
    account: Option<String>,
    status: String,
    status_word: Status,
    mine: bool,
    priority: Option<&'static str>,
    lang: Option<String>,
    topic: Option<String>,
    inbox: String,
    waiting: Option<Moment>,
    /// Until when somebody must have answered.
    due: Option<Due>,
    /// How soon a person should look, by its word.
    priority_word: Priority,
    tags: Vec<String>,
    contact_id: String,
    /// Who blocked the contact, and why.
    blocked: Option<(String, String)>,
}

/// Where the agent writes.
struct Composer {
    /// Changes when a newer message or draft comes.
    version: String,
    draft: Option<DraftView>,
    /// The automatic answer that waits for a verdict.
    audit: Option<AuditView>,
    /// The panel that is open: `draft`, `audit`, `reply`, `note` or `reject`.
    panel: &'static str,
    /// The agent's own words, kept when an act did not take effect.
    reply: String,
    /// The reply as the customer would see it, where it is more than its words.
    reply_html: String,
    note: String,
    reason: String,
    problem: Option<String>,
    /// What of files can go along; nothing where the inbox's channel carries none.
    attach: Option<Attach>,
}

/// What a model wrote for the agent, made visible.
struct AidView {
    summary: Option<Summary>,
    suggestion: Option<String>,
    /// What of the suggestion no article says.
    undocumented: Vec<String>,
}

impl AidView {
    fn read(body: serde_json::Value) -> Option<Self> {
        let aid: Aid = serde_json::from_value(body).ok()?;
        let undocumented = aid.suggestion.iter().flat_map(|it| &it.undocumented);
        Some(Self {
            undocumented: undocumented.map(|what| visible(what)).collect(),
            suggestion: aid.suggestion.as_ref().map(|it| visible(&it.text)),
            summary: aid.summary.as_ref().map(shown),
        })
    }
}

/// Words that are about to be sent.
struct HeldView {
    html: String,
    files: Vec<Chip>,
    by: String,
    /// Whether they are the viewer's own, to take back.
    mine: bool,
}

/// The draft that waits.
struct DraftView {
    id: String,
    text: String,
    /// The text as the customer would see it, with its sources.
    html: String,
    citations: Vec<Citation>,
    writer: String,
    lang: String,
    written: Moment,
}

impl HeldView {
    async fn read(
        store: &Store,
        held: &HeldSend,
        names: &HashMap<String, String>,
        viewer: &AgentId,
    ) -> anyhow::Result<Self> {
        let (id, by, act) = (&held.conversation_id, &held.agent_id, &held.act);
        let files = store.unsent_files(id, by, act.files()).await?;
        Ok(Self {
            html: markdown::to_html(act.text()),
            files: files.into_iter().map(Chip::new).collect(),
            by: names.get(by.as_str()).cloned().unwrap_or_default(),
            mine: by == viewer,
        })
    }
}

/// What an agent had written when their act did not take effect.
pub(super) struct Kept {
    pub(super) status: StatusCode,
    pub(super) problem: String,
    pub(super) panel: &'static str,
    pub(super) text: String,
    pub(super) files: Vec<AttachmentId>,
    /// The answer under audit that it was about.
    pub(super) audit: Option<DecisionId>,
}

/// What is asked for of a conversation.
struct Sought {
    queue: Queue,
    /// The number before which messages are shown.
    before: Option<String>,
    /// The answer under audit; none for whichever waits.
    audit: Option<DecisionId>,
    kept: Option<Kept>,
}

/// A decision with what is known of it.
struct Told {
    record: Record,
    summary: Option<Summary>,
    /// What a model wrote for the agent.
    aid: Option<serde_json::Value>,
    /// The message that it sent.
    message: Option<MessageId>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    queue: String,
    before: Option<String>,
    audit: Option<String>,
    done: Option<String>,
}

/// A conversation.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let id = ConversationId::from(id);
    let sought = Sought {
        queue: wanted.queue.parse().unwrap_or(Queue::All),
        before: wanted.before,
        audit: wanted.audit.map(DecisionId::from),
        kept: None,
    };
    let (queue, is_audited) = (sought.queue, sought.audit.is_some());
    let page = read(&web, &agent, &id, sought).await?;
    if page.is_merged && !is_audited {
        let survivor = web.desk.store.survivor(&id).await?;
        return Ok(
            Redirect::to(&format!("/conversations/{survivor}?queue={queue}")).into_response()
        );
    }
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
    let (status, audit) = (kept.status, kept.audit.clone());
    let sought = Sought { queue, before: None, audit, kept: Some(kept) };
    let page = read(web, agent, id, sought).await?;
    Ok((status, render(&page)?).into_response())
}

async fn read(
    web: &Web,
    agent: &Agent,
    id: &ConversationId,
    sought: Sought,
) -> Result<ConversationPage, PageError> {
    let (store, now) = (&web.desk.store, web.desk.clock.now());
    let Some(opened) = store.open_conversation(id).await? else {
        return Err(Error::NotFound(t!("error-no-conversation")).into());
    };
    let called = contact(opened.contact.name.as_deref(), opened.contact.email.as_deref());
    let parts = if opened.has.parts { store.merged_into(id).await? } else { Vec::new() };
    let (list, messages, (audit, told), newest, person, frame) = tokio::try_join!(
        List::read(web, agent, sought.queue, 1),
        later(messages(store, id, &parts, sought.before.as_deref())),
        later(judged(store, id, opened.has, sought.audit.as_ref())),
        later(store.find_last_draft(id)),
        later(store.person(&opened.contact.id, CONVERSATIONS + 1)),
        Frame::new(web, agent, sought.queue.as_str()),
    )?;
    let notes =
        if opened.has.notes { store.notes_on(&opened.contact.id, now).await? } else { Vec::new() };
    let asides = Asides::read(store, id, &parts, opened.has, &messages).await?;
    let known = person.contacts.first().map(|own| own.identities.clone()).unwrap_or_default();
    let person = PersonView::new(web, person, notes, &opened.conversation, &list.names, now);
    let audit = audit.zip(told.as_ref()).map(|(audit, told)| {
        let sent = messages.iter().find(|it| Some(&it.id) == told.message.as_ref());
        AuditView::new(&audit, &told.record, &messages, sent)
    });
    // An older draft never waits beside a newer one.
    let draft = newest.clone().filter(|draft| draft.state == DraftState::Proposed);
    let held = match frame.held_in(id) {
        Some(held) => Some(HeldView::read(store, held, &list.names, &agent.id).await?),
        None => None,
    };
    let kept = sought.kept.as_ref().map_or(&[][..], |kept| &kept.files);
    let attach = Attach::read(web, &opened.conversation, &agent.id, kept).await?;
    let open = audit.as_ref().filter(|_| sought.queue == Queue::Audit);
    let open = open.map_or_else(|| id.to_string(), |audit| audit.decision.to_string());
    Ok(ConversationPage {
        is_merged: opened.is_merged,
        person,
        head: Head {
            vouching: opened.contact.email.as_deref().map(|email| vouching(&known, email)),
            account: account(&known),
            ..head(opened, &called, &agent.id, &list.names, now)
        },
        older: older(&messages, &parts),
        composer: Composer { attach, ..Composer::new(heard(&messages), draft, audit, sought, now) },
        lines: lines(id, messages, asides, &shortened(&called, LONGEST_NAME), &list.names, now),
        list: List { open: Some(open), ..list },
        aid: told.as_ref().and_then(|told| told.aid.clone()).and_then(AidView::read),
        frame,
        held,
        why: told.map(|told| Why::new(told.record, told.summary.as_ref())),
        fate: newest.as_ref().and_then(fate),
        id: id.clone(),
    })
}

/// What the business's own site calls a contact, if it vouches for them.
fn account(known: &[Identity]) -> Option<String> {
    let account = known.iter().find(|it| it.kind == IdentityKind::Account && it.verified)?;
    Some(visible(&account.value))
}

/// Whether an address is known to be the contact's, in words.
fn vouching(known: &[Identity], email: &str) -> String {
    let is_it = |it: &&Identity| it.kind == IdentityKind::Email && it.value == email;
    if known.iter().find(is_it).is_some_and(|it| it.verified) {
        t!("known-email-verified")
    } else {
        t!("known-email-claimed")
    }
}

/// What the store answers, as pages fail.
async fn later<T>(asked: impl Future<Output = anyhow::Result<T>>) -> Result<T, PageError> {
    Ok(asked.await?)
}

/// The answer under audit and the decision that the page is about.
async fn judged(
    store: &Store,
    id: &ConversationId,
    has: Has,
    wanted: Option<&DecisionId>,
) -> anyhow::Result<(Option<Audit>, Option<Told>)> {
    let audit = if has.audits { find_waiting(store, id, wanted).await? } else { None };
    let told = told(store, id, audit.as_ref()).await?;
    Ok((audit, told))
}

/// A page of messages: before a number of the conversation, or before a message where others are shown in it.
async fn messages(
    store: &Store,
    id: &ConversationId,
    parts: &[ConversationId],
    before: Option<&str>,
) -> anyhow::Result<Vec<Message>> {
    if parts.is_empty() {
        let before = before.and_then(|before| before.parse().ok()).unwrap_or(i64::MAX);
        return store.messages(id, before, MESSAGES).await;
    }
    let before = before.map(MessageId::from);
    store.thread(id, before.as_ref(), MESSAGES).await
}

/// What older messages are found before, if there may be any.
fn older(messages: &[Message], parts: &[ConversationId]) -> Option<String> {
    let first = messages.first()?;
    if parts.is_empty() {
        return (first.seq > 1).then(|| first.seq.to_string());
    }
    let is_full = i64::try_from(messages.len()).is_ok_and(|count| count == MESSAGES);
    is_full.then(|| first.id.to_string())
}

/// The number of the customer's newest message.
fn heard(messages: &[Message]) -> i64 {
    let heard = messages.iter().rev().find(|message| message.author == Author::Customer);
    heard.map_or(0, |message| message.seq)
}

/// The decision that the page is about: the one under audit, else the newest.
async fn told(
    store: &Store,
    id: &ConversationId,
    audit: Option<&Audit>,
) -> anyhow::Result<Option<Told>> {
    let found = match audit {
        Some(audit) => store.find_decision(&audit.decision_id).await?,
        None => store.find_last_decision(id).await?,
    };
    Ok(found.and_then(|ToldDecision { record, summary, aid, message }| {
        let record: Record = serde_json::from_value(record).ok()?;
        Some(Told { record, summary, aid, message })
    }))
}

fn head(
    opened: Opened,
    called: &str,
    agent: &AgentId,
    names: &HashMap<String, String>,
    now: DateTime<Utc>,
) -> Head {
    let Opened { conversation, contact, wait, tags: known, blocked, .. } = opened;
    let assignee = conversation.assignee.as_ref();
    let status = match conversation.status {
        Status::Waiting => t!("status-waiting"),
        Status::WithAgent => with(assignee.and_then(|id| names.get(id.as_str()))),
        Status::Bot => t!("status-bot"),
        Status::Snoozed => t!("status-snoozed"),
        Status::Resolved => t!("status-resolved"),
    };
    Head {
        contact: shortened(called, LONGEST_NAME),
        whole: shortened(called, WHOLE_NAME),
        email: contact.email.filter(|email| email != called),
        vouching: None,
        account: None,
        status,
        status_word: conversation.status,
        mine: conversation.status == Status::WithAgent && assignee == Some(agent),
        priority: priority(conversation.priority),
        lang: conversation.lang.map(|lang| lang.to_string()),
        topic: conversation.topic.clone(),
        inbox: conversation.inbox.to_string(),
        waiting: conversation.waiting_since.map(|since| Moment::new(since, now)),
        due: wait.map(|wait| Due::new(wait, now)),
        priority_word: conversation.priority,
        tags: tags(known.as_deref()),
        contact_id: contact.id.to_string(),
        blocked: blocked.map(|(by, reason)| {
            let by = names.get(by.as_str()).cloned().unwrap_or_else(|| t!("an-agent"));
            (by, visible(&reason))
        }),
    }
}

impl Composer {
    /// `heard` is the number of the customer's newest message.
    fn new(
        heard: i64,
        draft: Option<ProposedDraft>,
        audit: Option<AuditView>,
        sought: Sought,
        now: DateTime<Utc>,
    ) -> Self {
        let draft = draft.map(|waiting| DraftView {
            id: waiting.id.to_string(),
            html: preview(&waiting.draft.text, &waiting.draft.citations),
            text: waiting.draft.text,
            citations: waiting.draft.citations,
            writer: writer(&waiting.draft.writer),
            lang: waiting.draft.lang.to_string(),
            written: Moment::new(waiting.created_at, now),
        });
        let waiting = draft.as_ref().map_or("none", |draft| draft.id.as_str());
        let judged = audit.as_ref().map_or("none", |audit| audit.decision.as_str());
        let mut composer = Self {
            version: format!("{waiting}-{heard}-{judged}"),
            panel: match (&audit, &draft) {
                (Some(_), _) if sought.queue == Queue::Audit => "audit",
                (_, Some(_)) => "draft",
                (_, None) => "reply",
            },
            draft,
            audit,
            reply: String::new(),
            reply_html: String::new(),
            note: String::new(),
            reason: String::new(),
            problem: None,
            attach: None,
        };
        if let Some(kept) = sought.kept {
            composer.problem = Some(kept.problem);
            composer.keep(kept.panel, kept.text);
        }
        composer
    }

    /// Puts kept words where they can be used: of what is gone, the reason becomes a note.
    fn keep(&mut self, panel: &'static str, text: String) {
        self.panel = match panel {
            "reject" if self.draft.is_none() => "note",
            "audit" if self.audit.is_none() => "note",
            "draft" if self.draft.is_none() => "reply",
            panel => panel,
        };
        if let (Some(draft), "draft") = (&mut self.draft, self.panel) {
            draft.html = preview(&text, &draft.citations);
            draft.text = text;
            return;
        }
        match self.panel {
            "note" => self.note = text,
            "reject" | "audit" => self.reason = text,
            _ => {
                self.reply_html = preview(&text, &[]);
                self.reply = text;
            }
        }
    }

    /// Whether files go with what is written.
    fn has_files(&self) -> bool {
        self.attach.as_ref().is_some_and(|attach| !attach.chips.is_empty())
    }

    /// Whether the message is the answer under audit.
    fn is_audited(&self, line: &Line) -> bool {
        line.is_own && self.audit.as_ref().is_some_and(|audit| audit.seq == Some(line.seq))
    }
}
