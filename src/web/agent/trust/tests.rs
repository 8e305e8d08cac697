//! The trust page with a class in each state.

use super::card::{Audits, Card, Drift, Share, Standing};
use super::plot::Plot;
use super::{InboxView, SetView, TrustPage};
use crate::desk::Step;
use crate::knowledge::Risk;
use crate::store::Counts;
use crate::web::agent::clockface::Moment;
use crate::web::agent::page::{Frame, Stopped};
use askama::Template as _;
use chrono::{TimeZone as _, Utc};

fn frame() -> Frame {
    Frame {
        now: String::new(),
        agent: "ada".into(),
        business: "Hollow Oak <Outfitters>".into(),
        name: "Ada".into(),
        role: crate::store::Role::Admin,
        counts: Counts::default(),
        place: "trust",
        notice: None,
        held: Vec::new(),
        views: Vec::new(),
        sends: Vec::new(),
        stopped: vec![Stopped { inbox: "web".into(), risk: Risk::Low }],
        numbers: Vec::new(),
        notifies: false,
    }
}

fn card(name: &'static str, state: &'static str, standing: Standing) -> Card {
    Card {
        anchor: format!("web-{state}"),
        name: name.to_owned(),
        standing,
        state,
        alpha: "5 %".into(),
        delta: "10 %".into(),
        certainty: "90 %".into(),
        n: 0,
        k: 0,
        total: 0,
        threshold: None,
        upper: "100 %".into(),
        coverage: None,
        automated: None,
        evidence: Vec::new(),
        audits: None,
        drift: None,
        plot: None,
    }
}

fn spots() -> Vec<Step> {
    [(0.95, 60, 0), (0.9, 110, 1), (0.86, 148, 2), (0.83, 190, 4), (0.7, 260, 14), (0.5, 400, 61)]
        .into_iter()
        .map(|(threshold, n, k)| Step {
            threshold,
            n,
            k,
            upper: f64::from(u32::try_from(k).unwrap() + 3) / f64::from(u32::try_from(n).unwrap()),
        })
        .collect()
}

/// A class whose answers go out.
fn licensed() -> Card {
    Card {
        n: 148,
        k: 2,
        total: 420,
        threshold: Some("83 %".into()),
        upper: "3.6 %".into(),
        coverage: Share::new(190, 420),
        automated: Share::new(312, 811),
        evidence: [("verdicts", 120), ("audits", 28), ("declared", 272)]
            .map(|(source, count)| (source.to_owned(), count))
            .to_vec(),
        audits: Some(Audits {
            n: 41,
            wrong: 1,
            risk: "2.4 %".into(),
            from: "0.4 %".into(),
            to: "9.2 %".into(),
        }),
        drift: Some(Drift::new(0.7, 0.1)),
        plot: Plot::new(&spots(), 0.05, Some(0.83)),
        ..card("Standard risk", "licensed", Standing::Licensed)
    }
}

/// A class that was stopped.
fn suspended(since: Moment) -> Card {
    Card {
        total: 300,
        audits: Some(Audits {
            n: 60,
            wrong: 9,
            risk: "15 %".into(),
            from: "8.1 %".into(),
            to: "25 %".into(),
        }),
        drift: Some(Drift::new(12.0, 0.1)),
        plot: Plot::new(&spots(), 0.05, None),
        ..card("Low risk", "suspended", Standing::Suspended { since, missing: 45 })
    }
}

/// A page with a class in each state.
fn page() -> TrustPage {
    let now = Utc.with_ymd_and_hms(2026, 3, 4, 9, 30, 0).unwrap();
    let learning = card("High risk", "learning", Standing::Learning { missing: 14 });
    let inbox = InboxView {
        name: "web".into(),
        mode: "auto".into(),
        held: None,
        cards: vec![suspended(Moment::new(now, now)), licensed(), learning],
    };
    let empty = InboxView {
        name: "api".into(),
        mode: "draft".into(),
        held: Some(
            "This inbox is in draft mode: nothing goes out by itself, whatever the evidence."
                .into(),
        ),
        cards: vec![
            card("Low risk", "learning", Standing::Empty),
            Card {
                n: 60,
                k: 9,
                total: 300,
                ..card("Standard risk", "learning", Standing::Learning { missing: 180 })
            },
        ],
    };
    let set = SetView {
        name: "spring <2026>".into(),
        inbox: "all inboxes".into(),
        turns: 400,
        declared: Moment::new(now, now),
        may_go: true,
    };
    let inboxes = vec![inbox, empty];
    TrustPage { frame: frame(), progress: Share::new(120, 400), inboxes, sets: vec![set] }
}

#[test]
fn each_state_says_in_words_what_goes_out_and_what_to_do() {
    let html = page().render().unwrap();
    for words in [
        "Answers by itself from 83 % confidence.",
        "<strong>at most 5 % are wrong,</strong> with 90 % certainty",
        "<strong>14 more right verdicts</strong> needed at least",
        "Stopped: every answer waits for a person.",
        "<strong>45 more right verdicts are needed at least.</strong>",
        "There is no verdict yet.",
        "Of the 60 surest, 9 were wrong",
        "<strong>Automatic answers have stopped</strong> In the inbox web",
        "This inbox is in draft mode",
        "120 of 400 questions",
        "312 of 811 turns",
        "400 labelled turns",
        "in truth between 0.4 % and 9.2 %",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
    assert!(!html.contains("style="), "the content security policy forbids inline style");
    assert!(!html.contains("<Outfitters>") && !html.contains("<2026>"));
}
