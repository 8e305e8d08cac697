//! What a mailbox is added by on the command line, and the settings that follow from it.

use crate::channel::{find_servers, server};
use crate::cli::out;
use crate::config::{EmailSettings, Imap, Oauth, Provider, Security, Smtp};
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::path::PathBuf;

/// The mailbox to add.
#[derive(Debug, Args)]
pub(in crate::cli) struct AddEmail {
    /// The address that customers write to.
    address: String,
    /// The inbox's name; by default the address's first part.
    #[arg(long)]
    name: Option<String>,
    /// The name to log in by; by default the address.
    #[arg(long)]
    user: Option<String>,
    /// The environment variable that holds the password.
    #[arg(long, value_name = "VARIABLE", conflicts_with = "password_file")]
    password_env: Option<String>,
    /// The file that holds the password.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Whose mail it is, by the domain of its addresses, where this address does not tell, such as gmail.com,
    /// office365.com, ionos.de or ovh.net.
    #[arg(long, value_name = "DOMAIN")]
    provider: Option<String>,
    /// The server that is read from, such as imap.example.com, imap.example.com:993 or
    /// `starttls://imap.example.com:1143`.
    #[arg(long, value_name = "HOST[:PORT]")]
    imap: Option<String>,
    /// The server that is sent by, such as smtp.example.com, smtp.example.com:587 or `tls://smtp.example.com:2465`.
    #[arg(long, value_name = "HOST[:PORT]")]
    smtp: Option<String>,
    /// Further certificates (PEM) that the servers may be signed by.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    #[command(flatten)]
    oauth: Option<Tokens>,
    /// Sends a mail to itself as well, and waits until it is there.
    #[arg(long)]
    pub(super) round_trip: bool,
    /// Only finds out and tries; writes nothing.
    #[arg(long)]
    pub(super) test: bool,
}

/// Who gives out tokens in place of a password.
#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "each is named as its option is")]
struct Tokens {
    /// Logs in with tokens in place of a password, given out by google, microsoft or custom.
    #[arg(long, value_name = "PROVIDER", required = false, requires = "oauth_client_id", conflicts_with_all = ["password_env", "password_file"])]
    oauth_provider: Provider,
    /// The application that was registered with the provider.
    #[arg(long, value_name = "ID", required = false, requires = "oauth_provider")]
    oauth_client_id: String,
    /// The environment variable that holds the application's secret.
    #[arg(long, value_name = "VARIABLE", requires = "oauth_provider")]
    oauth_secret_env: Option<String>,
    /// The environment variable that holds the refresh token, which stands for a person's login.
    #[arg(long, value_name = "VARIABLE", requires = "oauth_provider")]
    oauth_refresh_env: Option<String>,
    /// The organisation at Microsoft.
    #[arg(long, requires = "oauth_provider")]
    oauth_tenant: Option<String>,
    /// Where tokens are asked for, with the provider custom.
    #[arg(long, value_name = "URL", requires = "oauth_provider")]
    oauth_token_url: Option<String>,
    /// What the tokens are to be good for.
    #[arg(long, requires = "oauth_provider")]
    oauth_scope: Option<String>,
}

impl Tokens {
    fn settings(&self) -> Oauth {
        Oauth {
            client_secret_env: self.oauth_secret_env.clone(),
            refresh_token_env: self.oauth_refresh_env.clone(),
            tenant: self.oauth_tenant.clone(),
            token_url: self.oauth_token_url.clone(),
            scope: self.oauth_scope.clone(),
            ..Oauth::new(self.oauth_provider, &self.oauth_client_id)
        }
    }
}

impl AddEmail {
    /// The name of the inbox.
    pub(super) fn inbox_name(&self) -> Result<String> {
        let local = self.address.split('@').next().unwrap_or_default().to_lowercase();
        let plain: String =
            local.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let name = self.name.clone().unwrap_or(plain);
        ensure!(!name.is_empty() && self.address.contains('@'), "`{}` is no address", self.address);
        Ok(name)
    }

    /// The settings that the arguments and the domain give.
    pub(super) async fn settings(&self, inbox: &str) -> Result<EmailSettings> {
        ensure!(
            self.password_env.is_some() || self.password_file.is_some() || self.oauth.is_some(),
            "say how to log in: --password-env VARIABLE, --password-file FILE, or --oauth-provider with \
             --oauth-client-id; no secret is written down"
        );
        let (imap, smtp) = self.servers().await?;
        let settings = EmailSettings {
            user: self.user.clone(),
            password_env: self.password_env.clone(),
            password_file: self.password_file.clone(),
            ca_file: self.ca_file.clone(),
            oauth: self.oauth.as_ref().map(Tokens::settings),
            imap: Some(Imap::new(&imap.0, imap.1, imap.2)),
            smtp: Some(Smtp::new(&smtp.0, smtp.1, smtp.2)),
            ..EmailSettings::new(&self.address)
        };
        settings.check(inbox)?;
        Ok(settings)
    }

    /// The servers that are named, else those that are found.
    async fn servers(&self) -> Result<(Place, Place)> {
        let found = match (&self.imap, &self.smtp) {
            (Some(_), Some(_)) => None,
            _ => find_servers(&self.address, self.provider.as_deref()).await,
        };
        if let Some(hint) = found.as_ref().and_then(|found| found.hint) {
            out::line(format_args!("note: {hint}"));
        }
        let (imap, smtp) = (found.as_ref().map(|it| &it.imap), found.as_ref().map(|it| &it.smtp));
        Ok((chosen(self.imap.as_deref(), imap, 993)?, chosen(self.smtp.as_deref(), smtp, 465)?))
    }
}

/// A server's name, port and protection.
type Place = (String, u16, Security);

fn chosen(named: Option<&str>, found: Option<&Place>, usual: u16) -> Result<Place> {
    server(named, found, usual).with_context(|| match named {
        Some(named) => format!(
            "`{named}` is no server; write it as mail.example.com, mail.example.com:{usual} or \
             starttls://mail.example.com:1143"
        ),
        None => "nobody says where this mailbox is; name its servers with --imap and --smtp, or whose mail it \
                 is with --provider"
            .to_owned(),
    })
}
