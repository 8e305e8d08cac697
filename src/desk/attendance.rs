//! Attendance: whether people are there, and how long a customer usually waits for one.

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
    /// How long a customer usually waits; nothing where too few have.
    pub wait: Option<UsualWait>,
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
        let attendance = Attendance {
            present: self.store.is_somebody_there(now - THERE_WITHIN).await?,
            wait: UsualWait::of(&waits),
        };
        self.attended.put(inbox, now, attendance);
        Ok(attendance)
    }

    /// How long a customer of an inbox usually waits, as last found; for words that are made where
    /// nothing may be looked up.
    pub(super) fn usual_wait(&self, inbox: &InboxName) -> Option<UsualWait> {
        self.attended.get(inbox)?.1.wait
    }
}
