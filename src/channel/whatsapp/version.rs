//! When each version of the Graph API ends.
//!
//! Meta keeps a version until two years after the next was released (Meta, "Platform Versioning" and "Graph API
//! Changelog"). The dates below are those releases plus two years; v20's and v25's ends are as the changelog
//! names them.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

/// Major versions with the day they end: year, month, day.
const ENDS: &[(u32, (i32, u32, u32))] = &[
    (20, (2026, 9, 24)),
    (21, (2027, 1, 21)),
    (22, (2027, 5, 29)),
    (23, (2027, 10, 8)),
    (24, (2028, 2, 18)),
    (25, (2028, 7, 1)),
];

/// When a version such as `v25.0` ends. Of one that is newer than these nothing is known; one that is older has
/// ended by the time the oldest of these does.
pub(super) fn ends(version: &str) -> Option<DateTime<Utc>> {
    let major: u32 = version.strip_prefix('v')?.split('.').next()?.parse().ok()?;
    let known = ENDS.iter().find(|(known, _)| major <= *known);
    let (year, month, day) = known?.1;
    let day = NaiveDate::from_ymd_opt(year, month, day)?;
    Some(day.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use super::ends;

    #[test]
    fn old_versions_have_ended_and_new_ones_are_not_judged() {
        let day = |version: &str| ends(version).map(|at| at.date_naive().to_string());
        assert_eq!(day("v20.0").as_deref(), Some("2026-09-24"));
        assert_eq!(day("v3.2").as_deref(), Some("2026-09-24"), "older than all that are known");
        assert_eq!(day("v25.0").as_deref(), Some("2028-07-01"));
        for unknown in ["v26.0", "v99.0", "25.0", ""] {
            assert_eq!(day(unknown), None, "{unknown}");
        }
    }
}
