//! Files of a chat: taken in by content and size, kept under names of ours, given out as downloads only.

use super::sniff;
use super::visitor::Visitor;
use crate::conversation::{Attachment, AttachmentId};
use crate::store::StoredAttachment;
use crate::web::address::Address;
use crate::web::throttle::Limit;
use crate::web::{Error, State, Web, attachment};
use anyhow::{Context as _, Result};
use axum::Json;
use axum::extract::Path;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::TimeDelta;
use tokio::io::AsyncWriteExt as _;

/// Files that a visitor may send in a day.
const FILES_A_DAY: i64 = 20;
/// Files that one address may send in a day, whoever it is there.
const FILES_FROM_ADDRESS: Limit = Limit::per_day(100);
/// Characters that a file's name keeps.
const LONGEST_NAME: usize = 120;

impl Visitor {
    /// Whether a file is this visitor's own.
    pub(super) fn owns(&self, file: &StoredAttachment) -> bool {
        file.contact_id == self.contact && file.inbox == self.inbox
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
    let mut form = form.map_err(|_| {
        Error::UnsupportedMedia(
            "send the file as multipart/form-data, in a field named file".into(),
        )
    })?;
    let field = form.next_field().await.map_err(|error| broken(&error))?;
    let field = field.filter(|field| field.name() == Some("file"));
    let field = field.ok_or_else(|| Error::BadRequest("there is no field named file".into()))?;
    let name = tidy(field.file_name().unwrap_or(""));
    let bytes = whole(field, web.desk.config.attachments.max_bytes).await?;
    let file = described(&web, &visitor, name, &bytes)?;
    keep(&web, &file, &bytes).await?;
    web.desk.store.add_attachment(&file, now).await?;
    let StoredAttachment { id, name, media_type, size, .. } = file;
    let file = Attachment { id, name, media_type, size, url: None, heard: None };
    Ok((StatusCode::CREATED, Json(file)))
}

/// Gives a file back to the visitor who sent it.
pub(super) async fn download(
    web: State,
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let file = web.desk.store.find_attachment(&AttachmentId::from(id)).await?;
    let file = file.filter(|file| visitor.owns(file)).ok_or_else(attachment::gone)?;
    attachment::response(&web, &file).await
}

async fn whole(mut field: Field<'_>, most: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        if bytes.len() + chunk.len() > most {
            return Err(Error::TooLarge(format!("the file is too large; at most {most} bytes")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn broken(error: &MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge("the file is too large".into()),
        _ => Error::BadRequest("the file did not arrive whole; send it again".into()),
    }
}

fn described(
    web: &Web,
    visitor: &Visitor,
    name: String,
    bytes: &[u8],
) -> Result<StoredAttachment, Error> {
    let allowed = &web.desk.config.attachments.types;
    let media_type = sniff::media_type(bytes)
        .filter(|found| allowed.iter().any(|allowed| allowed == found))
        .ok_or_else(|| {
            Error::UnsupportedMedia(format!(
                "files of this kind are not taken; send one of {}",
                allowed.join(", ")
            ))
        })?;
    Ok(StoredAttachment {
        id: AttachmentId::fresh(),
        inbox: visitor.inbox.clone(),
        contact_id: visitor.contact.clone(),
        conversation_id: None,
        name,
        media_type: media_type.to_owned(),
        size: i64::try_from(bytes.len()).context("counting the bytes of a file")?,
    })
}

/// Writes the bytes through to the disk, so that no record speaks of a file that a crash took.
async fn keep(web: &Web, file: &StoredAttachment, bytes: &[u8]) -> Result<()> {
    let path = attachment::path(web, file);
    let write = async {
        let mut kept = tokio::fs::File::create_new(&path).await?;
        kept.write_all(bytes).await?;
        kept.sync_all().await
    };
    write.await.with_context(|| format!("writing attachment {}", file.id))
}

/// A name that is fit to be shown and offered: no path, nothing hidden, not too long.
fn tidy(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or("");
    let shows = |character: &char| {
        !character.is_control()
            && !matches!(character,
                '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let name: String = name.chars().filter(shows).collect();
    let name = name.trim().trim_start_matches('.');
    let excess = name.chars().count().saturating_sub(LONGEST_NAME);
    let name: String = name.chars().skip(excess).collect();
    if name.is_empty() { "file".into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_NAME, tidy};

    #[test]
    fn a_files_name_is_only_shown() {
        for (name, tidied) in [
            ("holiday photo.jpg", "holiday photo.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\me\\bill.pdf", "bill.pdf"),
            ("..", "file"),
            (".htaccess", "htaccess"),
            ("", "file"),
            ("a\r\nb\u{202e}gpj.exe", "abgpj.exe"),
            ("Rechnung März.pdf", "Rechnung März.pdf"),
        ] {
            assert_eq!(tidy(name), tidied, "{name:?}");
        }
        let long = format!("{}.pdf", "x".repeat(65_536));
        assert_eq!(tidy(&long), format!("{}.pdf", "x".repeat(LONGEST_NAME - 4)));
    }
}
