//! Earning: from labelled turns to the licence of a class.
//!
//! What counts for a class: turns of its inbox (or declared for all) and of its risk, since its last
//! suspension, that passed every gate but the confidence, for only such turns are ever let out by a
//! licence; no alarms; and of the turns decided while sure answers went out unseen, the same share of
//! all (see [`crate::confidence::audit`]). A keyed hash parts them into two folds: the fitting fold
//! chooses the thresholds to test (and fits the model), the other tests them. A declared question's fold
//! is the same everywhere and under every name of its set, and it counts once however often it is
//! declared: nobody draws lots until a licence falls out.

use super::{Earned, Step};
use crate::confidence::{Features, Labelled, Model, Terms, audit, bound, grid};
use crate::conversation::{DecisionId, InboxName, Source};
use crate::knowledge::Risk;
use crate::store::Evidence;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// The share of the evidence that chooses thresholds and fits the model; the rest proves.
const FITTING: f64 = 0.35;

/// What declared questions are drawn with: no secret, so that every node and every start agrees.
const DECLARED: &[u8] = b"declared";

/// The labelled turns with what is asked of each again and again.
pub(super) struct Body {
    points: Vec<Point>,
}

/// A labelled turn.
struct Point {
    source: Source,
    inbox: Option<InboxName>,
    risk: Risk,
    happened_at: DateTime<Utc>,
    features: Features,
    score: f64,
    wrong: bool,
    /// Whether it could have gone out, and is one of the share that counts.
    counts: bool,
    is_for_fitting: bool,
}

/// A class whose licence is sought.
pub(super) struct Sought {
    pub(super) inbox: InboxName,
    pub(super) risk: Risk,
    pub(super) terms: Terms,
    /// Its last suspension.
    pub(super) since: Option<DateTime<Utc>>,
}

impl Body {
    /// Reads what the store holds; features that cannot be read count for nothing.
    pub(super) fn read(evidence: Vec<Evidence>, key: &[u8]) -> Self {
        let point = |row: Evidence| {
            let (key, name) = match row.source {
                Source::Declared => (DECLARED, row.case_name.clone().unwrap_or_default()),
                Source::Verdict | Source::Audit | Source::Alarm => (key, name(&row)),
            };
            let is_drawn = row.decision_id.as_ref().is_none_or(|id| is_counted(&row, key, id));
            Some(Point {
                counts: row.eligible && is_drawn,
                is_for_fitting: audit::is_for_fitting(key, &name, FITTING),
                source: row.source,
                inbox: row.inbox,
                risk: row.risk,
                happened_at: row.happened_at,
                features: serde_json::from_value(row.features).ok()?,
                score: 0.0,
                wrong: row.wrong,
            })
        };
        Self { points: once(evidence).into_iter().filter_map(point).collect() }
    }

    /// Judges all turns by a model.
    pub(super) fn judge(&mut self, model: &Model) {
        for point in &mut self.points {
            point.score = model.confidence(&point.features);
        }
    }

    /// People's verdicts that a model may be fitted on, with whether the draft was right.
    pub(super) fn verdicts_for_fitting(&self) -> Vec<(Features, bool)> {
        let own = self.points.iter().filter(|point| {
            point.is_for_fitting && matches!(point.source, Source::Verdict | Source::Audit)
        });
        own.map(|point| (point.features.clone(), !point.wrong)).collect()
    }

    /// What the evidence allows a class.
    pub(super) fn earned(&self, sought: &Sought) -> Earned {
        let (fitting, proving): (Vec<&Point>, Vec<&Point>) =
            self.of(sought).partition(|point| point.is_for_fitting);
        let labelled = |points: Vec<&Point>| -> Vec<Labelled> {
            points.iter().map(|it| Labelled { score: it.score, wrong: it.wrong }).collect()
        };
        let (fitting, proving) = (labelled(fitting), labelled(proving));
        let grid = grid(&fitting, proving.len(), sought.terms);
        Earned {
            licence: bound::licence(&grid, &proving, sought.terms),
            steps: grid.iter().map(|threshold| step(*threshold, &proving, sought.terms)).collect(),
            evidence: self.counts(sought),
        }
    }

    /// The turns that count for a class.
    fn of<'a>(&'a self, sought: &'a Sought) -> impl Iterator<Item = &'a Point> {
        self.labels(sought).filter(|point| {
            point.source != Source::Alarm
                && point.counts
                && sought.since.is_none_or(|since| point.happened_at > since)
        })
    }

    /// All labelled turns of a class.
    fn labels<'a>(&'a self, sought: &'a Sought) -> impl Iterator<Item = &'a Point> {
        self.points.iter().filter(|point| {
            point.risk == sought.risk
                && point.inbox.as_ref().is_none_or(|inbox| *inbox == sought.inbox)
        })
    }

    fn counts(&self, sought: &Sought) -> Vec<(Source, u64)> {
        let count = |source: Source| {
            let counted = match source {
                Source::Alarm => self.labels(sought).filter(|it| it.source == source).count(),
                Source::Verdict | Source::Audit | Source::Declared => {
                    self.of(sought).filter(|it| it.source == source).count()
                }
            };
            (source, u64::try_from(counted).unwrap_or(u64::MAX))
        };
        Source::ALL.iter().copied().map(count).filter(|(_, count)| *count > 0).collect()
    }
}

/// The evidence without what was declared before under another name of the set: a question of the same
/// name that found the same, to the last digit of every feature. Of labels that differ, wrong counts.
fn once(mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    // What stands for every inbox first: it stands for each of them.
    evidence.sort_by_key(|row| row.inbox.is_some());
    let mut seen: HashMap<(Option<InboxName>, String), usize> = HashMap::new();
    let mut kept: Vec<Evidence> = Vec::with_capacity(evidence.len());
    for row in evidence {
        if row.source == Source::Declared {
            let name = row.case_name.as_deref().unwrap_or_default();
            let question =
                format!("{} {} {name} {}", row.risk.as_str(), row.eligible, row.features);
            let (all, own) = ((None, question.clone()), (row.inbox.clone(), question));
            if let Some(&place) = seen.get(&all).or_else(|| seen.get(&own)) {
                kept[place].wrong |= row.wrong;
                continue;
            }
            seen.insert(own, kept.len());
        }
        kept.push(row);
    }
    kept
}

/// What a judged turn is called in lots.
fn name(row: &Evidence) -> String {
    row.decision_id.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// Whether a verdict is one of the share that counts. An answer that was drawn always is, as the
/// same lot drew it.
fn is_counted(row: &Evidence, key: &[u8], decision: &DecisionId) -> bool {
    row.source == Source::Audit || row.share >= 1.0 || audit::is_drawn(key, decision, row.share)
}

fn step(threshold: f64, sample: &[Labelled], terms: Terms) -> Step {
    let above = sample.iter().filter(|row| row.score >= threshold);
    let (mut n, mut k) = (0, 0);
    for row in above {
        n += 1;
        k += u64::from(row.wrong);
    }
    Step { threshold, n, k, upper: bound::upper(n, k, terms.delta()) }
}
