//! A message of ours as the requests that WhatsApp takes, in the order in which they are sent.
//!
//! The same message always comes to the same pieces: an attempt that was broken off goes on with the next one.

mod choice;
mod format;
mod media;
mod request;
mod split;
mod template;

pub(super) use choice::{Offer, chosen};
pub(super) use media::{Kind, MAX_FILE, kind};
pub(super) use request::{Address, Envelope, read_mark};
pub(super) use template::template;

use crate::channel::File;
use crate::conversation::Message;
use crate::lang::Lang;
use choice::offer;
use serde_json::Value;

/// Characters of a text message (Meta, "Text messages").
pub(super) const MAX_TEXT: usize = 4_096;
/// Characters of the words above buttons and lists.
const MAX_BODY: usize = 1_024;
/// Characters of the words below a picture, film or document.
const MAX_CAPTION: usize = 1_024;
/// Stands above buttons whose words were sent before them: a body must not be empty.
const BELOW: &str = "⬇️";

/// One message as WhatsApp counts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Words.
    Text(String),
    /// Words with something to choose below them.
    Choice { body: String, offer: Offer },
    /// A file, by its place in the parcel.
    Media { file: usize, caption: Option<String> },
    /// A template, as Meta takes it.
    Template(Value),
}

/// A message in pieces; none where it says nothing and brings nothing.
pub(super) fn pieces(message: &Message, files: &[File]) -> Vec<Piece> {
    let offer = offer(&message.choices);
    let mut pieces = Vec::new();
    let caption = match offer {
        None => caption(&message.body, files),
        Some(_) => None,
    };
    match offer {
        Some(offer) => pieces.extend(question(&message.body, offer)),
        None if caption.is_none() => pieces.extend(texts(&message.body)),
        None => {}
    }
    for file in 0..files.len() {
        let caption = caption.clone().filter(|_| file == 0);
        pieces.push(Piece::Media { file, caption });
    }
    pieces
}

fn texts(markdown: &str) -> impl Iterator<Item = Piece> {
    split::parts(markdown, MAX_TEXT).into_iter().map(Piece::Text)
}

/// The words that go below the first file.
fn caption(markdown: &str, files: &[File]) -> Option<String> {
    if kind(files.first()?) == Kind::Audio {
        return None;
    }
    let [caption] = split::parts(markdown, MAX_CAPTION).try_into().ok()?;
    Some(caption)
}

/// A question with its choices: in one, else the words first and the choices below their last paragraph.
fn question(markdown: &str, offer: Offer) -> Vec<Piece> {
    let legend = offer.legend.as_deref().map(|legend| format!("\n\n{legend}")).unwrap_or_default();
    let whole = split::parts(markdown, MAX_BODY);
    if let [words] = whole.as_slice() {
        let body = format!("{words}{legend}");
        if body.chars().count() <= MAX_BODY {
            return vec![Piece::Choice { body, offer }];
        }
    }
    let mut pieces: Vec<Piece> = texts(markdown).collect();
    let legend = legend.trim_start();
    let is_above = !legend.is_empty() && legend.chars().count() <= MAX_BODY;
    if !is_above {
        pieces.extend(texts(legend));
    }
    let body = if is_above { legend.to_owned() } else { BELOW.to_owned() };
    pieces.push(Piece::Choice { body, offer });
    pieces
}

/// What the button says that opens a list.
pub(super) fn opens(lang: Lang) -> &'static str {
    match lang {
        Lang::DE => "Auswählen",
        Lang::FR => "Choisir",
        Lang::ES => "Elegir",
        Lang::PT => "Escolher",
        Lang::IT => "Scegli",
        Lang::NL => "Kiezen",
        _ => "Choose",
    }
}

#[cfg(test)]
mod tests;
