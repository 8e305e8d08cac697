//! Business hours: when people are there, by a zone's clock, and time that counts only while they are.
//!
//! Ranges are wall-clock times of a weekday and may run past midnight. Each is turned into a span of
//! real time before anything is counted, so a day on which the clock changes is as long as it is.

use chrono::{
    DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _,
    Utc,
};
use chrono_tz::Tz;

/// How far ahead an opening is looked for; who is closed for longer counts as never open.
const HORIZON: u64 = 400;

/// A range of a day: from, until. One that ends no later than it begins ends on the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// When people come.
    pub from: NaiveTime,
    /// When they leave.
    pub until: NaiveTime,
}

/// A day on which nobody comes, whatever weekday it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// The day.
    pub date: NaiveDate,
    /// What it is called.
    pub name: Option<String>,
}

/// The hours in which people are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// Whose clock counts.
    pub zone: Tz,
    /// The ranges of each weekday, from Monday on.
    pub week: Box<[Vec<Range>; 7]>,
    /// Days on which no range begins.
    pub holidays: Vec<Holiday>,
}

/// A stretch of real time: from, until.
type Span = (DateTime<Utc>, DateTime<Utc>);

impl Hours {
    /// Whether people are there at `at`.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.spans_from(at).next().is_some_and(|(from, _)| from <= at)
    }

    /// When people are there next: `at` itself while they are; none if that is not within a year.
    pub fn next_opening(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.spans_from(at).next().map(|(from, _)| from.max(at))
    }

    /// The same range every day of the week.
    pub fn daily(zone: Tz, range: Range) -> Self {
        let week = std::array::from_fn(|_| vec![range]);
        Self { zone, week: Box::new(week), holidays: Vec::new() }
    }

    /// When people leave that are there at `at`; none while nobody is.
    pub fn open_until(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.spans_from(at).next().filter(|(from, _)| *from <= at).map(|(_, until)| until)
    }

    /// When so much time has passed in which people were there, counted from `start`; none if there
    /// is not so much within a year. No time at all has passed at `start` itself.
    pub fn open_time_after(
        &self,
        start: DateTime<Utc>,
        duration: TimeDelta,
    ) -> Option<DateTime<Utc>> {
        let mut left = duration;
        let mut now = start;
        if left <= TimeDelta::zero() {
            return Some(start);
        }
        for (from, until) in self.spans_from(start) {
            let begin = from.max(now);
            if until <= begin {
                continue;
            }
            if until - begin >= left {
                return Some(begin + left);
            }
            left -= until - begin;
            now = until;
        }
        None
    }

    /// The holiday that a moment falls on, by the zone's clock.
    pub fn holiday_at(&self, at: DateTime<Utc>) -> Option<&Holiday> {
        let date = at.with_timezone(&self.zone).date_naive();
        self.holidays.iter().find(|holiday| holiday.date == date)
    }

    /// The stretches that end after `at`, in the order they begin. They may overlap where the settings
    /// do; whoever counts goes on from where the last one ended.
    fn spans_from(&self, at: DateTime<Utc>) -> impl Iterator<Item = Span> {
        let today = at.with_timezone(&self.zone).date_naive();
        // A range of yesterday may run past midnight, and a zone's day may be skipped whole.
        let first = today.checked_sub_days(Days::new(2)).unwrap_or(today);
        (0..HORIZON)
            .filter_map(move |day| first.checked_add_days(Days::new(day)))
            .flat_map(|date| self.spans_of(date))
            .filter(move |(_, until)| *until > at)
    }

    fn spans_of(&self, date: NaiveDate) -> Vec<Span> {
        if self.holidays.iter().any(|holiday| holiday.date == date) {
            return Vec::new();
        }
        let index = usize::try_from(date.weekday().num_days_from_monday()).unwrap_or(0);
        let mut spans: Vec<Span> = self.week[index]
            .iter()
            .filter_map(|range| {
                let ends = if range.until > range.from { date } else { date.succ_opt()? };
                let from = self.moment(date.and_time(range.from));
                let until = self.moment(ends.and_time(range.until));
                (until > from).then_some((from, until))
            })
            .collect();
        spans.sort_unstable();
        spans
    }

    /// When a clock of the zone shows this. Of two such moments it is the first; a time that the clock
    /// jumps over counts as the moment of the jump.
    fn moment(&self, shown: NaiveDateTime) -> DateTime<Utc> {
        let mut shown = shown;
        // Gaps end on a full minute, and the longest known is a day.
        for _ in 0..=24 * 60 {
            match self.zone.from_local_datetime(&shown).earliest() {
                Some(moment) => return moment.with_timezone(&Utc),
                None => shown += TimeDelta::minutes(1),
            }
        }
        self.zone.from_utc_datetime(&shown).with_timezone(&Utc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").expect("a time")
    }

    /// Hours of a zone: `Mon 09:00-17:00` one a line, and holidays.
    fn hours(zone: &str, ranges: &[&str], holidays: &[&str]) -> Hours {
        let mut week: Box<[Vec<Range>; 7]> = Box::default();
        for range in ranges {
            let (day, times) = range.split_once(' ').expect("a day");
            let (from, until) = times.split_once('-').expect("a range");
            let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
            let day = days.iter().position(|known| *known == day).expect("a weekday");
            week[day].push(Range { from: time(from), until: time(until) });
        }
        let holidays = holidays
            .iter()
            .map(|date| Holiday { date: date.parse().expect("a date"), name: None })
            .collect();
        Hours { zone: zone.parse().expect("a zone"), week, holidays }
    }

    fn office(zone: &str, holidays: &[&str]) -> Hours {
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri"].map(|day| format!("{day} 09:00-17:00"));
        hours(zone, &days.each_ref().map(String::as_str), holidays)
    }

    #[test]
    fn people_are_there_in_their_hours_by_their_own_clock() {
        let berlin = office("Europe/Berlin", &["2026-12-25"]);
        let nights =
            hours("America/New_York", &["Fri 22:00-06:00", "Sun 00:00-00:00"], &["2026-11-20"]);
        for (hours, moment, open, next) in [
            // Summer: two hours ahead of UTC. A Tuesday.
            (&berlin, "2026-07-14T06:59:59Z", false, Some("2026-07-14T07:00:00Z")),
            (&berlin, "2026-07-14T07:00:00Z", true, Some("2026-07-14T07:00:00Z")),
            (&berlin, "2026-07-14T14:59:59Z", true, Some("2026-07-14T14:59:59Z")),
            (&berlin, "2026-07-14T15:00:00Z", false, Some("2026-07-15T07:00:00Z")),
            // Winter: one.
            (&berlin, "2026-11-26T08:00:00Z", true, Some("2026-11-26T08:00:00Z")),
            // A Friday's evening leads to Monday, and over Christmas, which is a Friday, too.
            (&berlin, "2026-11-27T20:00:00Z", false, Some("2026-11-30T08:00:00Z")),
            (&berlin, "2026-12-24T20:00:00Z", false, Some("2026-12-28T08:00:00Z")),
            (&berlin, "2026-12-25T10:00:00Z", false, Some("2026-12-28T08:00:00Z")),
            // Past midnight: Friday 22:00 in New York is Saturday 03:00 UTC in winter.
            (&nights, "2026-12-05T02:59:00Z", false, Some("2026-12-05T03:00:00Z")),
            (&nights, "2026-12-05T10:59:00Z", true, Some("2026-12-05T10:59:00Z")),
            (&nights, "2026-12-05T11:00:00Z", false, Some("2026-12-06T05:00:00Z")),
            // The whole of Sunday.
            (&nights, "2026-12-07T04:59:59Z", true, Some("2026-12-07T04:59:59Z")),
            (&nights, "2026-12-07T05:00:00Z", false, Some("2026-12-12T03:00:00Z")),
            // A holiday keeps its night from beginning.
            (&nights, "2026-11-21T04:00:00Z", false, Some("2026-11-22T05:00:00Z")),
        ] {
            assert_eq!(hours.is_open(at(moment)), open, "{moment}");
            assert_eq!(hours.next_opening(at(moment)), next.map(at), "{moment}");
        }
    }

    #[test]
    fn who_is_never_there_never_opens() {
        let never = hours("UTC", &[], &[]);
        let over = hours("UTC", &["Mon 09:00-10:00"], &[]);
        let moment = at("2026-11-26T12:00:00Z");
        assert!(!never.is_open(moment));
        assert_eq!(never.next_opening(moment), None);
        assert_eq!(never.open_time_after(moment, TimeDelta::minutes(1)), None);
        assert_eq!(never.open_time_after(moment, TimeDelta::zero()), Some(moment));
        assert_eq!(over.open_time_after(moment, TimeDelta::hours(1_000)), None, "too long");
    }

    #[test]
    fn time_counts_only_while_people_are_there() {
        let berlin = office("Europe/Berlin", &["2026-12-25"]);
        let lunch = hours("UTC", &["Mon 09:00-12:00", "Mon 13:00-17:00", "Mon 11:00-12:30"], &[]);
        let night = hours("Europe/Berlin", &["Sat 22:00-06:00"], &[]);
        for (hours, start, minutes, end) in [
            (&berlin, "2026-11-26T09:00:00Z", 60, "2026-11-26T10:00:00Z"),
            // From before the opening, and over the night: 8 h a day.
            (&berlin, "2026-11-26T03:00:00Z", 60, "2026-11-26T09:00:00Z"),
            (&berlin, "2026-11-26T15:00:00Z", 120, "2026-11-27T09:00:00Z"),
            // To the very end of a day, and a minute more.
            (&berlin, "2026-11-26T15:00:00Z", 60, "2026-11-26T16:00:00Z"),
            (&berlin, "2026-11-26T15:00:00Z", 61, "2026-11-27T08:01:00Z"),
            // Over a weekend, and over a holiday with one.
            (&berlin, "2026-11-27T15:30:00Z", 60, "2026-11-30T08:30:00Z"),
            (&berlin, "2026-12-24T15:30:00Z", 24 * 60, "2026-12-30T15:30:00Z"),
            // Overlapping ranges count once.
            (&lunch, "2026-11-30T09:00:00Z", 240, "2026-11-30T13:30:00Z"),
            // The clock goes back on 25 October 2026, 03:00 to 02:00: the night has nine hours.
            (&night, "2026-10-24T20:00:00Z", 9 * 60, "2026-10-25T05:00:00Z"),
            // It goes ahead on 28 March 2027, 02:00 to 03:00: the night has seven.
            (&night, "2027-03-27T21:00:00Z", 7 * 60, "2027-03-28T04:00:00Z"),
            (&night, "2027-03-27T21:00:00Z", 7 * 60 + 1, "2027-04-03T20:01:00Z"),
        ] {
            let ended = hours.open_time_after(at(start), TimeDelta::minutes(minutes));
            assert_eq!(ended, Some(at(end)), "{minutes} min from {start}");
        }
    }

    #[test]
    fn a_time_that_the_clock_skips_or_shows_twice_is_one_moment() {
        // 02:30 does not come on 28 March 2027 in Berlin; it comes twice on 25 October 2026.
        let early = hours("Europe/Berlin", &["Sun 02:30-05:00"], &[]);
        for (moment, next) in [
            ("2027-03-28T00:00:00Z", "2027-03-28T01:00:00Z"),
            ("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"),
        ] {
            assert_eq!(early.next_opening(at(moment)), Some(at(next)), "{moment}");
        }
        // Within the skipped hour wholly: nobody comes.
        let skipped = hours("Europe/Berlin", &["Sun 02:10-02:50"], &[]);
        assert_eq!(
            skipped.next_opening(at("2027-03-28T00:00:00Z")),
            Some(at("2027-04-04T00:10:00Z"))
        );
        // Samoa left out the 30th of December 2011, a Friday.
        let apia = hours("Pacific/Apia", &["Fri 09:00-17:00"], &[]);
        assert_eq!(apia.next_opening(at("2011-12-29T12:00:00Z")), Some(at("2012-01-05T19:00:00Z")));
    }

    #[test]
    fn an_end_never_comes_before_its_start_and_time_adds_up() {
        let hours = office("Australia/Lord_Howe", &["2026-04-03"]);
        let start = at("2026-03-28T00:07:00Z");
        let mut last = start;
        for minutes in 1..3_000 {
            let end = hours.open_time_after(start, TimeDelta::minutes(minutes)).expect("an end");
            assert!(end > last, "{minutes}");
            let rest = hours.open_time_after(last, TimeDelta::minutes(1));
            assert_eq!(rest, Some(end), "{minutes}: a minute after the one before");
            last = end;
        }
    }
}
