//! The plots of a set.

use crate::confidence::reliability;
use crate::eval::assess::Assessed;
use crate::eval::bound::Bound;
use crate::eval::contest::{BINS, Configuration};
use crate::eval::figure::{Curve, Point, count};
use crate::eval::report::bars::Bars;
use crate::eval::report::plot::{Axis, Mark, Pen, Plot, Unit};
use crate::eval::report::table::{Table, name, number, percent, plain};
use crate::eval::run::Row;
use crate::eval::trial::ALPHAS;

/// The columns of a histogram.
const COLUMNS: u8 = 20;
/// The coverages that the table of a curve tells.
const TOLD: [f64; 6] = [0.1, 0.25, 0.5, 0.75, 0.9, 1.0];
/// The α that the plot of thresholds shows.
const SHOWN: f64 = ALPHAS[1];

const fn pen(colour: u8, dashes: &'static str) -> Pen {
    Pen { colour, dashes }
}

const PENS: [Pen; 6] =
    [pen(1, "none"), pen(3, "7 3"), pen(2, "2 3"), pen(4, "9 3 2 3"), pen(6, "4 3"), pen(5, "1 4")];

fn shares(label: &'static str, to: f64) -> Axis {
    Axis { label, from: 0.0, to, unit: Unit::Percent }
}

/// Those of the configurations that differ as curves, the product's first.
fn shown(assessed: &Assessed) -> impl Iterator<Item = &Configuration> {
    assessed.configurations.iter().filter(|found| found.fixed.is_none()).take(PENS.len())
}

/// Risk over coverage, with the baselines.
pub fn risk_and_coverage(assessed: &Assessed) -> Plot {
    let mut plot = Plot {
        title: "Risk over coverage".into(),
        note: "The share of wrong answers as more and more questions are answered, the surest \
               first. Lower is better."
            .into(),
        x: shares("questions answered, % of all", 1.0),
        y: shares("wrong among the answered, %", 0.0),
        marks: Vec::new(),
        table: Table::new("Wrong among the answered, %", vec![name("configuration")]),
    };
    plot.table
        .columns
        .extend(["at 10 %", "at 25 %", "at 50 %", "at 75 %", "at 90 %", "at all"].map(number));
    for (found, pen) in shown(assessed).zip(PENS) {
        let curve = Curve::of(&found.scored);
        let points: Vec<(f64, f64)> = curve.points.iter().map(|point| on(&curve, point)).collect();
        let highest = points.iter().map(|(_, risk)| *risk).fold(0.0, f64::max);
        plot.y.to = plot.y.to.max(highest);
        let mut row = vec![found.name.clone()];
        row.extend(TOLD.map(|share| percent(risk_at(&curve, share))));
        plot.table.rows.push(row);
        plot.marks.push((found.name.clone(), pen, Mark::Line(points)));
    }
    plot.y.to = (plot.y.to * 1.05).clamp(0.1, 1.0);
    plot
}

fn on(curve: &Curve, point: &Point) -> (f64, f64) {
    (count(point.answered) / count(curve.total.max(1)), point.risk())
}

/// The risk at the first threshold that answers at least so much.
fn risk_at(curve: &Curve, coverage: f64) -> Option<f64> {
    let enough = |point: &&Point| count(point.answered) >= coverage * count(curve.total) - 1e-9;
    curve.points.iter().find(enough).map(Point::risk)
}

/// What each configuration resolves and covers.
pub fn configurations(assessed: &Assessed) -> Bars {
    let plain = assessed.lines.iter().filter(|line| line.fixed.is_none());
    Bars {
        title: "Configurations where 95 % of answers are right".into(),
        note: "Resolved: answered and right, of the answerable. Covered: answered, of all.".into(),
        label: "share of questions, %",
        series: [("resolved", 1), ("covered", 3)],
        rows: plain
            .map(|line| {
                let figures = &line.figures;
                (line.config.clone(), [figures.resolved_at_95, figures.coverage_at_95])
            })
            .collect(),
    }
}

/// Whether confidences are true.
pub fn reliability_of(assessed: &Assessed) -> Plot {
    let mut plot = Plot {
        title: "Reliability".into(),
        note:
            "Of the answers with about the same confidence, how many are right. On the diagonal a \
               confidence is true; below it promises too much."
                .into(),
        x: shares("confidence, %", 1.0),
        y: shares("right, %", 1.0),
        marks: vec![("true".into(), pen(5, "2 4"), Mark::Line(vec![(0.0, 0.0), (1.0, 1.0)]))],
        table: Table::new(
            "Reliability",
            vec![name("configuration"), number("questions"), number("confidence"), number("right")],
        ),
    };
    let confident = assessed.configurations.iter().filter(|found| found.is_confidence);
    for (found, pen) in confident.zip(PENS) {
        let pairs: Vec<(f64, bool)> =
            found.scored.iter().map(|row| (row.score, row.right)).collect();
        let found_bins = reliability(&pairs, BINS);
        let points = found_bins.bins.iter().map(|bin| (bin.confidence, bin.right)).collect();
        let name = format!("{} (expected error {:.3})", found.name, found_bins.ece);
        plot.marks.push((name, pen, Mark::Dots(points)));
        plot.table.rows.extend(found_bins.bins.iter().map(|bin| {
            let name = found.name.clone();
            vec![name, bin.n.to_string(), percent(Some(bin.confidence)), percent(Some(bin.right))]
        }));
    }
    plot
}

/// A kind of question, as the histogram parts them.
type Kind = (&'static str, Pen, fn(&Row) -> bool);

const KINDS: [Kind; 3] = [
    ("right", pen(3, "none"), |row| row.right),
    ("wrong entry", pen(2, "none"), |row| !row.right && row.answerable),
    ("no entry answers", pen(5, "none"), |row| !row.answerable),
];

/// How the confidences lie.
pub fn histogram(assessed: &Assessed) -> Plot {
    let columns = || (0..COLUMNS).map(|column| f64::from(column) / f64::from(COLUMNS));
    let mut heights = vec![0.0; usize::from(COLUMNS)];
    let mut marks = Vec::new();
    let mut table = Table::new(
        "Questions by confidence",
        vec![number("from"), number("right"), number("wrong entry"), number("no entry answers")],
    );
    table.rows = columns().map(|from| vec![plain(Some(from))]).collect();
    for (name, pen, is_kind) in KINDS {
        let mut bars = Vec::new();
        for ((from, height), row) in columns().zip(&mut heights).zip(&mut table.rows) {
            let to = from + 1.0 / f64::from(COLUMNS);
            let is_in = |row: &&Row| {
                is_kind(row) && row.confidence >= from && (row.confidence < to || to >= 0.999)
            };
            let found = assessed.rows.iter().filter(is_in).count();
            bars.push([from, to, *height, *height + count(found)]);
            *height += count(found);
            row.push(found.to_string());
        }
        marks.push((name.to_owned(), pen, Mark::Bars(bars)));
    }
    let highest = heights.into_iter().fold(1.0, f64::max);
    Plot {
        title: "Confidences".into(),
        note: "How many questions got which confidence, stacked by what came of them.".into(),
        x: Axis { label: "confidence", from: 0.0, to: 1.0, unit: Unit::Plain },
        y: Axis { label: "questions", from: 0.0, to: highest * 1.05, unit: Unit::Count },
        marks,
        table,
    }
}

/// λ against risk, with the bound and α.
pub fn thresholds(bound: &Bound) -> Plot {
    let line = |height: fn(&crate::eval::bound::Step) -> f64| {
        Mark::Line(bound.steps.iter().map(|step| (step.threshold, height(step))).collect())
    };
    let mut marks = vec![
        ("risk".to_owned(), pen(1, "none"), line(|step| step.risk)),
        ("its upper limit (90 %)".to_owned(), pen(2, "7 3"), line(|step| step.upper)),
        (format!("α = {:.0} %", SHOWN * 100.0), pen(5, "2 4"), Mark::Level(SHOWN)),
    ];
    let licence = bound.licences.iter().find(|licence| (licence.alpha - SHOWN).abs() < 1e-9);
    if let Some(threshold) = licence.and_then(|licence| licence.threshold) {
        let name = format!("λ̂ = {threshold:.3}");
        marks.push((name, pen(3, "9 3 2 3"), Mark::Upright(threshold)));
    }
    let mut table = Table::new(
        "Thresholds",
        vec![number("threshold"), number("answered"), number("risk"), number("upper limit")],
    );
    table.rows = bound
        .steps
        .iter()
        .map(|step| {
            let (risk, upper) = (percent(Some(step.risk)), percent(Some(step.upper)));
            vec![plain(Some(step.threshold)), step.n.to_string(), risk, upper]
        })
        .collect();
    let lowest = bound.steps.last().map_or(0.0, |step| step.threshold);
    let highest = bound.steps.iter().map(|step| step.risk).fold(SHOWN * 2.0, f64::max);
    Plot {
        title: "Thresholds and their risk".into(),
        note: "λ̂ lies where the upper limit of the risk meets α; what lies right of it may be answered."
            .into(),
        x: Axis { label: "threshold λ on the confidence", from: lowest, to: 1.0, unit: Unit::Plain },
        y: shares("wrong among the answered, %", (highest * 1.1).min(1.0)),
        marks,
        table,
    }
}

/// Coverage of each rule, and how often it breaks its promise.
pub fn rules(bound: &Bound) -> Bars {
    let shown = bound.trials.iter().filter(|trial| (trial.alpha - SHOWN).abs() < 1e-9);
    Bars {
        title: format!("Rules at α = {:.0} %", SHOWN * 100.0),
        note: format!(
            "Over samples drawn from the set: the share of turns each rule answers, and how often its \
             true risk is above α. The bound promises at most {:.0} %.",
            crate::eval::trial::DELTA * 100.0
        ),
        label: "share, %",
        series: [("turns answered", 1), ("samples that break α", 2)],
        rows: shown.map(|trial| (trial.rule.clone(), [trial.coverage, trial.broken])).collect(),
    }
}
