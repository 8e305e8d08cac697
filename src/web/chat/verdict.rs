//! A customer's word on an automatic answer: it helped, or it did not.

use super::visitor::Visitor;
use crate::conversation::{ConversationId, MessageId};
use crate::store::Acted;
use crate::web::throttle::Limit;
use crate::web::{Error, State, Web};
use axum::extract::Path;
use axum::http::StatusCode;

/// Answers that a visitor may mark in a minute.
const MARKS: Limit = Limit::per_minute(30);

/// Notes that an automatic answer of the visitor's own chat helped; the team sees it.
pub(super) async fn helpful(
    web: State,
    visitor: Visitor,
    Path((_, message)): Path<(String, MessageId)>,
) -> Result<StatusCode, Error> {
    let conversation = conversation(&web, &visitor, &message).await?;
    let now = web.desk.clock.now();
    if !web.desk.store.judge_answer(&conversation, &message, true, now).await? {
        return Err(unknown());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Brings an automatic answer of the visitor's own chat before a person; said twice it is said once.
pub(super) async fn unhelpful(
    web: State,
    visitor: Visitor,
    Path((_, message)): Path<(String, MessageId)>,
) -> Result<StatusCode, Error> {
    let conversation = conversation(&web, &visitor, &message).await?;
    match web.desk.thumbs_down(&conversation, &message).await? {
        Acted::Done(_) => {}
        Acted::Stale
        | Acted::Held
        | Acted::NoFile
        | Acted::Full
        | Acted::Blocked
        | Acted::Nobody
        | Acted::Unwanted(_)
        | Acted::NoConversation => return Err(unknown()),
    }
    let now = web.desk.clock.now();
    web.desk.store.judge_answer(&conversation, &message, false, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The conversation of the visitor's own that an answer stands in.
async fn conversation(
    web: &Web,
    visitor: &Visitor,
    message: &MessageId,
) -> Result<ConversationId, Error> {
    let key = format!("verdict {}", visitor.contact);
    web.throttle.count(key, MARKS, web.desk.clock.now()).map_err(Error::TooMany)?;
    let store = &web.desk.store;
    let found = store.find_chat_with(&visitor.inbox, &visitor.contact, message).await?;
    found.ok_or_else(unknown)
}

fn unknown() -> Error {
    Error::NotFound("there is no such answer in this chat".into())
}
