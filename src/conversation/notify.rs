//! Whether somebody may be sent something unasked, and when.
//!
//! Orders and other matters under way need no more than that the customer has dealt with us, or agreed; advertising needs
//! that they agreed to it (Meta, "Get opt-in for WhatsApp"; the same in the EU's ePrivacy directive, art. 13). Who has said
//! stop is sent neither. A code by which somebody logs in is something they wait for. Whoever is on the list of the
//! suppressed gets nothing at all.

use super::{Hours, TemplateCategory};
use crate::word::words;
use chrono::{DateTime, Utc};

words! {
    /// What has become of a notification that was asked for.
    NotificationState {
        /// It leaves later.
        Waiting = "waiting",
        /// It is a message; how far that got is told by its delivery.
        Sending = "sending",
        /// Its time was over before it could leave.
        Expired = "expired",
        /// The customer does not want it any more.
        Refused = "refused",
    }
}

words! {
    /// Why somebody may not be sent something unasked.
    Unwanted {
        /// Their address is on the list of the suppressed.
        Suppressed = "suppressed",
        /// They have ended notifications.
        OptedOut = "opted_out",
        /// They have ended advertising, with us or with the channel.
        MarketingStopped = "marketing_stopped",
        /// They have not agreed to advertising.
        NoMarketingConsent = "no_marketing_consent",
        /// They have neither agreed nor ever dealt with us here.
        NoConsent = "no_consent",
    }
}

impl Unwanted {
    /// Why, and what can be done, for whoever wanted to send it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Suppressed => {
                "this address is on the suppression list; an admin can take it off on the page Suppressions"
            }
            Self::OptedOut => {
                "the customer has ended notifications; only their START, or a newer consent that you can prove \
                 (`consent`), begins them again"
            }
            Self::MarketingStopped => {
                "the customer has ended advertising; only a newer consent that you can prove (`consent`) begins it \
                 again, or the customer in WhatsApp where they ended it there"
            }
            Self::NoMarketingConsent => {
                "advertising needs the customer's consent; send `consent` with when and how it was given"
            }
            Self::NoConsent => {
                "this customer has never written to this inbox; send `consent` with when and how they agreed"
            }
        }
    }
}

/// How a customer stands to being sent something unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Whether one of their addresses is on the list of the suppressed.
    pub suppressed: bool,
    /// What they last said of notifications.
    pub notifications: Option<bool>,
    /// What they last said of advertising to us.
    pub marketing: Option<bool>,
    /// What they last said of advertising to the channel.
    pub channel_marketing: Option<bool>,
    /// Whether there is a conversation that they have written in.
    pub has_written: bool,
}

/// What follows from how a customer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notify {
    /// It may leave.
    Now,
    /// It may leave then, when the quiet hours are over.
    Later(DateTime<Utc>),
    /// It may not leave.
    Not(Unwanted),
}

/// Whether and when something may be sent unasked; `quiet` are the hours in which nobody is notified.
pub fn may_notify(
    category: TemplateCategory,
    standing: Standing,
    quiet: Option<&Hours>,
    now: DateTime<Utc>,
) -> Notify {
    if let Some(unwanted) = unwanted(category, standing) {
        return Notify::Not(unwanted);
    }
    let waits = match category {
        TemplateCategory::Authentication => None,
        TemplateCategory::Utility | TemplateCategory::Marketing | TemplateCategory::Other => {
            quiet.and_then(|quiet| quiet.open_until(now))
        }
    };
    waits.map_or(Notify::Now, Notify::Later)
}

/// Why nothing may be sent unasked at all, if so.
pub fn unwanted(category: TemplateCategory, standing: Standing) -> Option<Unwanted> {
    if standing.suppressed {
        return Some(Unwanted::Suppressed);
    }
    let is_out = standing.notifications == Some(false);
    match category {
        TemplateCategory::Authentication => None,
        _ if is_out => Some(Unwanted::OptedOut),
        // What nobody knows might be advertising.
        TemplateCategory::Marketing | TemplateCategory::Other => {
            let stopped = [standing.marketing, standing.channel_marketing].contains(&Some(false));
            match standing.marketing {
                _ if stopped => Some(Unwanted::MarketingStopped),
                Some(true) => None,
                _ => Some(Unwanted::NoMarketingConsent),
            }
        }
        TemplateCategory::Utility => {
            let agreed = standing.notifications == Some(true);
            (!agreed && !standing.has_written).then_some(Unwanted::NoConsent)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TemplateCategory::{self, Authentication, Marketing, Other, Utility};
    use super::{Hours, Notify, Standing, Unwanted, may_notify};
    use crate::conversation::Range;
    use chrono::{DateTime, NaiveTime, Utc};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn decide(category: TemplateCategory, standing: Standing) -> Notify {
        may_notify(category, standing, None, at("2026-11-27T12:00:00Z"))
    }

    #[test]
    fn each_category_needs_what_it_needs() {
        let nobody = Standing::default();
        let known = Standing { has_written: true, ..nobody };
        let agreed = Standing { notifications: Some(true), ..nobody };
        let keen = Standing { marketing: Some(true), ..known };
        let out = Standing { notifications: Some(false), ..keen };
        let no = |unwanted| Notify::Not(unwanted);
        for (category, standing, decided) in [
            (Utility, nobody, no(Unwanted::NoConsent)),
            (Utility, known, Notify::Now),
            (Utility, agreed, Notify::Now),
            (Utility, out, no(Unwanted::OptedOut)),
            (Utility, Standing { marketing: Some(false), ..known }, Notify::Now),
            (Utility, Standing { channel_marketing: Some(false), ..known }, Notify::Now),
            (Marketing, nobody, no(Unwanted::NoMarketingConsent)),
            (Marketing, known, no(Unwanted::NoMarketingConsent)),
            (Marketing, agreed, no(Unwanted::NoMarketingConsent)),
            (Marketing, keen, Notify::Now),
            (
                Marketing,
                Standing { channel_marketing: Some(true), ..known },
                no(Unwanted::NoMarketingConsent),
            ),
            (
                Marketing,
                Standing { channel_marketing: Some(false), ..keen },
                no(Unwanted::MarketingStopped),
            ),
            (
                Marketing,
                Standing { marketing: Some(false), ..known },
                no(Unwanted::MarketingStopped),
            ),
            (Marketing, out, no(Unwanted::OptedOut)),
            (Other, known, no(Unwanted::NoMarketingConsent)),
            (Other, keen, Notify::Now),
            (Authentication, nobody, Notify::Now),
            (Authentication, out, Notify::Now),
        ] {
            assert_eq!(decide(category, standing), decided, "{category} {standing:?}");
            let suppressed = Standing { suppressed: true, ..standing };
            assert_eq!(decide(category, suppressed), no(Unwanted::Suppressed), "{category}");
        }
    }

    #[test]
    fn quiet_hours_put_it_off_to_their_end_by_the_clock_of_their_zone() {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("a time");
        let quiet = |from, until| {
            Hours::daily(chrono_tz::Europe::Berlin, Range { from: time(from), until: time(until) })
        };
        let (night, noon) = (quiet(21, 8), quiet(12, 14));
        let known = Standing { has_written: true, ..Standing::default() };
        for (quiet, now, later) in [
            // Winter: an hour ahead of UTC.
            (&night, "2026-11-27T19:59:59Z", None),
            (&night, "2026-11-27T20:00:00Z", Some("2026-11-28T07:00:00Z")),
            (&night, "2026-11-28T03:00:00Z", Some("2026-11-28T07:00:00Z")),
            (&night, "2026-11-28T07:00:00Z", None),
            // Summer: two.
            (&night, "2026-07-14T19:00:00Z", Some("2026-07-15T06:00:00Z")),
            // The nights in which the clock changes end at eight by the clock.
            (&night, "2026-10-24T22:00:00Z", Some("2026-10-25T07:00:00Z")),
            (&night, "2027-03-27T22:00:00Z", Some("2027-03-28T06:00:00Z")),
            (&noon, "2026-11-27T12:30:00Z", Some("2026-11-27T13:00:00Z")),
            (&noon, "2026-11-27T13:00:00Z", None),
        ] {
            let decide = |category| may_notify(category, known, Some(quiet), at(now));
            let decided = later.map_or(Notify::Now, |later| Notify::Later(at(later)));
            assert_eq!(decide(Utility), decided, "{now}");
            assert_eq!(decide(Authentication), Notify::Now, "{now}");
            let none = may_notify(Utility, Standing::default(), Some(quiet), at(now));
            assert_eq!(none, Notify::Not(Unwanted::NoConsent), "{now}");
        }
    }
}
