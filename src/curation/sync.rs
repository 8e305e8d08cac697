//! Sync: from a source to the store, and from the store to the index.

use super::Source;
use crate::knowledge::{ArticleId, Entry, Problem};
use crate::search::Search;
use crate::store::{Changes, Store};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// What bringing a source up to date has changed, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synced {
    /// What has changed in the store.
    pub changes: Changes,
    /// What the source's author can mend.
    pub problems: Vec<Problem>,
}

/// The source to serve from: the folder if one is set, else what was brought in before, else the
/// sample.
pub async fn source_in_use(folder: Option<&Path>, store: &Store) -> Result<Source> {
    Ok(match folder {
        Some(folder) => Source::Folder(folder.to_owned()),
        None if store.has_source_other_than_sample().await? => Source::Imported,
        None => Source::Sample,
    })
}

/// Brings the store up to date with a source and the index with the store.
///
/// A file with problems keeps what it last gave. A source that gives nothing at all keeps
/// everything: an empty folder is more often a slip than a wish. One that cannot be read is an error
/// and changes nothing. The sample goes as soon as there is a source of the business's own.
pub async fn sync(
    store: &Store,
    search: &Arc<Search>,
    source: &Source,
    now: DateTime<Utc>,
) -> Result<Synced> {
    let before = store.knowledge_revision().await?;
    let reading = spawn_blocking({
        let source = source.clone();
        move || source.read()
    });
    let reading = reading.await.context("reading the knowledge")??;
    let word = source.as_str();
    let mut steps = Vec::new();
    if reading.articles.is_empty() {
        steps.push(store.add_articles(word, &[], now).await?);
    } else {
        let keep = &reading.files_with_problems;
        steps.push(store.sync_source(word, &reading.articles, keep, now).await?);
    }
    if *source != Source::Sample {
        steps.push(take_down_sample(store, now).await?);
    }
    store.put_problems(word, &reading.problems, now).await?;
    let changes = index_steps(store, search, before, steps).await?;
    Ok(Synced { changes, problems: reading.problems })
}

/// Takes the sample down, which makes way for knowledge of the business's own.
pub async fn take_down_sample(store: &Store, now: DateTime<Utc>) -> Result<Changes> {
    store.take_down_source(Source::Sample.as_str(), now).await
}

/// Brings the index to the store's revision of the knowledge: the articles that other nodes changed
/// or learned wordings for, or all of it anew where that is not known.
pub async fn refresh(store: &Store, search: &Arc<Search>) -> Result<()> {
    // Read before the entries, so that the index never claims a revision it does not hold.
    let revision = store.knowledge_revision().await?;
    let held = search.revision();
    if held == revision {
        return Ok(());
    }
    let changed = store.changed_articles(held, revision).await?;
    let entries = store.entries().await?;
    match changed {
        Some(articles) => update(search, articles, entries, revision).await,
        None => on_index(search, move |search| search.replace(&entries, revision)).await,
    }
}

/// Replaces the entries of some articles by those of `entries`, and leaves the others alone.
async fn update(
    search: &Arc<Search>,
    articles: HashSet<ArticleId>,
    mut entries: Vec<Entry>,
    revision: i64,
) -> Result<()> {
    entries.retain(|entry| articles.contains(&entry.article));
    let articles: Vec<ArticleId> = articles.into_iter().collect();
    on_index(search, move |search| search.update(&articles, &entries, revision)).await
}

/// Brings what has changed into the index: article by article if the index held the revision
/// before, and all of it anew if another node has written in between.
async fn index_steps(
    store: &Store,
    search: &Arc<Search>,
    before: i64,
    steps: Vec<Changes>,
) -> Result<Changes> {
    let mut all = Changes { revision: before, written: Vec::new(), removed: Vec::new() };
    let mut expected = before;
    for step in steps {
        let is_change = !(step.written.is_empty() && step.removed.is_empty());
        expected += i64::from(is_change);
        all.revision = step.revision;
        all.written.extend(step.written);
        all.removed.extend(step.removed);
    }
    if search.revision() != before || all.revision != expected {
        refresh(store, search).await?;
    } else if all.revision != before {
        let articles = all.written.iter().chain(&all.removed).cloned().collect();
        update(search, articles, store.entries().await?, all.revision).await?;
    }
    Ok(all)
}

/// Writes to the index where it keeps no other task waiting.
async fn on_index<F>(search: &Arc<Search>, write: F) -> Result<()>
where
    F: FnOnce(&Search) -> Result<()> + Send + 'static,
{
    let search = Arc::clone(search);
    spawn_blocking(move || write(&search)).await.context("writing the search index")?
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Home, now};
    use super::super::{Source, import};
    use super::{refresh, source_in_use, sync};

    #[tokio::test]
    async fn a_change_in_the_folder_reaches_store_and_index() {
        let home = Home::open().await;
        home.put("a.md", "a", "First");
        home.put("b.md", "b", "Second");
        let first = home.sync().await;
        assert_eq!(
            (first.changes.written.len(), home.answers().await),
            (2, "First|Second".to_owned())
        );

        home.put("a.md", "a", "Other");
        home.remove("b.md");
        let second = home.sync().await;
        assert_eq!((second.changes.written.len(), second.changes.removed.len()), (1, 1));
        assert_eq!(second.changes.revision, first.changes.revision + 1);
        assert_eq!((home.answers().await, home.search.len()), ("Other".to_owned(), 1));
        assert_eq!(home.store.entries().await.expect("entries")[0].version, 2);

        let third = home.sync().await;
        assert_eq!(third.changes.revision, second.changes.revision);
    }

    #[tokio::test]
    async fn a_broken_file_keeps_its_last_good_version() {
        let home = Home::open().await;
        home.put("a.md", "a", "Good");
        home.put("b.md", "b", "Other");
        home.sync().await;
        home.put("a.md", "No Id", "Bad");
        home.remove("b.md");
        home.put("c.md", "c", "New");
        let synced = home.sync().await;
        assert_eq!(home.answers().await, "Good|New");
        assert_eq!(synced.problems.len(), 1);
        assert_eq!(home.store.problems().await.expect("problems"), synced.problems);
        home.put("a.md", "a", "Mended");
        assert_eq!(home.sync().await.problems, []);
        assert_eq!(home.answers().await, "Mended|New");
        assert_eq!(home.store.problems().await.expect("problems"), []);
    }

    #[tokio::test]
    async fn an_emptied_or_missing_folder_takes_nothing_away() {
        let home = Home::open().await;
        home.put("a.md", "a", "Good");
        home.sync().await;
        home.remove("a.md");
        assert_eq!(home.sync().await.problems.len(), 1);
        assert_eq!(home.answers().await, "Good");
        std::fs::remove_dir_all(home.folder()).expect("removing the folder");
        let source = Source::Folder(home.folder());
        assert!(sync(&home.store, &home.search, &source, now()).await.is_err());
        assert_eq!(home.answers().await, "Good");
    }

    #[tokio::test]
    async fn the_sample_makes_way_for_a_folder() {
        let home = Home::open().await;
        let source = source_in_use(None, &home.store).await.expect("a source");
        assert_eq!(source, Source::Sample);
        sync(&home.store, &home.search, &source, now()).await.expect("the sample");
        assert!(home.search.len() > 100);
        home.put("a.md", "returns", "Mine");
        home.sync().await;
        assert_eq!((home.answers().await, home.search.len()), ("Mine".to_owned(), 1));
    }

    #[tokio::test]
    async fn the_sample_makes_way_for_an_import_for_good() {
        let home = Home::open().await;
        sync(&home.store, &home.search, &Source::Sample, now()).await.expect("the sample");
        home.put("a.md", "mine", "Mine");
        let reading = import::read(&home.folder()).expect("a reading");
        import::bring_in(&home.store, &reading, now()).await.expect("bringing it in");
        refresh(&home.store, &home.search).await.expect("a refresh");
        assert_eq!((home.answers().await, home.search.len()), ("Mine".to_owned(), 1));
        let source = source_in_use(None, &home.store).await.expect("a source");
        sync(&home.store, &home.search, &source, now()).await.expect("a sync");
        assert_eq!((source, home.answers().await), (Source::Imported, "Mine".to_owned()));
    }

    #[tokio::test]
    async fn an_index_that_is_behind_is_built_anew() {
        let home = Home::open().await;
        home.put("a.md", "a", "Old");
        home.sync().await;
        home.search.replace(&[], 0).expect("an index that was lost");
        home.put("b.md", "b", "New");
        let synced = home.sync().await;
        assert_eq!((home.search.len(), home.search.revision()), (2, synced.changes.revision));
    }
}
