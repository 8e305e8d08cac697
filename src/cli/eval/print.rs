//! What `sureply eval` prints: a JSON object for each line, or tables to read.

use crate::cli::out;
use crate::eval::report::table::{percent, plain};
use crate::eval::{Alarms, Assessed, Bound, Halves, Line, Trial};
use anyhow::{Context, Result};

/// Prints a set.
pub(super) fn print(assessed: &Assessed, json: bool) -> Result<()> {
    if json {
        for line in &assessed.lines {
            out::line(serde_json::to_string(line).context("writing a line")?);
        }
        return Ok(());
    }
    let set = &assessed.set;
    out::line(format_args!(
        "{}: {} entries, {} wordings learned, {} questions, {:.1} s",
        set.name,
        set.entries.len(),
        assessed.learned,
        assessed.rows.len(),
        assessed.lines.first().map_or(0.0, |line| line.seconds),
    ));
    assessed.notes.iter().for_each(|note| out::line(format_args!("  note: {note}")));
    out::line(format_args!(
        "  {:<28} {:>7} {:>7} {:>6} {:>6} {:>6} {:>8} {:>8} {:>8} {:>8} {:>6}",
        "configuration",
        "top-1",
        "top-5",
        "MRR",
        "AUC.a",
        "AUC.r",
        "res@90",
        "res@95",
        "res@98",
        "cov@95",
        "AURC"
    ));
    assessed.lines.iter().for_each(print_line);
    if let Some(bound) = assessed.lines.first().and_then(|line| line.bound.as_ref()) {
        print_bound(bound);
    }
    out::line("");
    Ok(())
}

fn print_line(line: &Line) {
    let figures = &line.figures;
    let fixed = line.fixed.map_or_else(String::new, |fixed| {
        format!("  fixed: {} covered, {} wrong", percent(fixed.coverage), percent(fixed.risk))
    });
    out::line(format_args!(
        "  {:<28} {:>7} {:>7} {:>6} {:>6} {:>6} {:>8} {:>8} {:>8} {:>8} {:>6}{fixed}",
        line.config,
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
}

fn print_bound(bound: &Bound) {
    out::line(format_args!(
        "  the bound: {} turns as the population, {} {} for grid and model ({} {})",
        bound.population,
        bound.fitting_rows,
        bound.fitting,
        if bound.is_refitted { "refitted" } else { "as shipped" },
        bound.model,
    ));
    out::line(format_args!(
        "  {:>6}  {:<30} {:>9} {:>9} {:>10} {:>10}",
        "α", "rule", "breaks α", "promised", "coverage", "true risk"
    ));
    bound.trials.iter().for_each(print_trial);
    bound.halves.iter().for_each(print_halves);
    bound.drift.iter().for_each(print_alarms);
}

fn print_trial(trial: &Trial) {
    out::line(format_args!(
        "  {:>6}  {:<30} {:>9} {:>9} {:>10} {:>10}",
        percent(Some(trial.alpha)),
        trial.rule,
        percent(trial.broken),
        trial.delta.map_or_else(|| "nothing".to_owned(), |delta| percent(Some(delta))),
        percent(trial.coverage),
        percent(trial.risk),
    ));
}

fn print_halves(halves: &Halves) {
    let [low, high] = halves.interval.map_or([None; 2], |ends| ends.map(Some));
    out::line(format_args!(
        "  α = {}, held-out half: {} covered, realised {} (90 % interval {} to {}); above α in {} of \
         splits, surely above in {}",
        percent(Some(halves.alpha)),
        percent(halves.coverage),
        percent(halves.realised),
        percent(low),
        percent(high),
        percent(halves.above),
        percent(halves.surely_above),
    ));
}

fn print_alarms(alarms: &Alarms) {
    let told = |audits: Option<usize>| audits.map_or_else(|| "n/a".to_owned(), |n| n.to_string());
    out::line(format_args!(
        "  α = {}, drift: false alarms in {} of {} classes over 1,000 audits (promised at most {}); 20 % \
         turned wrong is noticed in {}, after {} audits in half and {} in 95 % of them",
        percent(Some(alarms.alpha)),
        percent(alarms.cried_wolf),
        alarms.runs,
        percent(Some(alarms.delta)),
        percent(alarms.noticed),
        told(alarms.median),
        told(alarms.most),
    ));
}
