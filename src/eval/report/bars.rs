//! Bars lying on their side, a pair for each name: for comparing configurations.

use super::page::escape;
use super::plot::{fresh_id, line, words, write};

const WIDTH: f64 = 350.0;
/// The bars' room; their numbers stand behind them.
const LEFT: f64 = 4.0;
const RIGHT: f64 = 52.0;
const ROW: f64 = 46.0;
const TOP: f64 = 4.0;
const BOTTOM: f64 = 42.0;

/// Bars.
#[derive(Debug, Clone)]
pub struct Bars {
    /// What they show.
    pub title: String,
    /// How to read them.
    pub note: String,
    /// What the axis shows, with its unit.
    pub label: &'static str,
    /// What the first and what the second bar of each pair is, and their colours, 1 to 6.
    pub series: [(&'static str, u8); 2],
    /// The names with their two shares, 0 to 1.
    pub rows: Vec<(String, [Option<f64>; 2])>,
}

impl Bars {
    /// The bars as HTML.
    pub fn html(&self) -> String {
        let id = fresh_id();
        let mut height = TOP;
        let mut drawn = String::new();
        for (name, shares) in &self.rows {
            self.row(&mut drawn, height, name, *shares);
            height += ROW;
        }
        let mut axis = String::new();
        for step in 0..=4_u8 {
            let share = f64::from(step) / 4.0;
            line(&mut axis, "grid", [across(share), TOP, across(share), height]);
            let anchor = if step == 0 { "start" } else { "middle" };
            let text = format!("{:.0} %", share * 100.0);
            words(&mut axis, [across(share), height + 16.0], anchor, &text);
        }
        words(&mut axis, [across(0.5), height + 34.0], "middle", self.label);
        let (title, note) = (escape(&self.title), escape(&self.note));
        let [(first, one), (second, other)] = self.series;
        format!(
            "<figure><figcaption>{title}</figcaption><p>{note}</p>\n\
             <svg viewBox=\"0 0 {WIDTH} {:.0}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\
             <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{}</desc>\n{axis}{drawn}</svg>\n\
             <ul class=\"legend\"><li>{}{first}</li><li>{}{second}</li></ul></figure>\n",
            height + BOTTOM,
            escape(&self.description()),
            sample(one),
            sample(other),
        )
    }

    fn description(&self) -> String {
        let [(first, _), (second, _)] = self.series;
        let rows = self.rows.iter().map(|(name, [one, two])| {
            format!("{name}: {first} {}, {second} {}", written(*one), written(*two))
        });
        rows.collect::<Vec<_>>().join("; ")
    }

    fn row(&self, svg: &mut String, y: f64, name: &str, shares: [Option<f64>; 2]) {
        write(
            svg,
            format_args!(
                "<text class=\"name\" x=\"{LEFT}\" y=\"{:.1}\">{}</text>\n",
                y + 12.0,
                escape(name)
            ),
        );
        for ((place, share), colour) in
            (0_u8..).zip(shares).zip(self.series.map(|(_, colour)| colour))
        {
            let top = y + 17.0 + 12.0 * f64::from(place);
            let width = across(share.unwrap_or(0.0)) - LEFT;
            write(
                svg,
                format_args!(
                    "<rect class=\"f{colour}\" x=\"{LEFT}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"10\"/>\n"
                ),
            );
            words(svg, [LEFT + width + 5.0, top + 9.0], "start", &written(share));
        }
    }
}

fn across(share: f64) -> f64 {
    let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
    LEFT + share * (WIDTH - LEFT - RIGHT)
}

fn written(share: Option<f64>) -> String {
    share.map_or_else(|| "n/a".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

fn sample(colour: u8) -> String {
    format!(
        "<svg viewBox=\"0 0 30 12\" aria-hidden=\"true\">\
         <rect class=\"f{colour}\" x=\"4\" width=\"22\" height=\"12\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::Bars;

    #[test]
    fn what_is_not_there_is_said() {
        let bars = Bars {
            title: "Coverage".into(),
            note: "More is better.".into(),
            label: "share of questions, %",
            series: [("resolved", 1), ("covered", 3)],
            rows: vec![("<bm25>".into(), [Some(0.5), None])],
        };
        let html = bars.html();
        assert!(html.contains("&lt;bm25&gt;: resolved 50.0 %, covered n/a"), "{html}");
        assert!(!html.contains("NaN"));
    }
}
