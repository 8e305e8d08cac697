//! When people are there, as the settings say it, and how it stands now.

use super::clockface::{Moment, date};
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::conversation::{Hours, InboxName, Range};
use crate::web::State;
use askama::Template;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// Holidays that are shown at most.
const HOLIDAYS: usize = 12;

#[derive(Template)]
#[template(path = "hours.html")]
struct HoursPage {
    frame: Frame,
    inboxes: Vec<InboxHours>,
}

/// An inbox on the page.
struct InboxHours {
    name: String,
    /// None where people are always there.
    hours: Option<HoursView>,
}

struct HoursView {
    /// The zone's name, and how far it is from UTC now.
    zone: String,
    is_open: bool,
    /// When somebody is there next, where nobody is now.
    opens: Option<Opening>,
    /// What today's holiday is called.
    holiday: Option<String>,
    /// The ranges of each weekday, from Monday on, by the number of the day, which is 1 for Monday.
    week: Vec<(usize, String)>,
    /// The next days on which nobody comes, with what they are called.
    holidays: Vec<(String, String)>,
}

/// When somebody is there next, by the business's own clock.
struct Opening {
    iso: String,
    /// By the zone's clock.
    local: String,
    /// The same in UTC.
    utc: String,
}

/// The page.
pub(super) async fn page(web: State, SignedIn(agent): SignedIn) -> Result<Response, PageError> {
    let (config, now) = (&web.desk.config, web.desk.clock.now());
    let inboxes = config.inboxes.iter().map(|inbox| {
        let hours = config.hours(&InboxName::from(inbox.name.as_str()));
        InboxHours {
            name: inbox.name.clone(),
            hours: hours.map(|hours| HoursView::new(hours, now)),
        }
    });
    let inboxes = inboxes.collect();
    render(&HoursPage { frame: Frame::new(&web, &agent, "people").await?, inboxes })
}

impl HoursView {
    fn new(hours: &Hours, now: DateTime<Utc>) -> Self {
        let is_open = hours.is_open(now);
        let opens = hours.next_opening(now).filter(|_| !is_open);
        let today = now.with_timezone(&hours.zone).date_naive();
        let holiday = hours.holiday_at(now).map(|holiday| holiday.name.clone().unwrap_or_default());
        let mut holidays: Vec<(NaiveDate, String)> = hours
            .holidays
            .iter()
            .filter(|holiday| holiday.date >= today)
            .map(|holiday| (holiday.date, holiday.name.clone().unwrap_or_default()))
            .collect();
        holidays.sort();
        holidays.truncate(HOLIDAYS);
        let holidays = holidays.into_iter().map(|(day, name)| (date(day), name)).collect();
        Self {
            zone: zone(hours.zone, now),
            is_open,
            opens: opens.map(|at| Opening::new(at, hours.zone, now)),
            holiday,
            week: (1..).zip(hours.week.iter().map(|ranges| shown(ranges))).collect(),
            holidays,
        }
    }
}

impl Opening {
    fn new(at: DateTime<Utc>, zone: Tz, now: DateTime<Utc>) -> Self {
        let (local, utc) = (at.with_timezone(&zone), Moment::new(at, now));
        let time = local.format("%H:%M").to_string();
        let local =
            t!("hours-at", date = date(local.date_naive()), time = time, zone = called(zone));
        Self { iso: utc.iso, local, utc: utc.exact }
    }
}

/// A zone as people read it, with how far it is from UTC at a moment.
fn zone(zone: Tz, now: DateTime<Utc>) -> String {
    let from_utc = now.with_timezone(&zone).format("%:z").to_string();
    if zone == Tz::UTC { called(zone) } else { format!("{} (UTC{from_utc})", called(zone)) }
}

fn called(zone: Tz) -> String {
    zone.name().replace('_', " ")
}

/// The ranges of a day as people write them; empty where nobody comes.
fn shown(ranges: &[Range]) -> String {
    let ends = |until: NaiveTime| match until {
        // The end of a day is not its beginning.
        NaiveTime::MIN => "24:00".to_owned(),
        until => until.format("%H:%M").to_string(),
    };
    let range = |range: &Range| format!("{}–{}", range.from.format("%H:%M"), ends(range.until));
    ranges.iter().map(range).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Opening, Range, shown, zone};
    use chrono::{DateTime, NaiveTime, Utc};
    use chrono_tz::Tz;

    #[test]
    fn a_day_that_ends_at_midnight_ends_at_24() {
        let range = |from: &str, until: &str| {
            let time = |text| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
            Range { from: time(from), until: time(until) }
        };
        for (ranges, words) in [
            (vec![], ""),
            (vec![range("00:00", "00:00")], "00:00–24:00"),
            (vec![range("09:00", "12:30"), range("22:00", "06:00")], "09:00–12:30, 22:00–06:00"),
        ] {
            assert_eq!(shown(&ranges), words);
        }
    }

    #[test]
    fn a_zone_is_named_with_what_its_clock_shows() {
        let now: DateTime<Utc> = "2026-07-01T12:00:00Z".parse().unwrap();
        for (name, words) in [
            (Tz::UTC, "UTC"),
            (Tz::Europe__Berlin, "Europe/Berlin (UTC+02:00)"),
            (Tz::America__New_York, "America/New York (UTC-04:00)"),
        ] {
            assert_eq!(zone(name, now), words);
        }
        let opening = Opening::new(now, Tz::Europe__Berlin, now);
        assert_eq!(opening.local, "1 Jul 2026, 14:00 (Europe/Berlin)");
        assert_eq!(opening.utc, "1 Jul 2026, 12:00 UTC");
    }
}
