//! `sureply replay`: what past turns would come to under other knowledge, another policy or prompt.

use super::out;
use crate::app;
use crate::clock::Clock;
use crate::config::{Config, Policy};
use crate::conversation::DecisionId;
use crate::curation::import;
use crate::desk::{Desk, Otherwise, Replay as Replaying, Replayed, Skipped};
use crate::eval::report::replayed;
use crate::eval::{Change, Difference, Folder, Side, compare};
use crate::knowledge::{ArticleId, Entry};
use crate::search::Search;
use crate::store::PastTurn;
use anyhow::{Context, Result, bail, ensure};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Turns read at a time.
const PAGE: i64 = 200;

/// What to replay, and what to suppose.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// Only turns decided on or after this day (2026-11-23), or moment (2026-11-23T10:00:00Z).
    #[arg(long, value_name = "DATE", value_parser = moment)]
    since: Option<DateTime<Utc>>,
    /// A folder or file of knowledge in place of all that is in use.
    #[arg(long, value_name = "DIR")]
    knowledge: Option<PathBuf>,
    /// Settings whose [policy] is tried.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// A prompt in place of prompts/answer.md; the model is called for each turn.
    #[arg(long, value_name = "FILE")]
    prompt: Option<PathBuf>,
    /// Writes what would change as one HTML file.
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    /// Prints one JSON object a changed turn, and one that sums up.
    #[arg(long)]
    json: bool,
}

/// What it came to.
#[derive(Debug, Default, Serialize)]
struct Sum {
    /// Turns that were considered again.
    replayed: usize,
    /// Those that people would see decided otherwise.
    changed: usize,
    /// Those of which only numbers behind the decision differ.
    numbers_only: usize,
    /// The greatest difference in confidence among them.
    greatest_move: f64,
    /// Turns that could not be replayed, by reason.
    skipped: BTreeMap<&'static str, usize>,
}

/// Replays and prints what would change.
pub(super) async fn replay(data: &Path, config: Config, arguments: Replay) -> Result<()> {
    let policy = arguments.policy.as_deref().map(policy).transpose()?;
    let prompt = arguments.prompt.as_deref().map(read).transpose()?;
    let desk = app::open(data, config, Clock::real()).await?;
    let index = match &arguments.knowledge {
        Some(path) => Some(index(&desk, path).await?),
        None => None,
    };
    let search = index.as_ref().map(|(search, _)| Arc::clone(search));
    let replaying = desk.otherwise(Otherwise { search, policy, prompt }).await?;
    let (sum, changes) = run(&desk, &replaying, arguments.since.unwrap_or_default()).await?;
    if let Some(path) = &arguments.report {
        let page = replayed(&supposed(&arguments), &sum.in_words(), &changes);
        std::fs::write(path, page)
            .with_context(|| format!("writing the report {}", path.display()))?;
    }
    print(&sum, &changes, arguments.json)
}

async fn run(
    desk: &Desk,
    replaying: &Replaying,
    since: DateTime<Utc>,
) -> Result<(Sum, Vec<Change>)> {
    let style = ProgressStyle::with_template("{msg} {spinner} {pos} {per_sec}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = ProgressBar::new_spinner().with_style(style).with_message("replaying");
    let (mut sum, mut changes) = (Sum::default(), Vec::new());
    let mut after: Option<DecisionId> = None;
    loop {
        let page: Vec<PastTurn> = desk.store.past_turns(since, after.as_ref(), PAGE).await?;
        for past in &page {
            let replayed = replaying.turn(past).await;
            let replayed =
                replayed.with_context(|| format!("replaying decision {}", past.decision_id))?;
            changes.extend(sum.take(&replayed));
            bar.inc(1);
        }
        match page.last() {
            Some(last) => after = Some(last.decision_id.clone()),
            None => break,
        }
    }
    bar.finish_and_clear();
    Ok((sum, changes))
}

impl Sum {
    /// The sums with their names.
    fn in_words(&self) -> Vec<(&'static str, String)> {
        let mut words = vec![
            ("Turns replayed", self.replayed.to_string()),
            ("Would change", self.changed.to_string()),
            (
                "Differ in numbers only",
                format!("{} (confidence by at most {:.4})", self.numbers_only, self.greatest_move),
            ),
        ];
        let skipped = self.skipped.iter();
        words.extend(skipped.map(|(why, count)| ("Not replayed", format!("{count}: {why}"))));
        words
    }

    /// Counts a turn; gives back what of it would change.
    fn take(&mut self, replayed: &Replayed) -> Option<Change> {
        let records = match replayed {
            Replayed::Done(records) => records,
            Replayed::Skipped(why) => {
                *self.skipped.entry(reason(*why)).or_default() += 1;
                return None;
            }
        };
        self.replayed += 1;
        match compare(&records.0, &records.1) {
            Difference::None => None,
            Difference::Numbers(by) => {
                self.numbers_only += 1;
                self.greatest_move = self.greatest_move.max(by);
                None
            }
            Difference::Decision(change) => {
                self.changed += 1;
                Some(*change)
            }
        }
    }
}

/// What is supposed, in words.
fn supposed(arguments: &Replay) -> String {
    let files = [
        ("knowledge", &arguments.knowledge),
        ("policy", &arguments.policy),
        ("prompt", &arguments.prompt),
    ];
    let named = files.iter().filter_map(|(what, path)| {
        path.as_ref().map(|path| format!("the {what} of {}", path.display()))
    });
    let named: Vec<String> = named.collect();
    if named.is_empty() { "what is in use now".into() } else { named.join(", ") }
}

fn reason(skipped: Skipped) -> &'static str {
    match skipped {
        Skipped::Older => "recorded by an earlier program",
        Skipped::Failed => "considering it had failed",
        Skipped::NoInbox => "its inbox is gone from the settings",
        Skipped::OtherWords => "its words are no longer those decided on",
    }
}

/// An index of other knowledge in a folder of its own. An article that is the same as now keeps its
/// version, any other gets the next, as publishing it would give it; learned wordings stay.
async fn index(desk: &Desk, path: &Path) -> Result<(Arc<Search>, Folder)> {
    let reading = import::read(path)?;
    if let Some(problem) = reading.problems.first() {
        bail!("{problem}; {} problems in {}", reading.problems.len(), path.display());
    }
    ensure!(!reading.articles.is_empty(), "{} holds no knowledge", path.display());
    let mut present: HashMap<ArticleId, Vec<Entry>> = HashMap::new();
    for entry in desk.store.entries().await? {
        present.entry(entry.article.clone()).or_default().push(entry);
    }
    let mut entries = Vec::new();
    for (_, article) in reading.articles {
        let now = article.entries.first().and_then(|entry| present.get(&entry.article));
        entries.extend(versioned(article.entries, now.map(Vec::as_slice).unwrap_or_default()));
    }
    let folder = Folder::fresh()?;
    let search =
        Search::open(folder.path(), &desk.config.embedding).context("opening a temporary index")?;
    search.replace(&entries, 1).context("indexing the other knowledge")?;
    Ok((Arc::new(search), folder))
}

fn versioned(entries: Vec<Entry>, present: &[Entry]) -> Vec<Entry> {
    let bare = |entry: &Entry| Entry { version: 0, learned: Vec::new(), ..entry.clone() };
    let is_same = entries.iter().map(bare).eq(present.iter().map(bare));
    let version = present.first().map_or(0, |entry| entry.version) + i64::from(!is_same);
    let learned = |entry: &Entry| {
        let known = present.iter().find(|known| known.id == entry.id);
        known.map(|known| known.learned.clone()).unwrap_or_default()
    };
    entries.into_iter().map(|entry| Entry { version, learned: learned(&entry), ..entry }).collect()
}

fn policy(path: &Path) -> Result<Policy> {
    Ok(Config::load(Some(path))?.policy)
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("reading the prompt {}", path.display()))
}

/// A day or a moment.
fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let day = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    text.parse::<DateTime<Utc>>()
        .or_else(|_| text.parse::<NaiveDate>().map(day))
        .map_err(|_| "it must be a day (2026-11-23) or a moment (2026-11-23T10:00:00Z)".to_owned())
}

fn print(sum: &Sum, changes: &[Change], json: bool) -> Result<()> {
    if json {
        for change in changes {
            out::line(serde_json::to_string(change).context("writing a change")?);
        }
        let summary = serde_json::json!({ "summary": sum });
        out::line(summary);
        return Ok(());
    }
    for change in changes {
        out::line(format_args!(
            "{} in {}: {}",
            change.decision,
            change.inbox,
            change.what.join(", ")
        ));
        out::line(format_args!("  {}", change.questions.join(" · ").replace('\n', " ")));
        out::line(format_args!("  - {}", in_words(&change.before)));
        out::line(format_args!("  + {}", in_words(&change.after)));
    }
    out::line(format_args!(
        "{} turns replayed: {} would change; of {} only numbers differ (confidence by at most {:.4})",
        sum.replayed, sum.changed, sum.numbers_only, sum.greatest_move
    ));
    for (why, count) in &sum.skipped {
        out::line(format_args!("{count} not replayed: {why}"));
    }
    Ok(())
}

fn in_words(side: &Side) -> String {
    let draft = side.draft.as_deref().unwrap_or("no draft").replace('\n', " ");
    let draft: String = draft.chars().take(160).collect();
    format!(
        "{} ({:.3}, {}) [{}] {draft}",
        side.action,
        side.confidence,
        side.reasons.join(", "),
        side.cited.join(", ")
    )
}
