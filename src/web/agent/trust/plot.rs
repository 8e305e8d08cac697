//! The plot of a licence: how many answers were wrong, and at most are, by the confidence from which
//! they would go out.

use crate::desk::Step;
use crate::web::agent::share::percent;

/// Lines and ticks in the units of the drawing: 0 to 320 from left to right, 0 to 150 downwards.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plot {
    /// The upper limit, as points of a line.
    pub(super) bound: String,
    /// The share found wrong, as points of a line.
    pub(super) found: String,
    /// The height of the tolerated share.
    pub(super) alpha: f64,
    /// Where the licence begins.
    pub(super) chosen: Option<f64>,
    /// Marks of the confidence with their words.
    pub(super) across: Vec<(f64, String)>,
    /// Marks of the share with their words.
    pub(super) up: Vec<(f64, String)>,
    /// The same in figures, from the strictest on.
    pub(super) rows: Vec<Row>,
}

/// A line of the table beside the plot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) threshold: String,
    pub(super) n: u64,
    pub(super) k: u64,
    pub(super) found: String,
    pub(super) upper: String,
    /// Whether the licence begins here.
    pub(super) chosen: bool,
}

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 150.0;
/// Lines of the table at most.
const ROWS: usize = 12;

impl Plot {
    /// Draws what the evidence says of each threshold; none without evidence.
    pub(super) fn new(steps: &[Step], alpha: f64, chosen: Option<f64>) -> Option<Self> {
        let mut spots: Vec<Step> = steps.iter().copied().filter(is_drawable).collect();
        spots.sort_by(|one, other| other.threshold.total_cmp(&one.threshold));
        let lowest = spots.last()?.threshold;
        let left = (lowest * 10.0).floor() / 10.0;
        let left = left.clamp(0.0, 0.9);
        let worst = spots.iter().map(found).fold(0.0, f64::max);
        let top = ceiling((worst * 1.25).max(alpha * 3.0));
        let x = |share: f64| (share - left) / (1.0 - left) * WIDTH;
        let y = |share: f64| HEIGHT - share / top * HEIGHT;
        let line = |height: fn(&Step) -> f64| {
            let points =
                spots.iter().map(|it| format!("{:.1},{:.1}", x(it.threshold), y(height(it))));
            points.collect::<Vec<_>>().join(" ")
        };
        Some(Self {
            bound: line(|it| it.upper),
            found: line(found),
            alpha: y(alpha),
            chosen: chosen.map(x),
            across: ticks(left, 1.0).into_iter().map(|at| (x(at), percent(at))).collect(),
            up: ticks(0.0, top).into_iter().map(|at| (y(at), percent(at))).collect(),
            rows: rows(&spots, chosen),
        })
    }
}

/// The share found wrong, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "counts of verdicts are small")]
fn found(step: &Step) -> f64 {
    if step.n == 0 { 0.0 } else { step.k as f64 / step.n as f64 }
}

fn is_drawable(step: &Step) -> bool {
    step.n > 0 && step.threshold.is_finite() && step.upper.is_finite()
}

/// The next share that ends a scale well.
fn ceiling(share: f64) -> f64 {
    [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8].into_iter().find(|top| share <= *top).unwrap_or(1.0)
}

/// Three to six places of a scale.
fn ticks(from: f64, to: f64) -> Vec<f64> {
    let step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25]
        .into_iter()
        .find(|step| (to - from) / step <= 5.001)
        .unwrap_or(0.25);
    let places = (0..=5_i32).map(|n| from + f64::from(n) * step);
    places.take_while(|at| *at <= to + 1e-9).collect()
}

/// Evenly spread lines, the licence's own among them.
fn rows(spots: &[Step], chosen: Option<f64>) -> Vec<Row> {
    let every = spots.len().div_ceil(ROWS).max(1);
    let is_chosen = |spot: &Step| chosen.is_some_and(|at| (at - spot.threshold).abs() < 1e-9);
    let shown = spots.iter().enumerate().filter(|(n, it)| n % every == 0 || is_chosen(it));
    let row = |spot: &Step| Row {
        threshold: percent(spot.threshold),
        n: spot.n,
        k: spot.k,
        found: percent(found(spot)),
        upper: percent(spot.upper),
        chosen: is_chosen(spot),
    };
    shown.map(|(_, spot)| row(spot)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Plot, Step, ticks};

    fn spot(threshold: f64, n: u64, k: u64, upper: f64) -> Step {
        Step { threshold, n, k, upper }
    }

    #[test]
    fn a_plot_runs_from_the_strictest_threshold_down() {
        let spots = [spot(0.8, 100, 4, 0.08), spot(0.9, 60, 0, 0.038)];
        let plot = Plot::new(&spots, 0.05, Some(0.9)).expect("there is evidence");
        assert_eq!(plot.bound, "160.0,121.5 0.0,90.0");
        assert_eq!(plot.found, "160.0,150.0 0.0,120.0");
        assert!((plot.alpha - 112.5).abs() < 1e-9, "{plot:?}");
        assert_eq!(plot.chosen.map(f64::round), Some(160.0));
        assert_eq!(plot.rows.iter().map(|row| row.chosen).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn without_evidence_there_is_nothing_to_draw() {
        assert_eq!(Plot::new(&[], 0.05, None), None);
        assert_eq!(Plot::new(&[spot(0.9, 0, 0, 1.0), spot(f64::NAN, 3, 1, 0.5)], 0.05, None), None);
    }

    #[test]
    fn many_thresholds_make_a_short_table_that_holds_the_licence() {
        let spots: Vec<Step> =
            (0..100_u32).map(|n| spot(f64::from(n) / 100.0, 10, 0, 0.2)).collect();
        let plot = Plot::new(&spots, 0.05, Some(0.42)).expect("there is evidence");
        assert!(plot.rows.len() <= 13, "{}", plot.rows.len());
        assert!(plot.rows.iter().any(|row| row.chosen && row.threshold == "42 %"));
    }

    #[test]
    fn a_scale_has_few_marks() {
        for (from, to) in [(0.0, 0.05), (0.0, 0.2), (0.0, 1.0), (0.5, 1.0), (0.9, 1.0)] {
            let marks = ticks(from, to).len();
            assert!((3..=6).contains(&marks), "{from} to {to}: {marks}");
        }
    }
}
