//! Tokens in place of a password: who gives them out, and what they are asked for with.

use super::check::check_line;
use crate::config::Secret;
use crate::config::load::{is_http, secret};
use crate::word::words;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::PathBuf;

words! {
    /// Who gives out tokens.
    Provider {
        /// Gmail and Google Workspace.
        Google = "google",
        /// Microsoft 365 and Outlook.com.
        Microsoft = "microsoft",
        /// Whoever `token_url` names.
        Custom = "custom",
    }
}

/// How to get the tokens that stand for a password.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oauth {
    /// Who gives them out.
    pub provider: Provider,
    /// The application that was registered there.
    pub client_id: String,
    /// Its secret; better one of the next two.
    #[serde(default)]
    pub client_secret: Option<Secret>,
    /// The environment variable that holds it.
    #[serde(default)]
    pub client_secret_env: Option<String>,
    /// The file that holds it.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// What stands for the login of a person; without it the application logs in by itself.
    #[serde(default)]
    pub refresh_token: Option<Secret>,
    /// The environment variable that holds it.
    #[serde(default)]
    pub refresh_token_env: Option<String>,
    /// The file that holds it.
    #[serde(default)]
    pub refresh_token_file: Option<PathBuf>,
    /// The organisation at Microsoft; by default any.
    #[serde(default)]
    pub tenant: Option<String>,
    /// Where tokens are asked for, where that is not known.
    #[serde(default)]
    pub token_url: Option<String>,
    /// What they are to be good for, where that is not known.
    #[serde(default)]
    pub scope: Option<String>,
}

impl Oauth {
    /// An application that logs in by itself, with whatever its provider usually asks.
    pub fn new(provider: Provider, client_id: &str) -> Self {
        Self {
            provider,
            client_id: client_id.to_owned(),
            client_secret: None,
            client_secret_env: None,
            client_secret_file: None,
            refresh_token: None,
            refresh_token_env: None,
            refresh_token_file: None,
            tenant: None,
            token_url: None,
            scope: None,
        }
    }

    /// The application's secret, from wherever it is kept.
    pub fn client_secret(&self) -> Result<Option<Secret>> {
        let (variable, file) =
            (self.client_secret_env.as_deref(), self.client_secret_file.as_deref());
        secret("inbox.email.oauth.client_secret", self.client_secret.as_ref(), variable, file)
    }

    /// What stands for the login of a person, from wherever it is kept.
    pub fn refresh_token(&self) -> Result<Option<Secret>> {
        let (variable, file) =
            (self.refresh_token_env.as_deref(), self.refresh_token_file.as_deref());
        secret("inbox.email.oauth.refresh_token", self.refresh_token.as_ref(), variable, file)
    }

    pub(super) fn check(&self, inbox: &str) -> Result<()> {
        check_line(inbox, "oauth.client_id", &self.client_id)?;
        if let Some(url) = &self.token_url {
            is_http(url).with_context(|| format!("inbox.email.oauth.token_url of `{inbox}`"))?;
        }
        let is_known = self.provider != Provider::Custom || self.token_url.is_some();
        ensure!(
            is_known,
            "inbox.email.oauth of `{inbox}` has provider = \"custom\" and no token_url"
        );
        let is_refreshed = self.refresh_token.is_some()
            || self.refresh_token_env.is_some()
            || self.refresh_token_file.is_some();
        ensure!(
            is_refreshed || self.provider != Provider::Google,
            "inbox.email.oauth of `{inbox}` needs refresh_token, which a login at Google gives"
        );
        Ok(())
    }
}
