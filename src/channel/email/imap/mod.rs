//! Reading a mailbox: by unique identifiers only, a window at a time, nothing marked unless asked for.
//!
//! A session that has failed once is not used again: whoever holds it drops it and opens another.

mod folder;
mod login;
mod sent;
#[cfg(test)]
mod tests;
mod wait;
mod window;

pub use window::Listed;

use super::account::Account;
use super::dial::{Server, Stream};
use super::trouble::{Trouble, TroubleKind};
use crate::config::Imap;
use async_imap::Session;
use async_imap::error::Error;
use chrono::{DateTime, Utc};
use std::future::Future;
use std::time::Duration;
use tokio::time::timeout;

/// A mailbox that is being read.
pub struct Reading {
    session: Session<Stream>,
    server: Server,
    settings: Imap,
    save_sent: Option<String>,
    can_idle: bool,
    can_move: bool,
    /// Whether the server keeps what was sent by itself (Gmail).
    keeps_sent: bool,
}

impl Reading {
    /// Connects and logs in; a token that is not taken is asked for anew, once.
    pub(super) async fn open(account: &Account) -> Result<Self, Trouble> {
        let (Some(server), Some(settings)) = (account.imap(), account.settings.imap.clone()) else {
            let words = "there is no imap in [inbox.email]";
            return Err(Trouble::new(TroubleKind::Settings, words));
        };
        let login = account.login(None).await?;
        let session = match login::open(account, &server, &login).await {
            Err(trouble) if account.may_renew(&trouble) => {
                let fresh = account.login(Some(&login)).await?;
                login::open(account, &server, &fresh).await?
            }
            opened => opened?,
        };
        let save_sent = account.settings.save_sent.clone();
        let mut reading = Self {
            session,
            server,
            settings,
            save_sent,
            can_idle: false,
            can_move: false,
            keeps_sent: false,
        };
        reading.ask_what_it_can().await?;
        Ok(reading)
    }

    async fn ask_what_it_can(&mut self) -> Result<(), Trouble> {
        let server = &self.server;
        let capabilities =
            within(server, server.patience, "asking what it can", self.session.capabilities())
                .await?;
        self.can_idle = capabilities.has_str("IDLE");
        self.can_move = capabilities.has_str("MOVE");
        self.keeps_sent = capabilities.has_str("X-GM-EXT-1");
        Ok(())
    }

    /// Says goodbye, without waiting long.
    pub async fn close(mut self) {
        drop(timeout(Duration::from_secs(2), self.session.logout()).await);
    }
}

/// What a server answers, if it does in time.
async fn within<T>(
    server: &Server,
    patience: Duration,
    doing: &str,
    asked: impl Future<Output = Result<T, Error>>,
) -> Result<T, Trouble> {
    let answered = timeout(patience, asked).await;
    answered.map_err(|_| server.silent(doing))?.map_err(|error| failure(server, &error))
}

/// What an error means. An error of reading holds what was read, so its own words are not told.
fn failure(server: &Server, error: &Error) -> Trouble {
    match error {
        Error::No(told) | Error::Bad(told) => {
            let told = words(told);
            let is_for_now = ["[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[OVERQUOTA]", "[SERVERBUG]"];
            let is_for_now = is_for_now.iter().any(|code| told.contains(code));
            let kind = if is_for_now { TroubleKind::Later } else { TroubleKind::Refused };
            Trouble::new(kind, format!("{server} says no: {told}"))
        }
        Error::Io(error) if error.kind() != std::io::ErrorKind::Other => {
            Trouble::new(TroubleKind::Silent, format!("{server} hung up ({})", error.kind()))
        }
        Error::ConnectionLost => Trouble::new(TroubleKind::Silent, format!("{server} hung up")),
        _ => Trouble::new(
            TroubleKind::Silent,
            format!("{server} gave an answer that cannot be understood"),
        ),
    }
}

/// The server's own words in an error of the client.
fn words(told: &str) -> String {
    let info = told.split_once("info: Some(\"").and_then(|(_, rest)| rest.rsplit_once("\")"));
    let words = info.map_or(told, |(words, _)| words).replace("\\\"", "\"");
    let code = told.strip_prefix("code: Some(").and_then(|rest| rest.split_once(')'));
    match code {
        Some((code, _)) => format!("[{}] {words}", code.to_uppercase()),
        None => words,
    }
}

/// The mailbox that an inbox is read from.
pub struct Reader<'a> {
    account: &'a Account,
    settings: &'a Imap,
}

impl<'a> Reader<'a> {
    pub(super) fn of(account: &'a Account) -> Option<Self> {
        account.settings.imap.as_ref().map(|settings| Self { account, settings })
    }

    /// Connects and logs in.
    pub async fn open(&self) -> Result<Reading, Trouble> {
        Reading::open(self.account).await
    }

    /// How it is read.
    pub fn settings(&self) -> &Imap {
        self.settings
    }

    /// Notes that it is being read.
    pub fn reads(&self, now: DateTime<Utc>) {
        self.account.health.reads(now);
    }

    /// Notes that a mail of it was stored.
    pub fn stored(&self, now: DateTime<Utc>) {
        self.account.health.stored(now);
    }

    /// Notes that it cannot be read; gives how often in a row that was.
    pub fn reads_not(&self, trouble: Trouble) -> u32 {
        self.account.health.reads_not(trouble)
    }
}
