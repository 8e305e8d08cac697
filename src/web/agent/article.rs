//! An article as it stood in one version, with the words that were cited from it set off.

use super::clockface::Moment;
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::knowledge::{ArticleId, Audience, Entry};
use crate::store::{ArticleVersion, Store};
use crate::web::markdown::{Mark, find_words, to_html_marked, visible};
use crate::web::{Error, State};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage {
    frame: Frame,
    id: ArticleId,
    title: String,
    lang: String,
    version: i64,
    newest: i64,
    live: bool,
    since: Moment,
    entries: Vec<EntryView>,
    /// Whether words were cited that do not stand in this version.
    is_missed: bool,
}

struct EntryView {
    id: String,
    question: String,
    answer: String,
    is_internal: bool,
    /// Whether words of it were cited.
    is_cited: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    version: Option<i64>,
    /// The words that were cited.
    excerpt: String,
}

/// An article in a version, or in its newest; found by its own name or by that of an entry of it.
pub(super) async fn page(
    web: State,
    SignedIn(agent): SignedIn,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let found = find(&web.desk.store, &id, wanted.version).await?;
    let Some(ArticleVersion { article, version, created_at, newest, live }) = found else {
        return Err(Error::NotFound(t!("no-article")).into());
    };
    let entries: Vec<EntryView> =
        article.entries.iter().map(|entry| view(entry, &id, &wanted.excerpt)).collect();
    render(&ArticlePage {
        frame: Frame::new(&web, &agent, "knowledge").await?,
        is_missed: !wanted.excerpt.is_empty() && !entries.iter().any(|entry| entry.is_cited),
        id: article.id,
        title: article.title,
        lang: article.lang.to_string(),
        version,
        newest,
        live,
        since: Moment::new(created_at, web.desk.clock.now()),
        entries,
    })
}

/// An entry is named after its article, as `article/entry`, where that has several.
async fn find(
    store: &Store,
    id: &str,
    version: Option<i64>,
) -> anyhow::Result<Option<ArticleVersion>> {
    let of_entry = id.rsplit_once('/').map(|(article, _)| article);
    for name in std::iter::once(id).chain(of_entry) {
        let found = store.find_article(&ArticleId::from(name), version).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// An entry; words cited from another entry of the article are not looked for in this one.
fn view(entry: &Entry, asked: &str, excerpt: &str) -> EntryView {
    let answer = visible(&entry.answer);
    let is_asked = entry.id.as_str() == asked || entry.article.as_str() == asked;
    let cited = find_words(&answer, &visible(excerpt)).filter(|_| is_asked);
    let marks: Vec<Mark> = cited.map(|words| Mark::Words(words, "cited")).into_iter().collect();
    EntryView {
        is_cited: !marks.is_empty(),
        answer: to_html_marked(&answer, &marks),
        is_internal: entry.audience == Audience::Internal,
        id: entry.id.to_string(),
        question: visible(entry.label()),
    }
}
