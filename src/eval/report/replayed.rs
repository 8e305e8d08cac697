//! The report of a replay: what would change, turn by turn.

use super::page::Page;
use super::table::{Table, name, number, text};
use crate::eval::{Change, Side};

/// Writes the page: what was supposed, the sums, and each turn that would be decided otherwise.
pub fn replayed(supposed: &str, sums: &[(&str, String)], changes: &[Change]) -> String {
    let mut page = Page::new(
        "What would change",
        "Past turns considered again as they stood. Nothing was sent and nothing was stored.",
    );
    page.section("Summary");
    page.facts(&[&[("Replayed against", supposed.to_owned())], sums].concat());
    page.section("Turns that would change");
    if changes.is_empty() {
        page.paragraph("None: every turn would be decided as it was.");
    } else {
        page.table(&table(changes));
    }
    page.finish()
}

fn table(changes: &[Change]) -> Table {
    let columns = vec![
        text("question"),
        name("what"),
        name(""),
        name("action"),
        number("confidence (0 to 1)"),
        name("reasons"),
        name("cited"),
        text("draft"),
    ];
    let mut table = Table::new("Each turn as it was and as it would be", columns);
    for change in changes {
        let question = change.questions.join(" · ");
        table.rows.push(row(&[question, change.what.join(", ")], "was", &change.before));
        table.rows.push(row(&[String::new(), String::new()], "would be", &change.after));
    }
    table
}

fn row(head: &[String], when: &str, side: &Side) -> Vec<String> {
    let mut row = head.to_vec();
    row.extend([
        when.to_owned(),
        side.action.clone(),
        format!("{:.3}", side.confidence),
        side.reasons.join(", "),
        side.cited.join(", "),
        side.draft.clone().unwrap_or_else(|| "no draft".into()),
    ]);
    row
}
