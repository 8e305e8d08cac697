//! A circuit breaker: after failures in a row, only a probe now and then is let through.

use std::time::Duration;
use tokio::time::Instant;

/// Failures in a row that open it.
const FAILURES: u32 = 5;
/// Time between probes while it is open.
const PROBE_EVERY: Duration = Duration::from_secs(5);

/// Counts failures in a row; told the time by its caller.
#[derive(Debug, Default)]
pub struct Breaker {
    failures: u32,
    next_probe: Option<Instant>,
}

impl Breaker {
    /// Whether a request may be made now; while open, one in five seconds may.
    pub fn admits(&mut self, now: Instant) -> bool {
        match self.next_probe {
            None => true,
            Some(due) if now >= due => {
                self.next_probe = Some(now + PROBE_EVERY);
                true
            }
            Some(_) => false,
        }
    }

    /// Notes that the endpoint answered.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// Notes that it did not; the fifth in a row opens the breaker.
    pub fn failed(&mut self, now: Instant) {
        self.failures += 1;
        if self.failures >= FAILURES && self.next_probe.is_none() {
            self.next_probe = Some(now + PROBE_EVERY);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Breaker;
    use std::time::Duration;
    use tokio::time::Instant;

    #[test]
    fn it_opens_after_five_failures_and_probes_once_in_five_seconds() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
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
        let now = Instant::now();
        let mut breaker = Breaker::default();
        for _ in 0..20 {
            (0..4).for_each(|_| breaker.failed(now));
            breaker.succeeded();
        }
        assert!(breaker.admits(now));
    }
}
