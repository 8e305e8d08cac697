//! An inbox: one way in for customers, with the say of how far the bot may go there.

use super::{InboxName, Tone};
use crate::lang::Lang;
use crate::word::words;
use serde::{Deserialize, Serialize};

words! {
    /// How far the bot may go in an inbox.
    Mode {
        /// It decides and records; nothing is shown as a draft and nothing is sent.
        Shadow = "shadow",
        /// Every answer waits for an agent's approval.
        Draft = "draft",
        /// What the policy licenses goes out by itself.
        Auto = "auto",
    }
}

words! {
    /// The kind of channel behind an inbox.
    ChannelKind {
        /// The chat page and widget that Sureply serves.
        Webchat = "webchat",
        /// Messages over the HTTP API, replies by webhook or polling.
        Api = "api",
        /// A mailbox, read over IMAP or by webhook, answered over SMTP.
        Email = "email",
        /// A number at Meta's WhatsApp Business Cloud API.
        Whatsapp = "whatsapp",
    }
}

/// What the story of a message needs to know about its inbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inbox {
    /// The name in addresses and settings.
    pub name: InboxName,
    /// The kind of channel.
    pub channel: ChannelKind,
    /// How far the bot may go.
    pub mode: Mode,
    /// The language assumed where a message does not tell.
    pub lang: Lang,
    /// Seconds without a new message after which a burst is one turn.
    pub quiet_seconds: u32,
    /// Seconds after a turn's first message when it is due however long the customer types.
    pub quiet_cap_seconds: u32,
    /// How a customer is spoken to.
    #[serde(default)]
    pub tone: Tone,
    /// Whether what tells who a customer is leaves for a model as placeholders only.
    #[serde(default = "hides")]
    pub hides_personal: bool,
    /// Automatic messages that one address gets in an hour at most; none where the channel counts none.
    #[serde(default)]
    pub most_automatic: Option<u32>,
    /// Whether a customer who ends notifications is told that they have ended.
    #[serde(default)]
    pub confirms_opt_out: bool,
}

fn hides() -> bool {
    true
}
