//! Where reading goes on: at the first look, where it was left, or after the server has counted anew.

use crate::channel::{Reading, Trouble};
use crate::store::Cursor;
use chrono::{DateTime, TimeDelta, Utc};

/// So much before the newest mail that is known reading begins again when the server has counted anew: mails
/// can be put into a folder late.
const LATE: TimeDelta = TimeDelta::days(2);
/// By so much the clocks of servers differ.
const SKEW: TimeDelta = TimeDelta::minutes(10);

/// The cursor to go on from.
pub(super) async fn place(
    reading: &mut Reading,
    cursor: &Cursor,
    since_days: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Cursor, Trouble> {
    let selected = reading.select().await?;
    let validity = Some(i64::from(selected.validity));
    let newest = i64::from(selected.next.saturating_sub(1));
    // A server that tells no validity (0) promises nothing from one connection to the next.
    if cursor.validity == validity && selected.validity != 0 {
        return Ok(*cursor);
    }
    if cursor.validity.is_none() && since_days.is_zero() {
        return Ok(Cursor { validity, last_uid: newest, ..*cursor });
    }
    let from = match cursor.validity {
        None => now - since_days,
        Some(_) => floor(cursor, since_days),
    };
    let found = reading.since(from).await?;
    let last_uid = found.first().map_or(newest, |first| i64::from(*first) - 1);
    Ok(Cursor { validity, last_uid, not_before: Some(from), ..*cursor })
}

/// What came before this was read, or never was to be.
fn floor(cursor: &Cursor, since_days: TimeDelta) -> DateTime<Utc> {
    let begun = cursor.begun_at - since_days - SKEW;
    cursor.newest_at.map_or(begun, |newest| begun.max(newest - LATE))
}
