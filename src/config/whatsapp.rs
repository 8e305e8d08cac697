//! A WhatsApp inbox's section: the number, what opens Meta's Graph API, and what proves that Meta calls.

use super::Secret;
use super::load::{is_http, secret};
use crate::conversation::{Amount, Hours, Range, Tariff};
use anyhow::{Context, Result, bail, ensure};
use chrono::NaiveTime;
use serde::Deserialize;
use std::path::PathBuf;

/// What a WhatsApp inbox reads and sends by (WhatsApp Business Cloud API).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhatsappSettings {
    /// The number's id at Meta; not the number itself.
    pub phone_number_id: String,
    /// The WhatsApp Business Account that holds the number and its templates.
    #[serde(default)]
    pub business_account_id: Option<String>,
    /// The token of a system user; better one of the next two.
    #[serde(default)]
    pub access_token: Option<Secret>,
    /// The environment variable that holds it.
    #[serde(default)]
    pub access_token_env: Option<String>,
    /// The file that holds it.
    #[serde(default)]
    pub access_token_file: Option<PathBuf>,
    /// The secrets of the app, newest first, that sign what Meta posts; each is good, so that they can be rotated.
    #[serde(default)]
    pub app_secrets: Vec<Secret>,
    /// The environment variable that holds the newest of them.
    #[serde(default)]
    pub app_secret_env: Option<String>,
    /// The file that holds the newest of them.
    #[serde(default)]
    pub app_secret_file: Option<PathBuf>,
    /// The words by which Meta shows at the first call that it was told of this address by us.
    pub verify_token: Secret,
    /// Where the Graph API is.
    #[serde(default = "graph")]
    pub graph_url: String,
    /// Its version.
    #[serde(default = "version")]
    pub graph_version: String,
    /// The hosts that media may be fetched from, besides that of `graph_url`; with their subdomains.
    #[serde(default = "media_hosts")]
    pub media_hosts: Vec<String>,
    /// Whether a message that is being answered is marked as read, with "is typing".
    #[serde(default = "yes")]
    pub read_marks: bool,
    /// Messages a second that the number may send; 80 at first, 20 beside the WhatsApp Business app.
    #[serde(default = "eighty")]
    pub messages_per_second: u32,
    /// Whether a customer who ends notifications is told that they have ended.
    #[serde(default = "yes")]
    pub confirm_opt_out: bool,
    /// From when on nobody is notified, such as `21:00`; with `quiet_until`.
    #[serde(default)]
    pub quiet_from: Option<String>,
    /// Until when nobody is notified; no later than `quiet_from` means the next day.
    #[serde(default)]
    pub quiet_until: Option<String>,
    /// Whose clock counts for that.
    #[serde(default = "utc")]
    pub quiet_zone: String,
    /// What messages cost, for the record.
    #[serde(default)]
    pub price: Vec<PriceSettings>,
}

/// What messages of a category cost to numbers of a country.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceSettings {
    /// The calling code that numbers begin with, without `+`; the longest that fits counts.
    #[serde(default)]
    pub prefix: String,
    /// Meta's category: marketing, utility, authentication or service.
    pub category: String,
    /// Millionths of the currency.
    pub micros: i64,
    /// The currency's code.
    pub currency: String,
}

fn utc() -> String {
    "UTC".into()
}

fn graph() -> String {
    "https://graph.facebook.com".into()
}

fn version() -> String {
    "v25.0".into()
}

fn media_hosts() -> Vec<String> {
    vec!["fbsbx.com".into(), "facebook.com".into(), "whatsapp.net".into()]
}

fn yes() -> bool {
    true
}

fn eighty() -> u32 {
    80
}

impl WhatsappSettings {
    /// A number with defaults; nothing can be sent without a token.
    pub fn new(phone_number_id: &str, app_secret: &str, verify_token: &str) -> Self {
        Self {
            phone_number_id: phone_number_id.to_owned(),
            business_account_id: None,
            access_token: None,
            access_token_env: None,
            access_token_file: None,
            app_secrets: vec![app_secret.into()],
            app_secret_env: None,
            app_secret_file: None,
            verify_token: verify_token.into(),
            graph_url: graph(),
            graph_version: version(),
            media_hosts: media_hosts(),
            read_marks: true,
            messages_per_second: eighty(),
            confirm_opt_out: true,
            quiet_from: None,
            quiet_until: None,
            quiet_zone: utc(),
            price: Vec::new(),
        }
    }

    /// The token, from wherever it is kept.
    pub fn token(&self) -> Result<Option<Secret>> {
        secret(
            "inbox.whatsapp.access_token",
            self.access_token.as_ref(),
            self.access_token_env.as_deref(),
            self.access_token_file.as_deref(),
        )
    }

    /// When nobody is notified, every day; none where that is at no time.
    pub fn quiet(&self) -> Result<Option<Hours>> {
        let (from, until) = match (&self.quiet_from, &self.quiet_until) {
            (None, None) => return Ok(None),
            (Some(from), Some(until)) => (time("quiet_from", from)?, time("quiet_until", until)?),
            _ => bail!("whatsapp.quiet_from and quiet_until go together; one of them is missing"),
        };
        ensure!(from != until, "whatsapp.quiet_from and quiet_until are the same time");
        let Ok(zone) = self.quiet_zone.parse() else {
            bail!(
                "whatsapp.quiet_zone `{}` is no time zone; write one such as Europe/Berlin",
                self.quiet_zone
            )
        };
        Ok(Some(Hours::daily(zone, Range { from, until })))
    }

    /// What messages cost, as far as the settings say.
    pub fn tariffs(&self) -> Vec<Tariff> {
        let tariffs = self.price.iter().map(|price| Tariff {
            prefix: price.prefix.clone(),
            category: price.category.clone(),
            amount: Amount { micros: price.micros, currency: price.currency.clone() },
        });
        tariffs.collect()
    }

    /// Reads the app's newest secret where it is kept elsewhere; it is one of `app_secrets` from then on.
    pub(crate) fn take_in(&mut self) -> Result<()> {
        let found = secret(
            "inbox.whatsapp.app_secret",
            None,
            self.app_secret_env.as_deref(),
            self.app_secret_file.as_deref(),
        )?;
        if let Some(found) = found {
            self.app_secrets.insert(0, found);
        }
        Ok(())
    }

    /// Says what cannot be right in the section of inbox `name`.
    pub(crate) fn check(&self, name: &str) -> Result<()> {
        let is_number = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
        ensure!(
            is_number(&self.phone_number_id),
            "whatsapp.phone_number_id of `{name}` must be the number's id at Meta (digits only), as the app's page \
             WhatsApp, API Setup shows it"
        );
        ensure!(
            self.business_account_id.as_deref().is_none_or(is_number),
            "whatsapp.business_account_id of `{name}` must be digits only"
        );
        ensure!(
            !self.app_secrets.is_empty()
                && self.app_secrets.iter().all(|it| it.expose().len() >= 16),
            "whatsapp.app_secrets of `{name}` (or app_secret_env, app_secret_file) must hold the app's secret (App settings, \
             Basic), 16 characters or more"
        );
        ensure!(
            self.verify_token.expose().len() >= 8,
            "whatsapp.verify_token of `{name}` is shorter than 8 characters; think of longer words"
        );
        is_http(&self.graph_url).with_context(|| format!("whatsapp.graph_url of `{name}`"))?;
        let version = self.graph_version.strip_prefix('v').and_then(|it| it.split_once('.'));
        let is_version = version.is_some_and(|(major, minor)| is_number(major) && is_number(minor));
        ensure!(
            is_version,
            "whatsapp.graph_version of `{name}` is `{}`; write it as v25.0",
            self.graph_version
        );
        ensure!(
            self.messages_per_second > 0,
            "whatsapp.messages_per_second of `{name}` is 0; it must be at least 1"
        );
        self.quiet().with_context(|| format!("the inbox `{name}`"))?;
        for price in &self.price {
            ensure!(
                price.prefix.bytes().all(|b| b.is_ascii_digit()),
                "whatsapp.price.prefix `{}` of `{name}` must be a calling code such as 49, without +",
                price.prefix
            );
            let is_code =
                price.currency.len() == 3 && price.currency.bytes().all(|b| b.is_ascii_uppercase());
            ensure!(is_code, "whatsapp.price.currency of `{name}` must be a code such as EUR");
            ensure!(price.micros >= 0, "whatsapp.price.micros of `{name}` is below zero");
        }
        Ok(())
    }
}

fn time(name: &str, text: &str) -> Result<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M")
        .ok()
        .with_context(|| format!("whatsapp.{name} `{text}` is no time; write one such as 21:00"))
}

#[cfg(test)]
mod tests {
    use crate::config::load::tests::load;

    fn written(line: &str) -> String {
        format!(
            "[[inbox]]\nname = \"wa\"\nchannel = \"whatsapp\"\n[inbox.whatsapp]\nphone_number_id = \"1065\"\n\
             app_secrets = [\"0123456789abcdef\"]\nverify_token = \"our own words\"\n{line}\n"
        )
    }

    #[test]
    fn a_number_has_one_inbox() {
        let one = written("");
        let other = one.replace("\"wa\"", "\"other\"");
        let refused = load(&format!("{one}{other}")).expect_err("one number twice");
        assert!(refused.contains("that of `wa` and of `other`"), "{refused}");
        let apart = other.replace("1065", "1066");
        load(&format!("{one}{apart}")).expect("two numbers");
    }

    fn priced(prefix: &str, currency: &str, micros: i64) -> String {
        format!(
            "[[inbox.whatsapp.price]]\nprefix = \"{prefix}\"\ncategory = \"utility\"\nmicros = {micros}\n\
             currency = \"{currency}\""
        )
    }

    #[test]
    fn a_number_needs_little() {
        let config = load(&written("")).expect("it is fine");
        let whatsapp = config.inboxes[0].whatsapp.as_deref().expect("its section");
        assert_eq!(whatsapp.graph_url, "https://graph.facebook.com");
        assert!(whatsapp.token().expect("nothing to read").is_none());
    }

    #[test]
    fn what_cannot_be_right_is_named() {
        let replaced = |from: &str, to: &str| written("").replace(from, to);
        for (text, part) in [
            (written("graph_version = \"25\""), "graph_version"),
            (written("graph_url = \"ftp://x\""), "graph_url"),
            (written("messages_per_second = 0"), "messages_per_second"),
            (written("business_account_id = \"a\""), "business_account_id"),
            (written("quiet_from = \"21:00\""), "quiet_until"),
            (written("quiet_from = \"9pm\"\nquiet_until = \"08:00\""), "quiet_from"),
            (written("quiet_from = \"08:00\"\nquiet_until = \"08:00\""), "same time"),
            (
                written("quiet_from = \"21:00\"\nquiet_until = \"08:00\"\nquiet_zone = \"Mars\""),
                "quiet_zone",
            ),
            (written(&priced("+49", "EUR", 1)), "price.prefix"),
            (written(&priced("49", "euro", 1)), "price.currency"),
            (written(&priced("49", "EUR", -1)), "price.micros"),
            (replaced("\"1065\"", "\"+49 30\""), "phone_number_id"),
            (replaced("[\"0123456789abcdef\"]", "[]"), "app_secrets"),
            (replaced("\"0123456789abcdef\"", "\"short\""), "app_secrets"),
            (replaced("our own words", "short"), "verify_token"),
            (replaced("channel = \"whatsapp\"", "channel = \"api\""), "inbox.whatsapp"),
            ("[[inbox]]\nname = \"wa\"\nchannel = \"whatsapp\"\n".into(), "[inbox.whatsapp]"),
        ] {
            let error = load(&text).expect_err(part);
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}
