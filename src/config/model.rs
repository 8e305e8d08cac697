//! The language model's section: where it is, how long it may take, what it may cost.

use super::Secret;
use super::load::{is_http, key};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The language model; without this section none is used.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
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
    /// The organisation that calls are made for.
    #[serde(default)]
    pub organization: Option<String>,
    /// Further headers of each request.
    #[serde(default)]
    pub headers: BTreeMap<String, Secret>,
    /// The proxy that requests go through; its address may hold a password.
    #[serde(default)]
    pub proxy: Option<Secret>,
    /// What a million tokens read cost.
    #[serde(default)]
    pub price_in: f64,
    /// What a million tokens written cost.
    #[serde(default)]
    pub price_out: f64,
    /// Further endpoints, tried in this order when the one before fails.
    #[serde(default)]
    pub fallback: Vec<Fallback>,
    /// Seconds to reach an endpoint.
    #[serde(default = "five")]
    pub connect_seconds: u64,
    /// Seconds until the first byte of its reply, and between two parts of one that streams.
    #[serde(default = "fifteen")]
    pub first_byte_seconds: u64,
    /// Seconds that writing a draft may take in all, whatever is tried.
    #[serde(default = "twenty")]
    pub timeout_seconds: u64,
    /// Whether replies are asked for piece by piece, which tells a slow endpoint from a dead one.
    #[serde(default)]
    pub stream: bool,
    /// A folder with prompts of one's own.
    #[serde(default)]
    pub prompts: Option<PathBuf>,
    /// Tokens a prompt may have.
    #[serde(default = "six_thousand")]
    pub max_prompt_tokens: usize,
    /// Tokens an answer may have.
    #[serde(default = "eight_hundred")]
    pub max_output_tokens: u32,
    /// Calls that may run at once.
    #[serde(default = "sixteen")]
    pub max_concurrent: usize,
    /// The most that a day's calls may cost, in the currency of the prices.
    #[serde(default)]
    pub cost_per_day: Option<f64>,
    /// The most that one conversation's calls may cost in a day.
    #[serde(default)]
    pub cost_per_conversation: Option<f64>,
    /// The most tokens that a day's calls may read and write.
    #[serde(default)]
    pub tokens_per_day: Option<u64>,
    /// The most tokens that one conversation's calls may read and write in a day.
    #[serde(default)]
    pub tokens_per_conversation: Option<u64>,
}

/// A further endpoint.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fallback {
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
    /// The organisation that calls are made for.
    #[serde(default)]
    pub organization: Option<String>,
    /// Further headers of each request.
    #[serde(default)]
    pub headers: BTreeMap<String, Secret>,
    /// The proxy that requests go through; its address may hold a password.
    #[serde(default)]
    pub proxy: Option<Secret>,
    /// What a million tokens read cost.
    #[serde(default)]
    pub price_in: f64,
    /// What a million tokens written cost.
    #[serde(default)]
    pub price_out: f64,
}

fn five() -> u64 {
    5
}

fn fifteen() -> u64 {
    15
}

fn twenty() -> u64 {
    20
}

fn six_thousand() -> usize {
    6000
}

fn eight_hundred() -> u32 {
    800
}

fn sixteen() -> usize {
    16
}

impl Model {
    /// A model with defaults.
    pub fn new(base_url: &str, name: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            name: name.to_owned(),
            api_key: None,
            api_key_env: None,
            api_key_file: None,
            organization: None,
            headers: BTreeMap::new(),
            proxy: None,
            price_in: 0.0,
            price_out: 0.0,
            fallback: Vec::new(),
            connect_seconds: five(),
            first_byte_seconds: fifteen(),
            timeout_seconds: twenty(),
            stream: false,
            prompts: None,
            max_prompt_tokens: six_thousand(),
            max_output_tokens: eight_hundred(),
            max_concurrent: sixteen(),
            cost_per_day: None,
            cost_per_conversation: None,
            tokens_per_day: None,
            tokens_per_conversation: None,
        }
    }

    /// Every endpoint in order of preference.
    pub fn endpoints(&self) -> Vec<Fallback> {
        let first = Fallback {
            base_url: self.base_url.clone(),
            name: self.name.clone(),
            api_key: self.api_key.clone(),
            api_key_env: self.api_key_env.clone(),
            api_key_file: self.api_key_file.clone(),
            organization: self.organization.clone(),
            headers: self.headers.clone(),
            proxy: self.proxy.clone(),
            price_in: self.price_in,
            price_out: self.price_out,
        };
        std::iter::once(first).chain(self.fallback.iter().cloned()).collect()
    }

    pub(super) fn check(&self) -> Result<()> {
        for endpoint in self.endpoints() {
            is_http(&endpoint.base_url).context("model.base_url")?;
            if let Some(proxy) = &endpoint.proxy {
                check_proxy(proxy)?;
            }
            for (name, price) in
                [("price_in", endpoint.price_in), ("price_out", endpoint.price_out)]
            {
                ensure!(
                    price >= 0.0 && price.is_finite(),
                    "model.{name} is {price}; it must not be negative"
                );
            }
        }
        for (name, cost) in [
            ("cost_per_day", self.cost_per_day),
            ("cost_per_conversation", self.cost_per_conversation),
        ] {
            let is_good = cost.is_none_or(|cost| cost > 0.0 && cost.is_finite());
            ensure!(
                is_good,
                "model.{name} must be more than 0; leave the section out to use no model"
            );
            let has_price =
                self.endpoints().iter().any(|it| it.price_in > 0.0 || it.price_out > 0.0);
            ensure!(
                cost.is_none() || has_price,
                "model.{name} needs model.price_in and model.price_out, which say what tokens cost"
            );
        }
        Ok(())
    }
}

/// Refuses what is no address of a proxy, without a word of what it is: it may hold a password.
fn check_proxy(proxy: &Secret) -> Result<()> {
    let is_good = url::Url::parse(proxy.expose())
        .is_ok_and(|address| matches!(address.scheme(), "http" | "https") && address.has_host());
    ensure!(is_good, "model.proxy is no address; it must start with http:// or https://");
    Ok(())
}

impl Fallback {
    /// The key, from wherever it is kept; `None` for endpoints that ask for none.
    pub fn key(&self) -> Result<Option<Secret>> {
        let (variable, file) = (self.api_key_env.as_deref(), self.api_key_file.as_deref());
        key("model", self.api_key.as_ref(), variable, file)
    }
}
