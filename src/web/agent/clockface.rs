//! Times as people read them: how long ago, how soon, and exactly.

use crate::conversation::warns;
use crate::store::Wait;
use crate::web::words;
use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};

/// A moment as the page shows it; the script puts it into the viewer's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moment {
    /// For machines, with seconds.
    pub(super) iso: String,
    /// Exactly, for people, in UTC.
    pub(super) exact: String,
    /// The time of day, in UTC.
    pub(super) time: String,
    /// The day, in UTC.
    pub(super) day: String,
    /// The date, in UTC.
    pub(super) date: String,
    /// How long ago, roughly.
    pub(super) ago: String,
}

impl Moment {
    /// Describes `at` as seen from `now`.
    pub(super) fn new(at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let time = at.format("%H:%M").to_string();
        let year = at.year().to_string();
        let month = words::say_of("month", &at.month().to_string());
        let weekday = words::say_of("weekday", &at.weekday().number_from_monday().to_string());
        let date = date(at.date_naive());
        Self {
            iso: at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            exact: t!("moment", date = date.clone(), time = time.clone()),
            day: t!("day", weekday = weekday, day = at.day(), month = month, year = year.clone()),
            date,
            time,
            ago: ago(now - at),
        }
    }
}

/// Until when a customer must have an answer, as the page counts it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Due {
    /// The moment, for machines.
    pub(super) iso: String,
    /// From when on it is nearly over, for machines.
    pub(super) warns: String,
    /// By when exactly, in words.
    pub(super) exact: String,
    /// How long it still is, or is over.
    pub(super) words: String,
    /// `late`, `soon`, or nothing.
    pub(super) tone: &'static str,
}

impl Due {
    /// Describes a wait as seen from `now`.
    pub(super) fn new(wait: Wait, now: DateTime<Utc>) -> Self {
        let (due, warns) = (Moment::new(wait.due, now), warns(wait.since, wait.due));
        let length = ago((wait.due - now).abs());
        let words = match () {
            () if (wait.due - now).num_minutes() == 0 => t!("due-now"),
            () if now >= wait.due => t!("due-over", length = length),
            () => t!("due-in", length = length),
        };
        let tone = match () {
            () if now >= wait.due => "late",
            () if now >= warns => "soon",
            () => "",
        };
        Self {
            words,
            warns: Moment::new(warns, now).iso,
            iso: due.iso,
            exact: t!("due-by", moment = due.exact),
            tone,
        }
    }
}

/// How long before a channel's window closes it is told so in colour.
const CLOSES_SOON: TimeDelta = TimeDelta::hours(2);

/// Until when a channel takes answers, as the page counts it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    /// The moment, for machines.
    pub(super) iso: String,
    /// From when on it is nearly over, for machines.
    pub(super) warns: String,
    /// Until when exactly, in words.
    pub(super) exact: String,
    /// How long it still is open, or is closed.
    pub(super) words: String,
    /// Whether it is closed.
    pub(super) is_closed: bool,
    /// `late`, `soon`, or nothing.
    pub(super) tone: &'static str,
}

impl Window {
    /// Describes a window that closes at `expires` as seen from `now`.
    pub(super) fn new(expires: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let (closes, warns) = (Moment::new(expires, now), expires - CLOSES_SOON);
        let length = ago((expires - now).abs());
        let is_closed = now >= expires;
        let words = match () {
            () if (expires - now).num_minutes() == 0 => t!("window-now"),
            () if is_closed => t!("window-over", length = length),
            () => t!("window-in", length = length),
        };
        let tone = match () {
            () if is_closed => "late",
            () if now >= warns => "soon",
            () => "",
        };
        Self {
            words,
            is_closed,
            tone,
            warns: Moment::new(warns, now).iso,
            iso: closes.iso,
            exact: t!("window-by", moment = closes.exact),
        }
    }
}

/// A date, short.
pub(super) fn date(day: NaiveDate) -> String {
    let month = words::say_of("month-short", &day.month().to_string());
    t!("date", day = day.day(), month = month, year = day.year().to_string())
}

/// A length of time in its largest fitting unit; a time to come counts as now.
fn ago(passed: TimeDelta) -> String {
    match (passed.num_minutes(), passed.num_hours(), passed.num_days()) {
        (..=0, _, _) => t!("ago-now"),
        (minutes, ..=0, _) => t!("ago-minutes", n = minutes),
        (_, hours, ..=1) if hours < 48 => t!("ago-hours", n = hours),
        (_, _, days) if days < 14 => t!("ago-days", n = days),
        (_, _, days) if days < 70 => t!("ago-weeks", n = days / 7),
        (_, _, days) => t!("ago-months", n = days / 30),
    }
}

#[cfg(test)]
mod tests {
    use super::{Due, Moment, Window, ago};
    use crate::store::Wait;
    use chrono::{TimeDelta, TimeZone, Utc};

    #[test]
    fn a_wait_is_told_in_its_largest_fitting_unit() {
        for (seconds, words) in [
            (-3_600, "now"),
            (0, "now"),
            (59, "now"),
            (60, "1 min"),
            (3_599, "59 min"),
            (3_600, "1 h"),
            (86_400 + 3_600, "25 h"),
            (2 * 86_400, "2 days"),
            (13 * 86_400, "13 days"),
            (14 * 86_400, "2 weeks"),
            (90 * 86_400, "3 months"),
        ] {
            assert_eq!(ago(TimeDelta::seconds(seconds)), words, "{seconds} s");
        }
    }

    #[test]
    fn a_wait_is_counted_down_and_told_once_it_is_over() {
        let since = Utc.with_ymd_and_hms(2026, 3, 4, 9, 0, 0).unwrap();
        let wait = Wait { since, due: since + TimeDelta::hours(4) };
        for (minutes, words, tone) in [
            (0, "due in 4 h", ""),
            (61, "due in 2 h", ""),
            (179, "due in 1 h", ""),
            (180, "due in 1 h", "soon"),
            (181, "due in 59 min", "soon"),
            (239, "due in 1 min", "soon"),
            (240, "due now", "late"),
            (250, "overdue 10 min", "late"),
            (240 + 60 * 72, "overdue 3 days", "late"),
        ] {
            let due = Due::new(wait, since + TimeDelta::minutes(minutes));
            assert_eq!((due.words.as_str(), due.tone), (words, tone), "after {minutes} min");
        }
        let short = Wait { since, due: since + TimeDelta::minutes(12) };
        assert_eq!(Due::new(short, since + TimeDelta::minutes(2)).tone, "soon");
    }

    #[test]
    fn a_window_is_counted_down_and_told_once_it_is_closed() {
        let opened = Utc.with_ymd_and_hms(2026, 3, 4, 9, 0, 0).unwrap();
        for (minutes, words, tone, is_closed) in [
            (0, "closes in 24 h", "", false),
            (22 * 60 - 1, "closes in 2 h", "", false),
            (22 * 60, "closes in 2 h", "soon", false),
            (24 * 60 - 1, "closes in 1 min", "soon", false),
            (24 * 60, "closes now", "late", true),
            (25 * 60, "closed for 1 h", "late", true),
        ] {
            let now = opened + TimeDelta::minutes(minutes);
            let window = Window::new(opened + TimeDelta::hours(24), now);
            let seen = (window.words.as_str(), window.tone, window.is_closed);
            assert_eq!(seen, (words, tone, is_closed), "after {minutes} min");
        }
    }

    #[test]
    fn a_moment_is_told_exactly_too() {
        let at = Utc.with_ymd_and_hms(2026, 3, 4, 5, 6, 7).unwrap();
        let moment = Moment::new(at, at + TimeDelta::minutes(5));
        assert_eq!(
            moment,
            Moment {
                iso: "2026-03-04T05:06:07Z".into(),
                exact: "4 Mar 2026, 05:06 UTC".into(),
                time: "05:06".into(),
                day: "Wednesday, 4 March 2026".into(),
                date: "4 Mar 2026".into(),
                ago: "5 min".into(),
            }
        );
    }
}
