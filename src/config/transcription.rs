//! The section of what transcribes voice notes: where it is, how long it may take, what it costs.

use super::Secret;
use super::load::{is_http, key};
use crate::lang::Lang;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::PathBuf;

/// What transcribes voice notes; without this section people listen to them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transcription {
    /// The endpoint, up to and with `/v1`.
    pub base_url: String,
    /// The model's name there.
    pub name: String,
    /// The key itself; better one of the next two.
    #[serde(default)]
    pub api_key: Option<Secret>,
    /// The environment variable that holds the key.
    #[serde(default)]
    pub api_key_env: Option<String>,
    /// The file that holds the key.
    #[serde(default)]
    pub api_key_file: Option<PathBuf>,
    /// The language that is spoken, where it is always the same one.
    #[serde(default)]
    pub language: Option<Lang>,
    /// Whether words that were only heard may be answered automatically, by the same licences as written
    /// ones. The evidence for those is of written words, and nothing that looks at a draft afterwards can
    /// tell that its question was misheard. So without this a person reads the answer first.
    #[serde(default)]
    pub automatic: bool,
    /// Seconds to reach the endpoint.
    #[serde(default = "five")]
    pub connect_seconds: u64,
    /// Seconds that the voice notes of a turn may take in all, whatever is tried.
    #[serde(default = "twenty")]
    pub timeout_seconds: u64,
    /// Calls that may run at once.
    #[serde(default = "four")]
    pub max_concurrent: usize,
    /// The largest file that is sent, in bytes.
    #[serde(default = "usual_limit")]
    pub max_bytes: usize,
    /// What a minute costs, in the currency of the model's prices.
    #[serde(default)]
    pub price_per_minute: f64,
}

fn five() -> u64 {
    5
}

fn twenty() -> u64 {
    20
}

fn four() -> usize {
    4
}

/// What the endpoints that are known take at most.
fn usual_limit() -> usize {
    25 * 1024 * 1024
}

impl Transcription {
    /// An endpoint with defaults.
    pub fn new(base_url: &str, name: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            name: name.to_owned(),
            api_key: None,
            api_key_env: None,
            api_key_file: None,
            language: None,
            automatic: false,
            connect_seconds: five(),
            timeout_seconds: twenty(),
            max_concurrent: four(),
            max_bytes: usual_limit(),
            price_per_minute: 0.0,
        }
    }

    /// The key, from wherever it is kept; `None` for endpoints that ask for none.
    pub fn key(&self) -> Result<Option<Secret>> {
        let (variable, file) = (self.api_key_env.as_deref(), self.api_key_file.as_deref());
        key("transcription", self.api_key.as_ref(), variable, file)
    }

    pub(super) fn check(&self) -> Result<()> {
        is_http(&self.base_url).context("transcription.base_url")?;
        ensure!(
            !self.name.trim().is_empty(),
            "transcription.name is empty; say which model of the endpoint, such as `whisper-1`"
        );
        for (name, count) in [
            ("connect_seconds", self.connect_seconds),
            ("timeout_seconds", self.timeout_seconds),
            ("max_concurrent", self.max_concurrent as u64),
            ("max_bytes", self.max_bytes as u64),
        ] {
            ensure!(
                count > 0,
                "transcription.{name} is 0; it must be at least 1; leave the section out to have \
                 nothing transcribed"
            );
        }
        let price = self.price_per_minute;
        ensure!(
            price >= 0.0 && price.is_finite(),
            "transcription.price_per_minute is {price}; it must not be negative"
        );
        Ok(())
    }
}
