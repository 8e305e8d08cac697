//! Turns that do not come from the store as they are: bare text, and inboxes that are gone.

use crate::config::InboxSettings;
use crate::conversation::{
    Author, ChannelKind, Contact, ContactId, Conversation, ConversationId, Inbox, InboxName,
    Message, MessageId, Mode, Turn, TurnId, Visibility,
};
use chrono::{DateTime, Utc};

/// A turn made of bare text, for commands that only ask.
pub fn bare_turn(text: &str, inbox: Inbox, now: DateTime<Utc>) -> Turn {
    let conversation_id = ConversationId::fresh();
    let contact = Contact { id: ContactId::fresh(), name: None, email: None };
    let message = Message {
        id: MessageId::fresh(),
        conversation_id: conversation_id.clone(),
        seq: 1,
        shown: Some(1),
        external_id: None,
        author: Author::Customer,
        agent_id: None,
        visibility: Visibility::Public,
        body: text.to_owned(),
        attachments: Vec::new(),
        citations: Vec::new(),
        choices: Vec::new(),
        delivery: None,
        sent_at: now,
        received_at: now,
    };
    let conversation = Conversation {
        id: conversation_id,
        ..Conversation::begun(inbox.name.clone(), contact.id.clone(), now)
    };
    let id = TurnId::fresh();
    Turn {
        id,
        conversation,
        inbox,
        contact,
        messages: vec![message],
        history: Vec::new(),
        due_at: now,
    }
}

/// Stands in for an inbox that was taken out of the settings while messages waited in it: people
/// get them, the bot sends nothing.
pub(super) fn orphaned(name: &InboxName) -> Inbox {
    let mut inbox = InboxSettings::new(name.as_str(), ChannelKind::Api).inbox();
    inbox.mode = Mode::Shadow;
    inbox
}
