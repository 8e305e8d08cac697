//! How our own types stand in columns: words and ids as text, lists as JSON text.

use super::agent::{Agent, Role};
use super::logbook::StaffAct;
use super::regroup::RegroupKind;
use crate::conversation::{
    Action, AddressMark, AgentId, Alarm, AttachmentId, Author, ChangeKind, Contact, ContactId,
    ContactNoteId, Conversation, ConversationId, DecisionId, Delivery, DraftId, DraftState,
    IdentityKind, InboxName, MailKind, Message, MessageId, NotificationId, NotificationState,
    NumberHealth, OutboxId, Priority, Quality, RegroupId, SavedReplyId, SenderAuth, SessionId,
    Source, Status, Tag, TeamId, TemplateCategory, TemplateState, TokenId, TurnId, Unwanted,
    Verdict, ViewId, Visibility, WhatsappKind,
};
use crate::knowledge::{ArticleId, EntryId, Risk};
use crate::lang::Lang;
use anyhow::{Context, Result};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

macro_rules! stored_as_text {
    ($($name:ty),+ $(,)?) => {$(
        impl<DB: Database> Type<DB> for $name
        where
            String: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <String as Type<DB>>::type_info()
            }

            fn compatible(column: &DB::TypeInfo) -> bool {
                <String as Type<DB>>::compatible(column)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $name
        where
            String: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok(Self::try_from(<String as Decode<'r, DB>>::decode(value)?)?)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $name
        where
            String: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                <String as Encode<'q, DB>>::encode(self.as_str().to_owned(), buffer)
            }
        }
    )+};
}

stored_as_text!(
    Action,
    Quality,
    AddressMark,
    AgentId,
    Alarm,
    ArticleId,
    AttachmentId,
    Author,
    ChangeKind,
    ContactId,
    ContactNoteId,
    ConversationId,
    DecisionId,
    Delivery,
    DraftId,
    DraftState,
    EntryId,
    IdentityKind,
    InboxName,
    Lang,
    MailKind,
    MessageId,
    NotificationId,
    NotificationState,
    Unwanted,
    OutboxId,
    Priority,
    RegroupId,
    RegroupKind,
    Risk,
    Role,
    SavedReplyId,
    SenderAuth,
    SessionId,
    Source,
    StaffAct,
    Status,
    TeamId,
    TemplateCategory,
    TemplateState,
    TokenId,
    Tag,
    TurnId,
    Verdict,
    ViewId,
    Visibility,
    WhatsappKind,
);

/// Reads a struct from columns of the same names; those after `json` hold JSON text.
macro_rules! row {
    ($name:ident { $($field:ident),+ $(,)? } $(json { $($list:ident),+ })?) => {
        $crate::store::row::row!(@for sqlx::sqlite::SqliteRow, $name, [$($field),+], [$($($list),+)?]);
        $crate::store::row::row!(@for sqlx::postgres::PgRow, $name, [$($field),+], [$($($list),+)?]);
    };
    (@for $row:ty, $name:ident, [$($field:ident),+], [$($list:ident),*]) => {
        impl sqlx::FromRow<'_, $row> for $name {
            fn from_row(row: &$row) -> sqlx::Result<Self> {
                use sqlx::Row as _;
                Ok(Self {
                    $($field: row.try_get(stringify!($field))?,)+
                    $($list: $crate::store::row::json(row.try_get(stringify!($list))?)?,)*
                })
            }
        }
    };
}

pub(super) use row;

/// Reads a list out of a column of JSON text.
pub(super) fn json<T: DeserializeOwned>(text: &str) -> sqlx::Result<T> {
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Writes a list for a column of JSON text.
pub(super) fn to_json<T: Serialize>(list: &T) -> Result<String> {
    serde_json::to_string(list).context("writing a value as JSON")
}

row!(Contact { id, name, email });
row!(NumberHealth {
    shown,
    name,
    quality,
    tier,
    throughput,
    token_ends,
    data_ends,
    restriction,
    told_restriction,
    told_at,
    problem,
    looked_at,
    heard_at
});
row!(Conversation {
    id,
    inbox,
    contact_id,
    status,
    assignee,
    lang,
    priority,
    topic,
    last_seq,
    handoff_told,
    waiting_since,
    created_at,
    updated_at,
});
row!(Message {
    id, conversation_id, seq, shown, external_id, author, agent_id, visibility, body, delivery,
    sent_at, received_at,
} json { attachments, citations, choices });
row!(Agent { id, email, name, role, left_at });
