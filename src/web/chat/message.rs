//! The messages of a chat: listed, sent and marked as read.

use super::visitor::Visitor;
use crate::channel::Arrival;
use crate::conversation::{
    Attachment, Author, ConversationId, Inbound, InboxName, Message, MessageId, Mode, Status,
};
use crate::store::ChatState;
use crate::web::address::Address;
use crate::web::intake::{self, Body};
use crate::web::throttle::Limit;
use crate::web::{Error, State, Web, markdown};
use anyhow::Context as _;
use axum::Json;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Messages that a visitor may send in a minute.
const MESSAGES: Limit = Limit::per_minute(30);
/// Messages that one address may send in a minute: an office full of visitors, or one who is always
/// somebody new.
const MESSAGES_FROM_ADDRESS: Limit = Limit::per_minute(120);
/// Messages that one answer holds at most; a page that opens gets the newest.
pub(super) const PAGE: i64 = 200;

/// A place in a visitor's chat: their newest conversation may change, and its numbers with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) conversation: ConversationId,
    pub(super) shown: i64,
}

impl Cursor {
    /// Where in `state` to go on after what the page has, which is nothing of another conversation.
    pub(super) fn resume(state: &ChatState, told: Option<&str>) -> Self {
        let newest_page = (state.last_shown - PAGE).max(0);
        let shown =
            match told.map(|told| told.rsplit_once('.').unwrap_or((state.id.as_str(), told))) {
                Some((conversation, shown)) if conversation == state.id.as_str() => {
                    shown.parse().unwrap_or(newest_page)
                }
                _ => newest_page,
            };
        Self { conversation: state.id.clone(), shown }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.conversation, self.shown)
    }
}

/// A message as the page shows it: the visitor's as plain text, ours as safe HTML.
#[derive(Serialize)]
pub(super) struct ShownMessage {
    pub(super) cursor: String,
    id: MessageId,
    shown: i64,
    author: Author,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
    sources: Vec<String>,
    choices: Vec<String>,
    attachments: Vec<Attachment>,
    sent_at: DateTime<Utc>,
}

impl From<Message> for ShownMessage {
    fn from(message: Message) -> Self {
        let shown = message.shown.unwrap_or(0);
        let is_theirs = message.author == Author::Customer;
        let client_id = message.external_id.as_deref().and_then(|id| id.split_once('/'));
        let html = (!is_theirs).then(|| markdown::to_html(&message.body));
        let mut sources = Vec::new();
        for citation in message.citations {
            if !sources.contains(&citation.title) {
                sources.push(citation.title);
            }
        }
        Self {
            cursor: Cursor { conversation: message.conversation_id, shown }.to_string(),
            id: message.id,
            shown,
            author: message.author,
            client_id: client_id.map(|(_, id)| id.to_owned()),
            text: is_theirs.then_some(message.body),
            html,
            sources,
            choices: message.choices,
            attachments: message.attachments,
            sent_at: message.sent_at,
        }
    }
}

/// How the chat stands, beside its messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Standing {
    /// Whether an automatic reply may come at any moment.
    typing: bool,
    /// Whose move it is: `bot`, `waiting` for a person, or with a `person`.
    with: &'static str,
}

impl Standing {
    pub(super) fn of(web: &Web, inbox: &InboxName, state: Option<&ChatState>) -> Self {
        let with = match state.map(|state| state.status) {
            None | Some(Status::Bot | Status::Resolved) => "bot",
            Some(Status::Waiting) => "waiting",
            Some(Status::WithAgent | Status::Snoozed) => "person",
        };
        let may_reply = web.desk.config.inbox(inbox).is_some_and(|inbox| inbox.mode == Mode::Auto);
        let typing = may_reply && with == "bot" && state.is_some_and(|state| state.busy);
        Self { typing, with }
    }
}

#[derive(Deserialize)]
pub(super) struct After {
    after: Option<String>,
}

/// The messages that the visitor sees after a place, oldest first.
pub(super) async fn list(
    web: State,
    visitor: Visitor,
    Query(after): Query<After>,
) -> Result<Json<Value>, Error> {
    let store = &web.desk.store;
    store.note_visit(&visitor.token_hash, web.desk.clock.now()).await?;
    let state = store.find_chat_state(&visitor.inbox, &visitor.contact).await?;
    let standing = Standing::of(&web, &visitor.inbox, state.as_ref());
    let Some(state) = state else {
        return Ok(Json(json!({ "messages": [], "cursor": null, "status": standing })));
    };
    let from = Cursor::resume(&state, after.after.as_deref());
    let messages = store.shown_messages(&state.id, from.shown, PAGE).await?;
    let messages: Vec<ShownMessage> = messages.into_iter().map(ShownMessage::from).collect();
    let cursor = messages.last().map_or_else(|| from.to_string(), |last| last.cursor.clone());
    Ok(Json(json!({ "messages": messages, "cursor": cursor, "status": standing })))
}

/// Takes in a visitor's message; answers once it is safely stored.
pub(super) async fn post(
    web: State,
    visitor: Visitor,
    Address(address): Address,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Value>), Error> {
    let now = web.desk.clock.now();
    for (who, limit) in
        [(visitor.contact.to_string(), MESSAGES), (address.to_string(), MESSAGES_FROM_ADDRESS)]
    {
        web.throttle.count(format!("message {who}"), limit, now).map_err(Error::TooMany)?;
    }
    let body = intake::json_body(&headers, body)?;
    let identity = web.desk.store.identity_of(&visitor.inbox, &visitor.contact).await?;
    let arrival = Arrival { headers: &headers, body: &body, visitor: Some(&identity), now };
    let mut parsed = intake::parse(&web, &visitor.inbox, arrival)?;
    let mut inbound = parsed.pop().context("a post without a message")?;
    fill_in_files(&web, &visitor, &mut inbound).await?;
    let received = intake::store(&web, inbound).await?;
    let accepted = json!({
        "message_id": received.message_id,
        "conversation_id": received.conversation_id,
        "duplicate": received.duplicate,
    });
    Ok((StatusCode::ACCEPTED, Json(accepted)))
}

/// Replaces the files that the page named by what is known of them; only the visitor's own count.
async fn fill_in_files(web: &Web, visitor: &Visitor, inbound: &mut Inbound) -> Result<(), Error> {
    let most = web.desk.config.attachments.max_per_message;
    if inbound.attachments.len() > most {
        return Err(Error::BadRequest(format!("a message may carry {most} files")));
    }
    for attachment in &mut inbound.attachments {
        let unknown =
            || Error::BadRequest("a file of this message is not known; add it again".into());
        if attachment.id.as_str().contains(char::is_control) {
            return Err(unknown());
        }
        let stored = web.desk.store.find_attachment(&attachment.id).await?;
        let stored = stored.filter(|stored| visitor.owns(stored)).ok_or_else(unknown)?;
        attachment.name = stored.name;
        attachment.media_type = stored.media_type;
        attachment.size = stored.size;
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadUpTo {
    shown: i64,
}

/// Marks what was shown up to a number as read.
pub(super) async fn read(
    web: State,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Error> {
    let body = intake::json_body(&headers, body)?;
    let read: ReadUpTo = serde_json::from_slice(&body)
        .map_err(|error| Error::BadRequest(format!("the body is not as expected: {error}")))?;
    let store = &web.desk.store;
    if let Some(id) = store.find_newest_conversation(&visitor.inbox, &visitor.contact).await? {
        store.mark_read(&id, read.shown, web.desk.clock.now()).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::{Cursor, PAGE};
    use crate::conversation::{ConversationId, Status};
    use crate::store::ChatState;

    #[test]
    fn a_page_goes_on_where_it_was_unless_the_conversation_is_another() {
        let id = ConversationId::from("c-2");
        let state =
            |last_shown| ChatState { id: id.clone(), status: Status::Bot, last_shown, busy: false };
        for (last_shown, told, shown) in [
            (7, None, 0),
            (7, Some("c-2.5"), 5),
            (7, Some("5"), 5),
            (7, Some("c-1.6"), 0),
            (7, Some("c-2.nonsense"), 0),
            (7, Some(""), 0),
            (PAGE + 7, None, 7),
            (PAGE + 7, Some("c-2.0"), 0),
        ] {
            let cursor = Cursor::resume(&state(last_shown), told);
            assert_eq!(cursor, Cursor { conversation: id.clone(), shown }, "{told:?}");
        }
    }
}
