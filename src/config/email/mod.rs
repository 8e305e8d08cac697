//! An e-mail inbox's section: its address, the servers that it reads and sends by, how it logs in.

mod check;
mod oauth;
mod server;
#[cfg(test)]
mod tests;

pub use oauth::{Oauth, Provider};
pub use server::{Imap, Security, Smtp};

use super::Secret;
use super::load::secret;
use anyhow::Result;
use check::parts;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What an e-mail inbox reads and sends by.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the file")]
pub struct EmailSettings {
    /// The address that customers write to.
    pub address: String,
    /// The name that stands before it; by default the business's.
    #[serde(default)]
    pub from_name: Option<String>,
    /// Further addresses that end in the same mailbox.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The name to log in by; by default the address.
    #[serde(default)]
    pub user: Option<String>,
    /// The password itself; better one of the next two.
    #[serde(default)]
    pub password: Option<Secret>,
    /// The environment variable that holds it.
    #[serde(default)]
    pub password_env: Option<String>,
    /// The file that holds it.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// The mailbox that is read; without it mails come by webhook, or not at all.
    #[serde(default)]
    pub imap: Option<Imap>,
    /// The server that mails leave by; without it nothing can be sent.
    #[serde(default)]
    pub smtp: Option<Smtp>,
    /// How to log in where passwords are no longer taken.
    #[serde(default)]
    pub oauth: Option<Oauth>,
    /// Further certificates (PEM) that servers may be signed by.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Whether passwords and mails may go over an open network unencrypted.
    #[serde(default)]
    pub allow_plain: bool,
    /// Whether automatic answers say that they are (RFC 3834).
    #[serde(default = "yes")]
    pub auto_submitted: bool,
    /// Whether the mailbox takes `name+anything@`: answers and bounces then name what they belong to.
    #[serde(default)]
    pub plus_addressing: bool,
    /// Whether subjects of answers name their conversation, for customers whose programs name it nowhere else.
    #[serde(default)]
    pub subject_token: bool,
    /// The servers whose Authentication-Results are believed.
    #[serde(default)]
    pub authserv: Vec<String>,
    /// Whether a sender for whom no such server speaks is checked by their mail's signature (DKIM).
    #[serde(default = "yes")]
    pub check_signatures: bool,
    /// The name server (address and port) that is asked for the keys; by default those of this machine.
    #[serde(default)]
    pub name_server: Option<SocketAddr>,
    /// Whether Reply-To tells who writes, as contact forms need it.
    #[serde(default)]
    pub reply_to_is_sender: bool,
    /// The folder that gets a copy of what was sent.
    #[serde(default)]
    pub save_sent: Option<String>,
    /// The secrets that sign mails handed in by webhook, newest first.
    #[serde(default)]
    pub webhook_secrets: Vec<Secret>,
    /// Automatic mails that one address gets in an hour at most.
    #[serde(default = "three")]
    pub max_automatic_per_hour: u32,
    /// The lines below each mail.
    #[serde(default)]
    pub signature: Option<String>,
    /// A picture (PNG, JPEG or GIF) above each mail; it travels in the mail.
    #[serde(default)]
    pub logo: Option<PathBuf>,
}

fn yes() -> bool {
    true
}

fn three() -> u32 {
    3
}

impl EmailSettings {
    /// An address with defaults: nothing is read, nothing can be sent.
    pub fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            from_name: None,
            aliases: Vec::new(),
            user: None,
            password: None,
            password_env: None,
            password_file: None,
            imap: None,
            smtp: None,
            oauth: None,
            ca_file: None,
            allow_plain: false,
            auto_submitted: true,
            plus_addressing: false,
            subject_token: false,
            authserv: Vec::new(),
            check_signatures: true,
            name_server: None,
            reply_to_is_sender: false,
            save_sent: None,
            webhook_secrets: Vec::new(),
            max_automatic_per_hour: three(),
            signature: None,
            logo: None,
        }
    }

    /// The name to log in by.
    pub fn user(&self) -> &str {
        self.user.as_deref().unwrap_or(&self.address)
    }

    /// The domain of its address.
    pub fn domain(&self) -> &str {
        parts(&self.address).map_or("localhost", |(_, domain)| domain)
    }

    /// Every address that is this inbox's own, in lower case.
    pub fn own_addresses(&self) -> Vec<String> {
        let all = std::iter::once(&self.address).chain(&self.aliases);
        all.map(|address| address.to_lowercase()).collect()
    }

    /// The password, from wherever it is kept.
    pub fn password(&self) -> Result<Option<Secret>> {
        let (variable, file) = (self.password_env.as_deref(), self.password_file.as_deref());
        secret("inbox.email.password", self.password.as_ref(), variable, file)
    }
}
