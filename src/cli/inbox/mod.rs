//! `sureply inbox`: finds out where a mailbox is or whether a number is set up well, and writes it into the
//! settings.

mod email;
mod file;
mod template;
mod whatsapp;

use super::out;
use crate::channel::{Back, round_trip, section, try_reading, try_sending};
use crate::clock::Clock;
use crate::config::{Config, check_name};
use anyhow::{Result, bail, ensure};
use clap::Subcommand;
use email::AddEmail;
use std::path::Path;
use whatsapp::{AddWhatsapp, add_whatsapp};

/// What to do with inboxes.
#[derive(Debug, Subcommand)]
pub(super) enum Inbox {
    /// Tries an inbox, and writes it into the settings.
    #[command(subcommand)]
    Add(Add),
    /// Lists the inboxes of the settings.
    List,
    /// Lists the templates of a WhatsApp inbox, as Meta has them now.
    Templates {
        /// The inbox.
        name: String,
    },
}

/// The kinds of inbox that can be added.
#[derive(Debug, Subcommand)]
pub(super) enum Add {
    /// Finds out where a mailbox is, and tries it.
    Email(Box<AddEmail>),
    /// Tries a WhatsApp number, and says what to paste into Meta's console. What is not given is asked for.
    Whatsapp(Box<AddWhatsapp>),
}

pub(super) async fn inbox(file: Option<&Path>, config: &Config, command: Inbox) -> Result<()> {
    match command {
        Inbox::List => {
            for inbox in &config.inboxes {
                let address = inbox.email.as_ref().map_or("", |email| email.address.as_str());
                out::line(
                    format!("{}\t{}\t{}\t{address}", inbox.name, inbox.channel, inbox.mode)
                        .trim_end(),
                );
            }
            Ok(())
        }
        Inbox::Templates { name } => template::templates(config, &name).await,
        Inbox::Add(add) => {
            let file = file.unwrap_or(Path::new("sureply.toml"));
            match add {
                Add::Email(add) => add_email(file, config, &add).await,
                Add::Whatsapp(add) => add_whatsapp(file, config, *add).await,
            }
        }
    }
}

/// Refuses a name that cannot be one or that an inbox has already.
fn ensure_free(file: &Path, config: &Config, name: &str) -> Result<()> {
    check_name(name)?;
    let is_taken = config.inboxes.iter().any(|inbox| inbox.name == name) && file.exists();
    ensure!(!is_taken, "there is an inbox `{name}` already; choose another with --name");
    Ok(())
}

async fn add_email(file: &Path, config: &Config, add: &AddEmail) -> Result<()> {
    let name = add.inbox_name()?;
    ensure_free(file, config, &name)?;
    let settings = add.settings(&name).await?;
    let mut problems = 0;
    for (what, tried) in
        [("reading", try_reading(&settings).await), ("sending", try_sending(&settings).await)]
    {
        match tried {
            Ok(()) => out::line(format_args!("{what}: works")),
            Err(trouble) => {
                problems += 1;
                out::line(format_args!("{what}: {trouble}"));
            }
        }
    }
    if problems == 0 && add.round_trip {
        match round_trip(&settings, Clock::real().now()).await {
            Ok(back) => out::line(format_args!("a mail to itself: {}", told(back))),
            Err(trouble) => {
                problems += 1;
                out::line(format_args!("a mail to itself: {trouble}"));
            }
        }
    }
    if problems > 0 {
        bail!("the mailbox cannot be used like this; nothing was written");
    }
    if !add.test {
        file::write(file, &section(&name, &settings))?;
        out::line(format_args!(
            "inbox `{name}` was added to {}; restart the server to use it",
            file.display()
        ));
    }
    Ok(())
}

/// How a mail to itself came back.
fn told(back: Back) -> String {
    let plus = if back.plus_addressing {
        "addresses with a plus arrive too, so plus_addressing = true may be set"
    } else {
        "addresses with a plus do not arrive, so leave plus_addressing off"
    };
    format!("it came after {} s; {plus}", back.took.as_secs())
}
