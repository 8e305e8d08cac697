//! Search: the entries that may answer a question, with how each came to be found.
//!
//! Three rankers look at the same entries: their words (BM25), static embeddings that are part of the
//! program, and a sentence encoder where the settings name one. Whichever is absent is done without.
//! The index and the vectors beside it are a cache of the store: they may be deleted at any time.

mod analyser;
mod bare;
mod candidate;
mod encoder;
mod encoding;
mod explain;
mod fuse;
mod index;
mod messages;
mod name;
mod query;
mod rank;
mod schema;
mod snapshot;
mod stop;
#[cfg(test)]
mod tests;
mod typo;
mod unit;
mod vectors;
mod words;

use crate::config::Embedding;
use crate::knowledge::{ArticleId, Entry, EntryId, Hit};
use crate::lang::Lang;
pub use bare::Bare;
use chrono::NaiveDate;
use encoder::Encoder;
pub use encoding::keep_encoded;
pub use messages::{Messages, Place};
pub use name::Name;
use snapshot::Snapshot;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};
use tantivy::{Index, IndexReader};
use vectors::Vectors;
pub use words::Words;

/// So many new texts are shown to the encoder while writing; more wait for [`Search::encode`].
const AT_ONCE: usize = 64;
/// Texts that are shown to the encoder between two states that searches see.
const STRIDE: usize = 1_024;

/// The index of all entries; shared by everybody who searches and the one who writes.
pub struct Search {
    dir: PathBuf,
    /// Held while writing; readers never wait for it.
    writing: Mutex<Index>,
    reader: IndexReader,
    encoder: Option<Encoder>,
    now: RwLock<Arc<Snapshot>>,
}

/// What is looked for, and for whom.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// The customer's words; no syntax, whatever they contain.
    pub text: &'a str,
    /// Their language.
    pub lang: Lang,
    /// The day on which entries must hold.
    pub today: NaiveDate,
    /// How many hits are wanted at most.
    pub limit: usize,
    /// Whether the team asks: it also sees internal, unpublished and expired entries.
    pub team: bool,
}

impl Search {
    /// Opens the index in `dir`; one that is missing, damaged or of another schema is replaced by
    /// an empty one at revision 0. An encoder that the settings name and that is no good is an error.
    pub fn open(dir: &Path, embedding: &Embedding) -> anyhow::Result<Self> {
        let encoder = Encoder::open(embedding)?;
        let (index, reader) = index::open(dir)?;
        let mut snapshot = Snapshot::take(&index, &reader)?;
        let old = Vectors::load(dir, snapshot.revision);
        let model = encoder.as_ref().map(|encoder| &*encoder.model);
        snapshot.vectors = Vectors::of(&snapshot, &old, &HashMap::new(), model)?;
        if old.entries.len() != snapshot.vectors.entries.len() {
            snapshot.vectors.keep(dir, snapshot.revision);
        }
        snapshot.vectors.learn();
        let now = RwLock::new(Arc::new(snapshot));
        Ok(Self { dir: dir.to_owned(), writing: Mutex::new(index), reader, encoder, now })
    }

    /// The knowledge revision the index holds; 0 when it holds none.
    pub fn revision(&self) -> i64 {
        self.now().revision
    }

    /// How many entries it holds.
    pub fn len(&self) -> u64 {
        self.now().searcher.num_docs()
    }

    /// Whether it holds no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Replaces everything by `entries`; searches see the old state whole until the new one is.
    pub fn replace(&self, entries: &[Entry], revision: i64) -> anyhow::Result<()> {
        self.write(entries, |index| index::replace(index, entries, revision))
    }

    /// Replaces the entries of `articles` by `entries`, in one step for whoever searches.
    pub fn update(
        &self,
        articles: &[ArticleId],
        entries: &[Entry],
        revision: i64,
    ) -> anyhow::Result<()> {
        self.write(entries, |index| index::update(index, articles, entries, revision))
    }

    /// Finds the entries that may answer, best first; equal ones by identifier.
    pub fn find(&self, query: &Query<'_>) -> anyhow::Result<Vec<Hit>> {
        rank::rank(&self.now(), self.encoder.as_ref(), query)
    }

    /// The titles that a text speaks of by name, in the order of its words.
    pub fn names(&self, text: &str, lang: Lang) -> anyhow::Result<Vec<Name>> {
        name::named(&self.now(), text, lang)
    }

    /// Finds the entries that may answer among those whose titles are named, best first.
    pub fn find_among(&self, query: &Query<'_>, names: &[Name]) -> anyhow::Result<Vec<Hit>> {
        let snapshot = self.now();
        let bearers = name::bearers(&snapshot, names)?;
        rank::rank_among(&snapshot, self.encoder.as_ref(), query, &bearers)
    }

    /// How many texts have vectors, and the bytes that those take in memory.
    pub fn vector_size(&self) -> (usize, usize) {
        self.now().vectors.size()
    }

    /// Whether the settings name a sentence encoder.
    pub fn has_encoder(&self) -> bool {
        self.encoder.is_some()
    }

    /// How many texts the sentence encoder has seen and how many there are; it has no say before it
    /// has seen all. Without an encoder both are the same.
    pub fn encoded(&self) -> (usize, usize) {
        self.now().vectors.progress()
    }

    /// Shows the encoder some of the texts that it has not seen; says whether it has now seen all.
    /// Searches do not wait meanwhile.
    pub fn encode(&self) -> anyhow::Result<bool> {
        let Some(encoder) = &self.encoder else { return Ok(true) };
        let snapshot = self.now();
        let pending = snapshot.vectors.pending(&snapshot, STRIDE)?;
        if pending.is_empty() {
            return Ok(true);
        }
        let made = encode(encoder, pending)?;
        let index = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut snapshot = Snapshot::take(&index, &self.reader)?;
        snapshot.vectors = self.now().vectors.with(&made);
        self.show(snapshot);
        Ok(self.now().vectors.is_complete())
    }

    /// The entry of an identifier, as the index holds it.
    pub fn entry(&self, id: &EntryId) -> anyhow::Result<Option<Entry>> {
        self.now().find_entry(id)
    }

    fn now(&self) -> Arc<Snapshot> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes, then shows what was committed, even where the writing failed after its commit.
    fn write(
        &self,
        entries: &[Entry],
        write: impl FnOnce(&Index) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let index = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let written = write(&index);
        let mut snapshot = Snapshot::take(&index, &self.reader)?;
        let (now, nothing) = (self.now(), Vectors::default());
        // After a failure nobody knows which entries were written; the index is asked for all.
        let (old, entries) =
            if written.is_ok() { (&now.vectors, entries) } else { (&nothing, &[][..]) };
        let given = entries.iter().map(|entry| (&entry.id, entry)).collect();
        let model = self.encoder.as_ref().map(|encoder| &*encoder.model);
        snapshot.vectors = Vectors::of(&snapshot, old, &given, model)?;
        if let Some(encoder) = &self.encoder {
            let pending = snapshot.vectors.pending(&snapshot, AT_ONCE + 1)?;
            if pending.len() <= AT_ONCE {
                match encode(encoder, pending) {
                    Ok(made) => snapshot.vectors = snapshot.vectors.with(&made),
                    Err(error) => tracing::warn!(error = format!("{error:#}"), "{LATER}"),
                }
            }
        }
        self.show(snapshot);
        written
    }

    /// Shows a new state to searches, and keeps its vectors for the next start.
    fn show(&self, snapshot: Snapshot) {
        snapshot.vectors.keep(&self.dir, snapshot.revision);
        snapshot.vectors.learn();
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

const LATER: &str = "the sentence encoder will see new texts later";

fn encode(
    encoder: &Encoder,
    pending: Vec<(u64, String)>,
) -> anyhow::Result<HashMap<u64, Vec<f32>>> {
    let (keys, texts): (Vec<u64>, Vec<String>) = pending.into_iter().unzip();
    Ok(keys.into_iter().zip(encoder.passages(&texts)?).collect())
}
