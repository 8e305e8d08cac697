//! Reading and checking the settings; a bad one is refused with its name, file and what it may be.

use super::{
    Attachments, Business, Database, Embedding, InboxSettings, Knowledge, Log, Model, Policy, Rule,
    Screen, Secret, Server, TargetSettings, Transcription, Worker, hours,
};
use crate::conversation::{ChannelKind, Hours, Inbox, InboxName};
use anyhow::{Context, Result, bail, ensure};
use config::{Environment, File, FileFormat};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// A commented example that holds every setting with its default.
pub const EXAMPLE: &str = include_str!("example.toml");

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the server listens.
    pub server: Server,
    /// The database.
    pub database: Database,
    /// Where knowledge comes from.
    pub knowledge: Knowledge,
    /// What customers are told about the business.
    pub business: Business,
    /// When people are there; always, without it.
    #[serde(deserialize_with = "hours::read")]
    pub hours: Option<Hours>,
    /// By when customers who wait for a person must have been answered.
    pub targets: TargetSettings,
    /// The inboxes.
    #[serde(rename = "inbox")]
    pub inboxes: Vec<InboxSettings>,
    /// The language model, if one is to be used.
    pub model: Option<Model>,
    /// What transcribes voice notes, if anything is to.
    pub transcription: Option<Transcription>,
    /// The sentence encoder, if one is to be used.
    pub embedding: Embedding,
    /// What may go out by itself.
    pub policy: Policy,
    /// Topics, teams and always-a-person rules.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
    /// Limits on files.
    pub attachments: Attachments,
    /// The agents' screen.
    pub desk: Screen,
    /// The worker.
    pub worker: Worker,
    /// Logging.
    pub log: Log,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            server: Server::default(),
            database: Database::default(),
            knowledge: Knowledge::default(),
            business: Business::default(),
            hours: None,
            targets: TargetSettings::default(),
            inboxes: vec![
                InboxSettings::new("web", ChannelKind::Webchat),
                InboxSettings::new("api", ChannelKind::Api),
            ],
            model: None,
            transcription: None,
            embedding: Embedding::default(),
            policy: Policy::default(),
            rules: Vec::new(),
            attachments: Attachments::default(),
            desk: Screen::default(),
            worker: Worker::default(),
            log: Log::default(),
        }
    }
}

impl Config {
    /// Reads the given file, or `sureply.toml` here when there is one, then `SUREPLY__SECTION__KEY`.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let path = file.unwrap_or(Path::new("sureply.toml"));
        let source = File::new(&path.to_string_lossy(), FileFormat::Toml).required(file.is_some());
        let environment = Environment::with_prefix("SUREPLY")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(true);
        let mut config: Self = config::Config::builder()
            .add_source(source)
            .add_source(environment)
            .build()
            .and_then(config::Config::try_deserialize)
            .with_context(|| {
                format!("reading settings from {} and the environment", path.display())
            })?;
        for whatsapp in config.inboxes.iter_mut().filter_map(|inbox| inbox.whatsapp.as_mut()) {
            whatsapp.take_in()?;
        }
        config.check().with_context(|| format!("checking settings from {}", path.display()))?;
        Ok(config)
    }

    /// The inbox of that name, as the story of a message needs it.
    pub fn inbox(&self, name: &InboxName) -> Option<Inbox> {
        self.inbox_settings(name).map(InboxSettings::inbox)
    }

    /// Everything that is set about the inbox of that name.
    pub fn inbox_settings(&self, name: &InboxName) -> Option<&InboxSettings> {
        self.inboxes.iter().find(|inbox| inbox.name == name.as_str())
    }

    /// When people are there for an inbox; always, where nothing is set.
    pub fn hours(&self, name: &InboxName) -> Option<&Hours> {
        let own = self.inbox_settings(name).and_then(|inbox| inbox.hours.as_ref());
        own.or(self.hours.as_ref())
    }

    /// Refuses settings that are well formed and still cannot work.
    fn check(&self) -> Result<()> {
        ensure!(!self.inboxes.is_empty(), "there is no [[inbox]]; customers need a way in");
        let mut names = HashSet::new();
        for inbox in &self.inboxes {
            let name = &inbox.name;
            ensure!(names.insert(name), "inbox.name `{name}` is used twice; names are unique");
            inbox.check()?;
        }
        self.check_numbers()?;
        self.policy.check()?;
        self.targets.check("targets")?;
        if let Some(model) = &self.model {
            model.check()?;
        }
        if let Some(transcription) = &self.transcription {
            transcription.check()?;
        }
        self.embedding.check()?;
        self.check_worker()
    }

    /// Refuses a number with two inboxes: what Meta tells of it would be taken in twice.
    fn check_numbers(&self) -> Result<()> {
        let mut known = HashMap::new();
        for inbox in &self.inboxes {
            let Some(whatsapp) = &inbox.whatsapp else { continue };
            let (id, name) = (&whatsapp.phone_number_id, &inbox.name);
            if let Some(other) = known.insert(id, name) {
                bail!(
                    "whatsapp.phone_number_id {id} is that of `{other}` and of `{name}`; a number has one inbox"
                );
            }
        }
        Ok(())
    }

    /// The inbox that has a number of WhatsApp, by the number's id.
    pub fn inbox_of_number(&self, id: &str) -> Option<&InboxSettings> {
        let has = |inbox: &&InboxSettings| {
            inbox.whatsapp.as_ref().is_some_and(|whatsapp| whatsapp.phone_number_id == id)
        };
        self.inboxes.iter().find(has)
    }

    fn check_worker(&self) -> Result<()> {
        let worker = &self.worker;
        ensure!(worker.concurrency > 0, "worker.concurrency is 0; it must be at least 1");
        // A turn may ask a model to write out a question and to ask back as well.
        let asking = self.model.as_ref().map_or(1, |model| model.timeout_seconds + 20);
        let hearing = self.transcription.as_ref().map_or(0, |it| it.timeout_seconds);
        let least = asking + hearing;
        ensure!(
            u64::from(worker.lease_seconds) >= least,
            "worker.lease_seconds is {}; it must be at least {least}, so that no call to a model \
             (model.timeout_seconds, transcription.timeout_seconds) outlives the lease of its turn",
            worker.lease_seconds,
        );
        Ok(())
    }
}

impl InboxSettings {
    fn check(&self) -> Result<()> {
        let name = &self.name;
        check_name(name)?;
        ensure!(
            self.webhook_secrets.iter().all(|secret| secret.expose().len() >= 24),
            "inbox.webhook_secrets of `{name}` holds one shorter than 24 characters"
        );
        ensure!(
            self.identity_secrets.iter().all(|secret| secret.expose().len() >= 32),
            "inbox.identity_secrets of `{name}` holds one shorter than 32 characters"
        );
        ensure!(
            self.identity_secrets.is_empty() || self.channel == ChannelKind::Webchat,
            "inbox.identity_secrets of `{name}` are for a webchat inbox; programs have tokens"
        );
        if let Some(targets) = &self.targets {
            targets.check(&format!("inbox.targets of `{name}`"))?;
        }
        ensure!(
            self.email.is_none() || self.channel == ChannelKind::Email,
            "inbox.email of `{name}` is for an inbox with channel = \"email\""
        );
        match &self.email {
            Some(email) => email.check(name)?,
            None => ensure!(
                self.channel != ChannelKind::Email,
                "inbox `{name}` has channel = \"email\" and no [inbox.email]; it needs at least an address"
            ),
        }
        ensure!(
            self.whatsapp.is_none() || self.channel == ChannelKind::Whatsapp,
            "inbox.whatsapp of `{name}` is for an inbox with channel = \"whatsapp\""
        );
        match &self.whatsapp {
            Some(whatsapp) => whatsapp.check(name)?,
            None => ensure!(
                self.channel != ChannelKind::Whatsapp,
                "inbox `{name}` has channel = \"whatsapp\" and no [inbox.whatsapp]; it needs a phone_number_id, \
                 app_secrets and a verify_token"
            ),
        }
        let Some(target) = &self.webhook_url else { return Ok(()) };
        is_http(target).with_context(|| format!("inbox.webhook_url of `{name}`"))?;
        ensure!(
            !self.webhook_secrets.is_empty(),
            "inbox.webhook_url of `{name}` needs webhook_secrets, so that its posts can be signed"
        );
        Ok(())
    }
}

impl Policy {
    fn check(&self) -> Result<()> {
        for (name, tolerance) in
            [("low", self.low), ("standard", self.standard), ("high", self.high)]
        {
            for (part, share) in [("alpha", tolerance.alpha), ("delta", tolerance.delta)] {
                ensure!(
                    share > 0.0 && share < 1.0,
                    "policy.{name}.{part} is {share}; it must lie between 0 and 1, both excluded"
                );
            }
        }
        ensure!(
            self.audit_share > 0.0 && self.audit_share <= 1.0,
            "policy.audit_share is {}; it must lie above 0 and at most at 1: without audits nobody \
             would notice when answers go wrong",
            self.audit_share
        );
        for (name, share) in [
            ("draft_floor", self.draft_floor),
            ("clarify_closeness", self.clarify_closeness),
            ("clarify_floor", self.clarify_floor),
        ] {
            let is_share = (0.0..=1.0).contains(&share);
            ensure!(is_share, "policy.{name} is {share}; it must lie from 0 to 1");
        }
        Ok(())
    }
}

impl Embedding {
    fn check(&self) -> Result<()> {
        let Some(url) = &self.base_url else { return Ok(()) };
        is_http(url).context("embedding.base_url")?;
        ensure!(self.name.is_some(), "embedding.name is missing; say which model of the endpoint");
        Ok(())
    }

    /// The key, from wherever it is kept; `None` for endpoints that ask for none.
    pub fn key(&self) -> Result<Option<Secret>> {
        key(
            "embedding",
            self.api_key.as_ref(),
            self.api_key_env.as_deref(),
            self.api_key_file.as_deref(),
        )
    }
}

/// The key of a section, from wherever it is kept.
pub(super) fn key(
    section: &str,
    key: Option<&Secret>,
    variable: Option<&str>,
    file: Option<&Path>,
) -> Result<Option<Secret>> {
    secret(&format!("{section}.api_key"), key, variable, file)
}

/// The secret of a setting: the value itself, else what the variable or the file holds.
#[expect(clippy::disallowed_methods, reason = "this is the room that reads the environment")]
pub(super) fn secret(
    setting: &str,
    value: Option<&Secret>,
    variable: Option<&str>,
    file: Option<&Path>,
) -> Result<Option<Secret>> {
    if let Some(value) = value {
        return Ok(Some(value.clone()));
    }
    if let Some(name) = variable {
        let value = std::env::var(name)
            .with_context(|| format!("reading {setting}_env: the variable `{name}`"))?;
        return Ok(Some(Secret::from(value.trim())));
    }
    let Some(path) = file else { return Ok(None) };
    let value = std::fs::read_to_string(path)
        .with_context(|| format!("reading {setting}_file {}", path.display()))?;
    Ok(Some(Secret::from(value.trim())))
}

/// Refuses what cannot be an inbox's name.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    ensure!(
        !name.is_empty() && name.bytes().all(is_plain),
        "inbox.name `{name}` may hold lower-case letters, digits and hyphens only"
    );
    Ok(())
}

pub(super) fn is_http(text: &str) -> Result<()> {
    let address = url::Url::parse(text).with_context(|| format!("`{text}` is no address"))?;
    if !matches!(address.scheme(), "http" | "https") {
        bail!("`{text}` must start with http:// or https://");
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Config, EXAMPLE, Model};
    use crate::config::{EmailSettings, WhatsappSettings};
    use std::io::Write as _;

    pub(in crate::config) fn load(text: &str) -> Result<Config, String> {
        let mut file = tempfile::NamedTempFile::with_suffix(".toml").expect("a temporary file");
        file.write_all(text.as_bytes()).expect("writing it");
        Config::load(Some(file.path())).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn the_printed_example_means_the_defaults() {
        let uncommented: String = EXAMPLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(|line| [line, "\n"])
            .collect();
        let example = load(&uncommented).expect("the example is valid");
        assert_eq!(format!("{example:?}"), format!("{:?}", Config::default()));
    }

    #[test]
    fn every_commented_setting_of_the_example_is_one() {
        let is_setting = |line: &&str| line.starts_with('[') || line.contains(" = ");
        let all: String = EXAMPLE
            .lines()
            .map(|line| line.strip_prefix("# ").unwrap_or(line))
            .filter(is_setting)
            .flat_map(|line| [line, "\n"])
            .collect();
        let config = load(&all).expect("every setting is known and well formed");
        assert_eq!(config.rules.len(), 1);
        let model = config.model.expect("a model");
        assert_eq!(
            (model.timeout_seconds, model.max_concurrent),
            (20, 16),
            "the defaults are named"
        );
        let transcription = config.transcription.expect("what transcribes");
        assert_eq!(
            (transcription.timeout_seconds, transcription.max_bytes, transcription.automatic),
            (20, 26_214_400, false),
            "the defaults are named"
        );
        assert_eq!(config.inboxes[0].quiet_seconds, Some(3));
        assert_eq!(config.inboxes[1].webhook_secrets.len(), 1);
        let email = config.inboxes[2].email.as_deref().expect("an e-mail inbox");
        let usual = EmailSettings::new("support@example.com");
        assert_eq!(
            (email.auto_submitted, email.plus_addressing, email.max_automatic_per_hour),
            (usual.auto_submitted, usual.plus_addressing, usual.max_automatic_per_hour),
            "the defaults are named"
        );
        let number = config.inboxes[3].whatsapp.as_deref().expect("a WhatsApp inbox");
        let usual = WhatsappSettings::new("1", "", "");
        assert_eq!(
            (&number.graph_url, &number.graph_version, &number.media_hosts),
            (&usual.graph_url, &usual.graph_version, &usual.media_hosts),
            "the defaults are named"
        );
        assert_eq!(
            (number.read_marks, number.messages_per_second),
            (usual.read_marks, usual.messages_per_second),
            "the defaults are named"
        );
    }

    pub(in crate::config) fn is_refused(text: &str, parts: &[&str]) {
        let error = load(text).expect_err(text);
        for part in parts {
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn a_proxys_password_is_never_told() {
        let model = "base_url='http://x.example'\nname='m'\nproxy=";
        for section in
            ["[model]\n", "[model]\nbase_url='http://a.example'\nname='a'\n[[model.fallback]]\n"]
        {
            let good = format!("{section}{model}'http://ada:hunter2@proxy.example:3128'");
            let config = load(&good).expect("it is good");
            let told = format!("{config:?} {:?}", config.model.as_ref().map(Model::endpoints));
            assert!(!told.contains("hunter2"), "{told}");
            for bad in
                ["ada:hunter2@proxy.example", "ftp://ada:hunter2@x.example", "http://ada:hunter2@"]
            {
                let error = load(&format!("{section}{model}'{bad}'")).expect_err(bad);
                assert!(error.contains("model.proxy") && !error.contains("hunter2"), "{error}");
            }
        }
    }

    #[test]
    fn a_bad_setting_is_named_with_what_it_may_be() {
        for (text, parts) in [
            (
                "[server]\nlisten = 'nowhere'",
                vec!["server.listen", ".toml", "such as 127.0.0.1:8080"],
            ),
            ("[server]\nlissten = '127.0.0.1:1'", vec!["lissten", "listen"]),
            ("[[inbox]]\nname='a'\nchannel='fax'", vec!["fax", "webchat", "api"]),
            ("[[inbox]]\nname='A b'\nchannel='api'", vec!["inbox.name", "lower-case"]),
            ("[worker]\nlease_seconds = 0", vec!["worker.lease_seconds", "at least 1"]),
            (
                "[model]\nbase_url='http://x.example'\nname='m'\ntimeout_seconds=120",
                vec!["worker.lease_seconds", "140"],
            ),
            ("[targets]\nhigh_minutes = 0", vec!["targets", "1 minute"]),
            (
                "[[inbox]]\nname='a'\nchannel='api'\ntargets={low_minutes=9999999}",
                vec!["inbox.targets of `a`", "525600"],
            ),
            ("[policy]\ndraft_floor = 2.0", vec!["policy.draft_floor", "from 0 to 1"]),
            ("[policy]\naudit_share = 0.0", vec!["policy.audit_share", "above 0"]),
            ("[policy]\nprovisional_low = 0.7", vec!["provisional_low", "audit_share"]),
            ("[policy.low]\ndelta = 0.1", vec!["alpha", ".toml"]),
            ("[policy.never]\nalpha = 0.1", vec!["never", "standard"]),
            ("[policy.low]\nalpha = 0.0\ndelta = 0.1", vec!["policy.low.alpha", "between 0 and 1"]),
            (
                "[policy.high]\nalpha = 0.02\ndelta = 1.0",
                vec!["policy.high.delta", "between 0 and 1"],
            ),
            (
                "[policy.standard]\nalpha = nan\ndelta = 0.1",
                vec!["policy.standard.alpha", "between 0 and 1"],
            ),
            ("[model]\nbase_url='ftp://x'\nname='m'", vec!["model.base_url", "http://"]),
            (
                "[[inbox]]\nname='a'\nchannel='api'\nwebhook_url='https://x.example'",
                vec!["webhook_secrets"],
            ),
            (
                "[[inbox]]\nname='a'\nchannel='webchat'\nidentity_secrets=['short']",
                vec!["identity_secrets", "32"],
            ),
            (
                "[[inbox]]\nname='a'\nchannel='api'\nidentity_secrets=['0123456789012345678901234567890123']",
                vec!["identity_secrets", "webchat"],
            ),
        ] {
            is_refused(text, &parts);
        }
    }

    #[test]
    fn so_are_bad_hours() {
        for (text, parts) in [
            ("[hours]\nzone='Berlin'", vec!["hours.zone", "Europe/Berlin"]),
            ("[hours]\nmonday=['09:00-17:00']", vec!["zone"]),
            ("[hours]\nzone='UTC'\nmonday=['9 to 5']", vec!["9 to 5", "09:00-17:30"]),
            ("[hours]\nzone='UTC'\nmonday=['09:00-25:00']", vec!["09:00-25:00"]),
            ("[hours]\nzone='UTC'\nmontag=['09:00-17:00']", vec!["montag", "monday"]),
            ("[hours]\nzone='UTC'\nholidays=['25.12.2026']", vec!["hours.holidays", "2026-12-25"]),
            (
                "[[inbox]]\nname='a'\nchannel='api'\nhours={zone='Moon/Sea'}",
                vec!["hours.zone", "Moon/Sea"],
            ),
        ] {
            is_refused(text, &parts);
        }
    }

    #[test]
    fn an_inbox_has_its_own_hours_or_those_of_the_business() {
        let config = load(
            "[hours]\nzone='Europe/Berlin'\nfriday=['22:00-24:00']\nholidays=['2026-12-25 Christmas Day','2027-01-01']\n\
             [[inbox]]\nname='a'\nchannel='api'\n[[inbox]]\nname='b'\nchannel='api'\nhours={zone='Asia/Tokyo'}",
        )
        .expect("good settings");
        let zone = |name: &str| config.hours(&name.into()).map(|hours| hours.zone.name());
        assert_eq!((zone("a"), zone("b")), (Some("Europe/Berlin"), Some("Asia/Tokyo")));
        let hours = config.hours.as_ref().expect("hours");
        assert_eq!(hours.holidays[0].name.as_deref(), Some("Christmas Day"));
        assert_eq!(hours.holidays[1].name, None);
        assert_eq!(hours.week[4].len(), 1);
        assert!(Config::default().hours(&"web".into()).is_none());
    }

    #[test]
    fn so_is_one_of_what_transcribes() {
        for (text, parts) in [
            ("[transcription]\nbase_url='http://x.example'", vec!["name"]),
            (
                "[transcription]\nbase_url='x.example'\nname='w'",
                vec!["transcription.base_url", "no address"],
            ),
            ("[transcription]\nbase_url='http://x.example'\nname=' '", vec!["transcription.name"]),
            (
                "[transcription]\nbase_url='http://x.example'\nname='w'\nmax_minutes=1",
                vec!["max_minutes", "max_bytes"],
            ),
            (
                "[transcription]\nbase_url='http://x.example'\nname='w'\nlanguage='English'",
                vec!["English", "two letters"],
            ),
            (
                "[transcription]\nbase_url='http://x.example'\nname='w'\nmax_bytes=0",
                vec!["transcription.max_bytes", "at least 1"],
            ),
            (
                "[transcription]\nbase_url='http://x.example'\nname='w'\nprice_per_minute=-1.0",
                vec!["transcription.price_per_minute", "negative"],
            ),
            (
                "[transcription]\nbase_url='http://x.example'\nname='w'\ntimeout_seconds=60",
                vec!["worker.lease_seconds", "61", "transcription.timeout_seconds"],
            ),
        ] {
            is_refused(text, &parts);
        }
    }
}
