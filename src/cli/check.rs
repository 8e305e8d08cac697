//! `sureply check`: every problem of knowledge, prompts and settings, before customers meet it.

use super::out;
use crate::answer::texts;
use crate::config::Config;
use crate::curation::Source;
use anyhow::{Result, bail};
use clap::Args;
use std::path::PathBuf;

/// What to check.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The folder of knowledge; by default the one in the settings, else the sample.
    folder: Option<PathBuf>,
}

/// Prints every problem, one a line; fails when there is any. The settings were checked on the way
/// here: a bad one has already been named.
pub(super) fn check(config: &Config, arguments: &Check) -> Result<()> {
    let folder = arguments.folder.clone().or_else(|| config.knowledge.dir.clone());
    let reading = folder.map_or(Source::Sample, Source::Folder).read()?;
    let mut problems: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
    problems.extend(texts::check());
    let own = config.model.as_ref().and_then(|model| model.prompts.as_deref());
    problems.extend(own.and_then(texts::check_prompts));
    for problem in &problems {
        out::line(problem);
    }
    if !problems.is_empty() {
        bail!("{} problems found; nothing was changed", problems.len());
    }
    let entries: usize = reading.articles.iter().map(|(_, article)| article.entries.len()).sum();
    out::line(format_args!(
        "{} articles with {entries} entries, prompts and settings: no problems",
        reading.articles.len()
    ));
    Ok(())
}
