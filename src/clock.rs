//! The time, as the rest of the house is told it: real, or moved by hand in tests.

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock; clones show the same time.
#[derive(Debug, Clone, Default)]
pub struct Clock(Kind);

#[derive(Debug, Clone, Default)]
enum Kind {
    #[default]
    Real,
    /// It stands still until it is moved.
    ByHand(Arc<AtomicI64>),
    /// It runs, so far ahead of the machine's.
    Ahead(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn real() -> Self {
        Self(Kind::Real)
    }

    /// A clock that stands at `now` until it is moved.
    pub fn by_hand(now: DateTime<Utc>) -> Self {
        Self(Kind::ByHand(Arc::new(AtomicI64::new(now.timestamp_micros()))))
    }

    /// The machine's clock, which can be moved ahead: for demonstrations.
    pub fn ahead() -> Self {
        Self(Kind::Ahead(Arc::default()))
    }

    /// The time now, to the microsecond (what both databases keep).
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match &self.0 {
            Kind::ByHand(hand) => hand.load(Ordering::SeqCst),
            Kind::Ahead(by) => Utc::now().timestamp_micros() + by.load(Ordering::SeqCst),
            Kind::Real => Utc::now().timestamp_micros(),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// Moves a clock that can be moved; the machine's clock stays as it is.
    pub fn advance(&self, by: TimeDelta) {
        if let Kind::ByHand(hand) | Kind::Ahead(hand) = &self.0 {
            hand.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
    }

    /// Whether the clock is moved by hand.
    pub fn is_by_hand(&self) -> bool {
        matches!(self.0, Kind::ByHand(_))
    }
}
