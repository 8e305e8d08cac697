//! A circuit breaker: after failures in a row, only a probe now and then is let through.

use super::failure::Failure;
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// Failures in a row that open it.
const FAILURES: u32 = 5;
/// Time between probes while it is open.
const PROBE_EVERY: TimeDelta = TimeDelta::seconds(5);
/// The longest pause that an endpoint may ask for.
const LONGEST_REST: TimeDelta = TimeDelta::minutes(5);

/// Counts failures in a row; told the time by its caller.
#[derive(Debug, Default)]
pub struct Breaker {
    failures: u32,
    next_probe: Option<DateTime<Utc>>,
}

impl Breaker {
    /// Whether a request may be made now; while open, one in five seconds may.
    pub fn admits(&mut self, now: DateTime<Utc>) -> bool {
        match self.next_probe {
            None => true,
            // A clock that was set back must not keep an endpoint away for longer than any rest.
            Some(due) if now >= due || due - now > LONGEST_REST => {
                self.next_probe = Some(now + PROBE_EVERY);
                true
            }
            Some(_) => false,
        }
    }

    /// Whether the next request would have to wait.
    pub fn is_open(&self) -> bool {
        self.next_probe.is_some()
    }

    /// Notes what a request came to; an endpoint that refuses a shape, or hears no words, is well.
    pub fn note(&mut self, failure: Option<Failure>, now: DateTime<Utc>) {
        let is_well = |failure: &Failure| failure.is_about_shape() || *failure == Failure::NoWords;
        let Some(failure) = failure.filter(|failure| !is_well(failure)) else {
            return self.succeeded();
        };
        self.failed(now);
        if let Some(wish) = failure.wish() {
            self.rest(now, wish);
        }
    }

    /// Notes that the endpoint answered.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// Notes that it did not; the fifth in a row opens the breaker.
    pub fn failed(&mut self, now: DateTime<Utc>) {
        self.failures += 1;
        if self.failures >= FAILURES && self.next_probe.is_none() {
            self.next_probe = Some(now + PROBE_EVERY);
        }
    }

    /// Leaves the endpoint alone for as long as it asks, five minutes at most.
    pub fn rest(&mut self, now: DateTime<Utc>, wish: Duration) {
        let wish = TimeDelta::from_std(wish).unwrap_or(LONGEST_REST).min(LONGEST_REST);
        // Shorter wishes are waited for by the call itself.
        if wish > PROBE_EVERY {
            self.next_probe = Some(now + wish);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Breaker;
    use chrono::{DateTime, TimeDelta, Utc};
    use std::time::Duration;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(1_000_000 + second)
    }

    #[test]
    fn it_opens_after_five_failures_and_probes_once_in_five_seconds() {
        let mut breaker = Breaker::default();
        for _ in 0..4 {
            breaker.failed(at(0));
            assert!(breaker.admits(at(0)));
        }
        breaker.failed(at(0));
        let asked = [(0, false), (4, false), (5, true), (5, false), (9, false), (10, true)];
        for (second, admitted) in asked {
            assert_eq!(breaker.admits(at(second)), admitted, "at {second} s");
            breaker.failed(at(second));
        }
        assert!(!breaker.admits(at(11)));
        breaker.succeeded();
        assert!(breaker.admits(at(11)) && breaker.admits(at(11)));
    }

    #[test]
    fn a_success_between_starts_the_count_again() {
        let mut breaker = Breaker::default();
        for _ in 0..20 {
            (0..4).for_each(|_| breaker.failed(at(0)));
            breaker.succeeded();
        }
        assert!(breaker.admits(at(0)));
    }

    #[test]
    fn an_endpoint_is_left_alone_for_as_long_as_it_asks_within_reason() {
        for (wish, second, admitted) in [
            (60, 59, false),
            (60, 60, true),
            (36_000, 299, false),
            (36_000, 300, true),
            (2, 0, true),
        ] {
            let mut breaker = Breaker::default();
            breaker.rest(at(0), Duration::from_secs(wish));
            assert_eq!(breaker.admits(at(second)), admitted, "{wish} s, at {second} s");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_close_the_way_for_long() {
        let mut breaker = Breaker::default();
        (0..5).for_each(|_| breaker.failed(at(0)));
        assert!(breaker.admits(at(-3_600)));
    }
}
