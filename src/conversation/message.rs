//! A message, who wrote it, who may see it and how far it got.

use super::{AgentId, AttachmentId, Citation, ConversationId, MessageId};
use crate::word::words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// Who wrote a message.
    Author {
        /// The contact.
        Customer = "customer",
        /// Somebody else who writes into a conversation of mails: shown to the team, never answered by itself.
        Participant = "participant",
        /// A mail program by itself: out of office, a report, a list; filed, never answered.
        Machine = "machine",
        /// Sureply, by itself.
        Bot = "bot",
        /// A person of the business.
        Agent = "agent",
        /// Sureply, about the conversation: an event, never an answer.
        System = "system",
    }
}

words! {
    /// Who may see a message.
    Visibility {
        /// The customer and the team.
        Public = "public",
        /// The team only: a note, an event.
        Private = "private",
    }
}

words! {
    /// How far an outgoing message got; see the channel's promise for what each means there.
    Delivery {
        /// In the outbox.
        Queued = "queued",
        /// An attempt is under way.
        Sending = "sending",
        /// The channel has it.
        Sent = "sent",
        /// The customer's device has it.
        Delivered = "delivered",
        /// The customer has seen it.
        Read = "read",
        /// It will not arrive; a person has been told.
        Failed = "failed",
        /// It may or may not have been sent; never repeated without a person's word.
        Uncertain = "uncertain",
    }
}

impl Delivery {
    /// Whether news of `later` may replace this state: reports come unordered and twice.
    pub fn may_become(self, later: Self) -> bool {
        fn rank(state: Delivery) -> u8 {
            match state {
                Delivery::Queued => 0,
                Delivery::Sending => 1,
                Delivery::Uncertain => 2,
                Delivery::Failed => 3,
                Delivery::Sent => 4,
                Delivery::Delivered => 5,
                Delivery::Read => 6,
            }
        }
        match (self, later) {
            (Self::Sent | Self::Delivered | Self::Read, Self::Failed) => self == Self::Sent,
            _ => rank(later) > rank(self),
        }
    }
}

words! {
    /// Why the bytes of a file are not here.
    Missing {
        /// They are being fetched from where it was sent.
        Coming = "coming",
        /// They could not be fetched.
        Lost = "lost",
    }
}

/// A file that came or goes with a message; its bytes lie in the data folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its identifier, also its file name on disk.
    pub id: AttachmentId,
    /// The name the sender gave it; shown, never used as a path.
    pub name: String,
    /// The media type found by content, or as declared for files held elsewhere.
    pub media_type: String,
    /// Its size in bytes.
    pub size: i64,
    /// Where it lies when it was only named over the API and not uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Why its bytes are not here, if they should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// What a machine heard in it, where it is a voice note that was transcribed. This is kept beside the
    /// message and not in it: it is ours, and customers do not see it.
    #[serde(skip)]
    pub heard: Option<String>,
}

impl Attachment {
    /// Whether it is sound whose bytes lie here.
    pub fn is_sound(&self) -> bool {
        self.url.is_none() && self.missing.is_none() && self.media_type.starts_with("audio/")
    }
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its identifier.
    pub id: MessageId,
    /// The conversation it belongs to.
    pub conversation_id: ConversationId,
    /// Its number in the conversation, from 1.
    pub seq: i64,
    /// Its number among what the customer sees, once they see it.
    pub shown: Option<i64>,
    /// The sender's own name for it, unique in the inbox.
    pub external_id: Option<String>,
    /// Who wrote it.
    pub author: Author,
    /// The agent, when one wrote it.
    pub agent_id: Option<AgentId>,
    /// Who may see it.
    pub visibility: Visibility,
    /// What it says: the customer's text as it came, or Markdown of ours.
    pub body: String,
    /// Files with it.
    pub attachments: Vec<Attachment>,
    /// What an answer rests on.
    pub citations: Vec<Citation>,
    /// Choices offered with a clarifying question.
    pub choices: Vec<String>,
    /// How far it got, for outgoing ones.
    pub delivery: Option<Delivery>,
    /// When it was sent, as the sender's side says.
    pub sent_at: DateTime<Utc>,
    /// When it was stored.
    pub received_at: DateTime<Utc>,
}

impl Message {
    /// Its words: those written, then those heard in its files, each on a line.
    pub fn words(&self) -> String {
        let written = Some(self.body.trim()).filter(|body| !body.is_empty());
        let heard = self.attachments.iter().filter_map(|file| file.heard.as_deref());
        written.into_iter().chain(heard).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::Delivery::{Delivered, Failed, Queued, Read, Sending, Sent, Uncertain};
    use super::{Attachment, Author, Message, Visibility};

    fn note(heard: Option<&str>) -> Attachment {
        Attachment {
            id: "a".into(),
            name: "note.ogg".into(),
            media_type: "audio/ogg".into(),
            size: 4,
            url: None,
            missing: None,
            heard: heard.map(str::to_owned),
        }
    }

    #[test]
    fn words_are_those_written_and_those_heard() {
        for (body, heard, words) in [
            (" hi ", vec![], "hi"),
            ("hi", vec![None], "hi"),
            ("", vec![None], ""),
            ("", vec![Some("Where is it?")], "Where is it?"),
            ("hi", vec![Some("Where"), None, Some("is it?")], "hi\nWhere\nis it?"),
        ] {
            let message = Message {
                id: "m".into(),
                conversation_id: "c".into(),
                seq: 1,
                shown: None,
                external_id: None,
                author: Author::Customer,
                agent_id: None,
                visibility: Visibility::Public,
                body: body.into(),
                attachments: heard.into_iter().map(note).collect(),
                citations: Vec::new(),
                choices: Vec::new(),
                delivery: None,
                sent_at: chrono::DateTime::UNIX_EPOCH,
                received_at: chrono::DateTime::UNIX_EPOCH,
            };
            assert_eq!(message.words(), words, "{body:?}");
        }
    }

    #[test]
    fn what_was_heard_is_kept_apart_from_the_message_and_from_its_customer() {
        let written = serde_json::to_string(&note(Some("secret"))).expect("JSON");
        assert!(!written.contains("secret"), "{written}");
    }

    #[test]
    fn news_of_a_delivery_only_moves_forward() {
        for (now, later, may) in [
            (Queued, Sending, true),
            (Sending, Sent, true),
            (Read, Delivered, false),
            (Sent, Read, true),
            (Uncertain, Sent, true),
            (Sent, Uncertain, false),
            (Sent, Failed, true),
            (Delivered, Failed, false),
            (Failed, Sent, true),
            (Sent, Sent, false),
        ] {
            assert_eq!(now.may_become(later), may, "{now} to {later}");
        }
    }
}
