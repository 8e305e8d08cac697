//! The sections of `sureply.toml`, each with defaults that work.

use super::{EmailSettings, Secret, TargetSettings, WhatsappSettings, hours};
use crate::conversation::{
    Assign, ChannelKind, Formality, Hours, Inbox, InboxName, Length, Mode, Tone,
};
use crate::lang::Lang;
use crate::word::words;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where the server listens and how the world reaches it.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// The address to listen on.
    #[serde(deserialize_with = "address")]
    pub listen: SocketAddr,
    /// The address people use, when a proxy stands before it; links are made with it.
    pub public_url: Option<String>,
    /// The largest request body in bytes, uploads aside.
    pub max_body_bytes: usize,
    /// Intake requests that may wait at once; more are told to come back later.
    pub intake_queue: usize,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            max_body_bytes: 1024 * 1024,
            intake_queue: 1024,
        }
    }
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        D::Error::custom(format!(
            "`{text}` is no address to listen on; write an IP address and a port, such as 127.0.0.1:8080"
        ))
    })
}

/// The database.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `postgres://…` or `sqlite://…`; without it, `sureply.db` in the data folder.
    pub url: Option<Secret>,
}

/// Where knowledge comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Knowledge {
    /// A folder of Markdown files, followed while serving.
    pub dir: Option<PathBuf>,
    /// Whether the sample's labelled questions count as evidence while the sample is in use.
    pub sample_evidence: bool,
    /// The most wordings of customers that an entry learns; of more, the oldest go.
    pub learned_per_entry: u32,
}

impl Default for Knowledge {
    fn default() -> Self {
        Self { dir: None, sample_evidence: true, learned_per_entry: 200 }
    }
}

/// What customers are told about the business.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Business {
    /// Its name.
    pub name: String,
    /// How long a customer usually waits for a person, in words for them; told at handoff.
    pub reply_time: Option<String>,
}

impl Default for Business {
    fn default() -> Self {
        Self { name: "Hollow Oak Outfitters".into(), reply_time: None }
    }
}

/// One inbox.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InboxSettings {
    /// Its name in addresses: lower-case letters, digits and hyphens.
    pub name: String,
    /// The kind of channel.
    pub channel: ChannelKind,
    /// How far the bot may go.
    #[serde(default = "auto")]
    pub mode: Mode,
    /// The language assumed where a message does not tell.
    #[serde(default = "english")]
    pub lang: Lang,
    /// Seconds of quiet that end a burst; by default 3 for web chat, 2 for the API, 4 for WhatsApp and 20 for
    /// e-mail.
    #[serde(default)]
    pub quiet_seconds: Option<u32>,
    /// The most a burst may delay its answer, in seconds; by default 15.
    #[serde(default)]
    pub quiet_cap_seconds: Option<u32>,
    /// Where replies of an API inbox are posted.
    #[serde(default)]
    pub webhook_url: Option<String>,
    /// The secrets that sign those posts, newest first; each is used, so that they can be rotated.
    #[serde(default)]
    pub webhook_secrets: Vec<Secret>,
    /// Pages that may embed the chat, such as `https://shop.example`.
    #[serde(default)]
    pub allowed_origins: Vec<String>,
    /// The secrets that sign the tokens by which a page says who its visitor is, newest first.
    #[serde(default)]
    pub identity_secrets: Vec<Secret>,
    /// What the assistant calls itself.
    #[serde(default)]
    pub assistant: Option<String>,
    /// How a model addresses the customer.
    #[serde(default = "any")]
    pub formality: Formality,
    /// What an answer begins with; `{name}` is the customer's first name.
    #[serde(default)]
    pub greeting: Option<String>,
    /// What it ends with; `{assistant}` and `{business}` are put in.
    #[serde(default)]
    pub signature: Option<String>,
    /// How long a model's answer may be.
    #[serde(default = "long")]
    pub length: Length,
    /// Whether what tells who a customer is leaves for a model as placeholders only.
    #[serde(default = "yes")]
    pub hide_personal: bool,
    /// How what waits for a person is given to somebody.
    #[serde(default = "nobody")]
    pub assign: Assign,
    /// The team that its conversations are for, by name.
    #[serde(default)]
    pub team: Option<String>,
    /// By when its customers must have been answered, where that differs.
    #[serde(default)]
    pub targets: Option<TargetSettings>,
    /// When people are there for it, where that differs from the business's own hours.
    #[serde(default, deserialize_with = "hours::read")]
    pub hours: Option<Hours>,
    /// What an e-mail inbox reads and sends by.
    #[serde(default)]
    pub email: Option<Box<EmailSettings>>,
    /// What a WhatsApp inbox reads and sends by.
    #[serde(default)]
    pub whatsapp: Option<Box<WhatsappSettings>>,
}

fn any() -> Formality {
    Formality::Any
}

fn nobody() -> Assign {
    Assign::None
}

fn long() -> Length {
    Length::Long
}

fn yes() -> bool {
    true
}

fn auto() -> Mode {
    Mode::Auto
}

fn english() -> Lang {
    Lang::EN
}

impl InboxSettings {
    /// An inbox with defaults.
    pub fn new(name: &str, channel: ChannelKind) -> Self {
        Self {
            name: name.to_owned(),
            channel,
            mode: Mode::Auto,
            lang: Lang::EN,
            quiet_seconds: None,
            quiet_cap_seconds: None,
            webhook_url: None,
            webhook_secrets: Vec::new(),
            allowed_origins: Vec::new(),
            identity_secrets: Vec::new(),
            assistant: None,
            formality: Formality::Any,
            greeting: None,
            signature: None,
            length: Length::Long,
            hide_personal: true,
            assign: Assign::None,
            team: None,
            targets: None,
            hours: None,
            email: None,
            whatsapp: None,
        }
    }

    /// The part of the settings that the story of a message needs.
    pub fn inbox(&self) -> Inbox {
        let quiet = match self.channel {
            ChannelKind::Webchat => 3,
            ChannelKind::Api => 2,
            ChannelKind::Email => 20,
            ChannelKind::Whatsapp => 4,
        };
        Inbox {
            name: InboxName::from(self.name.as_str()),
            channel: self.channel,
            mode: self.mode,
            lang: self.lang,
            quiet_seconds: self.quiet_seconds.unwrap_or(quiet),
            quiet_cap_seconds: self.quiet_cap_seconds.unwrap_or(15),
            tone: Tone {
                assistant: self.assistant.clone(),
                formality: self.formality,
                greeting: self.greeting.clone(),
                signature: self.signature.clone(),
                length: self.length,
            },
            hides_personal: self.hide_personal,
            most_automatic: self.email.as_ref().map(|email| email.max_automatic_per_hour),
            confirms_opt_out: self.whatsapp.as_ref().is_some_and(|it| it.confirm_opt_out),
        }
    }
}

/// The sentence encoder; without this section search does with words and the embeddings it has.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Embedding {
    /// A folder with an ONNX model and its tokenizer.json.
    pub model: Option<PathBuf>,
    /// An endpoint instead, up to and with `/v1`.
    pub base_url: Option<String>,
    /// The model's name there.
    pub name: Option<String>,
    /// The key itself; better one of the next two.
    pub api_key: Option<Secret>,
    /// The environment variable that holds the key.
    pub api_key_env: Option<String>,
    /// The file that holds the key.
    pub api_key_file: Option<PathBuf>,
    /// Seconds a call to the endpoint may take in all.
    pub timeout_seconds: u64,
    /// What the encoder wants before a question.
    pub query_prefix: String,
    /// What it wants before a text of the knowledge.
    pub passage_prefix: String,
}

impl Default for Embedding {
    fn default() -> Self {
        Self {
            model: None,
            base_url: None,
            name: None,
            api_key: None,
            api_key_env: None,
            api_key_file: None,
            timeout_seconds: 5,
            query_prefix: String::new(),
            passage_prefix: String::new(),
        }
    }
}

/// Limits on files that customers and agents send.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attachments {
    /// The largest file in bytes.
    pub max_bytes: usize,
    /// The media types taken in.
    pub types: Vec<String>,
    /// Files a message may carry.
    pub max_per_message: usize,
}

impl Default for Attachments {
    fn default() -> Self {
        let types = [
            "image/jpeg",
            "image/png",
            "image/gif",
            "image/webp",
            "application/pdf",
            "text/plain",
            "audio/mpeg",
            "audio/ogg",
            "audio/mp4",
            "audio/wav",
        ];
        Self {
            max_bytes: 10 * 1024 * 1024,
            types: types.map(str::to_owned).to_vec(),
            max_per_message: 5,
        }
    }
}

/// How logs look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Logging.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// For people or for machines.
    pub format: LogFormat,
    /// What is logged, such as `info` or `sureply=debug,warn`.
    pub filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Pretty, filter: "info".into() }
    }
}

/// The agents' screen.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Screen {
    /// Seconds in which an agent may take back what they send; 0 sends at once.
    pub undo_seconds: u32,
    /// Whose login must take two steps.
    pub require_totp: RequireTotp,
    /// Whoever was not seen for so many minutes is given no conversations.
    pub assign_seen_minutes: u32,
    /// Minutes without a sign of an agent after which what they took and left unanswered is before the
    /// others again; 0 leaves it theirs.
    pub claim_minutes: u32,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            undo_seconds: 10,
            claim_minutes: 30,
            require_totp: RequireTotp::None,
            assign_seen_minutes: 15,
        }
    }
}

words! {
    /// Whose login must take two steps; whoever has not set the second one up is led there.
    RequireTotp {
        /// Whoever wants it.
        None = "none",
        /// Admins.
        Admins = "admins",
        /// Everybody.
        All = "all",
    }
}

/// The worker that answers turns and delivers messages.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Worker {
    /// Turns and deliveries under way at once.
    pub concurrency: usize,
    /// Seconds until the work of a node that died is taken over.
    pub lease_seconds: u32,
    /// Attempts at a delivery before a person is told.
    pub max_attempts: u32,
}

impl Default for Worker {
    fn default() -> Self {
        Self { concurrency: 64, lease_seconds: 60, max_attempts: 8 }
    }
}
