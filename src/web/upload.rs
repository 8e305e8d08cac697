//! Files on their way in: taken by content and size, kept under names of ours.

use super::{Web, attachment};
use crate::media;
use crate::store::StoredAttachment;
use anyhow::{Context as _, Result};
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::http::StatusCode;
use tokio::io::AsyncWriteExt as _;

/// Characters that a file's name keeps.
const LONGEST_NAME: usize = 120;

/// A file that came in and may be kept.
pub(super) struct Upload {
    /// A name that is fit to be shown.
    pub(super) name: String,
    /// The media type found by its content.
    pub(super) media_type: &'static str,
    /// Its content.
    pub(super) bytes: Vec<u8>,
}

impl Upload {
    /// Its size in bytes.
    pub(super) fn size(&self) -> Result<i64> {
        i64::try_from(self.bytes.len()).context("counting the bytes of a file")
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// What came is no form with a file in it.
    NoForm,
    /// The form has no field named `file`.
    NoFile,
    /// The line broke off.
    Broken,
    /// It is larger than the settings allow.
    TooLarge,
    /// Its content is of no kind that the settings allow.
    Kind,
}

/// Reads the file in the field `file` of a form.
pub(super) async fn take(
    web: &Web,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Upload, Unfit> {
    let limits = &web.desk.config.attachments;
    let mut form = form.map_err(|_| Unfit::NoForm)?;
    let field = form.next_field().await.map_err(|error| broken(&error))?;
    let field = field.filter(|field| field.name() == Some("file")).ok_or(Unfit::NoFile)?;
    let name = tidy(field.file_name().unwrap_or(""));
    let bytes = whole(field, limits.max_bytes).await?;
    let media_type = media::media_type(&bytes)
        .filter(|found| limits.types.iter().any(|allowed| allowed == found))
        .ok_or(Unfit::Kind)?;
    Ok(Upload { name, media_type, bytes })
}

async fn whole(mut field: Field<'_>, most: usize) -> Result<Vec<u8>, Unfit> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        if bytes.len() + chunk.len() > most {
            return Err(Unfit::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn broken(error: &MultipartError) -> Unfit {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Unfit::TooLarge,
        _ => Unfit::Broken,
    }
}

/// Writes the bytes through to the disk, so that no record speaks of a file that a crash took.
pub(super) async fn keep(web: &Web, file: &StoredAttachment, bytes: &[u8]) -> Result<()> {
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
