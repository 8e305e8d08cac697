//! The chat page, alone or within another site's frame.

use super::words::{self, Words};
use crate::conversation::ChannelKind;
use crate::web::{Error, State, intake};
use anyhow::Context as _;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Asked {
    embed: Option<String>,
    lang: Option<String>,
}

#[derive(Template)]
#[template(path = "chat.html")]
struct Page<'a> {
    words: &'a Words,
    words_json: String,
    business: &'a str,
    initial: String,
    embedded: bool,
    /// Origins of the pages that may hold this one, as JSON.
    parents: String,
    max_bytes: usize,
    max_files: usize,
    accept: String,
    /// What the page's script is made of, asked for at once instead of one after the other.
    modules: &'static [&'static str],
}

const MODULES: [&str; 6] = [
    "chat-email.js",
    "chat-files.js",
    "chat-log.js",
    "chat-outbox.js",
    "chat-standing.js",
    "chat-wire.js",
];

/// The page; what it shows of a visitor's chat it fetches itself, by the visitor's token.
pub(super) async fn page(
    web: State,
    Path(inbox): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let config = &web.desk.config;
    let settings = intake::inbox(&web, &inbox, ChannelKind::Webchat)?;
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let words = words::of(asked.lang.as_deref(), accepted.unwrap_or(""), settings.lang);
    let page = Page {
        words,
        words_json: serde_json::to_string(words).context("writing the page's words")?,
        business: &config.business.name,
        initial: config.business.name.chars().take(1).collect(),
        embedded: asked.embed.is_some(),
        parents: serde_json::to_string(&settings.allowed_origins).context("writing origins")?,
        max_bytes: config.attachments.max_bytes,
        max_files: config.attachments.max_per_message,
        accept: config.attachments.types.join(","),
        modules: &MODULES,
    };
    let policy = policy(&settings.allowed_origins, asked.embed.is_some());
    let headers = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy).context("the policy")?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::VARY, HeaderValue::from_static("accept-language")),
    ];
    let html = page.render().context("rendering the chat page")?;
    Ok((headers, Html(html)).into_response())
}

/// Everything from here only; framed only where the settings allow it.
fn policy(allowed_origins: &[String], embedded: bool) -> String {
    let ancestors = if embedded {
        format!("'self' {}", allowed_origins.join(" "))
    } else {
        "'none'".to_owned()
    };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
         connect-src 'self'; form-action 'none'; base-uri 'none'; object-src 'none'; \
         frame-ancestors {}",
        ancestors.trim_end()
    )
}

#[cfg(test)]
mod tests {
    use super::policy;

    #[test]
    fn only_the_pages_named_in_the_settings_may_frame_the_chat() {
        let origins = ["https://a.example".to_owned(), "https://b.example".to_owned()];
        for (allowed, embedded, ancestors) in [
            (&origins[..], false, "frame-ancestors 'none'"),
            (&origins[..], true, "frame-ancestors 'self' https://a.example https://b.example"),
            (&[], true, "frame-ancestors 'self'"),
        ] {
            let policy = policy(allowed, embedded);
            assert!(policy.ends_with(ancestors), "{policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
        }
    }
}
