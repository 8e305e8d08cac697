//! Targets: how soon a customer who waits for a person must have been answered.

use super::{Hours, InboxName, Priority};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;

/// By when customers who wait must have been answered: what holds everywhere, what holds for single inboxes,
/// and when people are there at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Targets {
    /// What holds where an inbox has nothing of its own.
    pub usual: Target,
    /// What single inboxes have of their own.
    pub inboxes: HashMap<InboxName, Target>,
}

/// How soon a person must have answered, by priority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where every minute counts.
    pub urgent: TimeDelta,
    /// Where it should be before the usual.
    pub high: TimeDelta,
    /// The usual.
    pub normal: TimeDelta,
    /// Where it can wait.
    pub low: TimeDelta,
    /// When people are there; only that time counts. Always, without any.
    pub hours: Option<Hours>,
}

impl Default for Target {
    fn default() -> Self {
        let hours = TimeDelta::hours;
        Self { urgent: hours(1), high: hours(4), normal: hours(24), low: hours(72), hours: None }
    }
}

/// From when on a wait is nearly over: in its last quarter, and at least its last ten minutes.
pub fn warns(since: DateTime<Utc>, due: DateTime<Utc>) -> DateTime<Utc> {
    due - ((due - since) / 4).max(TimeDelta::minutes(10))
}

impl Targets {
    /// When somebody must have answered a customer who waits in `inbox` since `since`.
    pub fn due(
        &self,
        inbox: &InboxName,
        priority: Priority,
        since: DateTime<Utc>,
    ) -> DateTime<Utc> {
        let target = self.inboxes.get(inbox).unwrap_or(&self.usual);
        let within = match priority {
            Priority::Urgent => target.urgent,
            Priority::High => target.high,
            Priority::Normal => target.normal,
            Priority::Low => target.low,
        };
        // Where people are never there, or so rarely, waiting counts by the clock on the wall.
        let open = target.hours.as_ref().and_then(|hours| hours.open_time_after(since, within));
        open.or_else(|| since.checked_add_signed(within)).unwrap_or(since)
    }
}

#[cfg(test)]
mod tests {
    use super::{Hours, Priority, Target, Targets};
    use crate::conversation::Range;
    use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
    use std::collections::HashMap;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    #[test]
    fn an_inbox_has_its_own_target_and_only_open_time_counts() {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("a time");
        let office = Range { from: time(9), until: time(17) };
        let mut week: Box<[Vec<Range>; 7]> = Box::default();
        week[..5].fill(vec![office]);
        let hours = Hours { zone: chrono_tz::Tz::UTC, week, holidays: Vec::new() };
        let never = Hours { week: Box::default(), ..hours.clone() };
        let own = Target { high: TimeDelta::minutes(30), hours: Some(never), ..Target::default() };
        let targets = Targets {
            usual: Target { hours: Some(hours), ..Target::default() },
            inboxes: HashMap::from([("shop".into(), own)]),
        };
        // A Friday afternoon.
        let since = at("2026-11-27T16:00:00Z");
        for (inbox, priority, due) in [
            ("web", Priority::Urgent, "2026-11-27T17:00:00Z"),
            ("web", Priority::High, "2026-11-30T12:00:00Z"),
            ("web", Priority::Normal, "2026-12-02T16:00:00Z"),
            ("shop", Priority::High, "2026-11-27T16:30:00Z"),
            ("shop", Priority::Urgent, "2026-11-27T17:00:00Z"),
        ] {
            assert_eq!(targets.due(&inbox.into(), priority, since), at(due), "{inbox} {priority}");
        }
    }

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
