//! Files that customers sent, for the agents.

use super::page::PageError;
use crate::conversation::AttachmentId;
use crate::web::{State, attachment};
use axum::extract::Path;
use axum::response::Response;

/// A stored picture, to look at.
pub(super) async fn picture(web: State, Path(id): Path<String>) -> Result<Response, PageError> {
    let stored = web.desk.store.find_attachment(&AttachmentId::from(id)).await?;
    Ok(attachment::picture(&web, &stored.ok_or_else(attachment::gone)?).await?)
}

/// A stored file. Only a name that the store knows ever becomes a path.
pub(super) async fn file(web: State, Path(id): Path<String>) -> Result<Response, PageError> {
    let stored = web.desk.store.find_attachment(&AttachmentId::from(id)).await?;
    Ok(attachment::response(&web, &stored.ok_or_else(attachment::gone)?).await?)
}
