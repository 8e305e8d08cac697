//! Attendance: whether people are there, when they come, and how long a customer usually waits for one.

use super::Desk;
use crate::conversation::{InboxName, UsualWait};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// An open page of the desk is heard of at least every five minutes.
const THERE_WITHIN: TimeDelta = TimeDelta::minutes(6);
/// What is looked at to say how long a wait usually is.
const LOOKED_AT: TimeDelta = TimeDelta::days(7);
/// How long an answer is good for; many chats ask.
const GOOD_FOR: TimeDelta = TimeDelta::seconds(20);

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

/// What was found of each inbox, and when.
#[derive(Debug, Default)]
pub(super) struct Attended(Mutex<HashMap<InboxName, (DateTime<Utc>, Attendance)>>);

impl Attended {
    fn get(&self, inbox: &InboxName) -> Option<(DateTime<Utc>, Attendance)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(inbox).copied()
    }

    fn put(&self, inbox: &InboxName, now: DateTime<Utc>, attendance: Attendance) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(inbox.clone(), (now, attendance));
    }
}

impl Desk {
    /// Whether people are there for an inbox, and how long it usually takes; seconds old at most.
    pub async fn attendance(&self, inbox: &InboxName) -> Result<Attendance> {
        let now = self.clock.now();
        if let Some((at, known)) = self.attended.get(inbox)
            && at <= now
            && now < at + GOOD_FOR
        {
            return Ok(known);
        }
        let waits = self.store.waits(inbox, now - LOOKED_AT, now).await?;
        let opens_at = self.opens_at(inbox);
        let attendance = Attendance {
            present: self.store.is_somebody_there(now - THERE_WITHIN).await?,
            wait: UsualWait::of(&waits).filter(|_| opens_at.is_none()),
            opens_at,
        };
        self.attended.put(inbox, now, attendance);
        Ok(attendance)
    }

    /// When people come for an inbox; nothing while its hours say that they are there.
    pub(super) fn opens_at(&self, inbox: &InboxName) -> Option<DateTime<Utc>> {
        let (hours, now) = (self.config.hours(inbox)?, self.clock.now());
        if hours.is_open(now) { None } else { hours.next_opening(now) }
    }

    /// How long a customer of an inbox usually waits, as last found; for words that are made where
    /// nothing may be looked up.
    pub(super) fn usual_wait(&self, inbox: &InboxName) -> Option<UsualWait> {
        self.attended.get(inbox)?.1.wait
    }
}
