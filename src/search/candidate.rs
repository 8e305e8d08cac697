//! Candidates: the best entries by the index's own scores, walked with block-max pruning.
//!
//! The filter is asked only about entries good enough to be kept, so it costs next to nothing and,
//! unlike a filter clause, leaves the query a plain union, which is what can be pruned.

use super::{
    query::{Plan, Rarity},
    snapshot::Snapshot,
};
use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};
use tantivy::{
    DocAddress, DocId, Score,
    query::{EnableScoring, Query},
};

/// The best entries of a segment so far; equal ones in the order of their identifiers.
#[derive(Clone, Copy)]
struct Candidate {
    score: Score,
    rank: u64,
    doc: DocId,
}

/// The `limit` best entries of every segment; `from_day` leaves only those that customers may get
/// on that day.
pub fn candidates(
    snapshot: &Snapshot,
    plan: &Plan,
    limit: usize,
    from_day: Option<i64>,
) -> anyhow::Result<Vec<DocAddress>> {
    let rarity = Rarity { plan, snapshot };
    let scoring = EnableScoring::enabled_from_statistics_provider(&rarity, &snapshot.searcher);
    let weight = plan.query().weight(scoring)?;
    let mut candidates = Vec::new();
    let segments = snapshot.searcher.segment_readers().iter().zip(&snapshot.columns);
    for (ordinal, (segment, columns)) in (0..).zip(segments) {
        let mut best = BinaryHeap::with_capacity(limit.min(256) + 1);
        let mut floor = Score::MIN;
        weight.for_each_pruning(floor, segment, &mut |doc, score| {
            let is_admitted = from_day.is_none_or(|day| columns.serves_customers(doc, day));
            if is_admitted && !segment.is_deleted(doc) {
                best.push(Reverse(Candidate { score, rank: columns.rank(doc), doc }));
                if best.len() > limit {
                    best.pop();
                }
                if best.len() == limit {
                    // An equal score still gets in, so that identifiers and not places decide.
                    floor = best.peek().map_or(floor, |worst| worst.0.score.next_down());
                }
            }
            floor
        })?;
        candidates.extend(best.into_iter().map(|kept| DocAddress::new(ordinal, kept.0.doc)));
    }
    candidates.sort_unstable();
    Ok(candidates)
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.rank.cmp(&self.rank))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate {}
