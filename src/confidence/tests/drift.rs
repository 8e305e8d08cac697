//! Audits and drift: drawn blindly at the right rate; a change is noticed, and peace is left in peace.

#![expect(clippy::print_stdout, reason = "a simulation shows its figures")]

use super::super::audit::{is_drawn, is_for_fitting, probability};
use super::super::bound::share;
use super::super::{Drift, Terms};
use crate::conversation::DecisionId;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

fn terms() -> Terms {
    Terms::new(0.05, 0.10).expect("terms")
}

#[test]
fn false_alarms_are_as_rare_as_delta_says() {
    let mut rng = StdRng::seed_from_u64(11);
    for risk in [0.05, 0.03] {
        let alarms = (0..1_000)
            .filter(|_| {
                Drift::over(terms(), (0..1_000).map(|_| rng.random::<f64>() < risk)).is_rejected
            })
            .count();
        println!("risk {risk}: {alarms} false alarms in 1,000 runs of 1,000 audits");
        assert!(alarms <= 100, "{alarms} of 1,000 runs");
    }
}

#[test]
fn a_fifth_of_the_answers_turning_wrong_is_noticed_soon() {
    let mut rng = StdRng::seed_from_u64(12);
    for (before, within) in [(0, 60), (100, 90), (1_000, 130)] {
        let mut taken: Vec<u32> = (0..200)
            .map(|_| {
                let calm = (0..before).map(|_| rng.random::<f64>() < 0.02);
                let mut drift = Drift::over(terms(), calm);
                drift.is_rejected = false;
                let mut audits = 0;
                while !drift.is_rejected && audits < 5_000 {
                    drift.see(rng.random::<f64>() < 0.22);
                    audits += 1;
                }
                audits
            })
            .collect();
        taken.sort_unstable();
        println!(
            "after {before} good audits, 22 % wrong is noticed within {} audits (median), {} (9 in 10)",
            taken[100], taken[180]
        );
        assert!(taken[180] <= within, "after {before}: {}", taken[180]);
    }
}

#[test]
fn an_alarm_stays_and_the_state_follows_from_the_verdicts_alone() {
    let mut drift = Drift::new(terms());
    assert!((drift.e_value() - 1.0).abs() < 1e-12, "the stake is 1");
    for _ in 0..12 {
        drift.see(true);
    }
    assert!(drift.is_rejected);
    for _ in 0..500 {
        drift.see(false);
    }
    assert!(drift.is_rejected && drift.e_value() < 10.0, "{drift:?}");
    let verdicts = [vec![true; 12], vec![false; 500]].concat();
    assert_eq!(drift, Drift::over(terms(), verdicts));
}

#[test]
fn decisions_are_drawn_at_the_rate_asked_for_whatever_they_are_about() {
    let decisions: Vec<DecisionId> =
        (0..8_000).map(|index| DecisionId::from(format!("0198-{index:08}"))).collect();
    for p in [0.0, 0.05, 0.5] {
        let rate = |of: &dyn Fn(usize) -> bool| {
            let chosen: Vec<usize> = (0..decisions.len()).filter(|index| of(*index)).collect();
            let drawn =
                chosen.iter().filter(|index| is_drawn(b"key", &decisions[**index], p)).count();
            share(drawn as u64, chosen.len() as u64)
        };
        for (what, found) in [
            ("all", rate(&|_| true)),
            ("even ones", rate(&|index| index % 2 == 0)),
            ("the first thousand", rate(&|index| index < 1_000)),
            ("ends in 7", rate(&|index| index % 10 == 7)),
            ("for fitting", rate(&|index| is_for_fitting(b"key", decisions[index].as_str(), 0.4))),
        ] {
            let noise = 4.0 * (p * (1.0 - p) / 800.0_f64).sqrt();
            assert!((found - p).abs() <= noise, "{what}: {found} instead of {p}");
        }
    }
    let other_key = decisions
        .iter()
        .filter(|id| is_drawn(b"key", id, 0.5) == is_drawn(b"another key", id, 0.5))
        .count();
    assert!(
        (3_800..4_200).contains(&other_key),
        "without the key nobody can foretell: {other_key}"
    );
}

#[test]
fn who_is_drawn_at_a_low_rate_is_drawn_at_a_higher_one() {
    for index in 0..2_000 {
        let id = DecisionId::from(format!("{index}"));
        assert!(!is_drawn(b"key", &id, 0.05) || is_drawn(b"key", &id, 0.2), "{id}");
    }
}

#[test]
fn more_is_audited_while_evidence_is_thin() {
    for (is_licensed, audited, expected) in [
        (false, 1_000, 1.0),
        (true, 0, 0.5),
        (true, 15, 0.35),
        (true, 45, 0.05),
        (true, 100_000, 0.05),
    ] {
        let found = probability(0.05, is_licensed, audited, terms());
        assert!((found - expected).abs() < 1e-9, "{audited}: {found}");
    }
    assert!((probability(0.8, true, 0, terms()) - 0.8).abs() < 1e-9, "never fewer than asked for");
    assert!((probability(f64::NAN, true, 99, terms()) - 1.0).abs() < 1e-9, "in doubt, all");
}

/// The bias that thinning takes away: pooled as they come, doubtful drafts outnumber sure answers.
#[test]
fn thinned_to_one_probability_the_sample_looks_like_the_turns() {
    let mut rng = StdRng::seed_from_u64(13);
    let (p, turns) = (0.2, 15_000);
    let (mut pooled, mut thinned) = (Vec::new(), Vec::new());
    for index in 0..turns {
        let id = DecisionId::from(format!("turn-{index}"));
        let is_sure = rng.random::<f64>() < 0.5;
        let wrong = rng.random::<f64>() < if is_sure { 0.02 } else { 0.30 };
        let is_drawn = is_drawn(b"key", &id, p);
        if !is_sure || is_drawn {
            pooled.push(wrong);
        }
        if is_drawn {
            thinned.push(wrong);
        }
    }
    let rate = |rows: &[bool]| {
        share(rows.iter().filter(|wrong| **wrong).count() as u64, rows.len() as u64)
    };
    assert!((rate(&thinned) - 0.16).abs() < 0.02, "thinned: {}", rate(&thinned));
    assert!(rate(&pooled) > 0.22, "pooled: {}", rate(&pooled));
}
