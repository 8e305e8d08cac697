//! How fast messages may leave: by number, and by recipient (Meta, "Throughput" and "Pair rate limits").
//!
//! A bucket says when the next message may leave, so that a delivery is put off and no worker waits for it.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// One message every six seconds to one recipient, and 45 at once on credit.
const PAIR_EVERY: TimeDelta = TimeDelta::seconds(6);
const PAIR_BURST: i32 = 45;
/// So many recipients are kept in mind before those that wait for nothing are forgotten.
const KEPT: usize = 10_000;

/// When a bucket is full again; a message costs `every`, and the credit is `burst` times as much.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    full_at: DateTime<Utc>,
}

impl Bucket {
    /// When a message may leave; that is now where there is credit.
    fn opens(self, every: TimeDelta, burst: i32, now: DateTime<Utc>) -> DateTime<Utc> {
        (self.full_at - every * (burst - 1)).max(now)
    }

    fn take(&mut self, every: TimeDelta, now: DateTime<Utc>) {
        self.full_at = self.full_at.max(now) + every;
    }
}

/// The buckets of a number.
#[derive(Debug)]
pub(super) struct Buckets {
    every: TimeDelta,
    burst: i32,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    number: Option<Bucket>,
    recipients: HashMap<String, Bucket>,
}

impl Buckets {
    /// Buckets of a number that may send so many messages a second.
    pub(super) fn new(per_second: u32) -> Self {
        let per_second = per_second.clamp(1, 1_000);
        Self {
            every: TimeDelta::nanoseconds(1_000_000_000 / i64::from(per_second)),
            burst: i32::try_from(per_second).unwrap_or(1_000),
            state: Mutex::default(),
        }
    }

    /// Takes a place for a message to a recipient, or says when there is one; then nothing is taken.
    pub(super) fn take(&self, recipient: &str, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Bucket { full_at: now };
        let number = state.number.unwrap_or(fresh);
        let pair = state.recipients.get(recipient).copied().unwrap_or(fresh);
        let opens = number.opens(self.every, self.burst, now);
        let opens = opens.max(pair.opens(PAIR_EVERY, PAIR_BURST, now));
        if opens > now {
            return Err(opens);
        }
        state.number.get_or_insert(fresh).take(self.every, now);
        if state.recipients.len() >= KEPT {
            state.recipients.retain(|_, bucket| bucket.full_at > now);
        }
        state.recipients.entry(recipient.to_owned()).or_insert(fresh).take(PAIR_EVERY, now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Buckets, KEPT, PAIR_BURST};
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn a_recipient_gets_a_burst_and_then_one_message_every_six_seconds() {
        let (buckets, start) = (Buckets::new(1_000), DateTime::UNIX_EPOCH);
        for sent in 0..PAIR_BURST {
            assert_eq!(buckets.take("anna", start), Ok(()), "message {sent}");
        }
        let after = |seconds| start + TimeDelta::seconds(seconds);
        assert_eq!(buckets.take("anna", start), Err(after(6)));
        assert_eq!(buckets.take("ben", start), Ok(()), "nobody waits for another");
        assert_eq!(buckets.take("anna", after(5)), Err(after(6)), "asking costs nothing");
        assert_eq!(buckets.take("anna", after(6)), Ok(()));
        assert_eq!(buckets.take("anna", after(6)), Err(after(12)));
    }

    #[test]
    fn a_number_sends_no_faster_than_it_may() {
        let (buckets, start) = (Buckets::new(20), DateTime::UNIX_EPOCH);
        let mut sent = 0;
        for millisecond in 0..3_000 {
            let now = start + TimeDelta::milliseconds(millisecond);
            let name = format!("customer {sent}");
            sent += usize::from(buckets.take(&name, now).is_ok());
        }
        assert_eq!(sent, 20 + 59, "a second's credit, then twenty a second");
    }

    #[test]
    fn whoever_waits_for_nothing_is_forgotten() {
        let buckets = Buckets::new(1_000);
        for at in 0..2 * KEPT {
            let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(i64::try_from(at).expect("small"));
            buckets.take(&at.to_string(), now).expect("there is room");
        }
        let kept = buckets.state.lock().expect("not poisoned").recipients.len();
        assert!(kept <= KEPT, "{kept}");
    }
}
