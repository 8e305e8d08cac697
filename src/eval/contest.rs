//! Contest: the product's own confidence beside single rankers and the thresholds others use.

use super::bound::Bound;
use super::figure::{Curve, Figures, Point, Scored, count, share};
use super::run::Row;
use super::set::LabelledSet;
use crate::confidence::{Features, Model, Unfit, reliability};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use serde::Serialize;

/// Cosines that others fix as thresholds.
pub const FIXED: [f64; 2] = [0.30, 0.40];
/// Parts of a set for fitting on one and judging another.
const FOLDS: usize = 5;
/// Bars of a reliability diagram.
pub const BINS: u32 = 10;

/// One line of the result: a set under one configuration.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// The set.
    pub dataset: String,
    /// The configuration.
    pub config: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// Seconds that the whole set took.
    pub seconds: f64,
    /// The SHA-256 of the set's knowledge and questions.
    pub sha256: String,
    /// The share of all questions answered where 98 % of what is answered is right.
    pub coverage_at_98: Option<f64>,
    /// The same at 99 %.
    pub coverage_at_99: Option<f64>,
    /// The expected calibration error, where the score is a confidence.
    pub ece: Option<f64>,
    /// What a threshold fixed beforehand answers, where the configuration has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Fixed>,
    /// What the bound does on the set, for the product's own configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
}

/// What a threshold fixed beforehand answers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Fixed {
    /// The threshold.
    pub threshold: f64,
    /// The share of all questions that it answers.
    pub coverage: Option<f64>,
    /// The share of wrong ones among them.
    pub risk: Option<f64>,
}

/// A configuration with what it made of every question.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// Its name.
    pub name: String,
    /// What it made of each question.
    pub scored: Vec<Scored>,
    /// Whether its score is a confidence, a probability of being right.
    pub is_confidence: bool,
    /// The threshold fixed beforehand, where it has one.
    pub fixed: Option<f64>,
}

/// Every configuration that the rows tell of; the product's own, named `name`, first, then with its
/// confidence refitted, then others. `suffix` says what was learned.
pub fn configurations(
    rows: &[Row],
    refitted: Option<Vec<f64>>,
    name: &str,
    suffix: &str,
) -> Vec<Configuration> {
    let own = product(rows);
    let mut all = vec![configuration(name.to_owned(), own.clone(), true)];
    if let Some(confidences) = refitted {
        let scored = own.iter().zip(confidences).map(|(row, score)| Scored { score, ..*row });
        all.push(configuration(format!("{name}/refit"), scored.collect(), true));
    }
    for ranker in ["bm25", "words", "encoder", "head"] {
        if rows.iter().any(|row| row.rankers.contains_key(ranker)) {
            all.push(configuration(format!("{ranker}{suffix}"), alone(rows, ranker), false));
        }
    }
    for ranker in ["words", "encoder"] {
        let name = format!("{ranker}{suffix}");
        let Some(found) = all.iter().find(|found| found.name == name).cloned() else { continue };
        all.extend(FIXED.map(|fixed| Configuration {
            name: format!("{name}@{fixed:.2}"),
            fixed: Some(fixed),
            ..found.clone()
        }));
    }
    all.push(configuration(format!("lead{suffix}"), lead(rows), false));
    all
}

fn configuration(name: String, scored: Vec<Scored>, is_confidence: bool) -> Configuration {
    Configuration { name, scored, is_confidence, fixed: None }
}

/// The figures of a configuration.
pub fn line(set: &LabelledSet, configuration: &Configuration, seconds: f64) -> Line {
    let scored = &configuration.scored;
    let curve = Curve::of(scored);
    let pairs: Vec<(f64, bool)> = scored.iter().map(|row| (row.score, row.right)).collect();
    let is_calibrated = configuration.is_confidence && !pairs.is_empty();
    Line {
        dataset: set.name.clone(),
        config: configuration.name.clone(),
        figures: Figures::of(scored),
        seconds,
        sha256: set.sha256.clone(),
        coverage_at_98: curve.coverage_at(0.98),
        coverage_at_99: curve.coverage_at(0.99),
        ece: is_calibrated.then(|| reliability(&pairs, BINS).ece),
        fixed: configuration.fixed.map(|threshold| fixed(&curve, threshold)),
        bound: None,
    }
}

fn fixed(curve: &Curve, threshold: f64) -> Fixed {
    let point = curve.at(threshold);
    let answered = point.map_or(0.0, |point| count(point.answered));
    Fixed { threshold, coverage: share(answered, curve.total), risk: point.map(Point::risk) }
}

/// The product's confidence, fitted anew to the set's own rows: each row's by a model that saw only the
/// other four fifths.
pub fn refit(rows: &[Row], seed: u64) -> Result<Vec<f64>, Unfit> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.shuffle(&mut StdRng::seed_from_u64(seed));
    let mut fold = vec![0; rows.len()];
    for (place, row) in order.into_iter().enumerate() {
        fold[row] = place % FOLDS;
    }
    let mut confidences = vec![0.0; rows.len()];
    for held_out in 0..FOLDS {
        let others = rows.iter().zip(&fold).filter(|(_, fold)| **fold != held_out);
        let judged: Vec<(Features, bool)> =
            others.map(|(row, _)| (row.features.clone(), row.right)).collect();
        let model = Model::fit(&judged)?;
        for (place, row) in rows.iter().enumerate().filter(|(place, _)| fold[*place] == held_out) {
            confidences[place] = row.judged_by(&model);
        }
    }
    Ok(confidences)
}

/// The product's own order and confidence.
pub fn product(rows: &[Row]) -> Vec<Scored> {
    let scored = |row: &Row| Scored {
        score: row.confidence,
        right: row.right,
        answerable: row.answerable,
        rank: row.rank,
    };
    rows.iter().map(scored).collect()
}

/// A ranker alone, its raw score for a threshold.
pub fn alone(rows: &[Row], ranker: &str) -> Vec<Scored> {
    let scored = |row: &Row| {
        let alone = row.rankers.get(ranker);
        let rank = alone.and_then(|alone| alone.rank);
        let score = alone.map_or(0.0, |alone| alone.score);
        Scored { score, right: rank == Some(1), answerable: row.answerable, rank }
    };
    rows.iter().map(scored).collect()
}

/// The product's order, with the lead of its top entry over the second for a threshold.
fn lead(rows: &[Row]) -> Vec<Scored> {
    let mut scored = product(rows);
    for (scored, row) in scored.iter_mut().zip(rows) {
        scored.score = row.scores.get("lead").copied().unwrap_or(0.0);
    }
    scored
}
