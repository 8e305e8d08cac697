//! A secret that never prints itself.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// A key or password from the settings; its `Debug` shows nothing.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(SecretString);

impl Secret {
    /// The secret itself, for the one place that uses it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(SecretString::from(text))
    }
}
