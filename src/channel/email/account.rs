//! An inbox's account at its mail servers: where they are, whom to believe, how to log in.

use super::dial::{self, Server};
use super::health::Health;
use super::oauth::Tokens;
use super::trouble::{Trouble, TroubleKind};
use crate::config::{EmailSettings, Secret};
use rustls::ClientConfig;
use std::sync::Arc;
use std::time::Duration;

/// An account.
pub(super) struct Account {
    pub(super) settings: EmailSettings,
    pub(super) trust: Arc<ClientConfig>,
    pub(super) health: Health,
    tokens: Option<Tokens>,
}

/// What a server is shown.
#[derive(Debug, Clone)]
pub(super) enum Login {
    /// A password.
    Password(Secret),
    /// A token that stands for one (RFC 7628, XOAUTH2).
    Token(Secret),
}

impl Account {
    pub(super) fn open(inbox: &str, settings: &EmailSettings) -> Result<Self, Trouble> {
        let tokens = settings.oauth.as_ref().map(Tokens::new).transpose()?;
        Ok(Self {
            settings: settings.clone(),
            trust: dial::trust(settings.ca_file.as_deref())?,
            health: Health::new(inbox),
            tokens,
        })
    }

    /// The server that is read from.
    pub(super) fn imap(&self) -> Option<Server> {
        self.settings.imap.as_ref().map(|imap| Server {
            host: imap.host.clone(),
            port: imap.port(),
            security: imap.security,
            patience: seconds(imap.timeout_seconds),
        })
    }

    /// The server that is sent by.
    pub(super) fn smtp(&self) -> Option<Server> {
        self.settings.smtp.as_ref().map(|smtp| Server {
            host: smtp.host.clone(),
            port: smtp.port(),
            security: smtp.security,
            patience: seconds(smtp.timeout_seconds),
        })
    }

    /// What to show a server. `refused` is what it has just not taken: a token is then asked for anew.
    pub(super) async fn login(&self, refused: Option<&Login>) -> Result<Login, Trouble> {
        if let Some(tokens) = &self.tokens {
            let refused = match refused {
                Some(Login::Token(token)) => Some(token),
                Some(Login::Password(_)) | None => None,
            };
            return tokens.token(refused).await.map(Login::Token);
        }
        let password = self.settings.password();
        let password =
            password.map_err(|error| Trouble::new(TroubleKind::Settings, format!("{error:#}")))?;
        password.map(Login::Password).ok_or_else(|| {
            let words =
                "there is no password; set password_env, password_file or oauth in [inbox.email]";
            Trouble::new(TroubleKind::Settings, words)
        })
    }

    /// Whether a login that failed is worth another attempt with a fresh token.
    pub(super) fn may_renew(&self, trouble: &Trouble) -> bool {
        self.tokens.is_some() && trouble.kind == TroubleKind::Login
    }
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(u64::from(seconds.max(1)))
}
