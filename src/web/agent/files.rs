//! Files that agents attach to what they send: uploaded on their own, and named by the form that sends them.

use super::session::SignedIn;
use super::thread::size;
use crate::conversation::{AgentId, Attachment, AttachmentId, Conversation, ConversationId};
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
    pub(super) fn new(file: &Attachment) -> Self {
        Self {
            id: file.id.to_string(),
            name: markdown::visible(&file.name),
            about: size(file.size),
        }
    }
}

/// The files that go with what is written, and how many and how large they may be.
pub(super) struct Attach {
    pub(super) chips: Vec<Chip>,
    pub(super) max_files: usize,
    pub(super) max_bytes: usize,
    pub(super) large: String,
    /// The kinds of file that are taken, as a browser asks for them.
    pub(super) kinds: String,
}

impl Attach {
    /// `kept` are files of an act that did not take effect: those that can still go along stay.
    pub(super) async fn read(
        web: &Web,
        conversation: &Conversation,
        agent: &AgentId,
        kept: &[AttachmentId],
    ) -> anyhow::Result<Option<Self>> {
        if !web.desk.carries_files(&conversation.inbox) {
            return Ok(None);
        }
        let limits = &web.desk.config.attachments;
        let files = web.desk.store.unsent_files(&conversation.id, agent, kept).await?;
        Ok(Some(Self {
            chips: files.iter().map(Chip::new).collect(),
            max_files: limits.max_per_message,
            max_bytes: limits.max_bytes,
            large: size(i64::try_from(limits.max_bytes).unwrap_or(i64::MAX)),
            kinds: limits.types.join(","),
        }))
    }

    /// The identifiers of the files, as their form sends them.
    pub(super) fn ids(&self) -> String {
        self.chips.iter().map(|chip| chip.id.as_str()).collect::<Vec<_>>().join(",")
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
