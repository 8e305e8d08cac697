//! A risk class of an inbox as the trust page shows it.

use super::plot::Plot;
use crate::confidence::bound::upper;
use crate::conversation::Source;
use crate::desk::{self, ClassTrust};
use crate::knowledge::Risk;
use crate::web::agent::clockface::Moment;
use crate::web::agent::share::percent;
use crate::web::words::say_of;
use chrono::{DateTime, Utc};

/// A risk class with its licence and the evidence for it, in words.
pub(super) struct Card {
    /// The class that anchors and ids use.
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) standing: Standing,
    /// `learning`, `licensed` or `suspended`, for the colour.
    pub(super) state: &'static str,
    pub(super) alpha: String,
    pub(super) delta: String,
    /// How certain the bound is: the rest of δ.
    pub(super) certainty: String,
    pub(super) n: u64,
    pub(super) k: u64,
    pub(super) total: u64,
    pub(super) threshold: Option<String>,
    pub(super) upper: String,
    /// The share of the evidence that lies at or above the threshold.
    pub(super) coverage: Option<Share>,
    /// The share of the turns of the last 30 days that went out by itself.
    pub(super) automated: Option<Share>,
    pub(super) evidence: Vec<(String, u64)>,
    pub(super) audits: Option<Audits>,
    pub(super) drift: Option<Drift>,
    pub(super) plot: Option<Plot>,
}

/// How a class stands.
pub(super) enum Standing {
    /// There is no evidence at all.
    Empty,
    /// More right verdicts are missing, so many at least.
    Learning { missing: u64 },
    /// Answers go out by themselves.
    Licensed,
    /// Answers went out, and audits showed too many wrong ones.
    Suspended { since: Moment, missing: u64 },
}

/// A share in words and as a place on a line of 100.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Share {
    pub(super) words: String,
    pub(super) place: f64,
    /// What it is a share of.
    pub(super) of: u64,
    pub(super) part: u64,
}

/// What the audits of automatic answers found.
pub(super) struct Audits {
    pub(super) n: u64,
    pub(super) wrong: u64,
    pub(super) risk: String,
    /// The interval around it.
    pub(super) from: String,
    pub(super) to: String,
}

/// How near the audits are to stopping the class.
pub(super) struct Drift {
    pub(super) value: String,
    pub(super) limit: String,
    /// The place on a logarithmic line of 100 that begins at 1 and ends at the limit.
    pub(super) place: f64,
}

impl Card {
    /// Puts a class into words.
    pub(super) fn new(class: &ClassTrust, now: DateTime<Utc>) -> Self {
        let evidence = class.evidence.iter().filter(|(_, count)| *count > 0);
        Self {
            anchor: format!("{}-{}", class.inbox, class.risk),
            name: class_name(class.risk),
            standing: Standing::new(class, now),
            state: class.standing.as_str(),
            alpha: percent(class.alpha),
            delta: percent(class.delta),
            certainty: percent(1.0 - class.delta),
            n: class.n,
            k: class.k,
            total: class.total,
            threshold: class.threshold.map(percent),
            upper: percent(class.upper),
            coverage: class.threshold.and_then(|_| Share::new(class.n, class.total)),
            automated: Share::new(class.answers, class.turns),
            evidence: evidence.map(|(source, count)| (source_name(*source), *count)).collect(),
            audits: Audits::new(class),
            drift: (class.audited > 0).then(|| Drift::new(class.drift, class.delta)),
            plot: Plot::new(&class.steps, class.alpha, class.threshold),
        }
    }
}

impl Standing {
    fn new(class: &ClassTrust, now: DateTime<Utc>) -> Self {
        let missing = class.missing;
        match (class.standing, class.suspended_at) {
            (desk::Standing::Licensed, _) => Self::Licensed,
            (desk::Standing::Suspended, Some(since)) => {
                Self::Suspended { since: Moment::new(since, now), missing }
            }
            (desk::Standing::Learning | desk::Standing::Suspended, _) if class.total == 0 => {
                Self::Empty
            }
            (desk::Standing::Learning | desk::Standing::Suspended, _) => Self::Learning { missing },
        }
    }
}

impl Audits {
    /// What the audits since the licence was granted found, with an interval that leaves out half of
    /// δ on either side; none before the first.
    fn new(class: &ClassTrust) -> Option<Self> {
        let (n, wrong) = (class.audited, class.audited_wrong.min(class.audited));
        let risk = Share::new(wrong, n)?.words;
        let from = percent(1.0 - upper(n, n - wrong, class.delta / 2.0));
        let to = percent(upper(n, wrong, class.delta / 2.0));
        Some(Self { n, wrong, risk, from, to })
    }
}

impl Share {
    /// A part of a whole; none of nothing.
    pub(super) fn new(part: u64, of: u64) -> Option<Self> {
        #[expect(clippy::cast_precision_loss, reason = "counts of turns are small")]
        let share = (of > 0).then(|| part as f64 / of as f64)?;
        Some(Self { words: percent(share), place: share.clamp(0.0, 1.0) * 100.0, of, part })
    }
}

impl Drift {
    /// The evidence against the licence, `value`, beside `1/δ`, at which the class is stopped.
    pub(super) fn new(value: f64, delta: f64) -> Self {
        let limit = 1.0 / delta;
        let place = value.max(1.0).ln() / limit.ln() * 100.0;
        let words = |value: f64| {
            if value >= 9.95 { format!("{value:.0}") } else { format!("{value:.1}") }
        };
        Self { value: words(value), limit: words(limit), place: place.clamp(0.0, 100.0) }
    }
}

/// A class in words.
pub(super) fn class_name(risk: Risk) -> String {
    say_of("class-of", risk.as_str())
}

/// Where evidence comes from, in words.
fn source_name(source: Source) -> String {
    say_of("source", source.as_str())
}

#[cfg(test)]
mod tests {
    use super::{Drift, Share};

    #[test]
    fn a_share_of_nothing_is_none() {
        assert_eq!(Share::new(0, 0), None);
        let share = Share::new(1, 3).expect("a share");
        assert_eq!((share.words.as_str(), share.place.round()), ("33 %", 33.0));
    }

    #[test]
    fn the_drift_meter_ends_where_the_class_is_stopped() {
        for (value, words, place) in
            [(0.0, "0.0", 0.0), (1.0, "1.0", 0.0), (10.0, "10", 100.0), (40.0, "40", 100.0)]
        {
            let drift = Drift::new(value, 0.1);
            assert_eq!(drift.value, words);
            assert!((drift.place - place).abs() < 1e-9, "{value}: {}", drift.place);
            assert_eq!(drift.limit, "10");
        }
    }
}
