//! Search: the entries that may answer a question, with how each came to be found.
//!
//! Entries of the customer's language come first. Only when those cover too little of the question
//! are the other languages' entries searched as well, each with its own analyser, and count half.
//! The index is a cache of the store: it may be deleted at any time.

mod analyser;
mod bare;
mod candidate;
mod explain;
mod index;
mod query;
mod schema;
mod snapshot;
mod stop;
#[cfg(test)]
mod tests;
mod typo;
mod words;

use crate::knowledge::{ArticleId, Entry, EntryId, Hit};
use crate::lang::Lang;
pub use bare::Bare;
use chrono::NaiveDate;
use query::Plan;
use snapshot::Snapshot;
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
};
use tantivy::{Index, IndexReader};
pub use words::Words;

/// Below this share of the question covered, other languages' entries are searched too.
const GOOD_COVERAGE: f64 = 0.5;
/// So many candidates are put in order at least, however few are wanted.
const POOL: usize = 10;
/// What another language's entry counts against one of the customer's own.
const FOREIGN: f64 = 0.5;

/// The index of all entries; shared by everybody who searches and the one who writes.
pub struct Search {
    /// Held while writing; readers never wait for it.
    writing: Mutex<Index>,
    reader: IndexReader,
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
    /// an empty one at revision 0.
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        let (index, reader) = index::open(dir)?;
        let now = RwLock::new(Arc::new(Snapshot::take(&index, &reader)?));
        Ok(Self { writing: Mutex::new(index), reader, now })
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
        self.write(|index| index::replace(index, entries, revision))
    }

    /// Replaces the entries of `articles` by `entries`, in one step for whoever searches.
    pub fn update(
        &self,
        articles: &[ArticleId],
        entries: &[Entry],
        revision: i64,
    ) -> anyhow::Result<()> {
        self.write(|index| index::update(index, articles, entries, revision))
    }

    /// Finds the entries that may answer, best first; equal ones by identifier.
    pub fn find(&self, query: &Query<'_>) -> anyhow::Result<Vec<Hit>> {
        let snapshot = self.now();
        let mut hits = find_in(&snapshot, query, query.lang, true)?;
        if hits.iter().all(|hit| hit.coverage < GOOD_COVERAGE) {
            for &lang in snapshot.langs.iter().filter(|&&lang| lang != query.lang) {
                hits.extend(find_in(&snapshot, query, lang, false)?.into_iter().map(weaken));
            }
            sort(&mut hits, query.limit);
        }
        Ok(hits)
    }

    /// The entry of an identifier, as the index holds it.
    pub fn entry(&self, id: &EntryId) -> anyhow::Result<Option<Entry>> {
        self.now().find_entry(id)
    }

    fn now(&self) -> Arc<Snapshot> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes, then shows what was committed, even where the writing failed after its commit.
    fn write(&self, write: impl FnOnce(&Index) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let index = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let written = write(&index);
        let snapshot = Arc::new(Snapshot::take(&index, &self.reader)?);
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        written
    }
}

fn find_in(
    snapshot: &Snapshot,
    query: &Query<'_>,
    lang: Lang,
    guesses: bool,
) -> anyhow::Result<Vec<Hit>> {
    let plan = Plan::of(snapshot, query.text, lang, guesses)?;
    if plan.known.is_empty() || query.limit == 0 {
        return Ok(Vec::new());
    }
    let from_day = (!query.team).then(|| schema::day(query.today));
    let candidates = candidate::candidates(snapshot, &plan, query.limit.max(POOL), from_day)?;
    let mut found = explain::explain(snapshot, &plan, &candidates)?;
    found.sort_by(|a, b| b.score().total_cmp(&a.score()));
    if let Some(last) = found.get(query.limit - 1).map(explain::Found::score) {
        // Beyond the last place only those that share it are read, for their identifiers.
        found.retain(|found| found.score() >= last);
    }
    let hits = found.into_iter().map(|found| {
        let entry = snapshot.entry(found.address)?;
        Ok(found.into_hit(&plan, entry))
    });
    let mut hits = hits.collect::<anyhow::Result<Vec<Hit>>>()?;
    sort(&mut hits, query.limit);
    Ok(hits)
}

fn sort(hits: &mut Vec<Hit>, limit: usize) {
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.entry.id.cmp(&b.entry.id)));
    hits.truncate(limit);
}

fn weaken(mut hit: Hit) -> Hit {
    let fields = &mut hit.fields;
    let parts = [&mut fields.question, &mut fields.ways, &mut fields.title, &mut fields.answer];
    for part in parts.into_iter().chain([&mut hit.score, &mut hit.rankers.bm25]) {
        *part *= FOREIGN;
    }
    hit
}
