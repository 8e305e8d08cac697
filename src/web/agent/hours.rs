//! When people are there, as the settings say it, and how it stands now.

use super::clockface::{Moment, date};
use super::page::{Frame, PageError, render};
use super::session::SignedIn;
use crate::conversation::{Hours, InboxName, Range};
use crate::web::State;
use askama::Template;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};

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
    zone: &'static str,
    is_open: bool,
    /// When somebody is there next, where nobody is now.
    opens: Option<Moment>,
    /// What today's holiday is called.
    holiday: Option<String>,
    /// The ranges of each weekday, from Monday on, by the number of the day, which is 1 for Monday.
    week: Vec<(usize, String)>,
    /// The next days on which nobody comes, with what they are called.
    holidays: Vec<(String, String)>,
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
            zone: hours.zone.name(),
            is_open,
            opens: opens.map(|at| Moment::new(at, now)),
            holiday,
            week: (1..).zip(hours.week.iter().map(|ranges| shown(ranges))).collect(),
            holidays,
        }
    }
}

/// The ranges of a day as people write them; empty where nobody comes.
fn shown(ranges: &[Range]) -> String {
    let range =
        |range: &Range| format!("{}–{}", range.from.format("%H:%M"), range.until.format("%H:%M"));
    ranges.iter().map(range).collect::<Vec<_>>().join(", ")
}
