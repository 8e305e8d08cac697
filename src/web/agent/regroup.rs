//! Putting together and taking apart: contacts and conversations, and undoing that from the line that tells it.

use super::form::Act;
use super::page::PageError;
use crate::conversation::{ContactId, ConversationId, MessageId, RegroupId};
use crate::store::Regrouped;
use crate::web::Error;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

/// Notes that two contacts are one person.
pub(super) async fn merge_contact(act: Act) -> Result<Response, PageError> {
    let other = ContactId::from(act.sent.other.trim());
    let done = act.web.desk.merge_contact(&act.id, &other, &act.agent.id).await?;
    answer(act, done, "contacts-merged", t!("regroup-one-person")).await
}

/// Merges two conversations.
pub(super) async fn merge(act: Act) -> Result<Response, PageError> {
    let other = ConversationId::from(act.sent.other.trim());
    let done = act.web.desk.merge_conversations(&act.id, &other, &act.agent.id).await?;
    answer(act, done, "merged", t!("regroup-not-two")).await
}

/// Splits a conversation before a message.
pub(super) async fn split(act: Act) -> Result<Response, PageError> {
    let message = MessageId::from(act.sent.other.trim());
    let done = act.web.desk.split_conversation(&act.id, &message, &act.agent.id).await?;
    answer(act, done, "split", t!("regroup-not-here")).await
}

/// Undoes what was put together or taken apart.
pub(super) async fn undo(act: Act) -> Result<Response, PageError> {
    let regroup = RegroupId::from(act.thing.as_str());
    let done = act.web.desk.undo_regroup(&act.id, &regroup, &act.agent.id).await?;
    answer(act, done, "regroup-undone", t!("regroup-not-undone")).await
}

/// To the conversation to go on with, or to the same page with why nothing was done.
async fn answer(
    act: Act,
    done: Regrouped,
    word: &str,
    unfit: String,
) -> Result<Response, PageError> {
    match done {
        Regrouped::Done(id) => {
            // What has moved is found where it is now.
            act.web.finder.renew(&[&act.id, &id]).await?;
            let to = format!("/conversations/{id}?queue={}&done={word}", act.queue);
            Ok(Redirect::to(&to).into_response())
        }
        Regrouped::Held => act.again(StatusCode::CONFLICT, t!("held-problem")).await,
        Regrouped::Unfit => act.again(StatusCode::CONFLICT, unfit).await,
        Regrouped::Gone => Err(Error::NotFound(t!("error-nothing-here")).into()),
    }
}
