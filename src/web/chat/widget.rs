//! The one line that a business puts into its pages: a script that adds the chat in a corner.

use crate::conversation::ChannelKind;
use crate::web::{Error, State, assets, intake};
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;

/// The script; it finds out by its own address which inbox it is for.
pub(super) async fn widget(
    web: State,
    Path(inbox): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    intake::inbox(&web, &inbox, ChannelKind::Webchat)?;
    assets::asset(Path("widget.js".to_owned()), headers).await
}
