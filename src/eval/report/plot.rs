//! Plots as SVG, in the page's own colours, with a title, a description and the numbers as a table for
//! whoever does not see them.

use super::page::escape;
use super::table::Table;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The drawing's size, close to its size on a phone, so that its letters are readable there.
const WIDTH: f64 = 350.0;
const HEIGHT: f64 = 265.0;
/// The room around the axes for numbers and labels.
const LEFT: f64 = 52.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 44.0;
/// A line has no more points than the eye can tell apart.
const POINTS: usize = 240;

/// What the numbers along an axis count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unit {
    /// Shares, written as percent.
    Percent,
    /// Probabilities and other numbers of about 1.
    Plain,
    /// Things.
    Count,
}

/// An axis.
#[derive(Debug, Clone)]
pub struct Axis {
    /// What it shows, with its unit.
    pub label: &'static str,
    /// Its lowest value.
    pub from: f64,
    /// Its highest.
    pub to: f64,
    /// How its numbers are written.
    pub unit: Unit,
}

/// How a mark is drawn: one of six colours, in a pattern for whoever does not tell them apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pen {
    /// The colour, 1 to 6.
    pub colour: u8,
    /// The dashes; `none` for a full line.
    pub dashes: &'static str,
}

/// What is drawn.
#[derive(Debug, Clone)]
pub enum Mark {
    /// A line through points.
    Line(Vec<(f64, f64)>),
    /// A line that keeps its height until the next point, with dots.
    Dots(Vec<(f64, f64)>),
    /// Bars: from, to, lower and upper end.
    Bars(Vec<[f64; 4]>),
    /// A line across at a height.
    Level(f64),
    /// A line from bottom to top.
    Upright(f64),
}

/// A plot.
#[derive(Debug, Clone)]
pub struct Plot {
    /// What it shows.
    pub title: String,
    /// How to read it, in a sentence or two.
    pub note: String,
    /// The axis along the bottom.
    pub x: Axis,
    /// The axis on the left.
    pub y: Axis,
    /// What is drawn, each with its name.
    pub marks: Vec<(String, Pen, Mark)>,
    /// The numbers.
    pub table: Table,
}

impl Plot {
    /// The plot as HTML.
    pub fn html(&self) -> String {
        let id = fresh_id();
        let mut svg = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\
             <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>\n",
            escape(&self.title),
            escape(&self.description()),
        );
        svg.push_str(&self.axes());
        for (_, pen, mark) in &self.marks {
            svg.push_str(&self.mark(*pen, mark));
        }
        svg.push_str("</svg>\n");
        format!(
            "<figure><figcaption>{}</figcaption><p>{}</p>\n{svg}{}{}</figure>\n",
            escape(&self.title),
            escape(&self.note),
            self.legend(),
            numbers(&self.table),
        )
    }

    fn description(&self) -> String {
        let names: Vec<&str> = self.marks.iter().map(|(name, ..)| name.as_str()).collect();
        format!(
            "{} Along the bottom: {}. On the left: {}. Drawn: {}. The numbers stand in the table below.",
            self.note,
            self.x.label,
            self.y.label,
            names.join(", ")
        )
    }

    fn axes(&self) -> String {
        let mut svg = String::new();
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        for value in ticks(&self.y) {
            let y = self.down(value);
            line(&mut svg, "grid", [LEFT, y, right, y]);
            words(&mut svg, [LEFT - 6.0, y + 4.0], "end", &written(value, &self.y));
        }
        for value in ticks(&self.x) {
            let x = self.across(value);
            line(&mut svg, "grid", [x, TOP, x, bottom]);
            words(&mut svg, [x, bottom + 16.0], "middle", &written(value, &self.x));
        }
        line(&mut svg, "axis", [LEFT, bottom, right, bottom]);
        line(&mut svg, "axis", [LEFT, TOP, LEFT, bottom]);
        let middle = f64::midpoint(LEFT, right);
        words(&mut svg, [middle, HEIGHT - 8.0], "middle", self.x.label);
        let middle = f64::midpoint(TOP, bottom);
        write(
            &mut svg,
            format_args!(
                "<text transform=\"translate(12 {middle:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                escape(self.y.label)
            ),
        );
        svg
    }

    fn mark(&self, pen: Pen, mark: &Mark) -> String {
        let mut svg = String::new();
        match mark {
            Mark::Line(points) => self.path(&mut svg, pen, points),
            Mark::Dots(points) => {
                self.path(&mut svg, pen, points);
                for (x, y) in points {
                    let (x, y, colour) = (self.across(*x), self.down(*y), pen.colour);
                    write(
                        &mut svg,
                        format_args!(
                            "<circle class=\"f{colour}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>\n"
                        ),
                    );
                }
            }
            Mark::Bars(bars) => {
                for [from, to, low, high] in bars {
                    let (x, y) = (self.across(*from) + 0.6, self.down(*high));
                    let (width, height) = (self.across(*to) - x - 0.6, self.down(*low) - y);
                    write(
                        &mut svg,
                        format_args!(
                            "<rect class=\"f{}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>\n",
                            pen.colour,
                            width.max(0.5),
                            height.max(0.0)
                        ),
                    );
                }
            }
            Mark::Level(y) => {
                self.path(&mut svg, pen, &[(self.x.from, *y), (self.x.to, *y)]);
            }
            Mark::Upright(x) => {
                self.path(&mut svg, pen, &[(*x, self.y.from), (*x, self.y.to)]);
            }
        }
        svg
    }

    fn path(&self, svg: &mut String, pen: Pen, points: &[(f64, f64)]) {
        let step = points.len().div_ceil(POINTS).max(1);
        let last = points.len().saturating_sub(1);
        let kept =
            points.iter().enumerate().filter(|(place, _)| place % step == 0 || *place == last);
        let path: Vec<String> = kept
            .map(|(_, (x, y))| format!("{:.1} {:.1}", self.across(*x), self.down(*y)))
            .collect();
        if path.is_empty() {
            return;
        }
        let (colour, dashes) = (pen.colour, pen.dashes);
        write(
            svg,
            format_args!(
                "<path class=\"stroke s{colour}\" stroke-dasharray=\"{dashes}\" d=\"M{}\"/>\n",
                path.join("L")
            ),
        );
    }

    fn legend(&self) -> String {
        let entry = |(name, pen, mark): &(String, Pen, Mark)| {
            format!("<li>{}{}</li>", sample(*pen, mark), escape(name))
        };
        let entries = self.marks.iter().map(entry).collect::<Vec<_>>().concat();
        format!("<ul class=\"legend\">{entries}</ul>\n")
    }

    fn across(&self, x: f64) -> f64 {
        LEFT + share_of(x, &self.x) * (WIDTH - LEFT - RIGHT)
    }

    fn down(&self, y: f64) -> f64 {
        HEIGHT - BOTTOM - share_of(y, &self.y) * (HEIGHT - TOP - BOTTOM)
    }
}

/// A value's place on its axis, 0 to 1; what lies beyond an end is drawn at it.
fn share_of(value: f64, axis: &Axis) -> f64 {
    let share = (value - axis.from) / (axis.to - axis.from);
    if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
}

/// Four to eight round values along an axis.
fn ticks(axis: &Axis) -> Vec<f64> {
    let span = axis.to - axis.from;
    if span <= 0.0 || !span.is_finite() {
        return vec![axis.from];
    }
    let rough = 10_f64.powf((span / 4.0).log10().floor());
    let fits = |step: &f64| span / step <= 6.0;
    let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * rough).into_iter().find(fits);
    let step = step.unwrap_or(span);
    let step = if axis.unit == Unit::Count { step.max(1.0) } else { step };
    let first = (axis.from / step).ceil();
    let nth = |n: u8| (first + f64::from(n)) * step;
    (0..=8).map(nth).filter(|value| *value <= axis.to + span * 1e-9).collect()
}

fn written(value: f64, axis: &Axis) -> String {
    let span = axis.to - axis.from;
    match axis.unit {
        Unit::Percent if span < 0.05 => format!("{:.1} %", value * 100.0),
        Unit::Percent => format!("{:.0} %", value * 100.0),
        Unit::Plain if span < 0.5 => format!("{value:.2}"),
        Unit::Plain => format!("{value:.1}"),
        Unit::Count => format!("{value:.0}"),
    }
}

fn sample(pen: Pen, mark: &Mark) -> String {
    let Pen { colour, dashes } = pen;
    let shape = match mark {
        Mark::Bars(_) => format!("<rect class=\"f{colour}\" x=\"4\" width=\"22\" height=\"12\"/>"),
        Mark::Dots(_) => format!(
            "<path class=\"stroke s{colour}\" stroke-dasharray=\"{dashes}\" d=\"M0 6H30\"/><circle class=\"f{colour}\" cx=\"15\" cy=\"6\" r=\"3.5\"/>"
        ),
        Mark::Line(_) | Mark::Level(_) | Mark::Upright(_) => format!(
            "<path class=\"stroke s{colour}\" stroke-dasharray=\"{dashes}\" d=\"M0 6H30\"/>"
        ),
    };
    format!("<svg viewBox=\"0 0 30 12\" aria-hidden=\"true\">{shape}</svg>")
}

fn numbers(table: &Table) -> String {
    if table.rows.is_empty() {
        return String::new();
    }
    format!("<details><summary>The numbers</summary>{}</details>\n", table.html())
}

pub(super) fn line(svg: &mut String, class: &str, [x1, y1, x2, y2]: [f64; 4]) {
    write(
        svg,
        format_args!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>\n"
        ),
    );
}

pub(super) fn words(svg: &mut String, [x, y]: [f64; 2], anchor: &str, text: &str) {
    write(
        svg,
        format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>\n",
            escape(text)
        ),
    );
}

pub(super) fn write(svg: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    svg.write_fmt(text).unwrap_or_default();
}

/// A name for a title to be referred to by, unique in the program.
pub(super) fn fresh_id() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    format!("plot-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::{Axis, Mark, Pen, Plot, Unit, ticks};
    use crate::eval::report::table::Table;

    fn axis(from: f64, to: f64, unit: Unit) -> Axis {
        Axis { label: "coverage, % of questions", from, to, unit }
    }

    #[test]
    fn axes_have_round_numbers() {
        for (from, to, unit, expected) in [
            (0.0, 1.0, Unit::Percent, vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
            (0.0, 3.0, Unit::Count, vec![0.0, 1.0, 2.0, 3.0]),
            (0.0, 460.0, Unit::Count, vec![0.0, 100.0, 200.0, 300.0, 400.0]),
            (0.5, 0.5, Unit::Plain, vec![0.5]),
        ] {
            let found = ticks(&axis(from, to, unit));
            assert_eq!(found.len(), expected.len(), "{from} to {to}: {found:?}");
            assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
        }
    }

    #[test]
    fn a_plot_can_be_read_without_seeing_it_and_has_no_number_that_is_none() {
        let pen = Pen { colour: 1, dashes: "none" };
        let plot = Plot {
            title: "Risk".into(),
            note: "Lower is better.".into(),
            x: axis(0.0, 1.0, Unit::Percent),
            y: axis(0.0, 0.0, Unit::Percent),
            marks: vec![
                ("hybrid".into(), pen, Mark::Line(vec![(0.0, f64::NAN), (9.0, 0.5)])),
                ("bars".into(), pen, Mark::Bars(vec![[0.0, 0.1, 0.0, 4.0]])),
                ("none".into(), pen, Mark::Dots(Vec::new())),
            ],
            table: Table::default(),
        };
        let html = plot.html();
        for part in
            ["role=\"img\"", "<title id=", "<desc id=", "coverage, % of questions", "hybrid"]
        {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("NaN") && !html.contains("inf"), "{html}");
    }
}
