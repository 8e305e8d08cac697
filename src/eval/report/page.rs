//! The frame of a report: one HTML file that needs nothing else, for the screen in light and dark and
//! for paper.

use super::table::Table;
use std::fmt::Write as _;

const STYLE: &str = include_str!("report.css");

/// A page that is being written, top to bottom.
#[derive(Debug)]
pub struct Page {
    title: String,
    sections: Vec<(String, String)>,
    body: String,
}

impl Page {
    /// A page with its title and a sentence on what it is.
    pub fn new(title: &str, lead: &str) -> Self {
        let body = format!("<p>{}</p>\n", escape(lead));
        Self { title: title.to_owned(), sections: Vec::new(), body }
    }

    /// Begins a section that the page's contents name.
    pub fn section(&mut self, title: &str) {
        let anchor = format!("section-{}", self.sections.len() + 1);
        self.write(format_args!("<h2 id=\"{anchor}\">{}</h2>\n", escape(title)));
        self.sections.push((anchor, title.to_owned()));
    }

    /// A heading within a section.
    pub fn heading(&mut self, title: &str) {
        self.write(format_args!("<h3>{}</h3>\n", escape(title)));
    }

    /// A paragraph of plain words.
    pub fn paragraph(&mut self, text: &str) {
        self.write(format_args!("<p>{}</p>\n", escape(text)));
    }

    /// Names with what they stand for.
    pub fn facts(&mut self, facts: &[(&str, String)]) {
        self.body.push_str("<dl>\n");
        for (name, fact) in facts {
            self.write(format_args!("<dt>{}</dt><dd>{}</dd>\n", escape(name), escape(fact)));
        }
        self.body.push_str("</dl>\n");
    }

    /// A table.
    pub fn table(&mut self, table: &Table) {
        self.body.push_str(&table.html());
    }

    /// Plots, as many side by side as the window has room for.
    pub fn plots(&mut self, plots: impl IntoIterator<Item = String>) {
        self.body.push_str("<div class=\"plots\">\n");
        self.body.extend(plots);
        self.body.push_str("</div>\n");
    }

    /// The whole file.
    pub fn finish(self) -> String {
        let title = escape(&self.title);
        let entries = self
            .sections
            .iter()
            .map(|(anchor, title)| format!("<li><a href=\"#{anchor}\">{}</a></li>", escape(title)));
        let contents: String = entries.collect();
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
             <h1>{title}</h1>\n<nav aria-label=\"Contents\"><ul>{contents}</ul></nav>\n{}</main>\n\
             </body>\n</html>\n",
            self.body
        )
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        self.body.write_fmt(text).unwrap_or_default();
    }
}

/// The text with everything that HTML would take for its own.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() && c != '\n' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn a_page_holds_nothing_that_is_not_escaped() {
        let mut page = Page::new("<script>", "a & b");
        page.section("</h2><img src=x>");
        page.facts(&[("'n'", "\"f\"\u{0}".to_owned())]);
        let html = page.finish();
        for bad in ["<script>", "<img", "\u{0}", "http://", "https://", "url("] {
            assert!(!html.contains(bad), "{bad}");
        }
        assert!(html.contains("<h2 id=\"section-1\">&lt;/h2&gt;"));
        assert!(html.contains("<a href=\"#section-1\">"));
    }
}
