//! Alarms: how soon the drift test notices that answers have begun to go wrong, and how often it cries
//! wolf; by simulation, with the very test that watches a deployment.

use super::figure::{count, share};
use super::trial::{ALPHAS, DELTA};
use crate::confidence::{Drift, Terms};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde::Serialize;

/// The audits of each simulated class while nothing changes.
const AUDITS: usize = 1_000;
/// A change comes after so many audits.
const BEFORE: usize = 200;
/// The share of answers that the change turns wrong.
const TURNED: f64 = 0.20;

/// What the drift test did at one α.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alarms {
    /// The tolerated share of wrong answers; the class is exactly that bad before the change.
    pub alpha: f64,
    /// The level of the test.
    pub delta: f64,
    /// Simulated classes.
    pub runs: usize,
    /// The share of classes that were suspended within 1,000 audits although nothing changed.
    #[serde(rename = "false_alarms")]
    pub cried_wolf: Option<f64>,
    /// The share in which it was noticed, within 1,000 audits, that 20 % of the answers turned wrong.
    pub noticed: Option<f64>,
    /// Audits from the change until it was noticed, in half the classes.
    pub median: Option<usize>,
    /// The same in 95 % of them.
    pub most: Option<usize>,
}

/// Simulates so many classes at every α.
pub fn alarms(runs: usize, seed: u64) -> Vec<Alarms> {
    let terms = ALPHAS.into_iter().filter_map(|alpha| Terms::new(alpha, DELTA));
    terms.map(|terms| at(terms, runs, seed)).collect()
}

fn at(terms: Terms, runs: usize, seed: u64) -> Alarms {
    let mut dice = StdRng::seed_from_u64(seed);
    let risk = terms.alpha();
    let wolves = (0..runs).filter(|_| {
        let mut drift = Drift::new(terms);
        rejected_after(&mut drift, &mut dice, risk, AUDITS).is_some()
    });
    let wolves = wolves.count();
    let mut waits = Vec::new();
    let mut changed = 0;
    for _ in 0..runs {
        let mut drift = Drift::new(terms);
        if rejected_after(&mut drift, &mut dice, risk, BEFORE).is_some() {
            continue;
        }
        changed += 1;
        let worse = risk + TURNED * (1.0 - risk);
        waits.extend(rejected_after(&mut drift, &mut dice, worse, AUDITS));
    }
    waits.sort_unstable();
    let quantile =
        |percent: usize| waits.get((waits.len() * percent).div_ceil(100).max(1) - 1).copied();
    Alarms {
        alpha: terms.alpha(),
        delta: terms.delta(),
        runs,
        cried_wolf: share(count(wolves), runs),
        noticed: share(count(waits.len()), changed),
        median: quantile(50),
        most: quantile(95),
    }
}

/// The number of audits after which the test rejects, if it does within so many.
fn rejected_after(drift: &mut Drift, dice: &mut StdRng, risk: f64, audits: usize) -> Option<usize> {
    (1..=audits).find(|_| {
        drift.see(dice.random::<f64>() < risk);
        drift.is_rejected
    })
}

#[cfg(test)]
mod tests {
    use super::alarms;

    #[test]
    fn a_change_is_noticed_and_no_change_hardly_ever_is() {
        for alarms in alarms(1_000, 1) {
            // A thousand classes estimate a chance of 10 % to within three points.
            let wolves = alarms.cried_wolf.expect("a share");
            assert!(wolves <= alarms.delta + 0.03, "{alarms:?}");
            assert!(alarms.noticed.is_some_and(|share| share > 0.99), "{alarms:?}");
            assert!(alarms.most.is_some_and(|audits| audits < 200), "{alarms:?}");
        }
    }
}
