//! `sureply calibrate`: turns a labelled set, or what people have judged so far, into licences.

use super::{out, trust};
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::conversation::InboxName;
use crate::desk::{Declared, Desk, Known};
use crate::eval::{Case, load_cases};
use crate::lang::Lang;
use crate::triage;
use anyhow::{Context, Result, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// What to learn from.
#[derive(Debug, Args)]
pub(super) struct Calibrate {
    /// A folder with queries.jsonl, or a file of labelled questions that stand for your customers.
    #[arg(required_unless_present = "history", conflicts_with = "history")]
    path: Option<PathBuf>,
    /// Computes model and licences anew from everything that people have judged.
    #[arg(long)]
    history: bool,
    /// The inboxes whose customers the set stands for; by default all.
    #[arg(long, conflicts_with = "history")]
    inbox: Vec<String>,
    /// The part of the set to use; `all` for every row.
    #[arg(long, default_value = "dev")]
    split: String,
    /// The name to keep the set under, in place of what had that name; by default the folder's.
    #[arg(long)]
    name: Option<String>,
    /// Prints one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Learns, and prints where each class stands then.
pub(super) async fn calibrate(data: &Path, config: Config, arguments: Calibrate) -> Result<()> {
    let set = match &arguments.path {
        Some(path) => Some((name(path, arguments.name.as_deref())?, questions(path, &arguments)?)),
        None => None,
    };
    let desk = app::open(data, config, Clock::real()).await?;
    if let Some((name, cases)) = set {
        check_languages(&desk, &cases).await?;
        let declared = declare(&desk, &name, &cases, &arguments.inbox).await?;
        say(&name, declared, arguments.json);
    } else {
        relearn(&desk, arguments.json).await?;
    }
    trust::print(&desk.trust(None).await?, arguments.json)
}

async fn relearn(desk: &Desk, json: bool) -> Result<()> {
    let learned = desk.relearn().await?;
    let model = if learned.model == learned.model_before {
        format!("the model stays {}", learned.model)
    } else {
        format!("the model {} takes the place of {}", learned.model, learned.model_before)
    };
    if !json {
        out::line(format_args!("{} verdicts; {model}", learned.verdicts));
    }
    Ok(())
}

fn name(path: &Path, given: Option<&str>) -> Result<String> {
    let own = path.canonicalize().with_context(|| format!("opening {}", path.display()))?;
    let own = own.file_stem().map(|name| name.to_string_lossy().into_owned());
    given.map(str::to_owned).or(own).context("the set has no name; give it one with --name")
}

/// The questions that stand by themselves, refused where they cannot stand for anybody's customers.
fn questions(path: &Path, arguments: &Calibrate) -> Result<Vec<Case>> {
    let split = (arguments.split != "all").then_some(arguments.split.as_str());
    let mut cases = load_cases(path, split)?;
    // Asked by itself, what leans on a conversation would count for what it is not.
    cases.retain(|case| case.history.is_empty());
    ensure!(!cases.is_empty(), "every question of {} leans on a conversation", path.display());
    let answerable = cases.iter().filter(|case| !case.gold.is_empty()).count();
    ensure!(
        answerable > 0,
        "no question of {} has an entry that answers it: a set of one kind proves nothing",
        path.display()
    );
    ensure!(
        answerable < cases.len(),
        "every question of {} has an entry that answers it: customers also ask what the knowledge does \
         not hold, and without such questions (`\"gold\": []`) the set would praise the bot too much",
        path.display()
    );
    Ok(cases)
}

/// Refuses a set that is mostly in languages which the knowledge does not speak.
async fn check_languages(desk: &Desk, cases: &[Case]) -> Result<()> {
    let spoken: HashSet<Lang> =
        desk.store.entries().await?.into_iter().map(|entry| entry.lang).collect();
    let lang = |case: &Case| {
        case.lang.unwrap_or_else(|| triage::read(&case.text, Lang::EN, &desk.config.rules).lang)
    };
    let foreign: Vec<Lang> = cases.iter().map(lang).filter(|lang| !spoken.contains(lang)).collect();
    ensure!(
        foreign.len() * 2 <= cases.len(),
        "{} of {} questions are in a language that no entry is in (such as `{}`); a set in another \
         language says nothing about this knowledge",
        foreign.len(),
        cases.len(),
        foreign.first().map(ToString::to_string).unwrap_or_default(),
    );
    Ok(())
}

async fn declare(desk: &Desk, name: &str, cases: &[Case], inboxes: &[String]) -> Result<Declared> {
    let known: Vec<Known> = cases
        .iter()
        .map(|case| Known { id: case.id.clone(), text: case.text.clone(), gold: case.gold.clone() })
        .collect();
    let inboxes: Vec<InboxName> =
        inboxes.iter().map(|name| InboxName::from(name.as_str())).collect();
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(known.len() as u64).with_style(style).with_message("considering");
    let tell = |done: u64, all: u64| {
        bar.set_length(all);
        bar.set_position(done);
    };
    let declared = desk.declare(name, &inboxes, &known, tell).await;
    bar.finish_and_clear();
    declared
}

fn say(name: &str, declared: Declared, json: bool) {
    let Declared { questions, drafts, eligible, wrong } = declared;
    if json {
        return;
    }
    out::line(format_args!(
        "{name}: {questions} questions considered, {drafts} drafts, of which {eligible} could have gone \
         out by themselves and count; {wrong} of those were wrong"
    ));
}
