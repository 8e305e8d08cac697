//! Limits on how often somebody may ask: small buckets in memory, bounded in number, kept by no store.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Buckets kept at once; past that the full ones are forgotten, and all of them if none is full.
const MAX_BUCKETS: usize = 20_000;

/// How often something may be done in a span of time; also how often at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    most: u32,
    seconds: u32,
}

impl Limit {
    pub(super) const fn per_minute(most: u32) -> Self {
        Self { most, seconds: 60 }
    }

    pub(super) const fn per_day(most: u32) -> Self {
        Self { most, seconds: 24 * 60 * 60 }
    }

    /// Uses that come back each second.
    fn rate(self) -> f64 {
        f64::from(self.most) / f64::from(self.seconds)
    }
}

/// Who did what how often lately.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<String, Bucket>>);

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: DateTime<Utc>,
    limit: Limit,
}

impl Bucket {
    fn refilled(mut self, now: DateTime<Utc>) -> Self {
        let seconds = (now - self.at).max(TimeDelta::zero()).as_seconds_f64();
        self.left = (self.left + seconds * self.limit.rate()).min(f64::from(self.limit.most));
        self.at = self.at.max(now);
        self
    }
}

impl Throttle {
    /// Counts one use under `key`; when there were too many, the seconds to wait.
    pub(super) fn count(&self, key: String, limit: Limit, now: DateTime<Utc>) -> Result<(), u64> {
        let most = f64::from(limit.most);
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_BUCKETS && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| bucket.refilled(now).left < f64::from(bucket.limit.most));
            if buckets.len() >= MAX_BUCKETS {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(key).or_insert(Bucket { left: most, at: now, limit });
        *bucket = bucket.refilled(now);
        if bucket.left < 1.0 {
            return Err(whole_seconds((1.0 - bucket.left) / limit.rate()));
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it lies from 1 to a day"
)]
fn whole_seconds(seconds: f64) -> u64 {
    seconds.ceil().clamp(1.0, 86_400.0) as u64
}

#[cfg(test)]
mod tests {
    use super::{Limit, MAX_BUCKETS, Throttle};
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn a_burst_is_let_through_and_then_the_rate_holds() {
        let throttle = Throttle::default();
        let start = DateTime::UNIX_EPOCH;
        let count = |key: &str, seconds| {
            throttle.count(
                key.to_owned(),
                Limit::per_minute(30),
                start + TimeDelta::seconds(seconds),
            )
        };
        for _ in 0..30 {
            assert_eq!(count("a", 0), Ok(()));
        }
        assert_eq!(count("a", 0), Err(2));
        assert_eq!(count("b", 0), Ok(()), "others are not held up");
        assert_eq!(count("a", 2), Ok(()));
        assert_eq!(count("a", 2), Err(2));
        assert_eq!(count("a", 1), Err(2), "a clock that runs back gives nothing away");
    }

    #[test]
    fn a_days_limit_comes_back_over_a_day() {
        let throttle = Throttle::default();
        let count = |hours| {
            let now = DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
            throttle.count("a".to_owned(), Limit::per_day(2), now)
        };
        assert_eq!([count(0), count(0), count(0)], [Ok(()), Ok(()), Err(43_200)]);
        assert_eq!([count(12), count(12)], [Ok(()), Err(43_200)]);
    }

    #[test]
    fn the_memory_it_takes_is_bounded() {
        let throttle = Throttle::default();
        for n in 0..=2 * MAX_BUCKETS {
            throttle
                .count(n.to_string(), Limit::per_minute(1), DateTime::UNIX_EPOCH)
                .expect("a new key");
        }
        assert!(throttle.0.lock().unwrap().len() <= MAX_BUCKETS);
    }
}
