//! Sending: connections are kept for the next mail, and each attempt tells honestly how it ended.

mod connection;
#[cfg(test)]
mod tests;

use super::account::Account;
use super::compose::Letter;
use super::dial::Server;
use super::imap::Reading;
use super::trouble::{Trouble, TroubleKind};
use crate::conversation::Sent;
use chrono::{DateTime, Utc};
pub(super) use connection::{Connection, Handed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

/// Connections to one server at once.
const CONNECTIONS: usize = 4;
/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(50);
/// How long the folder of sent mails may take to be looked through, or to be given a copy.
const LOOK_WITHIN: Duration = Duration::from_secs(15);

/// Logs in where an account's mails are sent.
pub(super) async fn try_login(account: &Account) -> Result<(), Trouble> {
    let server = account
        .smtp()
        .ok_or_else(|| Trouble::new(TroubleKind::Settings, "there is no smtp in [inbox.email]"))?;
    Connection::open(account, &server).await?.close().await;
    Ok(())
}

/// What sends the mails of an inbox.
pub(super) struct Sender {
    account: Arc<Account>,
    server: Server,
    places: Semaphore,
    idle: Mutex<Vec<(Connection, Instant)>>,
}

impl Sender {
    pub(super) fn new(account: Arc<Account>, server: Server) -> Self {
        Self { account, server, places: Semaphore::new(CONNECTIONS), idle: Mutex::default() }
    }

    /// Attempts to send a mail once.
    pub(super) async fn send(&self, letter: &Letter, now: DateTime<Utc>) -> Sent {
        if let Some((trouble, until)) = self.account.health.pause(now) {
            return Sent::Again(until, format!("waiting until this is mended: {trouble}"));
        }
        // Never closed, so there is always a place sooner or later.
        let Ok(_place) = self.places.acquire().await else {
            return Sent::Again(now, "the server stops".into());
        };
        let mut connection = match self.connect().await {
            Ok(connection) => connection,
            Err(trouble) => return self.not_connected(trouble, now),
        };
        self.account.health.sends();
        match connection.hand_over(letter).await {
            Handed::Taken => {
                self.keep(connection);
                self.save(letter).await;
                Sent::Accepted(Some(letter.message_id.clone()))
            }
            Handed::Declined { for_good: true, told } => {
                connection.close().await;
                Sent::Refused(told)
            }
            Handed::Declined { for_good: false, told } => {
                connection.close().await;
                Sent::Again(now, told)
            }
            Handed::Lost(words) => Sent::Again(now, words),
            Handed::Unknown(words) if self.has_sent(&letter.message_id).await => {
                tracing::info!(words, "a mail of unknown end is among those that were sent");
                Sent::Accepted(Some(letter.message_id.clone()))
            }
            Handed::Unknown(words) => Sent::Unknown(words),
        }
    }

    async fn connect(&self) -> Result<Connection, Trouble> {
        while let Some(mut connection) = self.unused() {
            if connection.is_alive().await {
                return Ok(connection);
            }
        }
        Connection::open(&self.account, &self.server).await
    }

    fn unused(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|(_, since)| since.elapsed() < IDLE);
        idle.pop().map(|(connection, _)| connection)
    }

    fn keep(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push((connection, Instant::now()));
    }

    /// Nothing was sent. What only a person can mend stops the inbox's sending, not its mails.
    fn not_connected(&self, trouble: Trouble, now: DateTime<Utc>) -> Sent {
        let words = trouble.words.clone();
        if trouble.needs_person() {
            self.account.health.sends_not(trouble, now);
        } else if trouble.kind == TroubleKind::Tls {
            tracing::error!(%trouble, "no mail can leave by this server");
        }
        Sent::Again(now, words)
    }

    /// Whether a mail of unknown end is among those that the account has sent, as far as somebody can look.
    pub(super) async fn has_sent(&self, message_id: &str) -> bool {
        if self.account.imap().is_none() {
            return false;
        }
        let looked = timeout(LOOK_WITHIN, async {
            let mut reading = Reading::open(&self.account).await?;
            let found = reading.has_sent(message_id).await;
            reading.close().await;
            found
        });
        match looked.await {
            Ok(Ok(found)) => found,
            Ok(Err(trouble)) => {
                tracing::warn!(%trouble, "the sent mails could not be looked through");
                false
            }
            Err(_) => {
                tracing::warn!("looking through the sent mails took too long");
                false
            }
        }
    }

    /// Puts a copy among what was sent; that this fails is told and changes nothing else.
    async fn save(&self, letter: &Letter) {
        if self.account.settings.save_sent.is_none() {
            return;
        }
        let saved = timeout(LOOK_WITHIN, async {
            let mut reading = Reading::open(&self.account).await?;
            let saved = reading.save_sent(&letter.message_id, &letter.bytes).await;
            reading.close().await;
            saved
        });
        match saved.await {
            Ok(Ok(())) => {}
            Ok(Err(trouble)) => {
                tracing::warn!(%trouble, "a sent mail could not be kept in its folder");
            }
            Err(_) => tracing::warn!("keeping a sent mail in its folder took too long"),
        }
    }
}
