//! The bound: exact, safe on bad data, and true in as many worlds as it promises.

#![expect(clippy::print_stdout, reason = "a simulation shows its figures")]

use super::super::bound::{licence, plain_threshold, upper};
use super::super::{Labelled, Licence, Terms, grid};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

fn terms(alpha: f64, delta: f64) -> Terms {
    Terms::new(alpha, delta).expect("terms")
}

fn rows(n: usize, k: usize, score: f64) -> Vec<Labelled> {
    (0..n).map(|index| Labelled { score, wrong: index < k }).collect()
}

#[test]
fn terms_outside_the_open_interval_are_refused() {
    for share in [0.0, 1.0, -0.1, 1.1, f64::NAN, f64::INFINITY] {
        assert_eq!(Terms::new(share, 0.1), None, "α = {share}");
        assert_eq!(Terms::new(0.1, share), None, "δ = {share}");
    }
}

#[test]
fn the_fewest_verdicts_are_those_of_the_formula() {
    for (alpha, delta, least) in [
        (0.05, 0.05, 59),
        (0.02, 0.05, 149),
        (0.01, 0.05, 299),
        (0.10, 0.10, 22),
        (0.05, 0.10, 45),
        (0.02, 0.10, 114),
        (0.5, 0.5, 1),
    ] {
        assert_eq!(terms(alpha, delta).least(), least, "α = {alpha}, δ = {delta}");
        let formula = (f64::ln(delta) / f64::ln(1.0 - alpha)).ceil();
        assert!((formula - f64::from(u32::try_from(least).expect("small"))).abs() < 0.5);
    }
}

#[test]
fn a_licence_is_earned_at_the_very_verdict_that_suffices() {
    for (n, k, threshold, missing) in [
        (44, 0, None, 1),
        (45, 0, Some(0.9), 0),
        (76, 1, None, 1),
        (77, 1, Some(0.9), 0),
        (0, 0, None, 45),
        (10, 10, None, 296),
    ] {
        let licence = licence(&[0.9], &rows(n, k, 0.9), terms(0.05, 0.10));
        assert_eq!((licence.threshold, licence.missing), (threshold, missing), "{k} of {n}");
        assert_eq!(licence.threshold.is_some(), licence.upper <= 0.05, "{k} of {n}: {licence:?}");
    }
}

#[test]
fn the_upper_limit_is_that_of_clopper_and_pearson() {
    for (n, k, delta, expected) in [
        (0, 0, 0.1, 1.0),
        (5, 5, 0.1, 1.0),
        (100, 0, 0.05, 1.0 - 0.05_f64.powf(0.01)),
        (10_000, 0, 0.1, 1.0 - 0.1_f64.powf(1e-4)),
        // From SciPy: beta.ppf(1 - δ, k + 1, n - k).
        (100, 3, 0.05, 0.075_710_793_7),
        (1_000, 37, 0.05, 0.048_389_926_7),
    ] {
        let found = upper(n, k, delta);
        assert!((found - expected).abs() < 1e-9, "{k} of {n} at {delta}: {found}");
    }
}

#[test]
fn no_licence_comes_of_bad_data() {
    let good = rows(500, 0, 0.9);
    let with = |score: f64| [&good[..], &rows(1, 0, score)].concat();
    let easy = terms(0.05, 0.1);
    for (what, grid, sample) in [
        ("nothing", vec![0.9], Vec::new()),
        ("no grid", Vec::new(), good.clone()),
        ("all wrong", vec![0.9], rows(500, 500, 0.9)),
        ("a score that is no number", vec![0.9], with(f64::NAN)),
        ("an endless score", vec![0.9], with(f64::INFINITY)),
        ("a threshold that is no number", vec![0.9, f64::NAN], good.clone()),
        ("nobody so sure", vec![0.95], good.clone()),
    ] {
        let licence = licence(&grid, &sample, easy);
        assert_eq!(licence.threshold, None, "{what}");
        assert!(licence.missing > 0 && licence.coverage.abs() < 1e-9, "{what}: {licence:?}");
    }
    assert_eq!(grid(&with(f64::NAN), 500, easy), Vec::<f64>::new());
    assert_eq!(grid(&[], 500, easy), Vec::<f64>::new());
    assert_eq!(grid(&rows(500, 0, 0.0), 500, easy), Vec::<f64>::new(), "0 is no confidence");
}

#[test]
fn equal_scores_stand_or_fall_together() {
    let sample = [rows(60, 0, 0.9), rows(60, 30, 0.5)].concat();
    let grid = grid(&sample, sample.len(), terms(0.05, 0.1));
    assert_eq!(grid, [0.9, 0.5], "each score once");
    let licence = licence(&grid, &sample, terms(0.05, 0.1));
    assert_eq!((licence.threshold, licence.n, licence.k), (Some(0.9), 60, 0));
    assert!((licence.coverage - 0.5).abs() < 1e-9);
}

#[test]
fn the_walk_stops_at_the_first_threshold_that_is_not_shown() {
    // Bad in the middle, so good at the bottom that the whole would pass again.
    let sample = [rows(60, 0, 0.9), rows(20, 12, 0.8), rows(2_000, 0, 0.7)].concat();
    let licence = licence(&[0.9, 0.8, 0.7], &sample, terms(0.05, 0.1));
    assert_eq!(licence.threshold, Some(0.9));
}

/// A world: scores are even from 0 to 1, and the sure ones are seldom wrong.
struct World;

impl World {
    fn risk_at(score: f64) -> f64 {
        0.6 * (1.0 - score).powi(3)
    }

    /// The true share of wrong ones at or above a threshold: the mean of `risk_at` over them.
    fn risk_from(threshold: f64) -> f64 {
        0.6 * (1.0 - threshold).powi(3) / 4.0
    }

    fn draw(rng: &mut StdRng, n: usize) -> Vec<Labelled> {
        let mut row = || {
            let score = rng.random::<f64>();
            Labelled { score, wrong: rng.random::<f64>() < Self::risk_at(score) }
        };
        (0..n).map(|_| row()).collect()
    }
}

/// How often a way to find λ̂ breaks α in the world, and how much it automates on average.
fn broken(find: impl Fn(&[f64], &[Labelled], Terms) -> Option<f64>, terms: Terms) -> (f64, f64) {
    let worlds = 400;
    let mut rng = StdRng::seed_from_u64(3);
    let (mut broken, mut covered) = (0.0, 0.0);
    for _ in 0..worlds {
        let (fitting, sample) = (World::draw(&mut rng, 300), World::draw(&mut rng, 400));
        let grid = grid(&fitting, sample.len(), terms);
        if let Some(threshold) = find(&grid, &sample, terms) {
            broken += f64::from(u8::from(World::risk_from(threshold) > terms.alpha()));
            covered += 1.0 - threshold;
        }
    }
    (broken / f64::from(worlds), covered / f64::from(worlds))
}

#[test]
fn the_true_risk_exceeds_alpha_as_seldom_as_delta_says() {
    for (alpha, delta, least_covered) in
        [(0.05, 0.10, 0.40), (0.10, 0.10, 0.70), (0.10, 0.05, 0.65)]
    {
        let terms = terms(alpha, delta);
        let noise = 2.6 * (delta * (1.0 - delta) / 400.0_f64).sqrt();
        let (share, covered) =
            broken(|grid, sample, terms| licence(grid, sample, terms).threshold, terms);
        println!("α {alpha} δ {delta}: breaks α in {share:.3} of worlds, covers {covered:.3}");
        assert!(share <= delta + noise, "{share} of worlds break α = {alpha} at δ = {delta}");
        assert!(covered >= least_covered, "{covered} covered at α = {alpha}, δ = {delta}");

        let plain = |grid: &[f64], sample: &[Labelled], terms: Terms| {
            plain_threshold(grid, sample, terms.alpha())
        };
        let (share, covered) = broken(plain, terms);
        println!("    plain rate: breaks α in {share:.3} of worlds, covers {covered:.3}");
        assert!(share > 2.0 * (delta + noise), "the plain rate breaks α in {share} of worlds only");
    }
}

#[test]
fn without_evidence_there_is_no_licence() {
    let none = Licence::none(terms(0.05, 0.1));
    assert_eq!((none.threshold, none.missing, none.total), (None, 45, 0));
    assert_eq!(none, licence(&[], &[], terms(0.05, 0.1)));
}
