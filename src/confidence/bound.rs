//! The bound: what share of answers may be wrong, and from which confidence the evidence shows it.
//!
//! Learn-then-Test with a fixed sequence. A grid of thresholds is chosen on one fold of the verdicts;
//! on the other, which nothing was fitted to, each threshold's hypothesis "more than α of the answers
//! at or above it are wrong" is tested by the exact binomial test at level δ, from the strictest
//! threshold down, until the first that cannot be rejected. The last rejected one is λ̂. With
//! probability 1 − δ its risk is at most α, whatever the model, the distribution and the sample's size.
//!
//! The promise is about one licence, computed once from one sample of turns like those to come. That the
//! world stays like the sample is watched by [`super::drift`].

use serde::{Deserialize, Serialize};
use statrs::distribution::{Beta, Binomial, ContinuousCDF, DiscreteCDF};

/// The tolerated share of wrong answers, and the chance taken that the evidence misleads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    alpha: f64,
    delta: f64,
}

impl Terms {
    /// Terms, unless α or δ lies outside (0, 1): a tolerance of nothing can never be shown and one of
    /// everything needs no showing.
    pub fn new(alpha: f64, delta: f64) -> Option<Self> {
        let is_inside = |share: f64| share > 0.0 && share < 1.0;
        (is_inside(alpha) && is_inside(delta)).then_some(Self { alpha, delta })
    }

    /// The tolerated share of wrong answers.
    pub fn alpha(self) -> f64 {
        self.alpha
    }

    /// The tolerated chance that the share is in truth greater than shown.
    pub fn delta(self) -> f64 {
        self.delta
    }

    /// The fewest verdicts, all of them right, that show anything: the least n with (1 − α)ⁿ ≤ δ.
    pub fn least(self) -> u64 {
        missing(0, 0, self)
    }
}

/// A judged turn: how sure the bot was, and whether its draft was wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Labelled {
    /// The confidence, 0 to 1.
    pub score: f64,
    /// Whether sending the draft would have been wrong.
    pub wrong: bool,
}

/// What the evidence of a risk class allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Licence {
    /// The tolerated share of wrong answers it was computed for.
    pub alpha: f64,
    /// The chance taken that the evidence misleads.
    pub delta: f64,
    /// Verdicts at or above λ̂; without λ̂ those at or above the strictest threshold tested.
    pub n: u64,
    /// Those of them that were wrong.
    pub k: u64,
    /// λ̂: the confidence from which answers may go out; none (∞) where nothing is shown.
    pub threshold: Option<f64>,
    /// The Clopper–Pearson upper limit of the wrong share among the `n`, at level δ.
    pub upper: f64,
    /// The share of the sample at or above λ̂; 0 without it.
    pub coverage: f64,
    /// All verdicts of the sample.
    pub total: u64,
    /// How many more verdicts, all of them right and counting towards the bound, are needed at the
    /// very least before anything is licensed; 0 once something is.
    pub missing: u64,
}

impl Licence {
    /// What holds without any evidence: nothing goes out.
    pub fn none(terms: Terms) -> Self {
        Self { alpha: terms.alpha, delta: terms.delta, missing: terms.least(), ..Self::never() }
    }

    /// That of the class which is never answered automatically, whatever the evidence.
    pub fn never() -> Self {
        Self {
            alpha: 0.0,
            delta: 0.0,
            n: 0,
            k: 0,
            threshold: None,
            upper: 1.0,
            coverage: 0.0,
            total: 0,
            missing: 0,
        }
    }

    /// λ̂, where it was earned under terms at least as strict as these.
    pub fn threshold_under(&self, terms: Terms) -> Option<f64> {
        let is_strict = self.alpha <= terms.alpha && self.delta <= terms.delta;
        self.threshold.filter(|threshold| is_strict && threshold.is_finite())
    }
}

/// Computes λ̂ by the fixed sequence `grid`, strictest threshold first, on a sample that the grid and
/// the confidence owe nothing to. A score or threshold that is no number licenses nothing.
pub fn licence(grid: &[f64], sample: &[Labelled], terms: Terms) -> Licence {
    let sane =
        grid.iter().chain(sample.iter().map(|row| &row.score)).all(|score| score.is_finite());
    let Some(strictest) = grid.first().filter(|_| sane) else {
        return Licence { total: count(sample.len()), ..Licence::none(terms) };
    };
    let sample = Ranked::new(sample);
    let earned = grid
        .iter()
        .map(|threshold| (*threshold, sample.at(*threshold)))
        .take_while(|(_, (n, k))| is_rejected(*n, *k, terms))
        .last();
    let (n, k) = earned.map_or_else(|| sample.at(*strictest), |(_, counts)| counts);
    Licence {
        n,
        k,
        threshold: earned.map(|(threshold, _)| threshold),
        upper: upper(n, k, terms.delta),
        coverage: if earned.is_some() { share(n, sample.total()) } else { 0.0 },
        total: sample.total(),
        missing: if earned.is_some() { 0 } else { missing(n, k, terms) },
        ..Licence::none(terms)
    }
}

/// The largest set of answers whose share of wrong ones *in the sample* is at most α, with no regard to
/// chance: what a business tunes by hand. For comparison only; it breaks α about every other time.
pub fn plain_threshold(grid: &[f64], sample: &[Labelled], alpha: f64) -> Option<f64> {
    let sample = Ranked::new(sample);
    let holds = |threshold: &f64| {
        let (n, k) = sample.at(*threshold);
        n > 0 && share(k, n) <= alpha
    };
    grid.iter().copied().filter(holds).min_by(f64::total_cmp)
}

/// Whether `k` wrong of `n` are so few that a risk above α is out of the question at level δ.
pub(super) fn is_rejected(n: u64, k: u64, terms: Terms) -> bool {
    at_most(n, k, terms.alpha) <= terms.delta
}

/// The chance of at most `k` wrong of `n` where each is wrong with probability `risk`.
pub(super) fn at_most(n: u64, k: u64, risk: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    Binomial::new(risk, n).map_or(1.0, |wrong| wrong.cdf(k))
}

/// The Clopper–Pearson upper limit of a share of which `k` of `n` were seen, at level δ.
pub fn upper(n: u64, k: u64, delta: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    Beta::new(real(k + 1), real(n - k)).map_or(1.0, |share| share.inverse_cdf(1.0 - delta))
}

/// The fewest further right verdicts after which `k` wrong of `n` would be few enough.
fn missing(n: u64, k: u64, terms: Terms) -> u64 {
    let suffices = |more: u64| is_rejected(n + more, k, terms);
    let mut enough = 1;
    while !suffices(enough) {
        enough *= 2;
    }
    let mut too_few = 0;
    while enough - too_few > 1 {
        let middle = too_few.midpoint(enough);
        if suffices(middle) { enough = middle } else { too_few = middle }
    }
    enough
}

/// A sample in the order of its scores, so that each threshold is counted at once.
pub(super) struct Ranked {
    /// Scores, highest first.
    scores: Vec<f64>,
    /// How many of the first so many are wrong.
    wrong: Vec<u64>,
}

impl Ranked {
    pub(super) fn new(sample: &[Labelled]) -> Self {
        let mut rows = sample.to_vec();
        rows.sort_by(|one, other| other.score.total_cmp(&one.score));
        let mut wrong = vec![0];
        for row in &rows {
            wrong.push(wrong.last().copied().unwrap_or(0) + u64::from(row.wrong));
        }
        Self { scores: rows.into_iter().map(|row| row.score).collect(), wrong }
    }

    /// How many score at or above a threshold, and how many of them are wrong.
    pub(super) fn at(&self, threshold: f64) -> (u64, u64) {
        let n = self.scores.partition_point(|score| *score >= threshold);
        (count(n), self.wrong.get(n).copied().unwrap_or(0))
    }

    pub(super) fn scores(&self) -> &[f64] {
        &self.scores
    }

    pub(super) fn total(&self) -> u64 {
        count(self.scores.len())
    }
}

pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The share that `part` is of `whole`; 0 of nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { real(part) / real(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "samples hold far fewer than 2^52 turns")]
pub(super) fn real(number: u64) -> f64 {
    number as f64
}
