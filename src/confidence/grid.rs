//! The grid: which thresholds the bound tests, chosen on the fitting fold alone.
//!
//! The first test decides everything: where it fails, nothing is licensed. Too strict a threshold leaves
//! too few verdicts to show anything, too lax a one lets too many wrong answers in. The fitting fold says
//! how many verdicts and how many wrong ones to expect at each threshold of the other fold; the sequence
//! starts where the first test is most likely to succeed. A bad choice costs automation, never truth.

use super::bound::{Labelled, Ranked, Terms, at_most, count, is_rejected, real, share};

/// Thresholds lie at least this share of the fitting fold apart: a finer grid gains nothing.
const STEPS: usize = 50;

/// The thresholds to test, strictest first. `calibration` is the number of verdicts in the fold that
/// they will be tested on. Empty where the fitting fold says nothing.
pub fn grid(fitting: &[Labelled], calibration: usize, terms: Terms) -> Vec<f64> {
    if fitting.iter().any(|row| !row.score.is_finite()) {
        return Vec::new();
    }
    let fold = Ranked::new(fitting);
    let thresholds = thresholds(&fold);
    let best = start(&fold, &thresholds, calibration, terms);
    thresholds.get(best..).unwrap_or_default().to_vec()
}

/// Scores of the fold, strictest first, a step apart; equal ones once. None of 0 is among them: it
/// stands for what cannot be judged.
fn thresholds(fold: &Ranked) -> Vec<f64> {
    let step = fold.scores().len().div_ceil(STEPS).max(1);
    let steps = fold.scores().iter().skip(step - 1).step_by(step);
    let mut thresholds: Vec<f64> =
        steps.chain(fold.scores().last()).copied().filter(|score| *score > 0.0).collect();
    thresholds.dedup();
    thresholds
}

/// The position of the threshold whose test is most likely to succeed, the strictest of equals. While
/// the other fold is too small for any, the one that will be the first to have a chance.
fn start(fold: &Ranked, thresholds: &[f64], calibration: usize, terms: Terms) -> usize {
    let mut size = count(calibration).max(1);
    for _ in 0..32 {
        let mut best = (0, 0.0);
        for (index, threshold) in thresholds.iter().enumerate() {
            let chance = chance(fold.at(*threshold), fold.total(), size, terms);
            if chance > best.1 {
                best = (index, chance);
            }
        }
        if best.1 > 0.0 {
            return best.0;
        }
        size *= 2;
    }
    0
}

/// How likely a test on `size` verdicts is to succeed where `k` of `n` in the fitting fold are wrong.
fn chance((n, k): (u64, u64), total: u64, size: u64, terms: Terms) -> f64 {
    let expected = share(n, total) * real(size);
    // One standard deviation fewer, for the other fold need not hold its expected number.
    let verdicts = floor(expected - expected.sqrt());
    let risk = (real(k) + 0.5) / (real(n) + 1.0);
    most_wrong(verdicts, terms).map_or(0.0, |most| at_most(verdicts, most, risk))
}

/// The most wrong ones of `n` with which the test still succeeds.
fn most_wrong(n: u64, terms: Terms) -> Option<u64> {
    if !is_rejected(n, 0, terms) {
        return None;
    }
    let (mut fine, mut too_many) = (0, n);
    while too_many - fine > 1 {
        let middle = fine.midpoint(too_many);
        if is_rejected(n, middle, terms) { fine = middle } else { too_many = middle }
    }
    Some(fine)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is made sure to lie from 0 to the size of a sample"
)]
fn floor(number: f64) -> u64 {
    number.max(0.0) as u64
}
