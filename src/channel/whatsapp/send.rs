//! Sending a message piece by piece: each call to Meta is one attempt with one end.

use super::bucket::Buckets;
use super::compose::{Address, Envelope, Piece, opens, pieces, read_mark, template};
use super::error::{Class, ended, explain};
use super::graph::{Failure, Graph, again};
use super::health::Health;
use crate::channel::{MailboxState, Parcel};
use crate::config::WhatsappSettings;
use crate::conversation::{Sent, part_name};
use crate::lang::Lang;
use anyhow::Result;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// What sends for a number.
pub(super) struct Sender {
    graph: Graph,
    buckets: Buckets,
    health: Health,
    lang: Lang,
    read_marks: bool,
}

impl Sender {
    pub(super) fn open(inbox: &str, lang: Lang, settings: &WhatsappSettings) -> Result<Self> {
        Ok(Self {
            graph: Graph::open(settings)?,
            buckets: Buckets::new(settings.messages_per_second),
            health: Health::new(inbox),
            lang,
            read_marks: settings.read_marks,
        })
    }

    /// How the number fares.
    pub(super) fn state(&self) -> MailboxState {
        self.health.state()
    }

    /// Sends the piece of a message whose turn it is.
    pub(super) async fn send(&self, parcel: Parcel<'_>) -> Sent {
        let names = parcel.names.iter().map(String::as_str).chain([parcel.identity]);
        let Some(to) = Address::read(names) else {
            return Sent::Refused(
                "neither a phone number nor a WhatsApp user id of this contact is known".into(),
            );
        };
        let pieces = match parcel.template {
            Some(filled) => vec![Piece::Template(template(filled))],
            None => pieces(parcel.message, parcel.files),
        };
        let Some(piece) = pieces.get(parcel.part) else {
            return match parcel.part {
                0 => Sent::Refused("the message says nothing and brings no file".into()),
                _ => Sent::Accepted(None),
            };
        };
        if let Some((words, until)) = self.health.pause(parcel.now) {
            return Sent::Held(until, words);
        }
        if let Err(at) = self.buckets.take(to.key(), parcel.now) {
            return Sent::Held(at, "more messages at once than WhatsApp allows".into());
        }
        let envelope = Envelope {
            to: &to,
            answers: parcel.in_reply_to.filter(|_| parcel.part == 0),
            callback: &part_name(parcel.id, parcel.part, pieces.len()),
            opens: opens(self.lang),
        };
        let is_last = parcel.part + 1 == pieces.len();
        match self.attempt(&envelope, piece, &parcel).await {
            Ok(id) if is_last => Sent::Accepted(Some(id)),
            Ok(id) => Sent::Part(id),
            Err(sent) => sent,
        }
    }

    async fn attempt(
        &self,
        envelope: &Envelope<'_>,
        piece: &Piece,
        parcel: &Parcel<'_>,
    ) -> Result<String, Sent> {
        let file = match piece {
            Piece::Media { file, .. } => parcel.files.get(*file),
            Piece::Text(_) | Piece::Choice { .. } | Piece::Template(_) => None,
        };
        let mut media = None;
        let uploaded;
        if let Some(file) = file {
            uploaded = self.graph.upload(file).await.map_err(|failure| {
                // Nobody sees a file that was uploaded twice.
                let failure = match failure {
                    Failure::Unknown(words) => Failure::NotSent(words),
                    other => other,
                };
                self.end(failure, parcel.attempt, parcel.now)
            })?;
            media = Some((file, uploaded.as_str()));
        }
        let answer = self.graph.post(&envelope.request(piece, media)).await;
        let answer = answer.map_err(|failure| self.end(failure, parcel.attempt, parcel.now))?;
        self.health.sends();
        named(&answer).ok_or_else(|| Sent::Unknown("Meta's answer names no message".into()))
    }

    fn end(&self, failure: Failure, attempt: i64, now: DateTime<Utc>) -> Sent {
        match failure {
            Failure::NotSent(words) => Sent::Again(now, words),
            Failure::Unknown(words) => Sent::Unknown(words),
            Failure::Told { code, details, wait } => {
                let told = explain(code, &details);
                if told.class == Class::Account {
                    let until = self.health.sends_not(&told.words, now);
                    return Sent::Held(until, told.words);
                }
                match ended(&told, code, attempt, now) {
                    Sent::Again(at, words) => Sent::Again(at.max(again(now, wait)), words),
                    other => other,
                }
            }
        }
    }

    /// Whether it marks messages as read at all.
    pub(super) fn attends(&self) -> bool {
        self.read_marks
    }

    /// Shows the customer that a message of theirs was read and is being answered. Nothing hangs on it.
    pub(super) async fn attend(&self, message: &str, now: DateTime<Utc>) {
        if self.health.pause(now).is_some() {
            return;
        }
        if let Err(failure) = self.graph.post(&read_mark(message)).await {
            tracing::debug!(?failure, "a message could not be marked as read");
        }
    }
}

/// Meta's name for what it has taken.
fn named(answer: &Value) -> Option<String> {
    let id = answer["messages"][0]["id"].as_str().filter(|id| !id.is_empty())?;
    Some(id.to_owned())
}
