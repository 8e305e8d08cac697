//! The command line.

mod serve;

use crate::config::Config;
use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Answers customers' messages when it is sure, and brings a person when it is not.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The folder that holds database, index and attachments.
    #[arg(long, global = true, default_value = "data", value_name = "DIR")]
    data: PathBuf,
    /// The settings; without it `sureply.toml` here, if there is one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves chat, API and the agents' pages (the default).
    Serve,
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match start(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sureply: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Arguments) -> Result<()> {
    // An error says that another provider is installed already, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    let config = Config::load(arguments.config.as_deref())?;
    crate::telemetry::start_logging(&config.log)?;
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => runtime.block_on(serve::serve(&arguments.data, config)),
    }
}
