//! Conversations: what a contact and the business say to each other, and whose move it is.

mod assignment;
mod consent;
mod contact;
mod decision;
mod draft;
mod evidence;
mod handoff;
mod happening;
mod held;
mod hours;
mod id;
mod inbound;
mod inbox;
mod mail;
mod message;
mod notify;
mod number;
mod opt_word;
mod person;
mod price;
mod saved;
mod sent;
mod spoken;
mod status;
mod tag;
mod target;
mod template;
mod thread;
mod tone;
mod turn;
mod wait;
mod whatsapp;

pub use assignment::{Assign, Colleague, Wanted, choose};
pub use consent::{MARKETING, META_MARKETING, NOTIFICATIONS, stops_marketing};
pub use contact::{Account, Contact, EmailAddress, Identity, IdentityKind};
pub use decision::{Action, Conclusion, Gate, Reason, Reply};
pub use draft::{Citation, Draft, DraftState, ProposedDraft, Verdict, Writer};
pub use evidence::{Alarm, Basis, Source};
pub use handoff::Summary;
pub use happening::Happening;
pub use held::{HeldSend, SendAct};
pub use hours::{Holiday, Hours, Range};
pub use id::{
    AgentId, AttachmentId, ContactId, ContactNoteId, ConversationId, DecisionId, DraftId,
    InboxName, MessageId, NotificationId, OutboxId, RegroupId, SavedReplyId, SessionId, TeamId,
    TokenId, TurnId, ViewId,
};
pub use inbound::{Inbound, NewFile};
pub use inbox::{ChannelKind, Inbox, Mode};
pub use mail::{
    AddressMark, Mail, MailKind, MailThread, Mailbox, Quoted, Removed, RemovedKind, Report,
    ReportKind, SenderAuth, unknown_address,
};
pub use message::{Attachment, Author, Delivery, Message, Missing, Visibility};
pub use notify::{NotificationState, Notify, Standing, Unwanted, may_notify, unwanted};
pub use number::{NumberHealth, NumberNews, NumberWarning, Quality, Restriction};
pub use opt_word::{OptWord, confirmation, opt_word};
pub use person::{is_another, is_phone};
pub use price::{Amount, Price, Tariff};
pub use saved::{SavedReply, Values, fill, likeliest, variables};
pub use sent::{Sent, named_part, part_name};
pub use spoken::Spoken;
pub use status::{Event, Status};
pub use tag::Tag;
pub use target::{Target, Targets, warns};
pub use template::{
    FilledPart, FilledTemplate, FilledValue, HeaderFile, Place, Template, TemplateButton,
    TemplateCategory, TemplateHeader, TemplateState, Unfit, ValueKind, Variable, WrongValue,
};
pub use thread::{
    bare_subject, own_message_id, read_own_message_id, read_subject_token, subject_token,
};
pub use tone::{Formality, Length, Tone};
pub use turn::Turn;
pub use wait::{UsualWait, Waited};
pub use whatsapp::{
    Change, ChangeKind, Consent, Kept, Media, StatusNews, TemplateNews, Whatsapp, WhatsappKind,
    WhatsappNews,
};

use crate::lang::Lang;
use crate::word::words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// How soon a person should look.
    Priority {
        /// Can wait behind everything else.
        Low = "low",
        /// The usual.
        Normal = "normal",
        /// Before the usual: an upset customer, a deadline.
        High = "high",
        /// Before all: safety, fraud, an accident.
        Urgent = "urgent",
    }
}

/// One thread between a contact and the business in one inbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its identifier.
    pub id: ConversationId,
    /// The inbox it came in by.
    pub inbox: InboxName,
    /// The person who writes.
    pub contact_id: ContactId,
    /// Whose move it is.
    pub status: Status,
    /// The agent who has taken it.
    pub assignee: Option<AgentId>,
    /// The customer's language, once known.
    pub lang: Option<Lang>,
    /// How soon a person should look.
    pub priority: Priority,
    /// The topic triage has found.
    pub topic: Option<String>,
    /// The number of its newest message; counts from 1.
    pub last_seq: i64,
    /// Whether the customer was told that a person takes over; they are told once.
    pub handoff_told: bool,
    /// Since when the customer waits for a person.
    pub waiting_since: Option<DateTime<Utc>>,
    /// When its first message came.
    pub created_at: DateTime<Utc>,
    /// When anything last happened in it.
    pub updated_at: DateTime<Utc>,
}

impl Conversation {
    /// A conversation as its first message finds it: the bot's move, nothing known yet.
    pub fn begun(inbox: InboxName, contact_id: ContactId, now: DateTime<Utc>) -> Self {
        Self {
            id: ConversationId::fresh(),
            inbox,
            contact_id,
            status: Status::Bot,
            assignee: None,
            lang: None,
            priority: Priority::Normal,
            topic: None,
            last_seq: 1,
            handoff_told: false,
            waiting_since: None,
            created_at: now,
            updated_at: now,
        }
    }
}
