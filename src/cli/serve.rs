//! `sureply serve`: runs until it is told to stop, then finishes what is under way.

use crate::app::App;
use crate::config::Config;
use anyhow::{Context, Result};
use std::path::Path;
use tokio::signal::unix::{SignalKind, signal};

/// Serves until the process is asked to end.
pub(super) async fn serve(data: &Path, config: Config) -> Result<()> {
    let mut terminate =
        signal(SignalKind::terminate()).context("listening for the signal to stop")?;
    let app = App::start(data, config).await?;
    tracing::info!(url = app.public_url(), "serving");
    if let Some(link) = app.setup_link() {
        announce(link);
    }
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping; what is under way is finished first");
    app.stop().await;
    Ok(())
}

/// Shows the link on the terminal only: in a log it would outlive its use.
#[expect(clippy::print_stdout, reason = "this is what a person at the terminal is to read")]
fn announce(link: &str) {
    println!("Create the first admin: {link}");
}
