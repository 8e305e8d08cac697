//! `sureply import`: brings knowledge in; a running server takes it up within seconds.

use super::out;
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::curation::{Source, import, source_in_use};
use anyhow::{Result, ensure};
use clap::Args;
use std::path::{Path, PathBuf};

/// What to bring in.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// Markdown files, a folder of them, or the kb.jsonl of a data set.
    path: PathBuf,
}

/// Brings in every article of a source, or none of it when any file has a problem.
pub(super) async fn import(data: &Path, config: Config, arguments: Import) -> Result<()> {
    let reading = import::read(&arguments.path)?;
    for problem in &reading.problems {
        out::line(problem);
    }
    let problems = reading.problems.len();
    ensure!(
        problems == 0,
        "{} found in {}; nothing was imported",
        out::counted(problems, "problem", "problems"),
        arguments.path.display()
    );
    let store = app::open_store(data, &config).await?;
    let was_sample = source_in_use(None, &store).await? == Source::Sample;
    let changes = import::bring_in(&store, &reading, Clock::real().now()).await?;
    let unchanged = reading.articles.len() - changes.written.len();
    out::line(format_args!("{} articles imported, {unchanged} unchanged", changes.written.len()));
    if reading.titles_as_answers > 0 {
        out::line(format_args!(
            "{} of them had no answer; their title stands in for it",
            reading.titles_as_answers
        ));
    }
    if let Some(folder) = &config.knowledge.dir {
        out::line(format_args!(
            "knowledge.dir names {}, which is served as well",
            folder.display()
        ));
    } else if was_sample && !reading.articles.is_empty() {
        out::line("answers come from the imported knowledge from now on; the sample is gone");
    }
    Ok(())
}
