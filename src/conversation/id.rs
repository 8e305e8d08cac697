//! Identifiers: one type per thing, so that no two can be confused.

use crate::word::id;

id! {
    /// Names a conversation.
    ConversationId,
    /// Names a message.
    MessageId,
    /// Names a contact: a person who writes to the business.
    ContactId,
    /// Names a turn: the run of customer messages that one reply answers.
    TurnId,
    /// Names a decision and its record.
    DecisionId,
    /// Names one version of a draft; an approval names the version it saw.
    DraftId,
    /// Names a row of the outbox; providers see it as the delivery's id.
    OutboxId,
    /// Names a stored attachment.
    AttachmentId,
    /// Names a person who works in Sureply.
    AgentId,
    /// Names a session of a person who works in Sureply.
    SessionId,
    /// Names a saved reply.
    SavedReplyId,
    /// Names a team.
    TeamId,
    /// Names the token of a program.
    TokenId,
    /// Names a search that somebody keeps.
    ViewId,
    /// Names a note on a contact.
    ContactNoteId,
    /// Names something that was put together or taken apart.
    RegroupId,
    /// Names a notification.
    NotificationId,
    /// Names an inbox: the `name` of its section in the settings.
    InboxName,
}

macro_rules! fresh {
    ($($name:ident,)+) => {$(
        impl $name {
            /// Makes a new identifier (UUID version 7: later ones sort after earlier ones).
            pub fn fresh() -> Self {
                Self::from(uuid::Uuid::now_v7().to_string())
            }
        }
    )+};
}

fresh! {
    ConversationId, MessageId, ContactId, TurnId, DecisionId, DraftId, OutboxId, AttachmentId,
    AgentId, SavedReplyId, SessionId, TeamId, TokenId, ViewId, ContactNoteId, RegroupId,
    NotificationId,
}
