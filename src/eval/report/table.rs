//! Tables of a report; wide ones scroll by themselves, with the keyboard too.

use super::page::escape;

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, a cell for each column.
    pub rows: Vec<Vec<String>>,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    title: &'static str,
    class: &'static str,
}

/// A column of names.
pub fn name(title: &'static str) -> Column {
    Column { title, class: "" }
}

/// A column of numbers.
pub fn number(title: &'static str) -> Column {
    Column { title, class: " class=\"n\"" }
}

/// A column of sentences.
pub fn text(title: &'static str) -> Column {
    Column { title, class: " class=\"text\"" }
}

impl Table {
    /// A table without rows yet.
    pub fn new(caption: &str, columns: Vec<Column>) -> Self {
        Self { caption: caption.to_owned(), columns, rows: Vec::new() }
    }

    /// The table as HTML.
    pub fn html(&self) -> String {
        let caption = escape(&self.caption);
        let title = |column: &Column| {
            format!("<th scope=\"col\"{}>{}</th>", column.class, escape(column.title))
        };
        let head = self.columns.iter().map(title).collect::<Vec<_>>().concat();
        let rows: String = self.rows.iter().map(|row| self.row(row)).collect();
        format!(
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{caption}\">\
             <table><caption>{caption}</caption><thead><tr>{head}</tr></thead>\n\
             <tbody>{rows}</tbody></table></div>\n"
        )
    }

    fn row(&self, row: &[String]) -> String {
        let cell = |(column, cell): (&Column, &String)| {
            format!("<td{}>{}</td>", column.class, escape(cell))
        };
        let cells = self.columns.iter().zip(row).map(cell).collect::<Vec<_>>().concat();
        format!("<tr>{cells}</tr>\n")
    }
}

/// A share in percent, or that there is none.
pub fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "n/a".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

/// A number with three places, or that there is none.
pub fn plain(number: Option<f64>) -> String {
    number.map_or_else(|| "n/a".to_owned(), |number| format!("{number:.3}"))
}

#[cfg(test)]
mod tests {
    use super::{Table, name, number, percent};

    #[test]
    fn a_table_is_reached_by_keyboard_and_says_what_it_shows() {
        let mut table = Table::new("A & B", vec![name("who"), number("how much")]);
        table.rows.push(vec!["<b>".to_owned(), percent(Some(0.125))]);
        let html = table.html();
        assert!(html.contains("tabindex=\"0\" aria-label=\"A &amp; B\""), "{html}");
        assert!(html.contains("<td>&lt;b&gt;</td><td class=\"n\">12.5 %</td>"), "{html}");
        assert_eq!(percent(None), "n/a");
    }
}
