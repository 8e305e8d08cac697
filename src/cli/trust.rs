//! `sureply trust`: for each inbox and risk class what is tolerated, what is proven, and what is missing.

use super::out;
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::conversation::InboxName;
use crate::desk::{ClassTrust, Standing};
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::path::Path;

/// What to show.
#[derive(Debug, Args)]
pub(super) struct Trust {
    /// One inbox only.
    #[arg(long)]
    inbox: Option<String>,
    /// Prints one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Prints where each class stands.
pub(super) async fn trust(data: &Path, config: Config, arguments: Trust) -> Result<()> {
    let inbox = arguments.inbox.as_deref().map(InboxName::from);
    if let Some(name) = &inbox {
        ensure!(config.inbox(name).is_some(), "the settings name no inbox `{name}`");
    }
    let desk = app::open(data, config, Clock::real()).await?;
    print(&desk.trust(inbox.as_ref()).await?, arguments.json)
}

/// Prints classes as a table, or as JSON lines.
pub(super) fn print(classes: &[ClassTrust], json: bool) -> Result<()> {
    if json {
        for class in classes {
            out::line(serde_json::to_string(class).context("writing a class")?);
        }
        return Ok(());
    }
    out::line(format_args!(
        "{:<12} {:<9} {:>6} {:>6} {:>7} {:>5} {:>6} {:>7} {:>9} {:>9} {:>8}  state",
        "inbox", "class", "α", "δ", "n", "k", "λ̂", "upper", "evidence", "30 days", "missing"
    ));
    for class in classes {
        out::line(row(class));
    }
    Ok(())
}

/// A class in one line. `evidence` and `30 days` are shares of turns that go out by themselves: of the
/// judged ones, and of those that came in.
fn row(class: &ClassTrust) -> String {
    let threshold = class.threshold.map_or_else(|| "∞".to_owned(), |it| format!("{it:.3}"));
    let state = match class.standing {
        Standing::Learning => "learning",
        Standing::Licensed => "licensed",
        Standing::Suspended => "suspended",
    };
    format!(
        "{:<12} {:<9} {:>5.0}% {:>5.0}% {:>7} {:>5} {:>6} {:>6.1}% {:>8.0}% {:>9} {:>8}  {state}",
        class.inbox.as_str(),
        class.risk.as_str(),
        100.0 * class.alpha,
        100.0 * class.delta,
        class.n,
        class.k,
        threshold,
        100.0 * class.upper,
        100.0 * class.coverage,
        format!("{}/{}", class.answers, class.turns),
        class.missing,
    )
}
