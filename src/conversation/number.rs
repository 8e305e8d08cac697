//! How a WhatsApp number fares: what Meta says of it, and what somebody should mend before it stops.

use crate::word::words;
use chrono::{DateTime, TimeDelta, Utc};

/// How long before something ends it is warned of.
const AHEAD: TimeDelta = TimeDelta::days(14);

/// How long what Meta tells of a restriction counts, unless it tells of the end.
const TOLD_FOR: TimeDelta = TimeDelta::days(7);

words! {
    /// How well customers take what a number sends, as Meta sees it.
    Quality {
        /// High.
        Green = "GREEN",
        /// Medium.
        Yellow = "YELLOW",
        /// Low: customers block or report it.
        Red = "RED",
        /// Not rated yet.
        Unknown = "UNKNOWN",
    }
}

/// What is known of a number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NumberHealth {
    /// The number as people write it.
    pub shown: Option<String>,
    /// The name that customers see.
    pub name: Option<String>,
    /// How well customers take what it sends.
    pub quality: Option<Quality>,
    /// How many customers it may write to first within a day, in Meta's word, such as `TIER_1K`.
    pub tier: Option<String>,
    /// How fast it may send, in Meta's word, such as `STANDARD`.
    pub throughput: Option<String>,
    /// When the token ends; none where it does not, or nobody knows.
    pub token_ends: Option<DateTime<Utc>>,
    /// When Meta withholds data from the app, unless somebody logs in again.
    pub data_ends: Option<DateTime<Utc>>,
    /// What keeps the account or the number from sending, in words, as the last look found.
    pub restriction: Option<String>,
    /// The same as Meta told it by itself: a look does not see every kind, so it ends none of these. Not of every one
    /// is the end told either, so it counts for a week.
    pub told_restriction: Option<String>,
    /// Since when that is so, or is over.
    pub told_at: Option<DateTime<Utc>>,
    /// Why the last look at it failed.
    pub problem: Option<String>,
    /// When it was last looked at with success.
    pub looked_at: Option<DateTime<Utc>>,
    /// When Meta last called.
    pub heard_at: Option<DateTime<Utc>>,
}

/// What is told of whatever keeps a number from sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restriction {
    /// It holds, in these words.
    Holds(String),
    /// It is over.
    Over,
}

/// What Meta tells by itself of a number or its account; what is not told is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NumberNews {
    /// The number as people write it, where the news are about one number of the account.
    pub about: Option<String>,
    /// How well customers take what it sends.
    pub quality: Option<Quality>,
    /// How many customers it may write to first within a day.
    pub tier: Option<String>,
    /// How fast it may send.
    pub throughput: Option<String>,
    /// The name that customers see from now on.
    pub name: Option<String>,
    /// Whether something keeps it from sending, or no longer does.
    pub restriction: Option<Restriction>,
    /// When it was so.
    pub at: DateTime<Utc>,
}

/// What somebody should mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberWarning {
    /// The token ends soon, or has ended.
    Token(DateTime<Utc>),
    /// Access to data ends soon, or has ended.
    Data(DateTime<Utc>),
    /// The version of the Graph API ends soon, or has ended.
    Version(DateTime<Utc>),
    /// Customers block or report what the number sends.
    Quality,
    /// The number or its account may not send.
    Restricted(String),
    /// Nobody knows how it fares.
    Unseen(String),
}

impl NumberWarning {
    /// Its name in logs and metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Token(_) => "token",
            Self::Data(_) => "data",
            Self::Version(_) => "version",
            Self::Quality => "quality",
            Self::Restricted(_) => "restricted",
            Self::Unseen(_) => "unseen",
        }
    }

    /// Every name that a warning has.
    pub const KINDS: [&'static str; 6] =
        ["token", "data", "version", "quality", "restricted", "unseen"];
}

impl NumberHealth {
    /// Takes in what Meta tells by itself. What is about another number changes nothing, nor does what is older than
    /// the last look, or than what was told of restrictions; whether it changed something.
    pub fn hear(&mut self, news: &NumberNews) -> bool {
        let is_other = match (&news.about, &self.shown) {
            (Some(about), Some(shown)) => digits(about) != digits(shown),
            _ => false,
        };
        if is_other {
            return false;
        }
        let before = self.clone();
        if let Some(restriction) = &news.restriction
            && self.told_at.is_none_or(|told| told <= news.at)
        {
            self.told_at = Some(news.at);
            self.told_restriction = match restriction {
                Restriction::Holds(words) => Some(words.clone()),
                Restriction::Over => None,
            };
        }
        if self.looked_at.is_some_and(|looked| news.at < looked) {
            return *self != before;
        }
        let tell = |old: &mut Option<String>, new: &Option<String>| {
            if new.is_some() {
                old.clone_from(new);
            }
        };
        tell(&mut self.tier, &news.tier);
        tell(&mut self.throughput, &news.throughput);
        tell(&mut self.name, &news.name);
        self.quality = news.quality.or(self.quality);
        *self != before
    }

    /// What somebody should mend, the gravest first. `version_ends` is when the version of the Graph API ends.
    pub fn warnings(
        &self,
        version_ends: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Vec<NumberWarning> {
        let soon = |end: &DateTime<Utc>| *end <= now + AHEAD;
        let told = self.told_at.is_some_and(|at| now < at + TOLD_FOR);
        let told = self.told_restriction.clone().filter(|_| told);
        let all = [
            self.restriction.clone().or(told).map(NumberWarning::Restricted),
            self.problem.clone().map(NumberWarning::Unseen),
            self.token_ends.filter(soon).map(NumberWarning::Token),
            self.data_ends.filter(soon).map(NumberWarning::Data),
            version_ends.filter(soon).map(NumberWarning::Version),
            (self.quality == Some(Quality::Red)).then_some(NumberWarning::Quality),
        ];
        all.into_iter().flatten().collect()
    }
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::{NumberHealth, NumberNews, NumberWarning, Quality, Restriction};
    use chrono::{DateTime, TimeDelta, Utc};

    fn now() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().expect("a time")
    }

    #[test]
    fn what_ends_is_told_two_weeks_before() {
        let in_days = |days: i64| Some(now() + TimeDelta::days(days));
        for (days, expected) in [(15, 0), (14, 3), (0, 3), (-3, 3)] {
            let health = NumberHealth {
                token_ends: in_days(days),
                data_ends: in_days(days),
                ..NumberHealth::default()
            };
            assert_eq!(health.warnings(in_days(days), now()).len(), expected, "{days}");
        }
        let fine = NumberHealth { quality: Some(Quality::Yellow), ..NumberHealth::default() };
        assert_eq!(fine.warnings(None, now()), []);
        let bad = NumberHealth {
            quality: Some(Quality::Red),
            restriction: Some("locked".into()),
            problem: Some("no answer".into()),
            ..NumberHealth::default()
        };
        let kinds: Vec<_> = bad.warnings(None, now()).iter().map(NumberWarning::kind).collect();
        assert_eq!(kinds, ["restricted", "unseen", "quality"]);
    }

    #[test]
    fn news_count_for_their_number_and_from_their_time() {
        let known = NumberHealth {
            shown: Some("+1 555-078-3881".into()),
            quality: Some(Quality::Green),
            looked_at: Some(now()),
            ..NumberHealth::default()
        };
        let news = |about: Option<&str>, seconds: i64| NumberNews {
            about: about.map(str::to_owned),
            quality: Some(Quality::Red),
            at: now() + TimeDelta::seconds(seconds),
            ..NumberNews::default()
        };
        for (news, counts) in [
            (news(Some("15550783881"), 1), true),
            (news(None, 0), true),
            (news(Some("15550783882"), 1), false),
            (news(None, -1), false),
        ] {
            let mut health = known.clone();
            assert_eq!(health.hear(&news), counts, "{news:?}");
            let quality = if counts { Quality::Red } else { Quality::Green };
            assert_eq!(health.quality, Some(quality), "{news:?}");
        }
    }

    #[test]
    fn a_restriction_that_was_told_ends_when_that_is_told() {
        let mut health = NumberHealth { looked_at: Some(now()), ..NumberHealth::default() };
        let holds = Restriction::Holds("locked".into());
        for (restriction, seconds, is_held) in [
            // A look has not seen it, though it came later.
            (&holds, -60, true),
            (&Restriction::Over, -90, true),
            (&Restriction::Over, 10, false),
            (&holds, 5, false),
        ] {
            let at = now() + TimeDelta::seconds(seconds);
            let restriction = Some(restriction.clone());
            health.hear(&NumberNews { restriction, at, ..NumberNews::default() });
            let warnings = health.warnings(None, now());
            assert_eq!(warnings.len(), usize::from(is_held), "{seconds}: {warnings:?}");
            assert_eq!(health.warnings(None, now() + TimeDelta::days(8)), []);
        }
    }
}
