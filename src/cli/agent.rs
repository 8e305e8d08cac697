//! `sureply agent`: people and programs that may use this server.

use super::out;
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::conversation::{ChannelKind, InboxName};
use crate::store::{Changed, Role, StaffAct, StaffLine, Store};
use crate::token;
use anyhow::{Context as _, Result, bail, ensure};
use chrono::{DateTime, Utc};
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
        /// The inbox that it is for, may come again; without one it is for all, also later ones.
        #[arg(long = "inbox", value_name = "NAME")]
        inboxes: Vec<String>,
    },
    /// Lets somebody in again who cannot come in: ends their leaving, and prints a one-time link for a
    /// new password.
    Restore {
        /// Their e-mail address.
        email: String,
        /// Takes their two-step login away too, for whoever has lost app and recovery codes.
        #[arg(long)]
        without_code: bool,
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
            store.log(&line(StaffAct::Invited, &email, now)).await?;
            out::line(format_args!("{address}/join/{token}"));
        }
        Agent::Token { name, inboxes } => {
            if let Some(unknown) = inboxes.iter().find(|inbox| !is_for_programs(&config, inbox)) {
                bail!("the settings name no inbox `{unknown}` for the API");
            }
            let inboxes: Vec<InboxName> =
                inboxes.iter().map(|inbox| InboxName::from(inbox.as_str())).collect();
            let inboxes = Some(inboxes).filter(|inboxes| !inboxes.is_empty());
            let token = token::fresh();
            let hash = token::hash(&token);
            store.add_token(&hash, &name, inboxes.as_deref(), None, now).await?;
            store.log(&line(StaffAct::TokenMade, &name, now)).await?;
            out::line(&token);
        }
        Agent::Restore { email, without_code } => {
            let token = restore(&store, &email.to_lowercase(), without_code, now).await?;
            out::line(format_args!("{address}/reset/{token}"));
        }
    }
    Ok(())
}

/// Whether the settings name an inbox that programs use.
fn is_for_programs(config: &Config, name: &str) -> bool {
    let inbox = config.inbox_settings(&InboxName::from(name));
    inbox.is_some_and(|inbox| matches!(inbox.channel, ChannelKind::Api | ChannelKind::Whatsapp))
}

/// Lets somebody in again; the token of a link for a new password.
async fn restore(
    store: &Store,
    email: &str,
    without_code: bool,
    now: DateTime<Utc>,
) -> Result<String> {
    let people = store.agents().await?;
    let person = people.into_iter().find(|person| person.email == email);
    let person = person.with_context(|| {
        format!("nobody with the address {email} has ever worked here; `sureply agent add` makes a link to join by")
    })?;
    if person.left_at.is_some() && store.reactivate(&person.id).await? == Changed::Done {
        store.log(&line(StaffAct::Reactivated, email, now)).await?;
    }
    if without_code && store.drop_factor(&person.id).await? {
        store.log(&line(StaffAct::FactorReset, email, now)).await?;
    }
    let token = token::fresh();
    store.offer_reset(&token::hash(&token), &person.id, now).await?;
    store.log(&line(StaffAct::ResetOffered, email, now)).await?;
    Ok(token)
}

/// A line of the logbook for what was done here.
fn line(act: StaffAct, subject: &str, now: DateTime<Utc>) -> StaffLine {
    StaffLine {
        actor: None,
        actor_name: "the command line".into(),
        act,
        subject: Some(subject.to_owned()),
        detail: String::new(),
        created_at: now,
    }
}
