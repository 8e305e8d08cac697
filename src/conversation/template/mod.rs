//! Templates: messages that Meta has approved, which may be sent whether or not the customer wrote of late.
//!
//! Source: Meta, WhatsApp Business Platform, "Message templates" and "Template components".

mod fill;
mod read;
#[cfg(test)]
mod tests;

pub use fill::{FilledPart, FilledTemplate, FilledValue, Place, ValueKind, WrongValue};

use super::InboxName;
use crate::word::words;
use serde::{Deserialize, Serialize};
use std::ops::Range;

words! {
    /// What a template is for; its price hangs on it.
    TemplateCategory {
        /// Follows from something the customer did: an order, an appointment.
        Utility = "utility",
        /// Anything that sells or invites.
        Marketing = "marketing",
        /// One-time codes.
        Authentication = "authentication",
        /// What is not known here.
        Other = "other",
    }
}

words! {
    /// Whether a template may be sent.
    TemplateState {
        /// It may.
        Approved = "approved",
        /// For a time it may not, since customers complained about it.
        Paused = "paused",
        /// Meta does not allow it.
        Rejected = "rejected",
        /// Meta has not decided.
        Pending = "pending",
        /// Meta has ended it.
        Disabled = "disabled",
        /// What is not known here.
        Other = "other",
    }
}

words! {
    /// Why a template cannot be filled in here.
    Unfit {
        /// Its header is a place.
        Location = "location",
        /// It is a row of cards.
        Carousel = "carousel",
        /// It shows products of a catalogue.
        Catalogue = "catalogue",
        /// It is an offer that ends at a time.
        Offer = "offer",
        /// It carries a one-time code.
        OneTimeCode = "one_time_code",
        /// A part of it is not known here.
        Unknown = "unknown",
    }
}

words! {
    /// A kind of file in a template's header.
    HeaderFile {
        /// A picture.
        Image = "image",
        /// A film.
        Video = "video",
        /// Any other file.
        Document = "document",
    }
}

/// What stands above a template's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TemplateHeader {
    /// A line of text, which may hold a variable.
    Text {
        /// The line.
        text: String,
    },
    /// A file.
    File {
        /// Which kind.
        file: HeaderFile,
    },
}

/// A button below a template's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TemplateButton {
    /// It answers with its own words.
    Reply {
        /// The words.
        text: String,
    },
    /// It opens an address, whose end may be a variable.
    Url {
        /// What it says.
        text: String,
        /// The address.
        url: String,
    },
    /// It calls a number.
    Phone {
        /// What it says.
        text: String,
        /// The number.
        number: String,
    },
    /// It copies a code that the customer uses elsewhere.
    Copy {
        /// What it says.
        text: String,
    },
    /// It opens a form.
    Flow {
        /// What it says.
        text: String,
    },
}

impl TemplateButton {
    /// What it says.
    pub fn text(&self) -> &str {
        match self {
            Self::Reply { text }
            | Self::Url { text, .. }
            | Self::Phone { text, .. }
            | Self::Copy { text }
            | Self::Flow { text } => text,
        }
    }
}

/// What a template consists of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TemplateParts {
    /// What stands above its words.
    pub header: Option<TemplateHeader>,
    /// Its words.
    pub body: String,
    /// What stands below them.
    pub footer: Option<String>,
    /// Its buttons.
    pub buttons: Vec<TemplateButton>,
    /// Why it cannot be filled in here, where that is so.
    pub unfit: Option<Unfit>,
    /// Values that whoever wrote it gave as examples, by the names of their variables.
    pub examples: Vec<(String, String)>,
}

/// A template of an inbox, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The inbox whose account has it.
    pub inbox: InboxName,
    /// Its name.
    pub name: String,
    /// Its language, as Meta writes it: `en_US`.
    pub lang: String,
    /// What it is for.
    pub category: TemplateCategory,
    /// Whether it may be sent.
    pub state: TemplateState,
    /// How customers take it, in Meta's word: `green`, `yellow`, `red`.
    pub quality: Option<String>,
    /// Why it was rejected, paused or disabled, in Meta's words.
    pub reason: Option<String>,
    /// Whether its variables have names instead of numbers.
    pub is_named: bool,
    /// What it consists of.
    pub parts: TemplateParts,
}

/// Something of a template that is filled in each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name: `1` or `first_name` in the words, with `header.` or `button.0.` before it elsewhere.
    pub name: String,
    /// What its value becomes.
    pub kind: ValueKind,
    /// A value that fits.
    pub example: Option<String>,
}

impl Variable {
    /// Its name without the place.
    pub fn bare(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or_default()
    }
}

impl Template {
    /// Whether it can be sent from here now.
    pub fn is_offered(&self) -> bool {
        self.state == TemplateState::Approved && self.parts.unfit.is_none()
    }

    /// What has to be filled in, in the order in which it is read.
    pub fn variables(&self) -> Vec<Variable> {
        let mut all = Vec::new();
        match &self.parts.header {
            Some(TemplateHeader::Text { text }) => {
                for name in names(text) {
                    self.push(&mut all, format!("header.{name}"), ValueKind::Text);
                }
            }
            Some(TemplateHeader::File { file }) => {
                self.push(&mut all, format!("header.{file}"), ValueKind::File(*file));
            }
            None => {}
        }
        for name in names(&self.parts.body) {
            self.push(&mut all, name.to_owned(), ValueKind::Text);
        }
        for (at, button) in self.parts.buttons.iter().enumerate() {
            match button {
                TemplateButton::Url { url, .. } => {
                    for name in names(url) {
                        self.push(&mut all, format!("button.{at}.{name}"), ValueKind::UrlEnd);
                    }
                }
                TemplateButton::Copy { .. } => {
                    self.push(&mut all, format!("button.{at}.code"), ValueKind::Code);
                }
                TemplateButton::Reply { .. }
                | TemplateButton::Phone { .. }
                | TemplateButton::Flow { .. } => {}
            }
        }
        all
    }

    /// A text in pieces: each as it stands, with the name of the variable that it is, where it is one.
    pub fn pieces(text: &str) -> Vec<(String, Option<&str>)> {
        let (mut pieces, mut end) = (Vec::new(), 0);
        for (place, name) in holes(text) {
            if place.start > end {
                pieces.push((text[end..place.start].to_owned(), None));
            }
            end = place.end;
            pieces.push((text[place].to_owned(), Some(name)));
        }
        if end < text.len() {
            pieces.push((text[end..].to_owned(), None));
        }
        pieces
    }

    fn push(&self, all: &mut Vec<Variable>, name: String, kind: ValueKind) {
        let known = self.parts.examples.iter().find(|(known, _)| *known == name);
        let example = known.map(|(_, example)| example.clone());
        all.push(Variable { name, kind, example });
    }
}

/// The names of the variables of a text, each once, in their order.
fn names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (_, name) in holes(text) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The variables of a text, `{{1}}` or `{{first_name}}`: where each stands, and its name.
fn holes(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text.get(from..)?.find("{{")?;
            from = start + 2;
            let (inside, _) = text[from..].split_once("}}")?;
            let name = inside.trim();
            let is_name = !name.is_empty()
                && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
            if is_name {
                from += inside.len() + 2;
                return Some((start..from, name));
            }
        }
    })
}
