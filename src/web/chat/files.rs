//! Files of a chat: taken in from its visitor, and given out to them as downloads only.

use super::visitor::Visitor;
use crate::conversation::{Attachment, AttachmentId};
use crate::store::StoredAttachment;
use crate::web::address::Address;
use crate::web::throttle::Limit;
use crate::web::upload::{self, Unfit};
use crate::web::{Error, State, Web, attachment};
use axum::Json;
use axum::extract::Path;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::TimeDelta;

/// Files that a visitor may send in a day.
const FILES_A_DAY: i64 = 20;
/// Files that one address may send in a day, whoever it is there.
const FILES_FROM_ADDRESS: Limit = Limit::per_day(100);

impl Visitor {
    /// A file that this visitor sent, or that came to them with a message.
    pub(super) async fn file(
        &self,
        web: &Web,
        id: &AttachmentId,
    ) -> Result<Option<StoredAttachment>, Error> {
        let found = web.desk.store.find_attachment(id).await?;
        let own = found.filter(|it| it.contact_id == self.contact && it.inbox == self.inbox);
        Ok(if web.desk.store.is_theirs(id).await? { own } else { None })
    }
}

/// Takes a file in, to be sent with a message afterwards.
pub(super) async fn upload(
    web: State,
    visitor: Visitor,
    Address(address): Address,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<Attachment>), Error> {
    let now = web.desk.clock.now();
    let sent = web.desk.store.count_attachments(&visitor.contact, now - TimeDelta::days(1)).await?;
    if sent >= FILES_A_DAY {
        return Err(Error::TooMany(3_600));
    }
    web.throttle
        .count(format!("file {address}"), FILES_FROM_ADDRESS, now)
        .map_err(Error::TooMany)?;
    let upload = upload::take(&web, form).await.map_err(|unfit| refusal(&web, unfit))?;
    let file = StoredAttachment {
        id: AttachmentId::fresh(),
        inbox: visitor.inbox.clone(),
        contact_id: visitor.contact.clone(),
        conversation_id: None,
        size: upload.size()?,
        media_type: upload.media_type.to_owned(),
        name: upload.name,
    };
    upload::keep(&web, &file, &upload.bytes).await?;
    web.desk.store.add_attachment(&file, now).await?;
    let StoredAttachment { id, name, media_type, size, .. } = file;
    let file = Attachment { id, name, media_type, size, url: None, missing: None, heard: None };
    Ok((StatusCode::CREATED, Json(file)))
}

/// Gives a file to the visitor who sent it, or to whom it was sent.
pub(super) async fn download(
    web: State,
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let file = visitor.file(&web, &AttachmentId::from(id)).await?.ok_or_else(attachment::gone)?;
    attachment::response(&web, &file).await
}

/// Why a file is not taken, as whoever sent it reads it.
fn refusal(web: &Web, unfit: Unfit) -> Error {
    let limits = &web.desk.config.attachments;
    match unfit {
        Unfit::NoForm => Error::UnsupportedMedia(
            "send the file as multipart/form-data, in a field named file".into(),
        ),
        Unfit::NoFile => Error::BadRequest("there is no field named file".into()),
        Unfit::Broken => Error::BadRequest("the file did not arrive whole; send it again".into()),
        Unfit::TooLarge => {
            Error::TooLarge(format!("the file is too large; at most {} bytes", limits.max_bytes))
        }
        Unfit::Kind => Error::UnsupportedMedia(format!(
            "files of this kind are not taken; send one of {}",
            limits.types.join(", ")
        )),
    }
}
