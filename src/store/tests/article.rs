//! Articles: versions count changes, a broken file keeps what it gave, revisions tell of change.

use super::{after, fresh, noon};
use crate::knowledge::{Article, parse};
use crate::store::Store;

pub(super) fn article(id: &str, answer: &str) -> (String, Article) {
    let file = format!("{id}.md");
    let text =
        format!("---\nid: {id}\nlang: en\ntitle: T\ntopic: t\n---\n\n## Question?\n\n{answer}\n");
    let (article, problems) = parse::markdown(&file, text.as_bytes());
    assert_eq!(problems, []);
    (file, article.expect("an article"))
}

async fn answers(store: &Store) -> Vec<(i64, String)> {
    let entries = store.entries().await.expect("entries");
    entries.into_iter().map(|entry| (entry.version, entry.answer)).collect()
}

#[tokio::test]
async fn a_change_makes_a_version_and_a_revision_and_nothing_else_does() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let first =
        store.sync_source("folder", &[article("a", "One.")], &[], noon()).await.expect("synced");
    let same =
        store.sync_source("folder", &[article("a", "One.")], &[], after(1)).await.expect("synced");
    assert_eq!((first.revision, same.revision, same.written.len()), (1, 1, 0));
    let second =
        store.sync_source("folder", &[article("a", "Two.")], &[], after(2)).await.expect("synced");
    assert_eq!((second.revision, second.written.len()), (2, 1));
    assert_eq!(answers(store).await, [(2, "Two.".to_owned())]);
    let back =
        store.sync_source("folder", &[article("a", "One.")], &[], after(3)).await.expect("synced");
    assert_eq!(back.revision, 3);
    assert_eq!(answers(store).await, [(3, "One.".to_owned())]);
}

#[tokio::test]
async fn what_is_gone_is_taken_down_unless_its_file_is_kept() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let both = [article("a", "A."), article("b", "B.")];
    store.sync_source("folder", &both, &[], noon()).await.expect("synced");
    let kept =
        store.sync_source("folder", &[article("a", "A.")], &["b.md".to_owned()], after(1)).await;
    assert_eq!(kept.expect("synced").removed.len(), 0);
    let gone =
        store.sync_source("folder", &[article("a", "A.")], &[], after(2)).await.expect("synced");
    assert_eq!(gone.removed.len(), 1);
    assert_eq!(answers(store).await, [(1, "A.".to_owned())]);
    let other = store.take_down_source("sample", after(3)).await.expect("synced");
    assert_eq!(other.removed.len(), 0, "another source's articles are left alone");
}

#[tokio::test]
async fn a_database_that_holds_data_opens_again_with_all_of_it() {
    let fresh = fresh().await;
    fresh.store.sync_source("folder", &[article("a", "A.")], &[], noon()).await.expect("synced");
    let again = Store::open(&fresh.url).await.expect("it opens again");
    assert_eq!(answers(&again).await, [(1, "A.".to_owned())]);
    assert_eq!(again.knowledge_revision().await.expect("read"), 1);
}

#[tokio::test]
async fn what_is_no_database_is_refused_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("notes.db");
    std::fs::write(&file, "these are my notes, which are no database at all".repeat(50))
        .expect("written");
    for (url, part) in [
        (format!("sqlite://{}", file.display()), "SQLite"),
        (format!("sqlite://{}", folder.path().join("no/such/folder.db").display()), "SQLite"),
        ("mysql://localhost/x".to_owned(), "sqlite: or postgres:"),
        ("postgres://127.0.0.1:1/none".to_owned(), "PostgreSQL"),
    ] {
        let error = Store::open(&url).await.expect_err("it does not open");
        assert!(format!("{error:#}").contains(part), "{url}: {error:#}");
    }
}
