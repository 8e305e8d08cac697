//! The model: follows the evidence, is fitted soundly, and refuses what it cannot learn from.

use super::super::bound::share;
use super::super::{Features, Model, Unfit, reliability};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;

fn strong() -> Features {
    let numbers = json!({
        "coverage": 1.0, "margin": 0.5, "unknown": 0.0, "length": 0.3, "questions": 1.0,
        "same_language": 1.0, "likeness": 0.9, "grounded": 1.0, "answerable": 1.0,
        "share": 0.99, "words": 0.9, "covered": 1.0,
    });
    serde_json::from_value(numbers).expect("features; what a record lacks is 0")
}

#[test]
fn the_shipped_model_follows_the_evidence() {
    let model = Model::shipped();
    assert_ne!(model.version, "unreadable");
    let best = model.confidence(&strong());
    assert!(best > 0.9, "{best}");
    for (what, weaker) in [
        ("unlike its wordings", Features { likeness: 0.3, ..strong() }),
        ("closer rival", Features { share: 0.5, ..strong() }),
        ("other wording", Features { words: 0.4, ..strong() }),
        ("ungrounded", Features { grounded: 0.0, ..strong() }),
        ("model says no", Features { answerable: 0.0, ..strong() }),
        ("a record without any", Features::default()),
    ] {
        assert!(model.confidence(&weaker) < best, "{what}");
    }
}

#[test]
fn no_number_is_no_confidence() {
    let broken = Features { share: f64::NAN, ..strong() };
    assert!(Model::shipped().confidence(&broken).abs() < f64::EPSILON);
    let mut foreign = Model::shipped().clone();
    foreign.weights.insert("phase of the moon".into(), 1.0);
    assert!(foreign.confidence(&strong()).abs() < f64::EPSILON, "it cannot judge here");
}

#[test]
fn every_weight_of_the_shipped_model_is_of_a_feature() {
    let names: Vec<&str> = strong().named().into_iter().map(|(name, _)| name).collect();
    for name in Model::shipped().weights.keys() {
        assert!(names.contains(&name.as_str()), "{name}");
    }
}

/// Turns whose log-odds of being right are −2 + 5 × coverage − 3 × unknown.
fn turns(n: usize, seed: u64) -> Vec<(Features, bool)> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut turn = || {
        let features = Features {
            coverage: rng.random(),
            unknown: rng.random(),
            likeness: rng.random(),
            grounded: 1.0,
            // Even odds: nothing that the share counts with.
            share: 0.5,
            ..Features::default()
        };
        let odds = -2.0 + 5.0 * features.coverage - 3.0 * features.unknown;
        let right = rng.random::<f64>() < 1.0 / (1.0 + f64::exp(-odds));
        (features, right)
    };
    (0..n).map(|_| turn()).collect()
}

#[test]
fn a_fit_finds_what_the_verdicts_follow() {
    let model = Model::fit(&turns(4_000, 5)).expect("a model");
    for (name, expected) in [("coverage", 5.0), ("unknown", -3.0), ("likeness", 0.0)] {
        let found = model.weights[name];
        assert!((found - expected).abs() < 0.5, "{name}: {found} instead of {expected}");
    }
    let shipped = Model::shipped().weights["grounded"];
    assert!((model.weights["grounded"] - shipped).abs() < 1e-12, "never varied: as shipped");
    let fresh = turns(4_000, 6);
    let judged: Vec<(f64, bool)> =
        fresh.iter().map(|(features, right)| (model.confidence(features), *right)).collect();
    let reliability = reliability(&judged, 10);
    assert!(reliability.ece < 0.03, "{reliability:#?}");
    assert_eq!(
        model,
        Model::fit(&turns(4_000, 5)).expect("a model"),
        "the same rows, the same model"
    );
    assert_ne!(model.version, Model::fit(&turns(4_000, 7)).expect("a model").version);
}

#[test]
fn a_fit_is_at_the_optimum_and_holds_back_where_classes_part_perfectly() {
    let parted: Vec<(Features, bool)> = (0..200)
        .map(|index| {
            let coverage = f64::from(index) / 200.0;
            (Features { coverage, ..Features::default() }, coverage > 0.5)
        })
        .collect();
    let model = Model::fit(&parted).expect("a model");
    let weight = model.weights["coverage"];
    assert!(weight > 5.0 && weight < 60.0, "the penalty keeps it finite: {weight}");
    // At the optimum the penalised gradient of the standardised weight vanishes.
    let deviation =
        (parted.iter().map(|(row, _)| (row.coverage - 0.4975).powi(2)).sum::<f64>() / 200.0).sqrt();
    let slope: f64 = parted
        .iter()
        .map(|(row, right)| {
            let gap = f64::from(u8::from(*right)) - model.confidence(row);
            gap * (row.coverage - 0.4975) / deviation
        })
        .sum();
    assert!((slope - weight * deviation).abs() < 1e-4, "{slope} against {}", weight * deviation);
}

#[test]
fn what_cannot_be_learned_from_is_refused() {
    let some = turns(400, 8);
    let of = |right: bool, n: usize| -> Vec<(Features, bool)> {
        some.iter().filter(|row| row.1 == right).take(n).cloned().collect()
    };
    let mut broken = some.clone();
    broken[7].0.margin = f64::INFINITY;
    for (rows, unfit) in [
        (Vec::new(), Unfit::Empty),
        (of(true, 100), Unfit::OneClass("right")),
        (of(false, 100), Unfit::OneClass("wrong")),
        ([of(true, 100), of(false, 19)].concat(), Unfit::TooFew(19)),
        (broken, Unfit::NotFinite("margin".into())),
    ] {
        assert_eq!(Model::fit(&rows), Err(unfit));
    }
    let blind: Vec<(Features, bool)> =
        some.iter().map(|(_, right)| (Features::default(), *right)).collect();
    let model = Model::fit(&blind).expect("a model that tells nothing apart");
    let share = share(some.iter().filter(|row| row.1).count() as u64, 400);
    assert!((model.confidence(&Features::default()) - share).abs() < 1e-6);
}

#[test]
fn reliability_is_zero_where_confidence_means_what_it_says() {
    let rows: Vec<(f64, bool)> = (0..100)
        .map(|index| (0.9, index < 90))
        .chain((0..10).map(|index| (0.2, index < 2)))
        .collect();
    let perfect = reliability(&rows, 10);
    assert!(perfect.ece < 1e-9, "{perfect:?}");
    assert_eq!(perfect.bins.iter().map(|bin| bin.n).collect::<Vec<_>>(), [10, 100]);
    let boastful = reliability(&[(1.0, false), (1.0, true), (f64::NAN, true)], 10);
    assert!((boastful.ece - 0.5).abs() < 1e-9 && (boastful.brier - 0.5).abs() < 1e-9);
    assert_eq!(reliability(&[], 10).bins, []);
}
