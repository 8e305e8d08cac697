//! `sureply check`: every problem of knowledge, prompts and settings, before customers meet it.

use super::out;
use crate::answer::texts;
use crate::app;
use crate::channel::{self, Home};
use crate::config::{Config, InboxSettings};
use crate::curation::{Source, source_in_use};
use anyhow::{Result, bail};
use clap::Args;
use std::path::{Path, PathBuf};

/// What to check.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The folder of knowledge; by default the one in the settings, else what was imported, else the
    /// sample.
    folder: Option<PathBuf>,
}

/// Prints every problem, one a line; fails when there is any. The settings were checked on the way
/// here: a bad one has already been named.
pub(super) async fn check(data: &Path, config: &Config, arguments: &Check) -> Result<()> {
    let (source, imported) = source(data, config, arguments).await?;
    let reading = source.read()?;
    let mut problems: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
    problems.extend(texts::check());
    let own = config.model.as_ref().and_then(|model| model.prompts.as_deref());
    problems.extend(own.and_then(texts::check_prompts));
    problems.extend(config.inboxes.iter().flat_map(|inbox| inbox_problems(inbox, config)));
    for problem in &problems {
        out::line(problem);
    }
    if !problems.is_empty() {
        bail!("{} found; nothing was changed", out::counted(problems.len(), "problem", "problems"));
    }
    let read: usize = reading.articles.iter().map(|(_, article)| article.entries.len()).sum();
    out::line(format_args!(
        "{} with {}, prompts and settings: no problems",
        match source {
            Source::Sample => "the sample".to_owned(),
            Source::Folder(folder) => folder.display().to_string(),
            Source::Imported => "the imported knowledge".to_owned(),
        },
        out::counted(read + imported, "entry", "entries"),
    ));
    Ok(())
}

/// What an inbox's settings name and is not there: variables and files of secrets, certificates, a logo.
fn inbox_problems(inbox: &InboxSettings, config: &Config) -> Vec<String> {
    let mut ends: Vec<Result<()>> = Vec::new();
    if let Some(email) = &inbox.email {
        ends.push(email.password().map(drop));
        if let Some(oauth) = &email.oauth {
            ends.extend([oauth.client_secret().map(drop), oauth.refresh_token().map(drop)]);
        }
    }
    if let Some(whatsapp) = &inbox.whatsapp {
        ends.push(whatsapp.token().map(drop));
    }
    let home = Home { business: &config.business.name, signing_key: &[] };
    ends.push(channel::open(inbox, &home).map(drop));
    let told = |error: anyhow::Error| format!("inbox `{}`: {error:#}", inbox.name);
    ends.into_iter().filter_map(Result::err).map(told).collect()
}

/// Where the knowledge to check comes from, and how many entries lie in the store, each of which was
/// checked as it was imported.
async fn source(data: &Path, config: &Config, arguments: &Check) -> Result<(Source, usize)> {
    let folder = arguments.folder.clone().or_else(|| config.knowledge.dir.clone());
    // Looking must not make a data folder where there is none yet.
    if folder.is_some() || (config.database.url.is_none() && !app::has_store(data)) {
        return Ok((folder.map_or(Source::Sample, Source::Folder), 0));
    }
    let store = app::open_store(data, config).await?;
    let source = source_in_use(None, &store).await?;
    let imported = if source == Source::Imported { store.entries().await?.len() } else { 0 };
    Ok((source, imported))
}
