//! The tables of a set.

use crate::eval::assess::Assessed;
use crate::eval::bound::Bound;
use crate::eval::figure::{Curve, count};
use crate::eval::report::table::{Table, name, number, percent, plain, text};
use crate::eval::run::Row;
use crate::knowledge::{Entry, EntryId};
use std::collections::{BTreeMap, HashMap};

/// So many mistakes are listed.
const MISTAKES: usize = 20;

/// Every configuration's figures.
pub fn configurations(assessed: &Assessed) -> Table {
    let mut table = Table::new("Figures of every configuration", vec![name("configuration")]);
    table.columns.extend(
        [
            "top-1",
            "top-5",
            "MRR",
            "AUROC answerable",
            "AUROC right",
            "resolved at 90 %",
            "at 95 %",
            "at 98 %",
            "covered at 95 %",
            "at 98 %",
            "at 99 %",
            "AURC",
            "fixed: covered",
            "fixed: wrong",
        ]
        .map(number),
    );
    for line in &assessed.lines {
        let figures = &line.figures;
        let fixed = |share: Option<f64>| {
            if line.fixed.is_some() { percent(share) } else { String::new() }
        };
        table.rows.push(vec![
            line.config.clone(),
            percent(figures.acc1),
            percent(figures.acc5),
            plain(figures.mrr),
            plain(figures.auroc_answerable),
            plain(figures.auroc_right),
            percent(figures.resolved_at_90),
            percent(figures.resolved_at_95),
            percent(figures.resolved_at_98),
            percent(figures.coverage_at_95),
            percent(line.coverage_at_98),
            percent(line.coverage_at_99),
            plain(figures.aurc),
            fixed(line.fixed.and_then(|fixed| fixed.coverage)),
            fixed(line.fixed.and_then(|fixed| fixed.risk)),
        ]);
    }
    table
}

/// How the bound was tried.
pub fn bound_in_words(bound: &Bound) -> String {
    let model = if bound.is_refitted { "refitted on them" } else { "as shipped" };
    let samples = bound.trials.first().map_or(0, |trial| trial.samples);
    let size = bound.trials.first().map_or(0, |trial| trial.size);
    format!(
        "The set's {} turns stand for all turns to come, so that every true risk is known. The \
         thresholds to test were chosen on {} turns apart from them ({}), the confidence model is {model} \
         (version {}). {samples} samples of {size} turns were drawn with replacement; a rule breaks α \
         when the threshold it sets has a true risk above α.",
        bound.population, bound.fitting_rows, bound.fitting, bound.model
    )
}

/// What each rule does over the samples.
pub fn trials(bound: &Bound) -> Table {
    let mut table = Table::new(
        "Rules over samples drawn with replacement",
        vec![
            number("α"),
            name("rule"),
            number("breaks α in"),
            number("promised at most"),
            number("mean coverage"),
            number("mean true risk"),
            number("samples that license"),
        ],
    );
    table.rows = bound
        .trials
        .iter()
        .map(|trial| {
            vec![
                percent(Some(trial.alpha)),
                trial.rule.clone(),
                percent(trial.broken),
                trial.delta.map_or_else(|| "nothing".to_owned(), |delta| percent(Some(delta))),
                percent(trial.coverage),
                percent(trial.risk),
                percent(trial.licensed),
            ]
        })
        .collect();
    table
}

/// What the bound does on a half that was held out.
pub fn halves(bound: &Bound) -> Table {
    let mut table = Table::new(
        "One half calibrates, the other is answered: the realised rate is a noisy estimate itself",
        vec![
            number("α"),
            number("splits"),
            number("mean coverage"),
            number("mean realised rate"),
            name("its mean interval (90 %)"),
            number("realised above α"),
            number("interval wholly above α"),
        ],
    );
    table.rows = bound
        .halves
        .iter()
        .map(|halves| {
            let interval = halves.interval.map_or_else(
                || "n/a".to_owned(),
                |[low, high]| format!("{} to {}", percent(Some(low)), percent(Some(high))),
            );
            vec![
                percent(Some(halves.alpha)),
                halves.splits.to_string(),
                percent(halves.coverage),
                percent(halves.realised),
                interval,
                percent(halves.above),
                percent(halves.surely_above),
            ]
        })
        .collect();
    table
}

/// How the drift test does.
pub fn drift(bound: &Bound) -> Table {
    let mut table = Table::new(
        "The drift test, simulated: a class exactly as bad as tolerated, then 20 % of answers turn wrong",
        vec![
            number("α"),
            number("classes"),
            number("false alarms in 1,000 audits"),
            number("promised at most"),
            number("change noticed"),
            number("audits until then, median"),
            number("in 95 % of classes"),
        ],
    );
    let told = |audits: Option<usize>| audits.map_or_else(|| "n/a".to_owned(), |n| n.to_string());
    table.rows = bound
        .drift
        .iter()
        .map(|alarms| {
            vec![
                percent(Some(alarms.alpha)),
                alarms.runs.to_string(),
                percent(alarms.cried_wolf),
                percent(Some(alarms.delta)),
                percent(alarms.noticed),
                told(alarms.median),
                told(alarms.most),
            ]
        })
        .collect();
    table
}

/// What came of each kind of question where 95 % of answers are right.
pub fn reasons(assessed: &Assessed) -> Table {
    let scored: Vec<_> =
        assessed.configurations.first().map_or(Vec::new(), |own| own.scored.clone());
    let curve = Curve::of(&scored);
    let threshold = curve.lowest_right_at(0.95).map_or(f64::INFINITY, |point| point.score);
    let mut kinds: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for row in &assessed.rows {
        let kind = kinds.entry(row.reason.as_deref().unwrap_or("not told")).or_default();
        kind[0] += 1;
        kind[1] += usize::from(row.right);
        let is_answered = row.confidence >= threshold;
        kind[2] += usize::from(is_answered && row.right);
        kind[3] += usize::from(is_answered && !row.right);
        kind[4] += usize::from(!is_answered);
    }
    let mut table = Table::new(
        "By reason, at the threshold where 95 % of answers are right",
        vec![
            name("reason"),
            number("questions"),
            number("top entry right"),
            number("answered right"),
            number("answered wrong"),
            number("left to a person"),
        ],
    );
    table.rows = kinds
        .into_iter()
        .map(|(reason, counts)| {
            let mut row = vec![reason.to_owned()];
            row.extend(counts.map(|count| count.to_string()));
            row
        })
        .collect();
    table
}

/// What triage makes of the questions: the policy answers only some intents by itself.
pub fn intents(assessed: &Assessed) -> Table {
    let mut intents: BTreeMap<&str, (usize, usize, f64)> = BTreeMap::new();
    for row in &assessed.rows {
        let (n, right, confidence) = intents.entry(row.intent.as_str()).or_default();
        *n += 1;
        *right += usize::from(row.right);
        *confidence += row.confidence;
    }
    let mut table = Table::new(
        "By intent, as triage reads it; the policy answers questions only",
        vec![
            name("intent"),
            number("questions"),
            number("top entry right"),
            number("mean confidence"),
        ],
    );
    table.rows = intents
        .into_iter()
        .map(|(intent, (n, right, confidence))| {
            let mean = plain(Some(confidence / count(n)));
            vec![intent.to_owned(), n.to_string(), right.to_string(), mean]
        })
        .collect();
    table
}

/// The wrong ones that the product was surest of.
pub fn mistakes(assessed: &Assessed) -> Table {
    let entries: HashMap<&EntryId, &Entry> =
        assessed.set.entries.iter().map(|entry| (&entry.id, entry)).collect();
    let label = |id: &EntryId| match entries.get(id) {
        Some(entry) if entry.title.is_empty() || entry.title == id.as_str() => id.to_string(),
        Some(entry) => format!("{} ({id})", entry.title),
        None => id.to_string(),
    };
    let mut wrong: Vec<&Row> =
        assessed.rows.iter().filter(|row| !row.right && row.entry.is_some()).collect();
    wrong.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut table = Table::new(
        "The wrong answers with the highest confidence",
        vec![
            number("confidence"),
            text("question"),
            text("entry chosen"),
            text("right entry"),
            name("reason"),
            name("row"),
        ],
    );
    for row in wrong.into_iter().take(MISTAKES) {
        let gold: Vec<String> = row.gold.iter().map(label).collect();
        table.rows.push(vec![
            plain(Some(row.confidence)),
            row.text.chars().take(240).collect(),
            row.entry.as_ref().map_or_else(String::new, label),
            if gold.is_empty() { "none answers".to_owned() } else { gold.join("; ") },
            row.reason.clone().unwrap_or_default(),
            row.id.clone(),
        ]);
    }
    table
}
