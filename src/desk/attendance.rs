//! Attendance: whether people are there, when they come, and how long a customer usually waits for one.

use super::Desk;
use crate::conversation::{InboxName, UsualWait};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// An open page of the desk is heard of at least every five minutes.
const THERE_WITHIN: TimeDelta = TimeDelta::minutes(6);
/// What is looked at to say how long a wait usually is.
const LOOKED_AT: TimeDelta = TimeDelta::days(7);
/// How long it is good for who is there, and how long waits are; many chats ask.
const PRESENCE_GOOD_FOR: TimeDelta = TimeDelta::seconds(3);
const WAIT_GOOD_FOR: TimeDelta = TimeDelta::seconds(60);

/// Who waits for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attendance {
    /// Whether somebody who may answer is at the desk.
    pub present: bool,
    /// How long a customer usually waits; nothing where too few have, and while the business is closed.
    pub wait: Option<UsualWait>,
    /// When the business opens; nothing while it is open, or where it has no hours.
    pub opens_at: Option<DateTime<Utc>>,
}

/// What was found, and when.
#[derive(Debug, Default)]
pub(super) struct Attended(Mutex<Found>);

#[derive(Debug, Default)]
struct Found {
    present: Option<(DateTime<Utc>, bool)>,
    waits: HashMap<InboxName, (DateTime<Utc>, Option<UsualWait>)>,
}

impl Attended {
    fn found(&self) -> MutexGuard<'_, Found> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was found, while it is not too old; a clock that ran back makes it so as well.
fn good<T>(found: (DateTime<Utc>, T), lasts: TimeDelta, now: DateTime<Utc>) -> Option<T> {
    let (at, found) = found;
    (at <= now && now < at + lasts).then_some(found)
}

impl Desk {
    /// Whether people are there for an inbox, and how long it usually takes; a minute old at most.
    pub async fn attendance(&self, inbox: &InboxName) -> Result<Attendance> {
        let opens_at = self.opens_at(inbox);
        Ok(Attendance {
            present: self.is_somebody_there().await?,
            wait: self.find_usual_wait(inbox).await?.filter(|_| opens_at.is_none()),
            opens_at,
        })
    }

    async fn is_somebody_there(&self) -> Result<bool> {
        let now = self.clock.now();
        let known = self.attended.found().present;
        if let Some(present) = known.and_then(|known| good(known, PRESENCE_GOOD_FOR, now)) {
            return Ok(present);
        }
        let present = self.store.is_somebody_there(now - THERE_WITHIN).await?;
        self.attended.found().present = Some((now, present));
        Ok(present)
    }

    /// How long a customer of an inbox usually waits; looked up where that was long ago.
    pub(super) async fn find_usual_wait(&self, inbox: &InboxName) -> Result<Option<UsualWait>> {
        let now = self.clock.now();
        let known = self.attended.found().waits.get(inbox).copied();
        if let Some(wait) = known.and_then(|known| good(known, WAIT_GOOD_FOR, now)) {
            return Ok(wait);
        }
        let wait = UsualWait::of(&self.store.waits(inbox, now - LOOKED_AT, now).await?);
        self.attended.found().waits.insert(inbox.clone(), (now, wait));
        Ok(wait)
    }

    /// When people come for an inbox; nothing while its hours say that they are there.
    pub(super) fn opens_at(&self, inbox: &InboxName) -> Option<DateTime<Utc>> {
        let (hours, now) = (self.config.hours(inbox)?, self.clock.now());
        if hours.is_open(now) { None } else { hours.next_opening(now) }
    }

    /// How long a customer of an inbox usually waits, as last found; for words that are made where
    /// nothing may be looked up.
    pub(super) fn usual_wait(&self, inbox: &InboxName) -> Option<UsualWait> {
        self.attended.found().waits.get(inbox)?.1
    }
}
