//! `sureply agent`: people and programs that may use this server.

use super::out;
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::Role;
use crate::token;
use anyhow::{Result, ensure};
use clap::Subcommand;
use std::path::Path;

/// What to add.
#[derive(Debug, Subcommand)]
pub(super) enum Agent {
    /// Prints a one-time link by which somebody sets their password and joins.
    Add {
        /// Their e-mail address.
        email: String,
        /// What they may do: `viewer`, `agent`, `curator` or `admin`.
        #[arg(long, default_value = "agent")]
        role: Role,
    },
    /// Prints a token for a program that uses the API; it is shown this once.
    Token {
        /// What the token is for.
        name: String,
    },
}

/// Adds a person or a program.
pub(super) async fn agent(data: &Path, config: Config, command: Agent) -> Result<()> {
    let address = config
        .server
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", config.server.listen));
    let store = app::open_store(data, &config).await?;
    let now = Clock::real().now();
    match command {
        Agent::Add { email, role } => {
            ensure!(email.contains('@'), "`{email}` is no e-mail address");
            let token = token::fresh();
            store.invite(&token::hash(&token), Some(&email.to_lowercase()), role, now).await?;
            out::line(format_args!("{address}/join/{token}"));
        }
        Agent::Token { name } => {
            let token = token::fresh();
            store.add_token(&token::hash(&token), &name, now).await?;
            out::line(&token);
        }
    }
    Ok(())
}
