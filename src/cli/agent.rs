//! `sureply agent`: people and programs that may use this server.

use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{Role, Store};
use anyhow::{Result, ensure};
use chrono::{DateTime, Utc};
use clap::Subcommand;
use sha2::{Digest, Sha256};
use std::path::Path;

/// What to add.
#[derive(Debug, Subcommand)]
pub(super) enum Agent {
    /// Prints a one-time link by which somebody sets their password and joins.
    Add {
        /// Their e-mail address.
        email: String,
        /// What they may do: `admin` or `agent`.
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
#[expect(clippy::print_stdout, reason = "the link or token is what the command is asked for")]
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
            let (token, hash) = secret();
            store.invite(&hash, Some(&email.to_lowercase()), role, now).await?;
            println!("{address}/join/{token}");
        }
        Agent::Token { name } => println!("{}", new_token(&store, &name, now).await?),
    }
    Ok(())
}

/// Makes a token for a program and stores its hash.
pub(super) async fn new_token(store: &Store, name: &str, now: DateTime<Utc>) -> Result<String> {
    let (token, hash) = secret();
    store.add_token(&hash, name, now).await?;
    Ok(token)
}

/// A fresh secret of 256 bits, and the hash under which the store knows it.
fn secret() -> (String, String) {
    let bytes: [u8; 32] = rand::random();
    let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let hash = Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    (token, hash)
}
