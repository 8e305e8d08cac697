//! The bare index: what the same terms cost without anything of ours, for benches to compare with.

use super::{Query, Search, query::Plan};
use tantivy::{Searcher, TantivyDocument, collector::TopDocs, query::BooleanQuery};

/// A planned query, to be run by the index alone.
pub struct Bare {
    searcher: Searcher,
    query: BooleanQuery,
    limit: usize,
}

impl Bare {
    /// Plans a query as [`Search::find`] would, so that both run the same terms, fields and boosts.
    pub fn of(search: &Search, query: &Query<'_>) -> anyhow::Result<Self> {
        let snapshot = search.now();
        let plan = Plan::of(&snapshot, query.text, query.lang, true)?;
        let searcher = snapshot.searcher.clone();
        Ok(Self { searcher, query: plan.query(), limit: query.limit })
    }

    /// Runs it and reads the documents found; returns how many.
    pub fn run(&self) -> anyhow::Result<usize> {
        let best = TopDocs::with_limit(self.limit).order_by_score();
        let found = self.searcher.search(&self.query, &best)?;
        for &(_, address) in &found {
            self.searcher.doc::<TantivyDocument>(address)?;
        }
        Ok(found.len())
    }
}
