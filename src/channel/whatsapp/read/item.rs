//! Looking into JSON of which nothing is certain.

use crate::channel::text::{MAX_TEXT, clean, clean_line};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// Characters that a line such as a name keeps.
const LONGEST_LINE: usize = 300;

/// The items of a list; none where there is no list.
pub(super) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A text that is not empty.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// A text as it may be shown, or a number as text.
pub(super) fn words(value: &Value, name: &str) -> String {
    match value.get(name) {
        Some(Value::String(text)) => bounded(&clean(text)),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// The same on one line.
pub(super) fn line(value: &Value, name: &str) -> String {
    clean_line(&words(value, name)).chars().take(LONGEST_LINE).collect()
}

/// Trimmed, and no longer than a message of any channel may be.
pub(super) fn bounded(text: &str) -> String {
    text.trim().chars().take(MAX_TEXT).collect()
}

/// An id of Meta's: it stands on one line and is not endless.
pub(super) fn id(value: &Value, name: &str) -> Option<String> {
    let id = text(value, name)?;
    let is_plain = id.len() <= 512 && !id.chars().any(char::is_control);
    is_plain.then(|| id.to_owned())
}

/// A time in seconds, written as text or as a number; what lies ahead or cannot be read is now.
pub(super) fn time(value: &Value, name: &str, now: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = match value.get(name) {
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(Value::Number(number)) => number.as_i64(),
        _ => None,
    };
    let told = seconds.filter(|it| *it > 0).and_then(|it| DateTime::from_timestamp(it, 0));
    told.map_or(now, |told| told.min(now))
}

/// Those of these lines that say something, one below the other.
pub(super) fn lines(lines: impl IntoIterator<Item = String>) -> String {
    let kept: Vec<String> = lines.into_iter().filter(|line| !line.trim().is_empty()).collect();
    bounded(&kept.join("\n"))
}
