//! Terms: what decides whether and how an entry is used, set for an article and changed for an entry.

use super::problem::{Flaw, flaw};
use crate::knowledge::{Audience, Publication, Risk};
use chrono::NaiveDate;
use std::fmt::Display;
use std::str::FromStr;

/// What an article sets for its entries, and an entry for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What a wrong answer would cost.
    pub risk: Risk,
    /// Who may read it.
    pub audience: Audience,
    /// The last day it holds.
    pub valid_until: Option<NaiveDate>,
    /// Whether it is live.
    pub status: Publication,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            risk: Risk::Standard,
            audience: Audience::Public,
            valid_until: None,
            status: Publication::Published,
        }
    }
}

impl Terms {
    /// The keys that [`Self::set`] knows.
    pub const KEYS: [&'static str; 4] = ["audience", "risk", "status", "valid_until"];

    /// Sets a term by its key.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), Flaw> {
        match key {
            "risk" => self.risk = word(key, value, Risk::ALL)?,
            "audience" => self.audience = word(key, value, Audience::ALL)?,
            "status" => self.status = word(key, value, Publication::ALL)?,
            "valid_until" => self.valid_until = Some(date(value)?),
            _ => return Err(unknown_key(key, &Self::KEYS)),
        }
        Ok(())
    }
}

/// The flaw of a key that nobody knows.
pub fn unknown_key(key: &str, known: &[&str]) -> Flaw {
    flaw(format!("the key `{key}` is unknown"), format!("use one of {}", known.join(", ")))
}

fn word<T: FromStr + Display>(key: &str, value: &str, all: &[T]) -> Result<T, Flaw> {
    value.parse().map_err(|_| {
        let words: Vec<String> = all.iter().map(T::to_string).collect();
        flaw(format!("`{key}` is `{value}`"), format!("use one of {}", words.join(", ")))
    })
}

/// A date of exactly ten characters; chrono alone would take `2026-3-1` too.
fn date(value: &str) -> Result<NaiveDate, Flaw> {
    NaiveDate::parse_from_str(value, "%Y-%m-%d").ok().filter(|_| value.len() == 10).ok_or_else(
        || {
            flaw(
                format!("`valid_until` is `{value}`, which is no date"),
                "write year, month and day such as 2026-03-31",
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use super::Terms;

    #[test]
    fn good_words_and_dates_are_taken() {
        let mut terms = Terms::default();
        for (key, value) in [
            ("risk", "never"),
            ("audience", "internal"),
            ("status", "draft"),
            ("valid_until", "2028-02-29"),
        ] {
            terms.set(key, value).expect(key);
        }
        assert_eq!(
            format!("{terms:?}"),
            "Terms { risk: Never, audience: Internal, valid_until: Some(2028-02-29), status: Draft }"
        );
    }

    #[test]
    fn anything_else_is_refused() {
        for (key, value) in [
            ("risk", "High"),
            ("audience", ""),
            ("status", "live"),
            ("valid_until", "2026-3-1"),
            ("valid_until", "2026-02-29"),
            ("valid_until", "31.03.2026"),
            ("valid-until", "2026-03-31"),
        ] {
            let mut terms = Terms::default();
            assert!(terms.set(key, value).is_err(), "{key}={value}");
            assert_eq!(terms, Terms::default(), "{key}={value}");
        }
    }
}
