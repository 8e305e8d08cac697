//! The messages of a chat: listed, sent and marked as read.

use super::follow::Follower;
use super::visitor::Visitor;
use crate::channel::Arrival;
use crate::conversation::{Attachment, Author, ConversationId, Inbound, Message, MessageId};
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
use std::time::Duration;

/// Messages that a visitor may send in a minute.
const MESSAGES: Limit = Limit::per_minute(30);
/// Messages that one address may send in a minute: an office full of visitors, or one who is always
/// somebody new.
const MESSAGES_FROM_ADDRESS: Limit = Limit::per_minute(120);
/// How long a request for news may wait: less than proxies allow.
const LONGEST_WAIT: Duration = Duration::from_secs(25);

/// A message as the page shows it: the visitor's as plain text, ours as safe HTML.
#[derive(Serialize)]
pub(super) struct ShownMessage {
    id: MessageId,
    conversation: ConversationId,
    pub(super) shown: i64,
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
        let client_id = message.external_id.as_deref().and_then(|id| id.rsplit_once('/'));
        let html = (!is_theirs).then(|| markdown::to_html(&message.body));
        let mut sources = Vec::new();
        for citation in message.citations {
            if !sources.contains(&citation.title) {
                sources.push(citation.title);
            }
        }
        Self {
            id: message.id,
            conversation: message.conversation_id,
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

#[derive(Deserialize)]
pub(super) struct Asked {
    /// The cursor of what the page has.
    after: Option<String>,
    /// Seconds to wait for news.
    wait: Option<u64>,
    /// The tag of the standing that the page shows; another one is news.
    status: Option<String>,
}

/// The messages that the visitor sees after a place, oldest first; on request as soon as there are any.
pub(super) async fn list(
    web: State,
    visitor: Visitor,
    Address(address): Address,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, Error> {
    web.desk.store.note_visit(&visitor.token_hash, web.desk.clock.now()).await?;
    let place = match asked.wait {
        Some(_) => Some(web.streams.enter(&visitor.contact, address)?),
        None => None,
    };
    let mut follower = Follower::new(&web, visitor, asked.after.as_deref(), asked.status);
    let wait = Duration::from_secs(asked.wait.unwrap_or(0)).min(LONGEST_WAIT);
    let batch = follower.within(wait).await?;
    drop(place);
    Ok(Json(json!({
        "messages": batch.messages,
        "cursor": follower.cursor(),
        "status": batch.standing,
        "tag": batch.standing.tag(),
    })))
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
        let stored = visitor.file(web, &attachment.id).await?.ok_or_else(unknown)?;
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
    /// The conversation that the number counts in; without it, the newest one.
    conversation: Option<ConversationId>,
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
    let states = store.chat_states(&visitor.inbox, &visitor.contact).await?;
    let meant = |id: &ConversationId| read.conversation.as_ref().is_none_or(|it| it == id);
    if let Some(state) = states.iter().find(|state| meant(&state.id)) {
        store.mark_read(&state.id, read.shown, web.desk.clock.now()).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
