//! Calibration: whether what the model calls nine in ten is right nine times in ten.

use super::bound::{real, share};
use serde::{Deserialize, Serialize};

/// How well confidences and verdicts agree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    /// Judged turns by confidence, the unsure first; empty bins are left out.
    pub bins: Vec<Bin>,
    /// The expected calibration error: the mean gap between confidence and share right, weighted by
    /// the bins' sizes; 0 is perfect.
    pub ece: f64,
    /// The Brier score: the mean squared gap between confidence and verdict; 0 is perfect.
    pub brier: f64,
}

/// Judged turns of about the same confidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// The least confidence in it.
    pub from: f64,
    /// The confidence below which it ends.
    pub to: f64,
    /// How many turns.
    pub n: u64,
    /// Their mean confidence.
    pub confidence: f64,
    /// The share of them that is right.
    pub right: f64,
}

/// Compares confidences (0 to 1) with whether the drafts were right, in so many bins of equal width.
/// Confidences that are no numbers are left out.
pub fn reliability(rows: &[(f64, bool)], bins: u32) -> Reliability {
    let rows: Vec<(f64, bool)> =
        rows.iter().copied().filter(|(score, _)| score.is_finite()).collect();
    let total = rows.len() as u64;
    let squares = rows.iter().map(|(score, right)| (score - f64::from(u8::from(*right))).powi(2));
    let brier = squares.sum::<f64>() / real(total.max(1));
    let bins: Vec<Bin> = (0..bins).filter_map(|index| bin(&rows, index, bins)).collect();
    let gap = |bin: &Bin| (bin.confidence - bin.right).abs() * share(bin.n, total);
    Reliability { ece: bins.iter().map(gap).sum(), bins, brier }
}

fn bin(rows: &[(f64, bool)], index: u32, bins: u32) -> Option<Bin> {
    let (from, to) = (f64::from(index) / f64::from(bins), f64::from(index + 1) / f64::from(bins));
    let is_last = index + 1 == bins;
    let is_in = |score: f64| score >= from && (score < to || is_last) || index == 0 && score < 0.0;
    let inside: Vec<&(f64, bool)> = rows.iter().filter(|(score, _)| is_in(*score)).collect();
    let n = inside.len() as u64;
    let right = inside.iter().filter(|(_, right)| *right).count() as u64;
    let sum: f64 = inside.iter().map(|(score, _)| score).sum();
    (n > 0).then(|| Bin { from, to, n, confidence: sum / real(n), right: share(right, n) })
}
