//! Features: bounded, and of the weakest question where there are several.

use super::super::{Evidence, Features, features};
use super::{asked, drafted, grounded, hit, triage};
use crate::answer::Asked;
use crate::triage::Intent;

fn of(asked: &[Asked]) -> Features {
    let (triage, drafted, grounding) = (triage(Intent::Question), drafted(), grounded());
    features(&Evidence { triage: &triage, asked, drafted: &drafted, grounding: &grounding })
}

#[test]
fn the_lead_is_over_the_next_entry_that_says_something_else() {
    for (hits, margin) in [
        (vec![hit("it", "low", 10.0)], 1.0),
        (vec![hit("it", "low", 10.0), hit("other", "low", 6.0)], 0.4),
        (vec![hit("it", "low", 10.0), hit("it", "low", 9.0), hit("other", "low", 5.0)], 0.5),
        (vec![hit("it", "low", 0.0), hit("other", "low", 0.0)], 0.0),
        (Vec::new(), 0.0),
    ] {
        let found = of(&asked(hits)).margin;
        assert!((found - margin).abs() < 1e-9, "{found} is not {margin}");
    }
}

#[test]
fn several_questions_are_as_sure_as_the_weakest() {
    let mut both = asked(vec![hit("it", "low", 10.0)]);
    both.extend(asked(Vec::new()));
    let numbers = of(&both);
    assert!(numbers.coverage.abs() < 1e-9, "{numbers:?}");
    assert!((numbers.questions - 2.0).abs() < 1e-9, "{numbers:?}");
}

#[test]
fn every_number_is_bounded() {
    for hits in [Vec::new(), vec![hit("it", "low", 1e12)], vec![hit("it", "low", 0.0)]] {
        let numbers = of(&asked(hits));
        for (name, number) in [
            ("coverage", numbers.coverage),
            ("margin", numbers.margin),
            ("unknown", numbers.unknown),
            ("length", numbers.length),
            ("likeness", numbers.likeness),
            ("grounded", numbers.grounded),
        ] {
            assert!((0.0..=1.0).contains(&number), "{name} is {number}");
        }
    }
}
