//! `sureply eval`: how well search and confidence do on labelled sets.

use super::out;
use crate::clock::Clock;
use crate::config::Config;
use crate::eval::{Bench, LabelledSet, Line, Row, Wanted, configurations, learn, line, load_sets};
use anyhow::{Context, Result};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What to measure, and how.
#[derive(Debug, Args)]
pub(super) struct Eval {
    /// Folders with kb.jsonl and queries.jsonl.
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// The knowledge, where it is not the folder's kb.jsonl: JSON lines or Markdown.
    #[arg(long, value_name = "FILE")]
    kb: Option<PathBuf>,
    /// The questions, where they are not the folder's queries.jsonl.
    #[arg(long, value_name = "FILE")]
    queries: Option<PathBuf>,
    /// The part of the questions to measure on; `all` for every row.
    #[arg(long, default_value = "dev")]
    split: String,
    /// The most questions of each set.
    #[arg(long)]
    limit: Option<usize>,
    /// Learns the wordings of the `train` rows that one entry answers, as approvals would.
    #[arg(long)]
    learn_train: bool,
    /// Writes one JSON line a question.
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
    /// Prints one JSON object a line instead of a table.
    #[arg(long)]
    json: bool,
}

/// Measures every set and prints a line for each configuration.
pub(super) fn eval(_config: &Config, arguments: &Eval) -> Result<()> {
    let wanted = Wanted {
        knowledge: arguments.kb.as_deref(),
        questions: arguments.queries.as_deref(),
        split: (arguments.split != "all").then_some(arguments.split.as_str()),
        limit: arguments.limit,
    };
    let mut rows_file = arguments.rows.as_deref().map(create).transpose()?;
    if !arguments.json {
        out::line(HEAD);
    }
    for folder in &arguments.folders {
        for mut set in load_sets(folder, &wanted)? {
            if arguments.learn_train {
                learn(&mut set.entries, &set.train);
            }
            let (rows, seconds) = measure(&set)?;
            if let Some(file) = &mut rows_file {
                write_rows(file, &rows).context("writing the rows")?;
            }
            let suffix = if arguments.learn_train { "+train" } else { "" };
            for configuration in configurations(&rows, &format!("hybrid{suffix}"), suffix) {
                print(&line(&set, &configuration, seconds), arguments.json)?;
            }
        }
    }
    Ok(())
}

fn measure(set: &LabelledSet) -> Result<(Vec<Row>, f64)> {
    let started = Instant::now();
    let bench = Bench::open(set, Clock::real().now())?;
    let bar = progress(set.cases.len(), &set.name);
    let mut rows = Vec::with_capacity(set.cases.len());
    for case in &set.cases {
        let row = bench.put(&set.name, case).with_context(|| format!("putting {}", case.place))?;
        rows.push(row);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok((rows, started.elapsed().as_secs_f64()))
}

fn progress(length: usize, set: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style).with_message(set.to_owned())
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("making {}", path.display()))?;
    Ok(BufWriter::new(file))
}

fn write_rows(file: &mut BufWriter<File>, rows: &[Row]) -> Result<()> {
    for row in rows {
        writeln!(file, "{}", serde_json::to_string(row)?)?;
    }
    file.flush()?;
    Ok(())
}

const HEAD: &str = "set                     configuration          n  answ.  top-1  top-5    mrr  auroc/a auroc/r   r@90   r@95   r@98   c@95   aurc";

fn print(line: &Line, json: bool) -> Result<()> {
    if json {
        out::line(serde_json::to_string(line).context("writing a line")?);
        return Ok(());
    }
    let percent = |share: Option<f64>| {
        share.map_or_else(|| "n/a".to_owned(), |share| format!("{:.1}", share * 100.0))
    };
    let plain =
        |share: Option<f64>| share.map_or_else(|| "n/a".to_owned(), |share| format!("{share:.3}"));
    let figures = &line.figures;
    out::line(format_args!(
        "{:<23} {:<18} {:>5}  {:>5}  {:>5}  {:>5}  {:>5}  {:>7} {:>7}  {:>5}  {:>5}  {:>5}  {:>5}  {:>5}",
        line.dataset,
        line.config,
        figures.n,
        figures.answerable,
        percent(figures.acc1),
        percent(figures.acc5),
        plain(figures.mrr),
        plain(figures.auroc_answerable),
        plain(figures.auroc_right),
        percent(figures.resolved_at_90),
        percent(figures.resolved_at_95),
        percent(figures.resolved_at_98),
        percent(figures.coverage_at_95),
        plain(figures.aurc),
    ));
    Ok(())
}
