//! What somebody should mend at a WhatsApp number, in words.

use super::clockface::Moment;
use crate::conversation::NumberWarning;
use crate::store::{Agent, Role};
use crate::web::Web;
use crate::web::markdown::visible;
use chrono::{DateTime, TimeDelta, Utc};

/// A warning on every page.
pub(super) struct Alert {
    pub(super) inbox: String,
    pub(super) words: String,
}

/// What an admin is warned of on every page.
pub(super) fn alerts(web: &Web, agent: &Agent) -> Vec<Alert> {
    if agent.role < Role::Admin {
        return Vec::new();
    }
    let now = web.desk.clock.now();
    let all = web.desk.number_warnings();
    let of = |(inbox, warnings): (_, Vec<NumberWarning>)| {
        let inbox = format!("{inbox}");
        warnings
            .iter()
            .map(|warning| Alert { inbox: inbox.clone(), words: words(warning, now) })
            .collect::<Vec<_>>()
    };
    all.into_iter().flat_map(of).collect()
}

/// When something ends, as seen from now.
pub(super) struct Ending {
    pub(super) words: String,
    pub(super) iso: String,
    pub(super) exact: String,
}

impl Ending {
    pub(super) fn new(at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let moment = Moment::new(at, now);
        let words = match days(at, now) {
            Some(days) => t!("number-ends", days = days),
            None => t!("number-ended"),
        };
        Self { words, iso: moment.iso, exact: moment.exact }
    }
}

/// Whole days until then; none once it is over.
fn days(at: DateTime<Utc>, now: DateTime<Utc>) -> Option<i64> {
    (at > now).then(|| (at - now + TimeDelta::hours(12)).num_days())
}

/// A warning, and what to do.
pub(super) fn words(warning: &NumberWarning, now: DateTime<Utc>) -> String {
    match warning {
        NumberWarning::Token(at) => match days(*at, now) {
            Some(days) => t!("number-warn-token", days = days),
            None => t!("number-warn-token-over"),
        },
        NumberWarning::Data(at) => match days(*at, now) {
            Some(days) => t!("number-warn-data", days = days),
            None => t!("number-warn-data-over"),
        },
        NumberWarning::Version(at) => match days(*at, now) {
            Some(days) => t!("number-warn-version", days = days),
            None => t!("number-warn-version-over"),
        },
        NumberWarning::Quality => t!("number-warn-quality"),
        NumberWarning::Restricted(words) => t!("number-warn-restricted", words = visible(words)),
        NumberWarning::Unseen(words) => t!("number-warn-unseen", words = visible(words)),
    }
}
