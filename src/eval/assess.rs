//! Assessing a set: its rows, every configuration's figures, and what the bound does on it.

use super::bound::bound_on;
use super::case::Case;
use super::contest::{Configuration, Line, configurations, line, refit};
use super::run::{Bench, Row};
use super::set::{LabelledSet, part_evidence, taught};
use crate::config::Embedding;
use anyhow::Result;
use chrono::{DateTime, Utc};
use indicatif::ProgressBar;
use std::time::Instant;

/// How sets are assessed.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'a> {
    /// Whether the training questions are learned as approved wordings.
    pub learns: bool,
    /// How many calibration samples the bound is tried on; 0 for none.
    pub samples: usize,
    /// What every draw starts from.
    pub seed: u64,
    /// The time that entries must hold at.
    pub now: DateTime<Utc>,
    /// The sentence encoder, if one is to be used.
    pub embedding: &'a Embedding,
}

/// A set with all that was found.
#[derive(Debug, Clone)]
pub struct Assessed {
    /// The set.
    pub set: LabelledSet,
    /// Wordings learned.
    pub learned: usize,
    /// Every question.
    pub rows: Vec<Row>,
    /// Every configuration, the product's own first.
    pub configurations: Vec<Configuration>,
    /// Their figures, in the same order; the first tells of the bound.
    pub lines: Vec<Line>,
    /// What could not be measured, and why.
    pub notes: Vec<String>,
}

/// Assesses a set.
pub fn assess(set: LabelledSet, manner: &Manner<'_>, bar: &ProgressBar) -> Result<Assessed> {
    let bench = Bench::open(&set, manner.embedding, manner.now)?;
    let evidence = evidence(&set, &bench, manner, bar)?;

    let started = Instant::now();
    let lessons: &[Case] = if manner.learns { &set.train } else { &[] };
    let (entries, learned) = taught(&set.entries, lessons);
    bench.hold(&entries, bar)?;
    let rows = bench.put_all(&set.name, &set.cases, bar)?;
    let seconds = started.elapsed().as_secs_f64();

    let mut notes = Vec::new();
    let refitted = refit(&rows, manner.seed);
    if let Err(unfit) = &refitted {
        notes.push(format!("{}: the confidence is not refitted: {unfit}", set.name));
    }
    if manner.learns && learned == 0 {
        notes.push(format!(
            "{}: no `train` row has one entry that answers; nothing was learned",
            set.name
        ));
    }
    let suffix = if learned > 0 { "+train" } else { "" };
    let has_encoder = rows.iter().any(|row| row.rankers.contains_key("encoder"));
    let name = format!("hybrid{}{suffix}", if has_encoder { "+encoder" } else { "" });
    let configurations = configurations(&rows, refitted.ok(), &name, suffix);
    let mut lines: Vec<Line> =
        configurations.iter().map(|configuration| line(&set, configuration, seconds)).collect();
    if let Some(own) = lines.first_mut() {
        own.bound = bound_on(&rows, &evidence, manner.samples, manner.seed);
    }
    Ok(Assessed { set, learned, rows, configurations, lines, notes })
}

/// Judged turns apart from the set's rows: training questions that were not learned beforehand.
fn evidence(
    set: &LabelledSet,
    bench: &Bench,
    manner: &Manner<'_>,
    bar: &ProgressBar,
) -> Result<Vec<Row>> {
    let (evidence, others) = part_evidence(&set.train, manner.learns);
    if manner.samples == 0 || evidence.is_empty() {
        return Ok(Vec::new());
    }
    bar.inc_length(evidence.len() as u64);
    let lessons: &[Case] = if manner.learns { &others } else { &[] };
    bench.hold(&taught(&set.entries, lessons).0, bar)?;
    bench.put_all(&set.name, &evidence, bar)
}
