//! The command line: one file a command.
//!
//! Exit codes: 0 done; 1 it failed, with one sentence on standard error; 2 the arguments are wrong.

mod agent;
mod ask;
mod calibrate;
mod check;
mod demo;
mod eval;
mod import;
mod inbox;
mod mail;
mod out;
mod replay;
mod serve;
mod simulate;
mod trust;

use crate::config::{Config, EXAMPLE};
use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

const EXAMPLES: &str = "Examples:
  sureply                                    serves chat, API and the agents' pages
  sureply ask \"how long may I return boots?\" the whole decision about a question
  sureply check                              every problem of knowledge, prompts and settings
  sureply import faq/                        brings Markdown files or a kb.jsonl in
  sureply agent token shop                   a token for the API
  sureply inbox add email help@shop.example  finds a mailbox, tries it, writes it down
  sureply inbox add whatsapp                 tries a WhatsApp number, says what to paste at Meta
  sureply simulate tests/eval --limit 100    plays labelled questions as customers
  sureply eval shop/ --json                  how well search and confidence do on labelled questions
  sureply calibrate questions/               makes a labelled set evidence for the licences
  sureply trust                              what each inbox may answer by itself, and why
  sureply replay --knowledge faq/            what an edit would have changed
  sureply mail letter.eml --json             how a mail is understood
  sureply demo whatsapp                      WhatsApp on this machine, with a page as the phone
  sureply config > sureply.toml              every setting with its default

Exit codes: 0 done, 1 failed (the reason is on standard error), 2 wrong arguments.";

/// Answers customers' messages when it is sure, and brings a person when it is not.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
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
    /// Considers one question and prints the whole decision; nothing is sent.
    Ask(ask::Ask),
    /// Reports every problem of knowledge, prompts and settings.
    Check(check::Check),
    /// Brings knowledge in: Markdown files, or the kb.jsonl of a data set.
    Import(import::Import),
    /// Measures search and confidence on labelled sets.
    Eval(eval::Eval),
    /// Plays labelled questions as customers and counts the ends.
    Simulate(simulate::Simulate),
    /// Turns a labelled set, or what people have judged so far, into licences.
    Calibrate(calibrate::Calibrate),
    /// Shows for each inbox and risk class what is tolerated, proven and missing.
    Trust(trust::Trust),
    /// Lists what past turns would come to under other knowledge, another policy or prompt.
    Replay(replay::Replay),
    /// Shows how mails are understood: new words, quotes, automatic or not, thread, files, problems.
    Mail(mail::Mail),
    /// Adds a person or a program.
    #[command(subcommand)]
    Agent(agent::Agent),
    /// Adds a mailbox or a WhatsApp number, or lists the inboxes.
    #[command(subcommand)]
    Inbox(inbox::Inbox),
    /// Lets a channel be tried on this machine, without an account.
    #[command(subcommand)]
    Demo(demo::Demo),
    /// Prints a commented example of every setting.
    Config,
}

/// Runs the command that the arguments name.
#[expect(clippy::print_stderr, reason = "a failed command says why on standard error")]
pub fn run() -> ExitCode {
    match start(Arguments::parse()) {
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
    let command = arguments.command.unwrap_or(Command::Serve);
    if let Command::Config = command {
        out::line(EXAMPLE.trim_end());
        return Ok(());
    }
    let mut config = Config::load(arguments.config.as_deref())?;
    if !matches!(command, Command::Serve) {
        // Other commands speak by what they print; only warnings join in.
        config.log.filter = "warn".into();
    }
    crate::telemetry::start_logging(&config.log)?;
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    runtime.block_on(async {
        let data = &arguments.data;
        match command {
            Command::Serve => serve::serve(data, config).await,
            Command::Ask(ask) => ask::ask(data, config, ask).await,
            Command::Check(check) => check::check(data, &config, &check).await,
            Command::Eval(eval) => {
                // It reckons for minutes and waits for nobody.
                let measured = tokio::task::spawn_blocking(move || eval::eval(&config, &eval));
                measured.await.context("measuring")?
            }
            Command::Import(import) => import::import(data, config, import).await,
            Command::Simulate(simulate) => simulate::simulate(data, config, simulate).await,
            Command::Calibrate(calibrate) => calibrate::calibrate(data, config, calibrate).await,
            Command::Trust(trust) => trust::trust(data, config, trust).await,
            Command::Replay(replay) => replay::replay(data, config, replay).await,
            Command::Mail(mail) => {
                let looked = tokio::task::spawn_blocking(move || mail::mail(&config, &mail));
                looked.await.context("reading mails")?
            }
            Command::Agent(agent) => agent::agent(data, config, agent).await,
            Command::Inbox(inbox) => {
                inbox::inbox(arguments.config.as_deref(), &config, inbox).await
            }
            Command::Demo(demo) => demo::demo(data, config, &demo).await,
            Command::Config => Ok(()),
        }
    })
}
