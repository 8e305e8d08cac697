//! The servers that an e-mail inbox reads and sends by.

use super::yes;
use crate::word::words;
use serde::Deserialize;

words! {
    /// How a connection is kept private.
    Security {
        /// TLS from the first byte.
        Tls = "tls",
        /// TLS after a first exchange, or no mail at all.
        StartTls = "starttls",
        /// Not at all.
        Plain = "plain",
    }
}

/// The mailbox that is read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Imap {
    /// The server.
    pub host: String,
    /// Its port; by default 993, else 143.
    #[serde(default)]
    pub port: Option<u16>,
    /// How the connection is kept private.
    #[serde(default = "tls")]
    pub security: Security,
    /// The folder.
    #[serde(default = "inbox")]
    pub folder: String,
    /// Seconds until it is looked again, whatever the server tells by itself.
    #[serde(default = "sixty")]
    pub poll_seconds: u32,
    /// Days of older mail that are read at the very first connection.
    #[serde(default)]
    pub since_days: u32,
    /// Whether what was stored is marked as read.
    #[serde(default)]
    pub mark_read: bool,
    /// The folder that it is moved to.
    #[serde(default)]
    pub move_to: Option<String>,
    /// Seconds that a server may take to answer.
    #[serde(default = "thirty")]
    pub timeout_seconds: u32,
}

/// The server that mails leave by.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// The server.
    pub host: String,
    /// Its port; by default 465 (tls), 587 (starttls), else 25.
    #[serde(default)]
    pub port: Option<u16>,
    /// How the connection is kept private.
    #[serde(default = "tls")]
    pub security: Security,
    /// Whether it asks who sends; a relay of one's own may not.
    #[serde(default = "yes")]
    pub login: bool,
    /// Seconds that a server may take to answer.
    #[serde(default = "thirty")]
    pub timeout_seconds: u32,
}

fn thirty() -> u32 {
    30
}

fn sixty() -> u32 {
    60
}

fn tls() -> Security {
    Security::Tls
}

fn inbox() -> String {
    "INBOX".into()
}

impl Imap {
    /// A mailbox with defaults.
    pub fn new(host: &str, port: u16, security: Security) -> Self {
        Self {
            host: host.to_owned(),
            port: Some(port),
            security,
            folder: inbox(),
            poll_seconds: sixty(),
            since_days: 0,
            mark_read: false,
            move_to: None,
            timeout_seconds: thirty(),
        }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            Security::Tls => 993,
            Security::StartTls | Security::Plain => 143,
        })
    }
}

impl Smtp {
    /// A server that asks who sends, with defaults.
    pub fn new(host: &str, port: u16, security: Security) -> Self {
        let (host, port) = (host.to_owned(), Some(port));
        Self { host, port, security, login: true, timeout_seconds: thirty() }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            Security::Tls => 465,
            Security::StartTls => 587,
            Security::Plain => 25,
        })
    }
}
