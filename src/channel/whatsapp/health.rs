//! Whether a number may send: after trouble that only a person can mend, everything waits and one message tries
//! again every few minutes.

use crate::channel::{MailboxState, Trouble, TroubleKind};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{Mutex, PoisonError};

/// How long a number that may not send is left alone.
const LEFT_ALONE: TimeDelta = TimeDelta::minutes(5);

/// How a number fares right now, for whoever asks.
#[derive(Debug)]
pub(super) struct Health {
    inbox: String,
    pause: Mutex<Option<(Trouble, DateTime<Utc>)>>,
}

impl Health {
    pub(super) fn new(inbox: &str) -> Self {
        Self { inbox: inbox.to_owned(), pause: Mutex::default() }
    }

    /// As the screens show it.
    pub(super) fn state(&self) -> MailboxState {
        MailboxState { sending: self.get(), ..MailboxState::default() }
    }

    fn get(&self) -> Option<(Trouble, DateTime<Utc>)> {
        self.pause.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, pause: Option<(Trouble, DateTime<Utc>)>) {
        let may_send = if pause.is_some() { 0.0 } else { 1.0 };
        metrics::gauge!("sureply_number_may_send", "inbox" => self.inbox.clone()).set(may_send);
        *self.pause.lock().unwrap_or_else(PoisonError::into_inner) = pause;
    }

    /// A message was taken.
    pub(super) fn sends(&self) {
        self.set(None);
    }

    /// Nothing can leave until a person mends something; gives when the next message tries.
    pub(super) fn sends_not(&self, words: &str, now: DateTime<Utc>) -> DateTime<Utc> {
        tracing::error!(
            inbox = self.inbox,
            trouble = words,
            "no message can leave; all wait until this is mended"
        );
        let until = now + LEFT_ALONE;
        self.set(Some((Trouble::new(TroubleKind::Refused, words), until)));
        until
    }

    /// What keeps messages from leaving at this moment, and until when.
    pub(super) fn pause(&self, now: DateTime<Utc>) -> Option<(String, DateTime<Utc>)> {
        let (trouble, until) = self.get()?;
        (now < until).then_some((trouble.words, until))
    }
}
