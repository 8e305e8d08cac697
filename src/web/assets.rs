//! Our style sheets, scripts and pictures, embedded in the binary and served so that browsers keep them.

use super::Error;
use crate::token;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "src/web/static/"]
struct Assets;

/// A file of ours. Browsers ask again each time and are mostly told that theirs is still good: a new
/// release shows at once.
pub(super) async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let Some(file) = Assets::get(&path) else {
        return Err(Error::NotFound("there is no such file".into()));
    };
    let tag = tag(&file.metadata.sha256_hash());
    let common = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache")),
    ];
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    if known.filter_map(|value| value.to_str().ok()).any(|tags| names(tags, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(media_type(&path)))];
    Ok((common, kind, file.data).into_response())
}

fn tag(hash: &[u8; 32]) -> HeaderValue {
    let tag = format!("\"{}\"", token::hex(&hash[..16]));
    HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""))
}

fn names(tags: &str, tag: &HeaderValue) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    tags.split(',').any(|known| known.trim() == "*" || strong(known).as_bytes() == tag.as_bytes())
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
