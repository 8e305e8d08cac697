//! Contest: the product's own confidence beside single rankers and the thresholds others use.

use super::figure::{Curve, Figures, Scored, share};
use super::run::Row;
use super::set::LabelledSet;
use serde::Serialize;

/// Cosines that others fix as thresholds.
const FIXED: [f64; 2] = [0.30, 0.40];

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
    /// What a threshold fixed beforehand answers, where the configuration has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Fixed>,
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

/// A configuration's name with its rows.
pub type Configuration = (String, Vec<Scored>, Option<f64>);

/// Every configuration that the rows tell of; the product's own, named `name`, first. `suffix` says
/// what was learned.
pub fn configurations(rows: &[Row], name: &str, suffix: &str) -> Vec<Configuration> {
    let mut all = vec![(name.to_owned(), product(rows), None)];
    for ranker in ["bm25", "words", "encoder", "head"] {
        if rows.iter().any(|row| row.rankers.contains_key(ranker)) {
            all.push((format!("{ranker}{suffix}"), alone(rows, ranker), None));
        }
    }
    let by_cosine: Vec<Configuration> = all
        .iter()
        .filter(|(config, ..)| config.starts_with("words") || config.starts_with("encoder"))
        .flat_map(|(config, scored, _)| {
            FIXED.map(|fixed| (format!("{config}@{fixed:.2}"), scored.clone(), Some(fixed)))
        })
        .collect();
    all.extend(by_cosine);
    all.push((format!("lead{suffix}"), lead(rows), None));
    all
}

/// The figures of a configuration.
pub fn line(set: &LabelledSet, configuration: &Configuration, seconds: f64) -> Line {
    let (config, scored, fixed) = configuration;
    let fixed = fixed.map(|threshold| {
        let curve = Curve::of(scored);
        let point = curve.at(threshold);
        let answered = point.map_or(0.0, |point| super::figure::count(point.answered));
        Fixed {
            threshold,
            coverage: share(answered, curve.total),
            risk: point.map(super::figure::Point::risk),
        }
    });
    Line {
        dataset: set.name.clone(),
        config: config.clone(),
        figures: Figures::of(scored),
        seconds,
        sha256: set.sha256.clone(),
        fixed,
    }
}

fn product(rows: &[Row]) -> Vec<Scored> {
    let scored = |row: &Row| Scored {
        score: row.confidence,
        right: row.right,
        answerable: row.answerable,
        rank: row.rank,
    };
    rows.iter().map(scored).collect()
}

/// A ranker alone, its raw score for a threshold.
fn alone(rows: &[Row], ranker: &str) -> Vec<Scored> {
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
