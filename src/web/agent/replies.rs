//! Saved replies: the page on which they are written, and the list from which they are put into the composer.

use super::clockface::Moment;
use super::form::tidy;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::conversation::{
    ConversationId, SavedReply, SavedReplyId, Values, fill, likeliest, variables,
};
use crate::lang::Lang;
use crate::store::{Agent, Opened, Role, Saved};
use crate::web::markdown::visible;
use crate::web::words::say_of;
use crate::web::{Error, State, Web};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Form, Json};
use serde::Deserialize;
use serde_json::{Value, json};

/// Replies that are looked through; nobody keeps as many in their head.
const MOST: i64 = 2_000;
/// Replies on one page.
const PAGE: usize = 50;
/// Replies that the composer offers at once.
const OFFERED: usize = 12;
/// Characters that a title, a shortcut and the words may have.
const LONGEST: (usize, usize, usize) = (120, 32, 20_000);
/// Characters of a name that is filled in.
const LONGEST_VALUE: usize = 200;

#[derive(Template)]
#[template(path = "replies.html")]
struct RepliesPage {
    frame: Frame,
    replies: Vec<ReplyView>,
    sought: String,
    found: usize,
    page: usize,
    more: bool,
    /// What was written and not stored, and why.
    kept: Option<Kept>,
    /// What has just been put away, to bring it back.
    removed: Option<(SavedReplyId, String)>,
    /// The variables that there are.
    variables: Vec<&'static str>,
}

struct ReplyView {
    id: SavedReplyId,
    title: String,
    body: String,
    lang: String,
    shortcut: String,
    is_shared: bool,
    /// Whether the viewer may change it.
    is_theirs: bool,
    since: Moment,
}

struct Kept {
    problem: String,
    written: Written,
    /// The reply that was to be changed; none for a new one.
    id: Option<SavedReplyId>,
}

/// A reply as a form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Written {
    title: String,
    body: String,
    lang: String,
    shortcut: String,
    shared: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    page: Option<usize>,
    removed: Option<String>,
    done: Option<String>,
}

/// The replies that one may use.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let page = read(&web, &agent, wanted, None).await?;
    render(&page)
}

/// Stores a new reply.
pub(super) async fn add(
    web: State,
    SignedIn(agent): SignedIn,
    Form(written): Form<Written>,
) -> Result<Response, PageError> {
    let blank = SavedReply {
        id: SavedReplyId::fresh(),
        owner_id: Some(agent.id.clone()),
        title: String::new(),
        body: String::new(),
        lang: None,
        shortcut: None,
        written_by: agent.id.clone(),
        updated_at: web.desk.clock.now(),
        removed_at: None,
    };
    let reply = match written.onto(blank, &agent) {
        Ok(reply) => reply,
        Err(refused) => return refuse(&web, &agent, refused, written, None).await,
    };
    match web.desk.store.add_saved_reply(&reply).await? {
        Saved::ShortcutTaken => refuse(&web, &agent, Refused::Unfit("taken"), written, None).await,
        Saved::Done | Saved::Gone => Ok(Redirect::to("/replies?done=reply-saved").into_response()),
    }
}

/// Changes a reply.
pub(super) async fn change(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<SavedReplyId>,
    Form(written): Form<Written>,
) -> Result<Response, PageError> {
    let reply = theirs(&web, &agent, &id).await?;
    let reply = match written.onto(reply, &agent) {
        Ok(reply) => SavedReply { updated_at: web.desk.clock.now(), ..reply },
        Err(refused) => return refuse(&web, &agent, refused, written, Some(id)).await,
    };
    match web.desk.store.put_saved_reply(&reply).await? {
        Saved::ShortcutTaken => {
            refuse(&web, &agent, Refused::Unfit("taken"), written, Some(id)).await
        }
        Saved::Done | Saved::Gone => Ok(Redirect::to("/replies?done=reply-saved").into_response()),
    }
}

/// Puts a reply away; the page that follows offers to bring it back.
pub(super) async fn remove(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<SavedReplyId>,
) -> Result<Redirect, PageError> {
    let reply = theirs(&web, &agent, &id).await?;
    let away = SavedReply { removed_at: Some(web.desk.clock.now()), ..reply };
    web.desk.store.put_saved_reply(&away).await?;
    Ok(Redirect::to(&format!("/replies?done=reply-removed&removed={id}")))
}

/// Brings a reply back.
pub(super) async fn restore(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<SavedReplyId>,
) -> Result<Redirect, PageError> {
    let reply = SavedReply { removed_at: None, ..theirs(&web, &agent, &id).await? };
    match web.desk.store.put_saved_reply(&reply).await? {
        Saved::ShortcutTaken => Err(Error::Conflict(t!("unfit-reply-taken")).into()),
        Saved::Done | Saved::Gone => Ok(Redirect::to("/replies?done=reply-restored")),
    }
}

/// The replies that fit what was typed, filled in for a conversation.
pub(super) async fn offer(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<ConversationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Value>, Error> {
    let Some(opened) = web.desk.store.open_conversation(&id).await? else {
        return Err(Error::NotFound(t!("error-no-conversation")));
    };
    let Opened { conversation, contact, .. } = opened;
    let first = |name: Option<&str>| name?.split_whitespace().next().map(str::to_owned);
    let values = [
        ("contact.name", contact.name.clone()),
        ("contact.first_name", first(contact.name.as_deref())),
        ("contact.email", contact.email),
        ("agent.name", Some(agent.name.clone())),
        ("agent.first_name", first(Some(&agent.name))),
        ("business", Some(web.desk.config.business.name.clone())),
        ("conversation.id", Some(id.to_string())),
        ("conversation.topic", conversation.topic),
    ]
    .map(|(name, value)| (name, value.map(|value| on_one_line(&value))));
    let replies = web.desk.store.saved_replies(&agent.id, MOST).await?;
    let found = likeliest(replies, &wanted.q, conversation.lang).into_iter().take(OFFERED);
    let offered: Vec<Value> = found.map(|reply| offered(&reply, &values)).collect();
    Ok(Json(json!({ "replies": offered })))
}

fn offered(reply: &SavedReply, values: &Values) -> Value {
    json!({
        "title": reply.title,
        "shortcut": reply.shortcut,
        "lang": reply.lang,
        "text": fill(&reply.body, values),
    })
}

/// A value as it may stand in a message: whoever wrote it, it makes no lines and hides nothing.
fn on_one_line(value: &str) -> String {
    let value = visible(value);
    let words = value.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(LONGEST_VALUE).collect()
}

/// The variables that a reply may hold, as they are told.
fn known() -> Vec<&'static str> {
    vec![
        "contact.name",
        "contact.first_name",
        "contact.email",
        "agent.name",
        "agent.first_name",
        "business",
        "conversation.id",
        "conversation.topic",
    ]
}

/// A variable as it stands in a text.
fn braced(name: &str) -> String {
    format!("{{{{{name}}}}}")
}

/// Why a reply is not stored.
enum Refused {
    /// What is wrong with it, in a word.
    Unfit(&'static str),
    /// It holds a variable that there is not.
    Unknown(String),
    NotTheirs,
}

impl Written {
    /// The reply as it was written.
    fn onto(&self, reply: SavedReply, agent: &Agent) -> Result<SavedReply, Refused> {
        let (title, body) = (on_one_line(&tidy(&self.title)), tidy(&self.body));
        let shortcut = tidy(&self.shortcut).trim_start_matches('/').to_lowercase();
        let may_stand = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
        let lang = Some(self.lang.trim()).filter(|lang| !lang.is_empty());
        if title.is_empty() || self.title.chars().count() > LONGEST.0 {
            return Err(Refused::Unfit("title"));
        }
        if body.is_empty() || body.chars().count() > LONGEST.2 {
            return Err(Refused::Unfit("words"));
        }
        if let Some((_, name)) = variables(&body).find(|(_, name)| !known().contains(name)) {
            return Err(Refused::Unknown(name.to_owned()));
        }
        if shortcut.chars().count() > LONGEST.1 || !shortcut.chars().all(may_stand) {
            return Err(Refused::Unfit("shortcut"));
        }
        let lang = lang.map(str::parse::<Lang>).transpose().map_err(|_| Refused::Unfit("lang"))?;
        let is_shared = self.shared.is_some();
        if is_shared && agent.role < Role::Curator {
            return Err(Refused::NotTheirs);
        }
        Ok(SavedReply {
            owner_id: (!is_shared).then(|| agent.id.clone()),
            title,
            body,
            lang,
            shortcut: Some(shortcut).filter(|shortcut| !shortcut.is_empty()),
            written_by: agent.id.clone(),
            ..reply
        })
    }
}

/// A reply that somebody may change: their own; everybody's where they look after the knowledge.
async fn theirs(web: &Web, agent: &Agent, id: &SavedReplyId) -> Result<SavedReply, PageError> {
    let found = web.desk.store.find_saved_reply(id, &agent.id).await?;
    let reply = found.ok_or_else(|| Error::NotFound(t!("saved-gone")))?;
    if reply.owner_id.is_none() && agent.role < Role::Curator {
        return Err(not_theirs().into());
    }
    Ok(reply)
}

fn not_theirs() -> Error {
    Error::Forbidden(t!("saved-curators"))
}

async fn refuse(
    web: &Web,
    agent: &Agent,
    refused: Refused,
    written: Written,
    id: Option<SavedReplyId>,
) -> Result<Response, PageError> {
    let problem = match refused {
        Refused::Unfit(what) => say_of("unfit-reply", what),
        Refused::Unknown(name) => {
            let known: Vec<String> = known().iter().map(|it| braced(it)).collect();
            t!("reply-unknown-variable", name = braced(&name), known = known.join(", "))
        }
        Refused::NotTheirs => return Err(not_theirs().into()),
    };
    let page = read(web, agent, Wanted::default(), Some(Kept { problem, written, id })).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
}

async fn read(
    web: &Web,
    agent: &Agent,
    wanted: Wanted,
    kept: Option<Kept>,
) -> Result<RepliesPage, PageError> {
    let (store, now) = (&web.desk.store, web.desk.clock.now());
    let mut replies = store.saved_replies(&agent.id, MOST).await?;
    if !wanted.q.trim().is_empty() {
        replies = likeliest(replies, &wanted.q, None);
    }
    let (found, page) = (replies.len(), wanted.page.unwrap_or(1).max(1));
    let view = |reply: SavedReply| ReplyView {
        is_theirs: reply.owner_id.is_some() || agent.role >= Role::Curator,
        is_shared: reply.owner_id.is_none(),
        id: reply.id,
        title: reply.title,
        body: reply.body,
        lang: reply.lang.map(|lang| lang.to_string()).unwrap_or_default(),
        shortcut: reply.shortcut.unwrap_or_default(),
        since: Moment::new(reply.updated_at, now),
    };
    let shown = replies.into_iter().skip((page - 1).saturating_mul(PAGE)).take(PAGE);
    let removed = match &wanted.removed {
        Some(id) => store.find_saved_reply(&SavedReplyId::from(id.as_str()), &agent.id).await?,
        None => None,
    };
    let frame = Frame::new(web, agent, "replies").await?;
    Ok(RepliesPage {
        frame: frame.with_notice(wanted.done.as_deref()),
        replies: shown.map(view).collect(),
        sought: wanted.q,
        found,
        page,
        more: page.saturating_mul(PAGE) < found,
        kept,
        removed: removed.filter(|it| it.removed_at.is_some()).map(|it| (it.id, it.title)),
        variables: known(),
    })
}
