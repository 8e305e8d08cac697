//! Business hours as the settings write them: a zone, ranges per weekday, holidays.

use crate::conversation::{Holiday, Hours, Range};
use chrono::NaiveTime;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// What stands in `[hours]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    zone: String,
    #[serde(default)]
    monday: Vec<String>,
    #[serde(default)]
    tuesday: Vec<String>,
    #[serde(default)]
    wednesday: Vec<String>,
    #[serde(default)]
    thursday: Vec<String>,
    #[serde(default)]
    friday: Vec<String>,
    #[serde(default)]
    saturday: Vec<String>,
    #[serde(default)]
    sunday: Vec<String>,
    #[serde(default)]
    holidays: Vec<String>,
}

/// Reads the hours of a section.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Hours>, D::Error> {
    let written = Option::<Written>::deserialize(deserializer)?;
    written.map(understand).transpose().map_err(D::Error::custom)
}

fn understand(written: Written) -> Result<Hours, String> {
    let zone = written.zone.parse().map_err(|_| {
        format!("hours.zone `{}` is no time zone; write one such as Europe/Berlin", written.zone)
    })?;
    let days = [
        written.monday,
        written.tuesday,
        written.wednesday,
        written.thursday,
        written.friday,
        written.saturday,
        written.sunday,
    ];
    let mut week: Box<[Vec<Range>; 7]> = Box::default();
    for (day, ranges) in week.iter_mut().zip(days) {
        *day = ranges.iter().map(|text| range(text)).collect::<Result<_, _>>()?;
    }
    let holidays = written.holidays.iter().map(|text| holiday(text)).collect::<Result<_, _>>()?;
    Ok(Hours { zone, week, holidays })
}

fn range(text: &str) -> Result<Range, String> {
    let refused = || {
        format!(
            "`{text}` in hours is no range; write one such as 09:00-17:30, or 22:00-06:00 over midnight"
        )
    };
    let (from, until) = text.split_once('-').ok_or_else(refused)?;
    let time = |text: &str| match text.trim() {
        "24:00" => Some(NaiveTime::MIN),
        text => NaiveTime::parse_from_str(text, "%H:%M").ok(),
    };
    let range = time(from).zip(time(until)).ok_or_else(refused)?;
    Ok(Range { from: range.0, until: range.1 })
}

fn holiday(text: &str) -> Result<Holiday, String> {
    let (date, name) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    let date = date.parse().map_err(|_| {
        format!("`{text}` in hours.holidays is no day; write one such as 2026-12-25 Christmas")
    })?;
    let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    Ok(Holiday { date, name })
}
