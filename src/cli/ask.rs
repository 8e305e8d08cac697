//! `sureply ask`: one question and its whole decision, without sending anything.

use super::out;
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::conversation::{Inbox, Mode};
use crate::desk::{Record, bare_turn};
use crate::lang::Lang;
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::path::Path;

/// What to ask.
#[derive(Debug, Args)]
pub(super) struct Ask {
    /// The customer's words.
    text: String,
    /// The language assumed where the words do not tell.
    #[arg(long)]
    lang: Option<Lang>,
    /// The inbox whose settings count; by default the first.
    #[arg(long)]
    inbox: Option<String>,
    /// Prints the decision's record as JSON.
    #[arg(long)]
    json: bool,
}

/// Considers the question and prints the decision.
pub(super) async fn ask(data: &Path, config: Config, arguments: Ask) -> Result<()> {
    ensure!(
        !arguments.text.trim().is_empty(),
        "there is nothing to consider; write the question in quotes"
    );
    let inbox = inbox(&config, &arguments)?;
    let desk = app::open(data, config, Clock::real()).await?;
    let turn = bare_turn(&arguments.text, inbox, desk.clock.now());
    let record = desk.consider(&turn).await?.record;
    if arguments.json {
        out::line(serde_json::to_string_pretty(&record).context("writing the record")?);
    } else {
        out::line(in_words(&record));
    }
    Ok(())
}

fn inbox(config: &Config, arguments: &Ask) -> Result<Inbox> {
    let settings = match &arguments.inbox {
        Some(name) => config.inboxes.iter().find(|inbox| inbox.name == *name),
        None => config.inboxes.first(),
    };
    let settings = settings.with_context(|| {
        let named: Vec<&str> = config.inboxes.iter().map(|inbox| &*inbox.name).collect();
        let wanted = arguments.inbox.as_deref().unwrap_or_default();
        format!("the settings name no inbox `{wanted}`; there are: {}", named.join(", "))
    })?;
    let mut inbox = settings.inbox();
    inbox.lang = arguments.lang.unwrap_or(inbox.lang);
    Ok(inbox)
}

fn in_words(record: &Record) -> String {
    let mut lines =
        vec![format!("{} (confidence {:.2}{})", record.action, record.confidence, needed(record))];
    if record.licensed != record.action && record.mode != Mode::Auto {
        lines.push(format!("in mode auto it would be: {}", record.licensed));
    }
    lines.extend(record.reasons.iter().map(|reason| format!("  {}", reason.sentence())));
    if let Some(draft) = &record.draft {
        lines.push(String::new());
        lines.push(draft.text.clone());
        lines.extend(draft.citations.iter().map(|citation| {
            format!(
                "  [{} v{}] {}",
                citation.entry,
                citation.version,
                citation.excerpt.replace('\n', " ")
            )
        }));
    }
    if let Some(used) = &record.model {
        lines.push(format!(
            "  {}: {} tokens read, {} written, {} requests, {} ms",
            used.name, used.tokens_in, used.tokens_out, used.attempts, used.milliseconds
        ));
    }
    lines.extend(record.model_problem.iter().map(|problem| format!("  not used: {problem}")));
    lines.push(String::new());
    lines.extend(record.candidates.iter().take(5).map(|candidate| {
        format!("  {:6.2}  {}  {}", candidate.score, candidate.entry, candidate.question)
    }));
    lines.join("\n")
}

fn needed(record: &Record) -> String {
    record.threshold.map_or_else(String::new, |threshold| format!(" of {threshold:.2} needed"))
}
