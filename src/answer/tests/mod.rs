//! What the tests of this room are made of: a turn, entries and hits.

mod bad_input;
mod endpoint;
mod spending;

use super::Asked;
use crate::conversation::{
    Author, ChannelKind, Contact, ContactId, Conversation, ConversationId, Inbox, InboxName,
    Message, MessageId, Mode, Tone, Turn, TurnId, Visibility,
};
use crate::knowledge::{
    ArticleId, Audience, Entry, EntryId, FieldScores, Hit, Publication, Rankers, Risk,
};
use crate::lang::Lang;
use chrono::DateTime;

/// A published entry in English.
pub fn entry(id: &str, question: &str, answer: &str) -> Entry {
    Entry {
        id: EntryId::from(id),
        article: ArticleId::from(id),
        version: 3,
        lang: Lang::EN,
        title: format!("About {id}"),
        topic: "general".into(),
        tags: Vec::new(),
        risk: Risk::Standard,
        audience: Audience::Public,
        valid_until: None,
        status: Publication::Published,
        question: question.into(),
        ways: Vec::new(),
        learned: Vec::new(),
        answer: answer.into(),
    }
}

/// A hit on the entry.
pub fn hit(entry: &Entry) -> Hit {
    Hit {
        entry: entry.clone(),
        score: 1.0,
        rankers: Rankers::default(),
        fields: FieldScores::default(),
        matched: Vec::new(),
        unmatched: Vec::new(),
        coverage: 1.0,
        passage: None,
    }
}

/// A question with what was found.
pub fn asked(question: &str, hits: Vec<Hit>) -> Asked {
    Asked::new(question, hits)
}

/// A message of the conversation.
pub fn message(author: Author, body: &str) -> Message {
    Message {
        id: MessageId::from("m"),
        conversation_id: ConversationId::from("c"),
        seq: 1,
        shown: Some(1),
        external_id: None,
        author,
        agent_id: None,
        visibility: Visibility::Public,
        body: body.into(),
        attachments: Vec::new(),
        citations: Vec::new(),
        choices: Vec::new(),
        delivery: None,
        sent_at: DateTime::UNIX_EPOCH,
        received_at: DateTime::UNIX_EPOCH,
    }
}

/// A turn of one message, in a web chat.
pub fn turn(text: &str) -> Turn {
    let now = DateTime::UNIX_EPOCH;
    Turn {
        id: TurnId::from("t"),
        conversation: Conversation {
            id: ConversationId::from("c"),
            ..Conversation::begun(InboxName::from("web"), ContactId::from("p"), now)
        },
        inbox: Inbox {
            name: InboxName::from("web"),
            channel: ChannelKind::Webchat,
            mode: Mode::Auto,
            lang: Lang::EN,
            quiet_seconds: 3,
            quiet_cap_seconds: 15,
            tone: Tone::default(),
            hides_personal: true,
            most_automatic: None,
            confirms_opt_out: false,
        },
        contact: Contact { id: ContactId::from("p"), name: None, email: None },
        messages: vec![message(Author::Customer, text)],
        history: Vec::new(),
        due_at: now,
    }
}
