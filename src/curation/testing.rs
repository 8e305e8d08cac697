//! A store, an index and a folder of knowledge for the tests of this room.

use super::sync::Synced;
use super::{Source, sync};
use crate::config::Embedding;
use crate::search::Search;
use crate::store::Store;
use chrono::{DateTime, Utc};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A node's parts, gone when dropped.
pub struct Home {
    dir: TempDir,
    pub store: Store,
    pub search: Arc<Search>,
}

/// A moment for tests that care for none.
pub fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

impl Home {
    pub async fn open() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(dir.path().join("knowledge")).expect("the folder of knowledge");
        let url = format!("sqlite://{}", dir.path().join("sureply.db").display());
        let store = Store::open(&url).await.expect("a store");
        let search = Arc::new(
            Search::open(&dir.path().join("index"), &Embedding::default()).expect("an index"),
        );
        Self { dir, store, search }
    }

    pub fn folder(&self) -> PathBuf {
        self.dir.path().join("knowledge")
    }

    /// Writes an article with one entry.
    pub fn put(&self, file: &str, id: &str, answer: &str) {
        let text =
            format!("---\nid: {id}\nlang: en\ntitle: T\ntopic: t\n---\n## Question\n{answer}\n");
        fs::write(self.folder().join(file), text).expect("writing an article");
    }

    pub fn remove(&self, file: &str) {
        fs::remove_file(self.folder().join(file)).expect("removing an article");
    }

    pub async fn sync(&self) -> Synced {
        let source = Source::Folder(self.folder());
        sync(&self.store, &self.search, &source, now()).await.expect("a sync")
    }

    /// Waits until the index holds so many entries, for three seconds at most.
    pub async fn reaches(&self, entries: u64, what: &str) {
        let reached = async {
            while self.search.len() != entries {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(3), reached).await.expect(what);
    }

    /// All answers in the store by entry, once the index is seen to hold the same revision.
    pub async fn answers(&self) -> String {
        let revision = self.store.knowledge_revision().await.expect("a revision");
        assert_eq!(self.search.revision(), revision, "the index holds another revision");
        let entries = self.store.entries().await.expect("entries");
        entries.iter().map(|entry| entry.answer.as_str()).collect::<Vec<_>>().join("|")
    }
}
