//! Figures: what a ranking and a confidence are worth over a set of labelled questions.
//!
//! Every figure that has nothing to stand on (no question with an answer, only right ones, only
//! wrong ones) is absent, never a number that looks like one. Equal scores are one block: no
//! threshold can part them.

use serde::Serialize;

/// A question with what one configuration made of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// What a threshold would be set on.
    pub score: f64,
    /// Whether the top entry is one that answers.
    pub right: bool,
    /// Whether any entry answers.
    pub answerable: bool,
    /// The place, from 1, of the first entry that answers.
    pub rank: Option<usize>,
}

/// The figures of a set under one configuration; shares from 0 to 1.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Questions.
    pub n: usize,
    /// Questions that an entry answers.
    pub answerable: usize,
    /// The share of those whose top entry answers.
    pub acc1: Option<f64>,
    /// The share with one that answers among the first five.
    pub acc5: Option<f64>,
    /// The mean of one over the place of the first that answers.
    pub mrr: Option<f64>,
    /// How well the score parts questions that an entry answers from others.
    pub auroc_answerable: Option<f64>,
    /// How well it parts right top entries from wrong ones.
    pub auroc_right: Option<f64>,
    /// The share of answerable questions answered right where 90 % of what is answered is right.
    pub resolved_at_90: Option<f64>,
    /// The same at 95 %.
    pub resolved_at_95: Option<f64>,
    /// The same at 98 %.
    pub resolved_at_98: Option<f64>,
    /// The share of all questions answered at 95 %.
    pub coverage_at_95: Option<f64>,
    /// The mean wrong share over all coverages.
    pub aurc: Option<f64>,
}

impl Figures {
    /// The figures of these rows.
    pub fn of(rows: &[Scored]) -> Self {
        let answerable: Vec<&Scored> = rows.iter().filter(|row| row.answerable).collect();
        let mean = |value: fn(&Scored) -> f64| {
            share(answerable.iter().map(|row| value(row)).sum(), answerable.len())
        };
        let curve = Curve::of(rows);
        let resolved = |rate| {
            let point = curve.lowest_right_at(rate);
            share(point.map_or(0.0, |point| count(point.right)), answerable.len())
        };
        Self {
            n: rows.len(),
            answerable: answerable.len(),
            acc1: mean(|row| f64::from(u8::from(row.rank == Some(1)))),
            acc5: mean(|row| f64::from(u8::from(row.rank.is_some_and(|rank| rank <= 5)))),
            mrr: mean(|row| row.rank.map_or(0.0, |rank| 1.0 / count(rank))),
            auroc_answerable: auroc(rows.iter().map(|row| (row.score, row.answerable))),
            auroc_right: auroc(rows.iter().map(|row| (row.score, row.right))),
            resolved_at_90: resolved(0.90),
            resolved_at_95: resolved(0.95),
            resolved_at_98: resolved(0.98),
            coverage_at_95: curve.coverage_at(0.95),
            aurc: curve.area(),
        }
    }
}

/// Where a threshold can be set, strictest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// The thresholds with what lies at or above each.
    pub points: Vec<Point>,
    /// Rows in all.
    pub total: usize,
}

/// What lies at or above a threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The threshold.
    pub score: f64,
    /// Rows at or above it.
    pub answered: usize,
    /// Those of them that are right.
    pub right: usize,
}

impl Point {
    /// The share of wrong ones among the answered.
    pub fn risk(&self) -> f64 {
        count(self.answered - self.right) / count(self.answered)
    }
}

impl Curve {
    /// The curve of these rows; a score that is no number counts as the lowest.
    pub fn of(rows: &[Scored]) -> Self {
        let score = |row: &Scored| if row.score.is_nan() { f64::NEG_INFINITY } else { row.score };
        let mut sorted: Vec<(f64, bool)> =
            rows.iter().map(|row| (score(row) + 0.0, row.right)).collect();
        sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut points: Vec<Point> = Vec::new();
        let mut right = 0;
        for (place, (score, is_right)) in sorted.into_iter().enumerate() {
            right += usize::from(is_right);
            let point = Point { score, answered: place + 1, right };
            match points.last_mut().filter(|last| last.score.total_cmp(&score).is_eq()) {
                Some(last) => *last = point,
                None => points.push(point),
            }
        }
        Self { points, total: rows.len() }
    }

    /// The lowest threshold at which the answered are right at the rate or better.
    pub fn lowest_right_at(&self, rate: f64) -> Option<&Point> {
        // In whole numbers 19 of 20 are exactly 95 %; as fractions they may miss it by a hair.
        let holds = |point: &&Point| count(point.right) >= rate * count(point.answered) - 1e-9;
        self.points.iter().rev().find(holds)
    }

    /// The share of rows answered at that threshold.
    pub fn coverage_at(&self, rate: f64) -> Option<f64> {
        let point = self.lowest_right_at(rate);
        share(point.map_or(0.0, |point| count(point.answered)), self.total)
    }

    /// What lies at or above a threshold fixed beforehand.
    pub fn at(&self, threshold: f64) -> Option<&Point> {
        self.points.iter().rev().find(|point| point.score >= threshold)
    }

    /// The area under the curve of risk over coverage: the mean over the first row, the first two,
    /// …; within a block of equal scores as expected in any order.
    pub fn area(&self) -> Option<f64> {
        let mut sum = 0.0;
        let (mut answered, mut wrong) = (0, 0);
        for point in &self.points {
            let block = point.answered - answered;
            let wrong_in_block = point.answered - point.right - wrong;
            let rate = count(wrong_in_block) / count(block);
            for place in 1..=block {
                sum += (count(wrong) + rate * count(place)) / count(answered + place);
            }
            (answered, wrong) = (point.answered, wrong + wrong_in_block);
        }
        share(sum, self.total)
    }
}

/// The probability that a positive scores higher than a negative, ties half; none where there are
/// only positives or only negatives.
pub fn auroc(rows: impl Iterator<Item = (f64, bool)>) -> Option<f64> {
    let rows = rows.map(|(score, is_positive)| Scored {
        score,
        right: is_positive,
        answerable: true,
        rank: None,
    });
    let curve = Curve::of(&rows.collect::<Vec<_>>());
    let last = curve.points.last()?;
    let (positives, negatives) = (last.right, last.answered - last.right);
    let mut pairs_won = 0.0;
    let mut above = Point { score: f64::INFINITY, answered: 0, right: 0 };
    for point in &curve.points {
        let positives_here = count(point.right - above.right);
        let negatives_here = count(point.answered - above.answered) - positives_here;
        let negatives_below = count(negatives) - count(above.answered - above.right);
        pairs_won += positives_here * (negatives_below - negatives_here / 2.0);
        above = *point;
    }
    share(pairs_won, positives * negatives)
}

/// A share; none of nothing.
pub fn share(part: f64, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part / count(whole))
}

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "a set has far fewer than 2^52 rows")]
pub fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::{Curve, Figures, Scored, auroc};
    use proptest::prelude::{any, proptest};

    fn row(score: f64, right: bool, answerable: bool, rank: usize) -> Scored {
        Scored { score, right, answerable, rank: (rank > 0).then_some(rank) }
    }

    fn assert_close(found: Option<f64>, expected: f64) {
        let found = found.expect("a figure");
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    /// Ten questions, seven of which an entry answers; worked out by hand.
    fn ten() -> Vec<Scored> {
        vec![
            row(0.95, true, true, 1),
            row(0.90, true, true, 1),
            row(0.80, true, true, 1),
            row(0.80, false, true, 2),
            row(0.70, true, true, 1),
            row(0.60, false, false, 0),
            row(0.50, true, true, 1),
            row(0.50, true, true, 1),
            row(0.30, false, false, 0),
            row(0.00, false, false, 0),
        ]
    }

    #[test]
    fn figures_are_as_worked_out_by_hand() {
        let figures = Figures::of(&ten());
        assert_eq!((figures.n, figures.answerable), (10, 7));
        assert_close(figures.acc1, 6.0 / 7.0);
        assert_close(figures.acc5, 1.0);
        assert_close(figures.mrr, 6.5 / 7.0);
        // 21 pairs; the one at 0.60 beats two.
        assert_close(figures.auroc_answerable, 19.0 / 21.0);
        // 24 pairs; the wrong at 0.80 ties one and beats three, the one at 0.60 beats two.
        assert_close(figures.auroc_right, (24.0 - 3.5 - 2.0) / 24.0);
        // 2 of 2 are right, then 3 of 4: nothing further reaches 90 %.
        assert_close(figures.resolved_at_90, 2.0 / 7.0);
        assert_close(figures.resolved_at_98, 2.0 / 7.0);
        assert_close(figures.coverage_at_95, 0.2);
        let risks = [0.0, 0.0, 0.5 / 3.0, 0.25, 0.2, 2.0 / 6.0, 2.0 / 7.0, 0.25, 3.0 / 9.0, 0.4];
        assert_close(figures.aurc, risks.iter().sum::<f64>() / 10.0);
    }

    #[test]
    fn a_rate_reached_exactly_counts() {
        let mut rows = vec![row(0.9, true, true, 1); 19];
        rows.push(row(0.8, false, true, 2));
        assert_close(Figures::of(&rows).resolved_at_95, 19.0 / 20.0);
        assert_close(Figures::of(&rows).coverage_at_95, 1.0);
    }

    #[test]
    fn what_has_nothing_to_stand_on_is_absent() {
        let none = Figures::of(&[]);
        assert_eq!((none.acc1, none.aurc, none.coverage_at_95), (None, None, None));
        let all_wrong = Figures::of(&[row(f64::NAN, false, false, 0); 3]);
        assert_eq!((all_wrong.acc1, all_wrong.auroc_right), (None, None));
        assert_eq!((all_wrong.resolved_at_90, all_wrong.coverage_at_95), (None, Some(0.0)));
        let all_right = Figures::of(&[row(0.5, true, true, 1); 3]);
        assert_eq!((all_right.auroc_right, all_right.auroc_answerable), (None, None));
        assert_eq!((all_right.resolved_at_98, all_right.aurc), (Some(1.0), Some(0.0)));
    }

    #[test]
    fn a_fixed_threshold_answers_what_is_at_or_above_it() {
        let curve = Curve::of(&ten());
        let point = curve.at(0.8).expect("four lie there");
        assert_eq!((point.answered, point.right), (4, 3));
        assert_eq!(curve.at(0.96), None);
        assert_eq!(curve.at(0.55).map(|point| point.answered), Some(6));
    }

    proptest! {
        #[test]
        fn no_rows_make_a_figure_that_is_no_number(
            rows: Vec<(f64, bool, bool, Option<u8>)>, other in any::<u64>()
        ) {
            let rows: Vec<Scored> = rows.into_iter().map(|(score, right, answerable, rank)| {
                let rank = rank.map(|rank| usize::from(rank) + 1);
                Scored { score, right, answerable, rank }
            }).collect();
            let figures = Figures::of(&rows);
            for figure in [figures.acc1, figures.mrr, figures.auroc_right, figures.aurc,
                figures.resolved_at_95, figures.coverage_at_95].into_iter().flatten() {
                assert!((0.0..=1.0).contains(&figure) || !figures.answerable.eq(&0), "{figures:?}");
                assert!(figure.is_finite());
            }
            let mut turned = rows.clone();
            turned.rotate_left(usize::try_from(other % 97).unwrap_or(0).min(rows.len()));
            let (a, b) = (figures.auroc_right, Figures::of(&turned).auroc_right);
            assert!(a.zip(b).is_none_or(|(a, b)| (a - b).abs() < 1e-9));
            assert!(auroc(std::iter::empty()).is_none());
        }
    }
}
