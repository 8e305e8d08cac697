//! `sureply serve`: runs until it is told to stop, then finishes what is under way.

use super::out;
use crate::app::App;
use crate::config::Config;
use anyhow::{Context, Result};
use std::path::Path;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Serves until the process is asked to end.
pub(super) async fn serve(data: &Path, config: Config) -> Result<()> {
    // From here on the signal is heard, also while the server starts.
    let terminate = terminate()?;
    let app = App::start(data, config).await?;
    tracing::info!(url = app.public_url(), "serving");
    announce(&app);
    until_told(app, terminate).await
}

/// The signal by which a process is asked to end.
pub(super) fn terminate() -> Result<Signal> {
    signal(SignalKind::terminate()).context("listening for the signal to stop")
}

/// Waits until the process is asked to end.
pub(super) async fn told(mut terminate: Signal) -> Result<()> {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// Waits until the process is asked to end, and finishes what is under way.
pub(super) async fn until_told(app: App, mut terminate: Signal) -> Result<()> {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping; what is under way is finished first, a second signal breaks it off");
    tokio::select! {
        () = app.stop() => {}
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// Shows where to go, on the terminal only: in a log the one-time link would outlive its use.
pub(super) fn announce(app: &App) {
    for inbox in app.chats() {
        out::line(format_args!("Chat page:   {}/chat/{inbox}", app.public_url()));
    }
    out::line(format_args!("Agents:      {}/queue/approval", app.public_url()));
    if let Some(link) = app.setup_link() {
        out::line(format_args!("First admin: {link}"));
    }
}
