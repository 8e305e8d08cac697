//! The bound on a labelled set: what it licenses, and whether its promise holds there.

use super::alarm::{Alarms, alarms};
use super::contest::{FIXED, alone, product};
use super::figure::Scored;
use super::run::Row;
use super::trial::{
    ALPHAS, Constant, DELTA, Field, Halves, Trial, bound_alone, halves, labelled, trials,
};
use crate::confidence::{Labelled, Licence, Model, Terms, bound, grid};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use serde::Serialize;

/// The fewest judged turns apart from the set that a grid is chosen on.
const LEAST_EVIDENCE: usize = 100;
/// The confidence at which others let answers out.
const SELF_REPORTED: f64 = 0.85;

/// What the bound does on a set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bound {
    /// Where the turns come from that the grid was chosen on.
    pub fitting: &'static str,
    /// How many they are.
    pub fitting_rows: usize,
    /// Turns that stand for all turns to come.
    pub population: usize,
    /// The version of the confidence model.
    pub model: String,
    /// Whether the model was refitted on the fitting turns.
    pub is_refitted: bool,
    /// What the draws start from.
    pub seed: u64,
    /// What the population as a whole would license, for each α.
    pub licences: Vec<Licence>,
    /// Samples drawn from the population with replacement, by rule and α.
    pub trials: Vec<Trial>,
    /// One half calibrates, the other is answered.
    pub halves: Vec<Halves>,
    /// The drift test, by simulation.
    pub drift: Vec<Alarms>,
    /// Risk and its upper limit at each threshold of the grid for the middle α.
    #[serde(skip)]
    pub steps: Vec<Step>,
}

/// A threshold of the grid with what lies at or above it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The threshold.
    pub threshold: f64,
    /// The share of wrong ones.
    pub risk: f64,
    /// Its Clopper–Pearson upper limit.
    pub upper: f64,
    /// How many.
    pub n: u64,
}

/// The turns that choose grid and model, and those that stand for turns to come.
struct Parted<'a> {
    fitting: Vec<&'a Row>,
    population: Vec<Row>,
    source: &'static str,
}

/// Tries the bound on a set; `evidence` are judged turns apart from its rows, where there are some.
/// None where nothing could be drawn.
pub fn bound_on(rows: &[Row], evidence: &[Row], samples: usize, seed: u64) -> Option<Bound> {
    if samples == 0 || rows.is_empty() {
        return None;
    }
    let Parted { fitting, population, source } = part(rows, evidence, seed);
    let judged: Vec<_> = fitting.iter().map(|row| (row.features.clone(), row.right)).collect();
    let refitted = Model::fit(&judged).ok();
    let model = refitted.as_ref().unwrap_or(Model::shipped());
    let judge = |row: &Row| Labelled { score: row.judged_by(model), wrong: !row.right };
    let fold: Vec<Labelled> = fitting.iter().map(|row| judge(row)).collect();
    let scored = judged_by(&population, model);
    let field = Field { population: &scored, fitting: &fold, samples, seed };
    let mut trials = trials(&field, &constants(&population));
    if refitted.is_some() {
        let own = product(&population);
        let fold: Vec<Labelled> = fitting
            .iter()
            .map(|row| Labelled { score: row.confidence, wrong: !row.right })
            .collect();
        let shipped = Field { population: &own, fitting: &fold, samples, seed };
        trials.extend(bound_alone(&shipped, "bound, model as shipped"));
        trials.sort_by(|a, b| a.alpha.total_cmp(&b.alpha));
    }
    Some(Bound {
        fitting: source,
        fitting_rows: fold.len(),
        population: population.len(),
        model: model.version.clone(),
        is_refitted: refitted.is_some(),
        seed,
        licences: licences(&scored, &fold),
        trials,
        halves: halves(&field),
        drift: alarms(2 * samples, seed),
        steps: steps(&scored, &fold),
    })
}

/// Judged turns apart from the set where there are enough, else a third of it.
fn part<'a>(rows: &'a [Row], evidence: &'a [Row], seed: u64) -> Parted<'a> {
    if evidence.len() >= LEAST_EVIDENCE {
        let fitting = evidence.iter().collect();
        return Parted { fitting, population: rows.to_vec(), source: "train rows" };
    }
    let mut order: Vec<&Row> = rows.iter().collect();
    order.shuffle(&mut StdRng::seed_from_u64(seed));
    let (fitting, population) = order.split_at(rows.len() / 3);
    Parted {
        fitting: fitting.to_vec(),
        population: population.iter().map(|row| (*row).clone()).collect(),
        source: "a third of the set",
    }
}

fn judged_by(rows: &[Row], model: &Model) -> Vec<Scored> {
    let scores = rows.iter().map(|row| row.judged_by(model));
    product(rows).into_iter().zip(scores).map(|(row, score)| Scored { score, ..row }).collect()
}

/// The thresholds that others fix beforehand.
fn constants(population: &[Row]) -> Vec<Constant> {
    let mut constants = Vec::new();
    for ranker in ["words", "encoder"] {
        if population.iter().any(|row| row.rankers.contains_key(ranker)) {
            constants.extend(FIXED.map(|threshold| Constant {
                name: format!("cosine {threshold:.2} ({ranker})"),
                threshold,
                population: alone(population, ranker),
            }));
        }
    }
    constants.push(Constant {
        name: format!("confidence {SELF_REPORTED:.2} as shipped"),
        threshold: SELF_REPORTED,
        population: product(population),
    });
    constants
}

fn licences(population: &[Scored], fold: &[Labelled]) -> Vec<Licence> {
    let terms = ALPHAS.into_iter().filter_map(|alpha| Terms::new(alpha, DELTA));
    let licence = |terms| {
        let grid = grid(fold, population.len(), terms);
        bound::licence(&grid, &labelled(population), terms)
    };
    terms.map(licence).collect()
}

/// The risk over all thresholds of the fold, strictest first: forty at most.
fn steps(population: &[Scored], fold: &[Labelled]) -> Vec<Step> {
    let mut thresholds: Vec<f64> = fold.iter().map(|row| row.score).collect();
    thresholds.sort_by(|a, b| b.total_cmp(a));
    thresholds.dedup();
    let apart = thresholds.len().div_ceil(40).max(1);
    let sample = labelled(population);
    let step = |threshold: f64| {
        let above = sample.iter().filter(|row| row.score >= threshold);
        let (n, k) = above.fold((0_u64, 0_u64), |(n, k), row| (n + 1, k + u64::from(row.wrong)));
        let real = |number: u64| super::figure::count(usize::try_from(number).unwrap_or(0));
        let upper = bound::upper(n, k, DELTA);
        (n > 0).then(|| Step { threshold, risk: real(k) / real(n), upper, n })
    };
    thresholds.into_iter().step_by(apart).filter_map(step).collect()
}
