//! A customer's word that an automatic answer did not help.

use super::visitor::Visitor;
use crate::conversation::MessageId;
use crate::store::Acted;
use crate::web::throttle::Limit;
use crate::web::{Error, State};
use axum::extract::Path;
use axum::http::StatusCode;

/// Answers that a visitor may mark in a minute.
const MARKS: Limit = Limit::per_minute(30);

/// Brings an automatic answer of the visitor's own chat before a person; said twice it is said once.
pub(super) async fn unhelpful(
    web: State,
    visitor: Visitor,
    Path((_, message)): Path<(String, MessageId)>,
) -> Result<StatusCode, Error> {
    let unknown = || Error::NotFound("there is no such answer in this chat".into());
    let key = format!("unhelpful {}", visitor.contact);
    web.throttle.count(key, MARKS, web.desk.clock.now()).map_err(Error::TooMany)?;
    let newest = web.desk.store.find_newest_conversation(&visitor.inbox, &visitor.contact).await?;
    let conversation = newest.ok_or_else(unknown)?;
    match web.desk.thumbs_down(&conversation, &message).await? {
        Acted::Done(_) => Ok(StatusCode::NO_CONTENT),
        Acted::Stale | Acted::Held | Acted::NoConversation => Err(unknown()),
    }
}
