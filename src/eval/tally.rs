//! What came of a set of questions: ends by kind, right and wrong, times.

use super::Case;
use crate::conversation::Action;
use crate::knowledge::EntryId;
use serde::Serialize;
use std::collections::BTreeMap;

/// How one question ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// What was decided; none when a person had the conversation.
    pub action: Option<Action>,
    /// The entries that the reply cites.
    pub cited: Vec<EntryId>,
    /// Replies that reached the customer.
    pub replies: usize,
    /// Milliseconds from falling due to the decision.
    pub milliseconds: Option<f64>,
}

/// The sum of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Tally {
    /// Questions that were acknowledged.
    pub sent: usize,
    /// Questions that reached an end.
    pub ends: usize,
    /// Questions that were acknowledged and reached none.
    pub lost: usize,
    /// Questions that were answered more than once.
    pub double: usize,
    /// Ends by kind.
    pub actions: BTreeMap<String, usize>,
    /// Automatic answers that cite an entry of the gold.
    pub right: usize,
    /// Automatic answers that do not.
    pub wrong: usize,
    /// Drafts for approval that cite an entry of the gold.
    pub drafts_right: usize,
    /// Drafts for approval that do not.
    pub drafts_wrong: usize,
    /// Times from falling due to the decision.
    pub decision_ms: Percentiles,
}

/// The middle and the slow end of a set of times, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Percentiles {
    /// Half are faster.
    pub p50: f64,
    /// All but one in a hundred are faster.
    pub p99: f64,
}

impl Tally {
    /// Sums up; a question without an end is lost.
    pub fn of<'a>(ended: impl Iterator<Item = (&'a Case, Option<&'a Ended>)>) -> Self {
        let mut tally = Self::default();
        let mut times = Vec::new();
        for (case, end) in ended {
            tally.sent += 1;
            match end {
                Some(end) => {
                    tally.count(case, end);
                    times.extend(end.milliseconds);
                }
                None => tally.lost += 1,
            }
        }
        tally.decision_ms = Percentiles::of(times);
        tally
    }

    fn count(&mut self, case: &Case, end: &Ended) {
        self.ends += 1;
        self.double += usize::from(end.replies > 1);
        let kind = end.action.map_or("with_agent", Action::as_str);
        *self.actions.entry(kind.to_owned()).or_default() += 1;
        let is_right = end.cited.iter().any(|entry| case.gold.contains(entry));
        match (end.action, is_right) {
            (Some(Action::Answer), true) => self.right += 1,
            (Some(Action::Answer), false) => self.wrong += 1,
            (Some(Action::Draft), true) => self.drafts_right += 1,
            (Some(Action::Draft), false) => self.drafts_wrong += 1,
            (Some(Action::Clarify | Action::Escalate | Action::Ignore) | None, _) => {}
        }
    }
}

impl Percentiles {
    /// The percentiles of `times`, by nearest rank; zeros when there are none.
    pub fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let rank = |share: usize| {
            let index = (times.len() * share).div_ceil(100).saturating_sub(1);
            times.get(index).copied().unwrap_or(0.0)
        };
        Self { p50: rank(50), p99: rank(99) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ended, Percentiles, Tally};
    use crate::conversation::Action;
    use crate::eval::Case;
    use crate::knowledge::EntryId;

    fn case(gold: &[&str]) -> Case {
        let gold = gold.iter().map(|id| EntryId::from(*id)).collect();
        Case { id: "q".into(), text: "?".into(), gold, ..Case::default() }
    }

    fn ended(action: Action, cited: &[&str], replies: usize) -> Ended {
        let cited = cited.iter().map(|id| EntryId::from(*id)).collect();
        Ended { action: Some(action), cited, replies, milliseconds: Some(4.0) }
    }

    #[test]
    fn ends_are_counted_by_kind_and_by_gold() {
        let rows = [
            (case(&["a"]), Some(ended(Action::Answer, &["a"], 1))),
            (case(&["a"]), Some(ended(Action::Answer, &["b"], 2))),
            (case(&[]), Some(ended(Action::Answer, &["b"], 1))),
            (case(&["a"]), Some(ended(Action::Draft, &["a"], 0))),
            (case(&["a"]), None),
        ];
        let tally = Tally::of(rows.iter().map(|(case, end)| (case, end.as_ref())));
        assert_eq!((tally.sent, tally.ends, tally.lost, tally.double), (5, 4, 1, 1));
        assert_eq!((tally.right, tally.wrong, tally.drafts_right), (1, 2, 1));
        assert_eq!(tally.actions.get("answer"), Some(&3));
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let times = (1..=200).map(f64::from).collect();
        assert_eq!(Percentiles::of(times), Percentiles { p50: 100.0, p99: 198.0 });
        assert_eq!(Percentiles::of(Vec::new()), Percentiles { p50: 0.0, p99: 0.0 });
    }
}
