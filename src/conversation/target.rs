//! Targets: how soon a customer who waits for a person must have been answered.

use super::{InboxName, Priority};
use chrono::{DateTime, TimeDelta, Utc};

/// How soon a person must have answered, by priority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    /// Where every minute counts.
    pub urgent: TimeDelta,
    /// Where it should be before the usual.
    pub high: TimeDelta,
    /// The usual.
    pub normal: TimeDelta,
    /// Where it can wait.
    pub low: TimeDelta,
}

impl Default for Targets {
    fn default() -> Self {
        let hours = TimeDelta::hours;
        Self { urgent: hours(1), high: hours(4), normal: hours(24), low: hours(72) }
    }
}

impl Targets {
    /// When somebody must have answered a customer who waits in `inbox` since `since`.
    pub fn due(
        &self,
        _inbox: &InboxName,
        priority: Priority,
        since: DateTime<Utc>,
    ) -> DateTime<Utc> {
        let within = match priority {
            Priority::Urgent => self.urgent,
            Priority::High => self.high,
            Priority::Normal => self.normal,
            Priority::Low => self.low,
        };
        since.checked_add_signed(within).unwrap_or(since)
    }
}

#[cfg(test)]
mod tests {
    use super::{Priority, Targets};
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn what_is_urgent_falls_due_first() {
        for (priority, hours) in [
            (Priority::Urgent, 1),
            (Priority::High, 4),
            (Priority::Normal, 24),
            (Priority::Low, 72),
        ] {
            let due = Targets::default().due(&"web".into(), priority, DateTime::UNIX_EPOCH);
            assert_eq!(due - DateTime::UNIX_EPOCH, TimeDelta::hours(hours), "{priority}");
        }
    }
}
