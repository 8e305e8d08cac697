//! Explaining: what each text of an entry adds to its score, and which of the query's terms it holds.
//!
//! Scores are counted anew, in double precision and a fixed order of terms, so that they are the
//! sum of their parts and equal entries score exactly alike.

use super::{query::Plan, schema::FIELDS, snapshot::Snapshot};
use crate::knowledge::{Entry, FieldScores, Hit};
use tantivy::{
    DocAddress, DocSet, TERMINATED, Term, fieldnorm::FieldNormReader, postings::Postings,
    schema::IndexRecordOption,
};

/// How soon repeating a term stops to help, and how much long texts are held back: what the index
/// itself counts with.
const K1: f64 = 1.2;
const B: f64 = 0.75;

/// What was found in a candidate.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where the entry is.
    pub address: DocAddress,
    /// What each text adds, boosts included.
    scores: [f64; 4],
    /// Which of the plan's known terms it holds.
    holds: Vec<bool>,
}

/// Explains candidates, which come sorted by address.
pub fn explain(
    snapshot: &Snapshot,
    plan: &Plan,
    candidates: &[DocAddress],
) -> anyhow::Result<Vec<Found>> {
    let mut found: Vec<Found> = candidates
        .iter()
        .map(|&address| Found { address, scores: [0.0; 4], holds: vec![false; plan.known.len()] })
        .collect();
    for of_segment in found.chunk_by_mut(|a, b| a.address.segment_ord == b.address.segment_ord) {
        for text in 0..FIELDS.texts.len() {
            explain_text(snapshot, plan, text, of_segment)?;
        }
    }
    Ok(found)
}

#[expect(clippy::cast_precision_loss, reason = "no index holds 2^52 terms")]
fn explain_text(
    snapshot: &Snapshot,
    plan: &Plan,
    text: usize,
    candidates: &mut [Found],
) -> anyhow::Result<()> {
    let Some(first) = candidates.first() else { return Ok(()) };
    let segment = snapshot.searcher.segment_reader(first.address.segment_ord);
    let field = &FIELDS.texts[text];
    let index = segment.inverted_index(field.field)?;
    let lengths = segment.get_fieldnorms_reader(field.field)?;
    let mean = snapshot.tokens[text] as f64 / snapshot.entries.max(1) as f64;
    for (place, known) in plan.known.iter().enumerate() {
        let term = Term::from_field_text(field.field, &known.term);
        let Some(mut postings) = index.read_postings(&term, IndexRecordOption::WithFreqs)? else {
            continue;
        };
        let most = known.weight * known.trust * f64::from(field.boost) * (K1 + 1.0);
        for candidate in &mut *candidates {
            let doc = candidate.address.doc_id;
            if postings.doc() < doc && postings.seek(doc) == TERMINATED {
                break;
            }
            if postings.doc() == doc {
                let times = f64::from(postings.term_freq());
                candidate.scores[text] += most * times / (times + damping(&lengths, doc, mean));
                candidate.holds[place] = true;
            }
        }
    }
    Ok(())
}

fn damping(lengths: &FieldNormReader, doc: u32, mean: f64) -> f64 {
    K1 * (1.0 - B + B * f64::from(lengths.fieldnorm(doc)) / mean)
}

impl Found {
    /// The score: the sum of its parts.
    pub fn score(&self) -> f64 {
        self.scores.iter().sum()
    }

    /// The hit it makes, with its entry.
    pub fn into_hit(self, plan: &Plan, entry: Entry) -> Hit {
        let (mut matched, mut unmatched) = (Vec::new(), Vec::new());
        let (mut held, mut asked) = (0.0, 0.0);
        for (known, &holds) in plan.known.iter().zip(&self.holds) {
            asked += known.weight;
            held += if holds { known.weight * known.trust } else { 0.0 };
            let side = if holds { &mut matched } else { &mut unmatched };
            side.push(known.surface.clone());
        }
        for word in &plan.unknown {
            asked += plan.unknown_weight;
            unmatched.push(word.clone());
        }
        let score = self.score();
        let [question, ways, title, answer] = self.scores;
        Hit {
            entry,
            score,
            fields: FieldScores { question, ways, title, answer },
            matched,
            unmatched,
            coverage: if asked > 0.0 { held / asked } else { 0.0 },
        }
    }
}
