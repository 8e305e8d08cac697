//! Features: bounded, and of the weakest question where there are several.

use super::super::{Evidence, Features, features};
use super::{asked, drafted, grounded, hit, triage};
use crate::answer::Asked;
use crate::knowledge::Reputation;
use crate::triage::Intent;

fn of(asked: &[Asked]) -> Features {
    let (triage, drafted, grounding) = (triage(Intent::Question), drafted(), grounded());
    features(&Evidence {
        triage: &triage,
        asked,
        drafted: &drafted,
        grounding: &grounding,
        reputations: &[],
    })
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
fn what_people_made_of_an_entry_counts_for_the_one_that_answers() {
    let (triage, drafted, grounding) = (triage(Intent::Question), drafted(), grounded());
    let asked = asked(vec![hit("it", "low", 10.0), hit("other", "low", 6.0)]);
    let reputation =
        |entry: &str, days, right, wrong| Reputation { entry: entry.into(), days, right, wrong };
    for (reputations, numbers) in [
        (vec![], (0.0, 0.0, 0.0)),
        (vec![reputation("other", 730, 9, 9)], (0.0, 0.0, 0.0)),
        (vec![reputation("it", 365, 6, 2)], (0.5, 0.6, 0.2)),
        (vec![reputation("it", 99_999, 0, 0)], (1.0, 0.0, 0.0)),
    ] {
        let found = features(&Evidence {
            triage: &triage,
            asked: &asked,
            drafted: &drafted,
            grounding: &grounding,
            reputations: &reputations,
        });
        let (age, praised, blamed) = numbers;
        for (found, number) in [(found.age, age), (found.praised, praised), (found.blamed, blamed)]
        {
            assert!((found - number).abs() < 1e-9, "{reputations:?}: {found} is not {number}");
        }
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
            ("share", numbers.share),
            ("bm25", numbers.bm25),
            ("words", numbers.words),
            ("encoder", numbers.encoder),
            ("head", numbers.head),
            ("agreement", numbers.agreement),
        ] {
            assert!((0.0..=1.0).contains(&number), "{name} is {number}");
        }
    }
}

#[test]
fn what_the_rankers_find_is_told_apart_by_who_they_are() {
    let ranked = |words, encoder| {
        let mut hits = vec![hit("it", "low", 9.0), hit("other", "low", 5.0)];
        for (place, hit) in hits.iter_mut().enumerate() {
            hit.rankers.words = if words { Some(0.8 - 0.3 * count(place)) } else { None };
            hit.rankers.encoder = if encoder { Some(0.4 + 0.3 * count(place)) } else { None };
        }
        of(&asked(hits))
    };
    let value = |numbers: &Features, name: &str| {
        let named = numbers.named();
        named.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    };
    let all = ranked(true, true);
    assert!((all.share - 1.0 / (1.0 + (-4.0_f64).exp())).abs() < 1e-9, "{all:?}");
    assert!((all.agreement - 2.0 / 3.0).abs() < 1e-9, "the encoder prefers the other: {all:?}");
    assert!((all.margin_words - 0.3).abs() < 1e-9 && (all.margin_encoder + 0.3).abs() < 1e-9);
    for (numbers, company) in
        [(all, "encoder"), (ranked(true, false), "words"), (ranked(false, false), "bare")]
    {
        for other in ["encoder", "words", "bare"] {
            let share = value(&numbers, &format!("{other}_share")).expect("a feature");
            assert!(
                (share - if other == company { 1.0 } else { 0.0 }).abs() < 1e-9,
                "{company} {other}"
            );
        }
    }
}

fn count(place: usize) -> f64 {
    if place == 0 { 0.0 } else { 1.0 }
}

#[test]
fn an_older_record_lacks_what_it_did_not_know() {
    let old: Features = serde_json::from_str(r#"{"coverage":0.5}"#).expect("it is read");
    assert_eq!(old, Features { coverage: 0.5, ..Features::default() });
}
