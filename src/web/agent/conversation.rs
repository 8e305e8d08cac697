//! The conversation page: what was said, the draft in the composer, and why.

use super::audit::{AuditView, find_waiting};
use super::composer::{Composer, Kept, Sought};
use super::files::{Attach, Chip};
use super::head::{Head, LONGEST_NAME, account, head, vouching};
use super::list::{List, contact, shortened};
use super::mail::BadView;
use super::page::{Frame, PageError, render};
use super::person::{CONVERSATIONS, PersonView};
use super::session::SignedIn;
use super::summary::shown;
use super::template::TemplatePanel;
use super::thread::{Asides, Line, lines};
use super::why::{Why, fate};
use crate::answer::Aid;
use crate::conversation::{
    AgentId, Author, ConversationId, DecisionId, Delivery, DraftState, HeldSend, Message,
    MessageId, Priority, Status, Summary,
};
use crate::desk::Record;
use crate::store::{Agent, Audit, BadAddress, Has, Person, Queue, Store, ToldDecision};
use crate::web::markdown::{self, visible};
use crate::web::{Error, State, Web};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
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
    /// An address of the contact that mails do not reach.
    bad_address: Option<BadView>,
    /// Where answers go, where it is not to whoever wrote.
    elsewhere: Option<String>,
    /// What has become of the newest draft.
    fate: Option<String>,
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
            files: files.iter().map(Chip::new).collect(),
            by: names.get(by.as_str()).cloned().unwrap_or_default(),
            mine: by == viewer,
        })
    }
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
    template: Option<String>,
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
        template: wanted.template,
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
    let sought = Sought { queue, before: None, audit, template: None, kept: Some(kept) };
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
    let elsewhere = if opened.has.mails { store.answers_elsewhere(id).await? } else { None };
    let bad_address = bad_address(store, &person, elsewhere.as_deref(), opened.has).await?;
    let known = person.contacts.first().map(|own| own.identities.clone()).unwrap_or_default();
    let person = PersonView::new(web, &person, notes, &opened.conversation, &list.names, now);
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
    let template = TemplatePanel::read(web, &opened, sought.choice(), now).await?;
    let attach = Attach::read(web, &opened.conversation, &agent.id, kept).await?;
    let open = audit.as_ref().filter(|_| sought.queue == Queue::Audit);
    let open = open.map_or_else(|| id.to_string(), |audit| audit.decision.to_string());
    Ok(ConversationPage {
        is_merged: opened.is_merged,
        bad_address: bad_address.map(|bad| BadView::new(bad, now)),
        elsewhere: elsewhere.map(|address| visible(&address)),
        person,
        head: Head {
            vouching: opened.contact.email.as_deref().map(|email| vouching(&known, email)),
            account: account(&known),
            ..head(opened, &called, &agent.id, &list.names, now)
        },
        older: older(&messages, &parts),
        composer: Composer { attach, ..Composer::new(heard(&messages), draft, audit, sought, now) }
            .with_templates(template),
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

/// The first address that mails do not reach, of those that answers go to and those of the contact.
async fn bad_address(
    store: &Store,
    person: &Person,
    elsewhere: Option<&str>,
    has: Has,
) -> anyhow::Result<Option<BadAddress>> {
    if !has.bad_address {
        return Ok(None);
    }
    let known = person.contacts.iter().flat_map(|contact| &contact.identities);
    let known = known.map(|identity| identity.value.as_str());
    for address in elsewhere.into_iter().chain(known) {
        if let Some(bad) = store.bad_address(address).await? {
            return Ok(Some(bad));
        }
    }
    Ok(None)
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
