//! How an e-mail inbox fares: what the screens and the metrics tell.

use super::trouble::Trouble;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{Mutex, PoisonError};

/// How long a login that was refused is left alone, so that nobody locks the account.
const LEFT_ALONE: TimeDelta = TimeDelta::minutes(5);

/// How an e-mail inbox fares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailboxState {
    /// Since when the mailbox is read without trouble.
    pub reading_since: Option<DateTime<Utc>>,
    /// What keeps it from being read.
    pub reading: Option<Trouble>,
    /// Attempts at reading that failed in a row.
    pub failures: u32,
    /// When the newest mail was stored.
    pub last_mail: Option<DateTime<Utc>>,
    /// What keeps mails from leaving, and until when they wait.
    pub sending: Option<(Trouble, DateTime<Utc>)>,
}

/// How an inbox fares right now, for whoever asks.
#[derive(Debug, Default)]
pub(super) struct Health {
    inbox: String,
    state: Mutex<MailboxState>,
}

impl Health {
    pub(super) fn new(inbox: &str) -> Self {
        Self { inbox: inbox.to_owned(), state: Mutex::default() }
    }

    pub(super) fn state(&self) -> MailboxState {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut MailboxState)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The mailbox is being read.
    pub(super) fn reads(&self, now: DateTime<Utc>) {
        self.change(|state| {
            state.reading_since.get_or_insert(now);
            (state.reading, state.failures) = (None, 0);
        });
        metrics::gauge!("sureply_mailbox_connected", "inbox" => self.inbox.clone()).set(1.0);
    }

    /// A mail was stored.
    pub(super) fn stored(&self, now: DateTime<Utc>) {
        self.change(|state| state.last_mail = Some(now));
        metrics::counter!("sureply_mailbox_mails_total", "inbox" => self.inbox.clone())
            .increment(1);
        #[expect(clippy::cast_precision_loss, reason = "seconds fit for a long time")]
        let seconds = now.timestamp() as f64;
        metrics::gauge!("sureply_mailbox_last_mail_seconds", "inbox" => self.inbox.clone())
            .set(seconds);
    }

    /// The mailbox cannot be read.
    pub(super) fn reads_not(&self, trouble: Trouble) -> u32 {
        let mut failures = 0;
        self.change(|state| {
            state.failures = state.failures.saturating_add(1);
            (state.reading_since, state.reading) = (None, Some(trouble));
            failures = state.failures;
        });
        metrics::gauge!("sureply_mailbox_connected", "inbox" => self.inbox.clone()).set(0.0);
        metrics::counter!("sureply_mailbox_failures_total", "inbox" => self.inbox.clone())
            .increment(1);
        failures
    }

    /// Mails leave.
    pub(super) fn sends(&self) {
        self.change(|state| state.sending = None);
    }

    /// Mails cannot leave until a person mends something; they wait until then.
    pub(super) fn sends_not(&self, trouble: Trouble, now: DateTime<Utc>) {
        tracing::error!(inbox = self.inbox, trouble = %trouble, "no mail can leave; all wait until this is mended");
        self.change(|state| state.sending = Some((trouble, now + LEFT_ALONE)));
    }

    /// What keeps mails from leaving at this moment.
    pub(super) fn pause(&self, now: DateTime<Utc>) -> Option<(Trouble, DateTime<Utc>)> {
        self.state().sending.filter(|(_, until)| now < *until)
    }
}
