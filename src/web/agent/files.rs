//! Files that agents attach to what they send: uploaded on their own, and named by the form that sends them.

use super::session::SignedIn;
use super::thread::size;
use crate::conversation::{Attachment, AttachmentId, ConversationId};
use crate::store::StoredAttachment;
use crate::web::upload::{self, Unfit};
use crate::web::{Error, State, Web, markdown};
use axum::Json;
use axum::extract::Path;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};

/// Files that an agent may upload in an hour.
const FILES_AN_HOUR: i64 = 50;
/// Seconds after which more is taken, at the latest.
const AN_HOUR: u64 = 3_600;

/// A file in the composer.
pub(super) struct Chip {
    pub(super) id: String,
    pub(super) name: String,
    /// Its size in words.
    pub(super) about: String,
}

impl Chip {
    pub(super) fn new(file: Attachment) -> Self {
        Self {
            id: file.id.to_string(),
            name: markdown::visible(&file.name),
            about: size(file.size),
        }
    }
}

/// Takes in a file that is to go with the next words in a conversation.
pub(super) async fn attach(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<ConversationId>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<Value>), Error> {
    let (store, now) = (&web.desk.store, web.desk.clock.now());
    let id = store.survivor(&id).await?;
    let conversation = store.find_conversation(&id).await?;
    let conversation = conversation.ok_or_else(|| Error::NotFound(t!("error-no-conversation")))?;
    if !web.desk.carries_files(&conversation.inbox) {
        return Err(Error::Conflict(t!("attach-no-channel")));
    }
    if store.count_agent_files(&agent.id, now - TimeDelta::hours(1)).await? >= FILES_AN_HOUR {
        return Err(Error::TooMany(AN_HOUR));
    }
    let upload = upload::take(&web, form).await.map_err(|unfit| refusal(&web, unfit))?;
    let file = StoredAttachment {
        id: AttachmentId::fresh(),
        inbox: conversation.inbox,
        contact_id: conversation.contact_id,
        conversation_id: Some(id),
        size: upload.size()?,
        media_type: upload.media_type.to_owned(),
        name: upload.name,
    };
    upload::keep(&web, &file, &upload.bytes).await?;
    store.add_agent_file(&file, &agent.id, now).await?;
    let told =
        json!({ "id": file.id, "name": file.name, "size": file.size, "about": size(file.size) });
    Ok((StatusCode::CREATED, Json(told)))
}

/// The files that a form names, each once.
pub(super) fn named(files: &str) -> Vec<AttachmentId> {
    let mut named: Vec<AttachmentId> = Vec::new();
    for id in files.split(',').map(str::trim).filter(|id| !id.is_empty()) {
        let id = AttachmentId::from(id);
        if !named.contains(&id) {
            named.push(id);
        }
    }
    named
}

/// Why a file is not taken, as its agent reads it.
fn refusal(web: &Web, unfit: Unfit) -> Error {
    let limits = &web.desk.config.attachments;
    match unfit {
        Unfit::NoForm | Unfit::NoFile | Unfit::Broken => Error::BadRequest(t!("attach-broken")),
        Unfit::TooLarge => {
            let most = i64::try_from(limits.max_bytes).unwrap_or(i64::MAX);
            Error::TooLarge(t!("attach-large", size = size(most)))
        }
        Unfit::Kind => Error::UnsupportedMedia(t!("attach-kind", kinds = limits.types.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_form_names_files_with_commas_between_them() {
        for (files, ids) in [
            ("", vec![]),
            ("a", vec!["a"]),
            ("a,b", vec!["a", "b"]),
            (" a , b ,", vec!["a", "b"]),
            ("a,b,a", vec!["a", "b"]),
        ] {
            let found: Vec<String> = named(files).iter().map(ToString::to_string).collect();
            assert_eq!(found, ids, "{files:?}");
        }
    }
}
