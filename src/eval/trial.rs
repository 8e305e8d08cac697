//! Trials of the bound: a labelled set stands for all turns to come, so that the true risk of every
//! threshold is known; calibration samples are drawn from it, and what they license is counted.
//!
//! Beside the bound stand the thresholds others use: constants, and one tuned on the same sample with no
//! regard to chance. On a half that was held out, the realised rate is a noisy estimate itself; it is
//! given with its own interval.

use super::figure::{Curve, Scored, count, share};
use crate::confidence::bound::{plain_threshold, upper};
use crate::confidence::{Labelled, Terms, bound, grid};
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde::Serialize;

/// The tolerated shares of wrong answers that are tried.
pub const ALPHAS: [f64; 3] = [0.02, 0.05, 0.10];
/// The chance taken that the evidence misleads.
pub const DELTA: f64 = 0.10;
/// The level of the interval around a realised rate: 5 % on each side.
const SIDE: f64 = 0.05;

/// What a trial is made of.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// All turns to come.
    pub population: &'a [Scored],
    /// Judged turns apart from it, which the grid is chosen on.
    pub fitting: &'a [Labelled],
    /// How many samples are drawn.
    pub samples: usize,
    /// What the draws start from.
    pub seed: u64,
}

/// A threshold fixed beforehand, on scores of its own.
#[derive(Debug, Clone)]
pub struct Constant {
    /// Its name.
    pub name: String,
    /// The threshold.
    pub threshold: f64,
    /// The population by the score it is set on.
    pub population: Vec<Scored>,
}

/// What a rule did over all samples.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// The rule that sets the threshold.
    pub rule: String,
    /// The tolerated share of wrong answers.
    pub alpha: f64,
    /// The chance taken; none for rules that take no account of chance.
    pub delta: Option<f64>,
    /// Samples drawn.
    pub samples: usize,
    /// Turns in each.
    pub size: usize,
    /// The share of samples that allowed any answer.
    pub licensed: Option<f64>,
    /// The mean share of turns answered, 0 where nothing is.
    pub coverage: Option<f64>,
    /// The mean true risk where something is answered.
    pub risk: Option<f64>,
    /// The share of samples whose threshold has a true risk above the tolerated.
    pub broken: Option<f64>,
}

/// What the bound did where one half calibrates and the other is answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Halves {
    /// The tolerated share of wrong answers.
    pub alpha: f64,
    /// Splits drawn.
    pub splits: usize,
    /// The mean share of the other half answered.
    pub coverage: Option<f64>,
    /// The mean realised share of wrong answers, where something is answered.
    pub realised: Option<f64>,
    /// The mean ends of its interval (90 %, Clopper–Pearson).
    pub interval: Option<[f64; 2]>,
    /// The share of splits whose realised rate is above the tolerated one.
    pub above: Option<f64>,
    /// The share of splits whose whole interval is.
    pub surely_above: Option<f64>,
}

/// A rule that sets a threshold by a sample.
type Rule = fn(&[f64], &[Labelled], Terms) -> Option<f64>;

/// λ̂ by the bound.
fn proven(grid: &[f64], sample: &[Labelled], terms: Terms) -> Option<f64> {
    bound::licence(grid, sample, terms).threshold
}

/// The lowest of the sample's own scores whose wrong share in the sample is tolerable.
fn tuned(_grid: &[f64], sample: &[Labelled], terms: Terms) -> Option<f64> {
    let scores: Vec<f64> = sample.iter().map(|row| row.score).collect();
    plain_threshold(&scores, sample, terms.alpha())
}

/// Tries the bound, the tuned threshold and the constants, for every α.
pub fn trials(field: &Field<'_>, constants: &[Constant]) -> Vec<Trial> {
    let mut trials = Vec::new();
    if field.population.is_empty() {
        return trials;
    }
    for terms in all_terms() {
        trials.push(trial(field, terms, "bound", proven));
        trials.push(Trial { delta: None, ..trial(field, terms, "tuned on the sample", tuned) });
        trials.extend(constants.iter().map(|constant| fixed(field, terms, constant)));
    }
    trials
}

/// Tries the bound alone, under another name.
pub fn bound_alone(field: &Field<'_>, name: &str) -> Vec<Trial> {
    if field.population.is_empty() {
        return Vec::new();
    }
    all_terms().map(|terms| trial(field, terms, name, proven)).collect()
}

fn all_terms() -> impl Iterator<Item = Terms> {
    ALPHAS.into_iter().filter_map(|alpha| Terms::new(alpha, DELTA))
}

fn sample_size(population: &[Scored]) -> usize {
    (population.len() / 2).max(1)
}

fn trial(field: &Field<'_>, terms: Terms, name: &str, rule: Rule) -> Trial {
    let size = sample_size(field.population);
    let grid = grid(field.fitting, size, terms);
    let truth = Curve::of(field.population);
    let rows = labelled(field.population);
    let mut dice = StdRng::seed_from_u64(field.seed);
    let mut sum = Sum::default();
    for _ in 0..field.samples {
        let draw = |_| rows[dice.random_range(0..rows.len())];
        let sample: Vec<Labelled> = (0..size).map(draw).collect();
        sum.add(&truth, rule(&grid, &sample, terms), terms);
    }
    sum.trial(name, terms, field.samples, size)
}

fn fixed(field: &Field<'_>, terms: Terms, constant: &Constant) -> Trial {
    let mut sum = Sum::default();
    sum.add(&Curve::of(&constant.population), Some(constant.threshold), terms);
    let size = sample_size(field.population);
    Trial { delta: None, samples: field.samples, ..sum.trial(&constant.name, terms, 1, size) }
}

/// What thresholds have done so far.
#[derive(Default)]
struct Sum {
    answering: usize,
    broken: usize,
    coverage: f64,
    risk: f64,
}

impl Sum {
    fn add(&mut self, truth: &Curve, threshold: Option<f64>, terms: Terms) {
        let Some(point) = threshold.and_then(|threshold| truth.at(threshold)) else { return };
        self.answering += 1;
        self.broken += usize::from(point.risk() > terms.alpha());
        self.coverage += count(point.answered) / count(truth.total);
        self.risk += point.risk();
    }

    fn trial(&self, rule: &str, terms: Terms, samples: usize, size: usize) -> Trial {
        Trial {
            rule: rule.to_owned(),
            alpha: terms.alpha(),
            delta: Some(terms.delta()),
            samples,
            size,
            licensed: share(count(self.answering), samples),
            coverage: share(self.coverage, samples),
            risk: share(self.risk, self.answering),
            broken: share(count(self.broken), samples),
        }
    }
}

/// Calibrates on one half and answers the other, over as many random splits as samples.
pub fn halves(field: &Field<'_>) -> Vec<Halves> {
    all_terms().map(|terms| halves_at(field, terms)).collect()
}

fn halves_at(field: &Field<'_>, terms: Terms) -> Halves {
    let mut rows = field.population.to_vec();
    let half = rows.len() / 2;
    let grid = grid(field.fitting, half, terms);
    let mut dice = StdRng::seed_from_u64(field.seed);
    let (mut coverage, mut realised, mut ends) = (0.0, 0.0, [0.0; 2]);
    let (mut answering, mut above, mut surely) = (0, 0, 0);
    for _ in 0..field.samples {
        rows.shuffle(&mut dice);
        let (sample, rest) = rows.split_at(half);
        let curve = Curve::of(rest);
        let threshold = proven(&grid, &labelled(sample), terms);
        let Some(point) = threshold.and_then(|threshold| curve.at(threshold)) else { continue };
        let interval = interval(point.answered, point.answered - point.right);
        answering += 1;
        coverage += count(point.answered) / count(rest.len());
        realised += point.risk();
        ends = [ends[0] + interval[0], ends[1] + interval[1]];
        above += usize::from(point.risk() > terms.alpha());
        surely += usize::from(interval[0] > terms.alpha());
    }
    let splits = field.samples;
    Halves {
        alpha: terms.alpha(),
        splits,
        coverage: share(coverage, splits),
        realised: share(realised, answering),
        interval: (answering > 0).then(|| ends.map(|end| end / count(answering))),
        above: share(count(above), splits),
        surely_above: share(count(surely), splits),
    }
}

/// The two-sided Clopper–Pearson interval of a share of which `wrong` of `n` were seen.
fn interval(n: usize, wrong: usize) -> [f64; 2] {
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    // The lower end is the upper end of the opposite share.
    [1.0 - upper(number(n), number(n - wrong), SIDE), upper(number(n), number(wrong), SIDE)]
}

/// The rows as the bound takes them.
pub fn labelled(rows: &[Scored]) -> Vec<Labelled> {
    rows.iter().map(|row| Labelled { score: row.score, wrong: !row.right }).collect()
}

#[cfg(test)]
mod tests {
    use super::{ALPHAS, Constant, DELTA, Field, Trial, halves, interval, labelled, trials};
    use crate::eval::figure::Scored;
    use rand::rngs::StdRng;
    use rand::{Rng as _, SeedableRng as _};

    /// Turns whose score is the probability that they are right.
    fn generated(n: usize, seed: u64) -> Vec<Scored> {
        let mut dice = StdRng::seed_from_u64(seed);
        let row = |_| {
            let score = dice.random::<f64>().sqrt().sqrt();
            let right = dice.random::<f64>() < score;
            Scored { score, right, answerable: true, rank: right.then_some(1) }
        };
        (0..n).map(row).collect()
    }

    fn tried() -> Vec<Trial> {
        let (population, fitting) = (generated(3_000, 1), labelled(&generated(1_000, 2)));
        let field = Field { population: &population, fitting: &fitting, samples: 500, seed: 3 };
        let constant =
            Constant { name: "0.85".into(), threshold: 0.85, population: population.clone() };
        trials(&field, &[constant])
    }

    /// Five hundred samples estimate a chance of 10 % to within four points, three deviations.
    const MONTE_CARLO: f64 = 0.04;

    #[test]
    fn the_bound_is_broken_no_more_often_than_delta_and_a_tuned_threshold_is() {
        let tried = tried();
        let broken = |rule: &str, alpha: f64| {
            let is_at = |trial: &&Trial| (trial.alpha - alpha).abs() < 1e-9;
            let found = tried.iter().filter(is_at).find(|trial| trial.rule == rule);
            found.and_then(|trial| trial.broken).expect("a trial")
        };
        for alpha in ALPHAS {
            let share = broken("bound", alpha);
            assert!(share <= DELTA + MONTE_CARLO, "the bound at {alpha} is broken in {share}");
            // So little would the plain rate keep what the bound keeps: the test can tell them apart.
            let share = broken("tuned on the sample", alpha);
            assert!(share > DELTA + MONTE_CARLO, "tuned at {alpha}: {share}");
        }
        let bound = tried.iter().filter(|trial| trial.rule == "bound");
        let most = bound.filter_map(|trial| trial.coverage).fold(0.0, f64::max);
        assert!(most > 0.2, "the bound covers {most}");
    }

    #[test]
    fn trials_are_the_same_for_the_same_seed() {
        assert_eq!(tried(), tried());
    }

    #[test]
    fn nothing_to_go_by_licenses_nothing() {
        let population = generated(100, 1);
        let none = Field { population: &[], fitting: &[], samples: 10, seed: 1 };
        assert_eq!(trials(&none, &[]), []);
        let blind = Field { population: &population, fitting: &[], samples: 10, seed: 1 };
        let bound = &trials(&blind, &[])[0];
        assert_eq!((bound.licensed, bound.coverage, bound.risk), (Some(0.0), Some(0.0), None));
        assert!(halves(&blind).iter().all(|halves| halves.interval.is_none()));
    }

    #[test]
    fn an_interval_holds_the_rate_seen() {
        for (n, wrong) in [(20, 0), (20, 1), (20, 20), (1_000, 50)] {
            let [low, high] = interval(n, wrong);
            let rate = f64::from(u32::try_from(wrong).expect("small"))
                / f64::from(u32::try_from(n).expect("small"));
            assert!(low <= rate && rate <= high && (0.0..=1.0).contains(&low), "{low} {high}");
        }
    }
}
