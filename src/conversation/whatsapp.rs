//! What WhatsApp tells beside the words of messages: what kind they are, and news about them, deliveries and people.

use super::{Delivery, NumberNews, OutboxId, Price, TemplateCategory, TemplateState};
use crate::word::words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// What kind of message came.
    WhatsappKind {
        /// Words.
        Text = "text",
        /// A picture.
        Image = "image",
        /// A film.
        Video = "video",
        /// Any other file.
        Document = "document",
        /// Sound that is no voice note.
        Audio = "audio",
        /// A voice note.
        Voice = "voice",
        /// A sticker.
        Sticker = "sticker",
        /// A place.
        Location = "location",
        /// Cards of people.
        Contacts = "contacts",
        /// A button or a row of a list of ours was pressed.
        Choice = "choice",
        /// A button of a template was pressed.
        Button = "button",
        /// A form was filled in.
        Form = "form",
        /// A basket was sent from the catalogue.
        Order = "order",
        /// It came in a form that cannot be read here.
        Unreadable = "unreadable",
    }
}

/// A message of WhatsApp as it was understood, beside the words that it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whatsapp {
    /// What kind it is.
    pub kind: WhatsappKind,
    /// Whether somebody of the business wrote it, in the WhatsApp Business app.
    pub from_us: bool,
    /// The message that it answers, by WhatsApp's name for it.
    pub answers: Option<String>,
    /// Whether it was forwarded.
    pub forwarded: bool,
    /// Where it comes from and what else it tells, as JSON: an advertisement, a form.
    pub about: Option<String>,
    /// Its file, which is still at Meta.
    pub media: Option<Media>,
    /// All of it as it came, as JSON, where it cannot be read here.
    pub raw: Option<String>,
}

/// A file that Meta holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Its id there.
    pub id: String,
    /// The hash of its bytes (SHA-256, base64), where that is told.
    pub sha256: Option<String>,
}

words! {
    /// What is done to a message later.
    ChangeKind {
        /// Its words were replaced.
        Edit = "edit",
        /// It was taken back.
        Revoke = "revoke",
        /// Somebody reacted to it with a picture, or took that back.
        Reaction = "reaction",
    }
}

/// What is done to a message later; it may come before the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// WhatsApp's name for the change itself.
    pub id: String,
    /// WhatsApp's name for the message that it is about.
    pub about: String,
    /// What is done.
    pub kind: ChangeKind,
    /// Whether somebody of the business did it, in the WhatsApp Business app.
    pub by_us: bool,
    /// The new words, or the picture; empty where that was taken back.
    pub words: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// How far a message of ours got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusNews {
    /// WhatsApp's name for the message.
    pub id: String,
    /// Our name for the delivery, which came back with it.
    pub outbox: Option<OutboxId>,
    /// How far it got.
    pub state: Delivery,
    /// Why it failed.
    pub words: Option<String>,
    /// What the message counts as, where that is told.
    pub price: Option<Price>,
    /// The number that it went to, where that is told.
    pub number: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// All of it as it came, as JSON.
    pub raw: String,
}

/// What a person wants to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The names by which the inbox knows them, the best first.
    pub names: Vec<String>,
    /// What it is about, such as `marketing_messages`.
    pub category: String,
    /// Whether they want it.
    pub wanted: bool,
    /// In what words that is told.
    pub words: String,
    /// When they said so.
    pub at: DateTime<Utc>,
}

/// What changed of a template; what is not told stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TemplateNews {
    /// The business account that has it, where that is told.
    pub account: Option<String>,
    /// Its name.
    pub name: String,
    /// Its language, as Meta writes it.
    pub lang: String,
    /// Whether it may be sent.
    pub state: Option<TemplateState>,
    /// Why it may not, in Meta's words.
    pub reason: Option<String>,
    /// How customers take it, in Meta's word.
    pub quality: Option<String>,
    /// What it is for.
    pub category: Option<TemplateCategory>,
}

/// What is only kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The same for the same content, so that what comes twice is kept once.
    pub id: String,
    /// What it is: the webhook's field, or the kind within it.
    pub kind: String,
    /// All of it, as JSON.
    pub body: String,
}

/// What WhatsApp tells besides messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhatsappNews {
    /// How far a message of ours got.
    Status(StatusNews),
    /// What is done to a message later.
    Change(Change),
    /// These names are of one person; the first are the older ones.
    Names(Vec<String>),
    /// What a person wants to be sent.
    Consent(Consent),
    /// What changed of a template.
    Template(TemplateNews),
    /// How the number itself fares.
    Number(NumberNews),
    /// Anything else.
    Kept(Kept),
}
