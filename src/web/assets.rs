//! Our style sheets, scripts and pictures, embedded in the binary and served so that browsers keep them.

use super::Error;
use crate::token;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::RustEmbed;
use std::collections::HashMap;
use std::io::Write as _;
use std::sync::LazyLock;

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
        (header::VARY, HeaderValue::from_static("accept-encoding")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache")),
    ];
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    if known.filter_map(|value| value.to_str().ok()).any(|tags| names(tags, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(media_type(&path)))];
    let compressed = COMPRESSED.get(&path).filter(|_| takes_gzip(&headers));
    Ok(match compressed {
        Some(bytes) => {
            let encoding = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
            (common, kind, encoding, bytes.as_slice()).into_response()
        }
        None => (common, kind, file.data).into_response(),
    })
}

/// Every file, compressed once for all requests.
static COMPRESSED: LazyLock<HashMap<String, Vec<u8>>> = LazyLock::new(|| {
    let files = Assets::iter().filter_map(|path| {
        let bytes = gzip(&Assets::get(&path)?.data)?;
        Some((path.into_owned(), bytes))
    });
    files.collect()
});

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// Whether a browser takes files that are compressed with gzip.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    accepted.filter_map(|value| value.to_str().ok()).flat_map(|it| it.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().trim_start_matches("q=").parse::<f32>().unwrap_or(1.0);
        name.trim().eq_ignore_ascii_case("gzip") && weight > 0.0
    })
}

fn tag(hash: &[u8; 32]) -> HeaderValue {
    // Weak: compressed or not, it is the same file.
    let tag = format!("W/\"{}\"", token::hex(&hash[..16]));
    HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("W/\"\""))
}

fn names(tags: &str, tag: &HeaderValue) -> bool {
    fn strong(tag: &str) -> &str {
        tag.trim().trim_start_matches("W/")
    }
    let tag = strong(tag.to_str().unwrap_or(""));
    tags.split(',').any(|known| known.trim() == "*" || strong(known) == tag)
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

#[cfg(test)]
mod tests {
    use super::{Assets, COMPRESSED, takes_gzip};
    use axum::http::{HeaderMap, HeaderValue, header};

    /// Bytes that every page of a shop may be made to load.
    const LAUNCHER: usize = 12 * 1024;

    #[test]
    fn the_launcher_is_light() {
        let size = |path: &str| COMPRESSED[path].len();
        let chat = Assets::iter().filter(|path| path.starts_with("chat"));
        let frame: usize = chat.map(|path| size(&path)).sum();
        let launcher = size("widget.js");
        eprintln!("the launcher has {launcher} bytes, what the opened chat loads {frame}");
        assert!(launcher <= LAUNCHER, "{launcher} bytes");
    }

    #[test]
    fn compression_is_for_whoever_takes_it() {
        for (accepted, takes) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, GZIP;q=0.2", true),
            ("gzip;q=0", false),
            ("identity", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            assert_eq!(takes_gzip(&headers), takes, "{accepted}");
        }
    }
}
