//! The store: everything that must survive, on SQLite or PostgreSQL, and the only room that knows SQL.
//!
//! A statement is written once and runs on both databases: [`on!`] compiles it for each. One method
//! is one transaction. SQLite has a single writing connection, so that writers queue instead of
//! failing; its commits reach the disk before they return.

mod address;
mod agent;
mod article;
mod assign;
mod attachment;
mod attendance;
mod block;
mod chat;
mod conclude;
mod consent;
mod conversation;
mod desk;
mod draft;
mod due;
mod edit;
mod factor;
mod fault;
mod feedback;
mod give;
mod happening;
mod held;
mod history;
mod identity;
mod intake;
mod late;
mod logbook;
mod mail;
mod mailbox;
mod mark;
mod message;
mod meta;
mod notification;
mod open;
mod outbox;
mod person;
mod queue;
mod regroup;
mod reset;
mod row;
mod saved;
mod session;
mod snooze;
mod sort;
mod spending;
mod spoken;
mod spool;
mod staff;
mod suppression;
mod team;
mod template;
#[cfg(test)]
mod tests;
mod token;
mod traits;
mod transcript;
mod trust;
mod turn;
mod view;
mod whatsapp;
mod wording;

pub use address::BadAddress;
pub use agent::{Agent, Role};
pub use article::{ArticleVersion, Changes};
pub use attachment::StoredAttachment;
pub use block::Blocked;
pub use chat::{ChatSession, ChatState, Visitor};
pub use conclude::Concluded;
pub use conversation::{Has, Opened, Wait};
pub use desk::{Acted, Approval, Sending, Words};
pub use draft::ToldDecision;
pub use edit::Edit;
pub use fault::{is_passing, is_refused};
pub use history::PastTurn;
pub use identity::Identified;
pub use intake::Received;
pub use logbook::{StaffAct, StaffLine};
pub use mail::Posted;
pub use mailbox::{Cursor, MailboxLease};
pub use mark::ChangeMark;
pub use notification::{Asked, NewNotification, Notification};
pub use outbox::{Outgoing, SentMessage};
pub use person::{ContactNote, PastConversation, Person};
pub use queue::{Counts, Filter, Queue, QueueRow};
pub use regroup::{Regroup, Regrouped};
pub use saved::Saved;
pub use session::{OpenSession, Session};
pub use spending::Spending;
pub use spoken::Came;
pub use spool::{Files, Progress, Spool, SpoolMark, Spooled};
pub use staff::Changed;
pub use suppression::{OptOut, Suppression};
pub use team::Team;
pub use template::{DueSync, SyncState};
pub use token::{ApiToken, Program};
pub use traits::Traits;
pub use trust::{Audit, AuditRow, DeclaredSet, Evidence, StoredLicence, StoredModel};
pub use turn::{Claimed, End, TurnRead};
pub use view::SavedView;
pub use whatsapp::{DueMedia, Fetched, News};
pub use wording::{NewWording, Wording};

use crate::conversation::Targets;
use anyhow::Result;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::sync::Arc;

/// A pool of whichever database is configured.
#[derive(Debug, Clone)]
enum Db {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A transaction on whichever database is configured, with the targets that hold in it.
enum Tx {
    Sqlite(Transaction<'static, Sqlite>, Arc<Targets>),
    Postgres(Transaction<'static, Postgres>, Arc<Targets>),
}

/// Runs the same statement on whichever database is configured.
macro_rules! on {
    ($db:expr, $conn:ident => $body:expr) => {
        match $db {
            $crate::store::Db::Sqlite($conn) => $body,
            $crate::store::Db::Postgres($conn) => $body,
        }
    };
}

/// Runs the same statement within a transaction of whichever database is configured.
macro_rules! within {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx, _) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::store::Tx::Postgres(tx, _) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}

use {on, within};

/// The database behind everything; clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    read: Db,
    write: Db,
    /// By when a customer who waits must have been answered.
    targets: Arc<Targets>,
}

impl Store {
    /// Begins a transaction that may write; on SQLite it has the write lock from its first moment,
    /// since a reader that turns writer midway is refused there.
    async fn begin(&self) -> Result<Tx> {
        let targets = Arc::clone(&self.targets);
        Ok(match &self.write {
            Db::Sqlite(pool) => Tx::Sqlite(pool.begin_with("begin immediate").await?, targets),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?, targets),
        })
    }
}

impl Tx {
    async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx, _) => tx.commit().await?,
            Self::Postgres(tx, _) => tx.commit().await?,
        }
        Ok(())
    }

    /// By when a customer who waits must have been answered.
    fn targets(&self) -> &Targets {
        match self {
            Self::Sqlite(_, targets) | Self::Postgres(_, targets) => targets,
        }
    }
}
