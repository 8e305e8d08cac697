//! The report of an evaluation: an overview of all sets, then each set with its plots and tables.

use super::page::Page;
use super::section::{curves, tables};
use super::table::{Table, name, number, percent, plain};
use crate::eval::assess::Assessed;

/// What made the report, so that it can be made again.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The command line.
    pub command: String,
    /// The program's version and the hash of its file.
    pub program: String,
    /// The shipped confidence model.
    pub model: String,
    /// What every draw started from.
    pub seed: u64,
}

/// Writes the report as one HTML file.
pub fn evaluation(all: &[Assessed], origin: &Origin) -> String {
    let mut page = Page::new(
        "Sureply evaluation",
        "How well search and confidence do on labelled questions, beside single rankers and the \
         thresholds others use, and what the bound allows.",
    );
    page.facts(&[
        ("Command", origin.command.clone()),
        ("Program", origin.program.clone()),
        ("Confidence model", origin.model.clone()),
        ("Seed", origin.seed.to_string()),
    ]);
    page.section("Overview");
    page.table(&overview(all));
    page.paragraph(
        "Resolved at 95 %: the share of answerable questions that are answered and right when the \
         threshold is set on the same rows so that 95 % of all answers are right. Covered at 95 %: \
         the share of all questions answered there.",
    );
    for assessed in all {
        set(&mut page, assessed);
    }
    page.finish()
}

fn overview(all: &[Assessed]) -> Table {
    let mut table = Table::new(
        "The product's own configuration on each set",
        vec![
            name("set"),
            name("configuration"),
            number("questions"),
            number("top-1"),
            number("resolved at 90 %"),
            number("resolved at 95 %"),
            number("resolved at 98 %"),
            number("covered at 95 %"),
            number("AUROC right"),
            number("AURC"),
        ],
    );
    for line in all.iter().filter_map(|assessed| assessed.lines.first()) {
        let figures = &line.figures;
        table.rows.push(vec![
            line.dataset.clone(),
            line.config.clone(),
            figures.n.to_string(),
            percent(figures.acc1),
            percent(figures.resolved_at_90),
            percent(figures.resolved_at_95),
            percent(figures.resolved_at_98),
            percent(figures.coverage_at_95),
            plain(figures.auroc_right),
            plain(figures.aurc),
        ]);
    }
    table
}

fn set(page: &mut Page, assessed: &Assessed) {
    let set = &assessed.set;
    page.section(&set.name);
    let answerable = assessed.rows.iter().filter(|row| row.answerable).count();
    page.facts(&[
        ("Entries", set.entries.len().to_string()),
        ("Wordings learned", assessed.learned.to_string()),
        ("Questions", format!("{} ({answerable} answerable)", assessed.rows.len())),
        ("SHA-256", set.sha256.clone()),
    ]);
    for note in &assessed.notes {
        page.paragraph(note);
    }
    let mut plots = vec![
        curves::risk_and_coverage(assessed).html(),
        curves::configurations(assessed).html(),
        curves::reliability_of(assessed).html(),
        curves::histogram(assessed).html(),
    ];
    let bound = assessed.lines.first().and_then(|line| line.bound.as_ref());
    plots.extend(bound.map(|bound| curves::thresholds(bound).html()));
    plots.extend(bound.map(|bound| curves::rules(bound).html()));
    page.plots(plots);
    page.heading("Configurations");
    page.table(&tables::configurations(assessed));
    if let Some(bound) = bound {
        page.heading("The bound");
        page.paragraph(&tables::bound_in_words(bound));
        page.table(&tables::trials(bound));
        page.table(&tables::halves(bound));
        page.table(&tables::drift(bound));
    }
    page.heading("Kinds of questions");
    page.table(&tables::reasons(assessed));
    page.table(&tables::intents(assessed));
    page.heading("Worst mistakes");
    page.table(&tables::mistakes(assessed));
}
