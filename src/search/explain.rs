//! Explaining: what each text of an entry adds to its score, and which of the query's terms it holds.
//!
//! Scores are counted anew, in double precision and a fixed order of terms, so that they are the
//! sum of their parts and equal entries score exactly alike. On top of the index's own sum comes
//! the one way to ask that fits best: an entry with many confirmed wordings should win by the one
//! that is meant, neither by their number nor against it.

use super::{
    query::{Known, Plan},
    schema::{FIELDS, QUESTION, WAYS},
    snapshot::{Columns, Snapshot},
};
use crate::knowledge::FieldScores;
use tantivy::{
    DocAddress, DocId, DocSet, Term,
    postings::{Postings, SegmentPostings},
    schema::IndexRecordOption,
};

/// How soon repeating a term stops to help, and how much long texts are held back: what the index
/// itself counts with.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// What the best single wording, be it the question or a way to ask it, counts.
const BEST_WORDING: f64 = 2.0;

/// What was found in a candidate.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where the entry is.
    pub address: DocAddress,
    /// What each text is worth, without boosts.
    texts: [f64; 4],
    /// Each way to ask.
    ways: Vec<Way>,
    /// Which of the plan's known terms it holds.
    holds: Vec<bool>,
    /// Which of them stand in its question, and which in its title or answer.
    in_question: Vec<usize>,
    in_rest: Vec<usize>,
}

/// A way to ask.
#[derive(Debug, Clone)]
struct Way {
    /// Its length beside the usual one.
    length: f64,
    /// What it is worth by itself.
    worth: f64,
    /// Which of the plan's known terms it holds.
    holds: Vec<usize>,
}

/// What was found of a query's words in an entry.
pub struct Report {
    /// The words it holds.
    pub matched: Vec<String>,
    /// The words it misses.
    pub unmatched: Vec<String>,
    /// The share of the query's weight that it holds, 0 to 1.
    pub coverage: f64,
    /// The same share by its title, its answer and its best wording alone: words that stand in many
    /// different wordings are not said together.
    pub together: f64,
    /// Its score as a share of the query's weight.
    pub bm25: f64,
}

/// Explains candidates, which come sorted by address.
pub fn explain(
    snapshot: &Snapshot,
    plan: &Plan,
    candidates: &[DocAddress],
) -> anyhow::Result<Vec<Found>> {
    let holds = vec![false; plan.known.len()];
    let mut found: Vec<Found> = candidates
        .iter()
        .map(|&address| Found {
            address,
            texts: [0.0; 4],
            ways: Vec::new(),
            holds: holds.clone(),
            in_question: Vec::new(),
            in_rest: Vec::new(),
        })
        .collect();
    for of_segment in found.chunk_by_mut(|a, b| a.address.segment_ord == b.address.segment_ord) {
        for text in 0..FIELDS.texts.len() {
            explain_text(snapshot, plan, text, of_segment)?;
        }
    }
    Ok(found)
}

fn explain_text(
    snapshot: &Snapshot,
    plan: &Plan,
    text: usize,
    candidates: &mut [Found],
) -> anyhow::Result<()> {
    let Some(first) = candidates.first() else { return Ok(()) };
    let ordinal = first.address.segment_ord;
    let segment = snapshot.searcher.segment_reader(ordinal);
    let field = FIELDS.texts[text].field;
    let (index, lengths) = (segment.inverted_index(field)?, segment.get_fieldnorms_reader(field)?);
    let mean = mean_length(snapshot.tokens[text], snapshot.entries);
    let ways = (text == WAYS).then(|| Ways {
        columns: &snapshot.columns[ordinal as usize],
        mean: mean_length(snapshot.tokens[WAYS], snapshot.ways),
    });
    for (place, known) in plan.known.iter().enumerate() {
        let term = Term::from_field_text(field, &known.term);
        let Some(mut postings) = index.read_postings(&term, record(text))? else { continue };
        for candidate in &mut *candidates {
            let entry = candidate.address.doc_id;
            if reaches(&mut postings, entry) {
                let length = f64::from(lengths.fieldnorm(entry));
                candidate.texts[text] += worth(known, postings.term_freq(), length / mean);
                candidate.holds[place] = true;
                match (&ways, text) {
                    (Some(ways), _) => ways.add((place, known), &mut postings, candidate),
                    (None, QUESTION) => candidate.in_question.push(place),
                    (None, _) => candidate.in_rest.push(place),
                }
            }
        }
    }
    Ok(())
}

fn record(text: usize) -> IndexRecordOption {
    match text {
        WAYS => IndexRecordOption::WithFreqsAndPositions,
        _ => IndexRecordOption::WithFreqs,
    }
}

fn reaches(postings: &mut SegmentPostings, entry: DocId) -> bool {
    if postings.doc() < entry {
        postings.seek(entry);
    }
    postings.doc() == entry
}

/// What a term is worth that occurs `times` in a text of some length; 1 is the usual length.
fn worth(known: &Known, times: u32, length: f64) -> f64 {
    let times = f64::from(times);
    let damping = K1 * (1.0 - B + B * length);
    known.weight * known.trust * (K1 + 1.0) * times / (times + damping)
}

#[expect(clippy::cast_precision_loss, reason = "no index holds 2^52 terms")]
fn mean_length(terms: u64, texts: u64) -> f64 {
    terms as f64 / texts.max(1) as f64
}

/// Scores each way to ask by itself.
struct Ways<'a> {
    columns: &'a Columns,
    /// Their mean length.
    mean: f64,
}

impl Ways<'_> {
    /// Adds a term to each way that holds it; its positions are the ways.
    #[expect(clippy::cast_precision_loss, reason = "no way to ask has 2^52 terms")]
    fn add(
        &self,
        (place, known): (usize, &Known),
        postings: &mut SegmentPostings,
        candidate: &mut Found,
    ) {
        let mut positions = Vec::new();
        postings.positions(&mut positions);
        let lengths = self.columns.way_lengths(candidate.address.doc_id);
        if candidate.ways.is_empty() {
            let way = |length| Way { length, worth: 0.0, holds: Vec::new() };
            candidate.ways = lengths.map(|length| way(length as f64 / self.mean)).collect();
        }
        for same in positions.chunk_by(|a, b| a == b) {
            if let Some(way) = candidate.ways.get_mut(same[0] as usize) {
                way.worth +=
                    worth(known, u32::try_from(same.len()).unwrap_or(u32::MAX), way.length);
                way.holds.push(place);
            }
        }
    }
}

impl Found {
    /// The score: the sum of its parts.
    pub fn score(&self) -> f64 {
        let FieldScores { question, ways, title, answer } = self.fields();
        question + ways + title + answer
    }

    /// The score's parts.
    pub fn fields(&self) -> FieldScores {
        let mut parts = self.texts;
        for (part, text) in parts.iter_mut().zip(&FIELDS.texts) {
            *part *= text.boost;
        }
        let [mut question, mut ways, title, answer] = parts;
        let best_way = self.ways.iter().map(|way| way.worth).fold(0.0, f64::max);
        if self.texts[QUESTION] >= best_way {
            question += BEST_WORDING * self.texts[QUESTION];
        } else {
            ways += BEST_WORDING * best_way;
        }
        FieldScores { question, ways, title, answer }
    }

    /// What was found of the query's words: the words held and missed, and both by weight.
    pub fn report(&self, plan: &Plan) -> Report {
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
        let share = |part: f64| if asked > 0.0 { part / asked } else { 0.0 };
        let (coverage, bm25) = (share(held), share(self.score()));
        Report { matched, unmatched, coverage, together: share(self.together(plan)), bm25 }
    }

    /// The weight of what title, answer and the best wording hold.
    fn together(&self, plan: &Plan) -> f64 {
        let weight = |place: &usize| plan.known[*place].weight * plan.known[*place].trust;
        let mut rest = self.in_rest.clone();
        rest.sort_unstable();
        rest.dedup();
        let beside = |wording: &[usize]| -> f64 {
            wording.iter().filter(|place| rest.binary_search(place).is_err()).map(weight).sum()
        };
        let ways = self.ways.iter().map(|way| beside(&way.holds));
        rest.iter().map(weight).sum::<f64>() + ways.fold(beside(&self.in_question), f64::max)
    }
}
