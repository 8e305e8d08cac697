//! What an error of the Graph API means and what follows from it (Meta, Cloud API reference, "Error codes").
//!
//! Only the code counts: Meta says of titles and messages that they change, and the HTTP status tells nothing.

use crate::conversation::Sent;
use chrono::{DateTime, TimeDelta, Utc};

/// What follows from an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Class {
    /// It passes: the same request may be taken later.
    Later,
    /// More than 24 hours since the customer wrote: only a template can be sent.
    WindowClosed,
    /// This customer cannot be reached, now or ever.
    Recipient,
    /// The request is wrong; it would be wrong again.
    Request,
    /// The number or the account may not send: nothing can leave until somebody mends it.
    Account,
}

/// An error in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// What follows from it.
    pub(super) class: Class,
    /// What happened and what to do, without anybody's name.
    pub(super) words: String,
}

/// The limit of messages to one recipient.
const PAIR_LIMIT: i64 = 131_056;
/// The longest wait that the pair limit asks for: 4^5 seconds.
const MOST_POWERS: i64 = 5;
/// What Meta says is put into words of at most this length.
const MAX_DETAILS: usize = 300;

/// Codes that have words of their own.
const KNOWN: &[(i64, Class, &str)] = &[
    (2, Class::Later, "Meta's service is not available for the moment"),
    (4, Class::Later, "the app has made too many calls for the moment"),
    (80_007, Class::Later, "the account has made too many calls for the moment"),
    (
        130_429,
        Class::Later,
        "the number sends faster than Meta allows; lower messages_per_second if this goes on",
    ),
    (PAIR_LIMIT, Class::Later, "too many messages to this customer in a short time"),
    (131_016, Class::Later, "Meta's service is overloaded for the moment"),
    (133_016, Class::Later, "the number was registered too often; it waits for an hour or more"),
    (131_057, Class::Later, "the number is being upgraded by Meta, for a minute or so"),
    (131_047, Class::WindowClosed, WINDOW),
    (470, Class::WindowClosed, WINDOW),
    (
        131_026,
        Class::Recipient,
        "the message cannot be delivered: the customer has no WhatsApp there, an old version, or has not accepted its terms; reach them another way",
    ),
    (131_021, Class::Recipient, "the number cannot write to itself"),
    (
        131_030,
        Class::Recipient,
        "the customer's number is not on the test number's list; add it in Meta's console or use the real number",
    ),
    (131_050, Class::Recipient, "the customer has stopped marketing messages of this business"),
    (
        131_049,
        Class::Recipient,
        "Meta has not delivered it, to keep the customer from too much marketing; do not send it again today",
    ),
    (
        130_472,
        Class::Recipient,
        "Meta has not delivered it, since the customer is part of an experiment; reach them another way",
    ),
    (
        131_062,
        Class::Recipient,
        "this message can be sent to a phone number only, and the customer's is not known",
    ),
    (100, Class::Request, "Meta does not take the request as it is"),
    (131_008, Class::Request, "something that Meta needs is missing in the request"),
    (131_009, Class::Request, "Meta does not take a value of the request"),
    (131_051, Class::Request, "Meta does not know this type of message"),
    (131_053, Class::Request, "Meta could not take the file; check its type and size"),
    (
        132_000,
        Class::Request,
        "the template wants another number of values: it was changed; choose it again and fill it in anew",
    ),
    (
        132_001,
        Class::Request,
        "there is no such template in this language, or it is not approved; choose another",
    ),
    (132_005, Class::Request, "the template is too long with these values; shorten them"),
    (132_007, Class::Request, "the template's content breaks a rule of WhatsApp; choose another"),
    (
        132_012,
        Class::Request,
        "the template wants values of another form: it was changed; choose it again and fill it in anew",
    ),
    (
        132_015,
        Class::Request,
        "the template is paused, since customers complained about it; choose another, or wait until Meta lets it be sent again",
    ),
    (
        132_016,
        Class::Request,
        "the template is disabled, since it was paused too often; choose another, and have a new one approved in WhatsApp Manager",
    ),
    (
        132_018,
        Class::Request,
        "a value of the template holds what Meta does not take, such as a line break or four spaces in a row; fill it in anew",
    ),
    (
        132_068,
        Class::Request,
        "the form behind the template is blocked; mend it in WhatsApp Manager",
    ),
    (132_069, Class::Later, "the form behind the template was opened too often for the moment"),
    (0, Class::Account, "Meta does not know who we are; make a new access token"),
    (
        3,
        Class::Account,
        "the app may not do this; give the token the permission whatsapp_business_messaging",
    ),
    (10, Class::Account, "the token lacks a permission; give it whatsapp_business_messaging"),
    (
        190,
        Class::Account,
        "the access token has expired or was withdrawn; make a new one and put it into the settings",
    ),
    (
        368,
        Class::Account,
        "the account is blocked for a time, since it broke a rule; see Meta's Business Support",
    ),
    (130_497, Class::Account, "the account may not write to customers of this country"),
    (
        131_005,
        Class::Account,
        "the token may not use this number; give it access to the WhatsApp account",
    ),
    (131_031, Class::Account, "the account is locked; see Meta's Business Support"),
    (
        131_042,
        Class::Account,
        "there is trouble with paying Meta; check the payment method in WhatsApp Manager",
    ),
    (
        131_045,
        Class::Account,
        "the number is not registered rightly; register it again in Meta's console",
    ),
    (
        131_048,
        Class::Account,
        "the number may send no more for now, since too many of its messages were blocked or reported; see its quality in WhatsApp Manager",
    ),
    (
        133_010,
        Class::Account,
        "the number is not registered with the Cloud API; register it in Meta's console",
    ),
];

const WINDOW: &str =
    "more than 24 hours have passed since the customer wrote; only a template can be sent now";

/// Puts an error into words. A code that is not known is taken for a wrong request: it is not sent again.
pub(super) fn explain(code: i64, details: &str) -> Told {
    let known = KNOWN.iter().find(|(known, ..)| *known == code);
    let (class, words) = match known {
        Some((_, class, words)) => (*class, *words),
        None if (200..300).contains(&code) => (
            Class::Account,
            "the token lacks a permission; give it whatsapp_business_messaging and whatsapp_business_management",
        ),
        None => (Class::Request, "Meta does not take the message"),
    };
    let details = said(details);
    let details = if details.is_empty() { details } else { format!("; Meta says: {details}") };
    Told { class, words: format!("{words} (error {code}){details}") }
}

/// How an attempt ended that Meta answered with an error; nothing was sent.
pub(super) fn ended(told: &Told, code: i64, attempt: i64, now: DateTime<Utc>) -> Sent {
    match told.class {
        Class::Later if code == PAIR_LIMIT => {
            let powers = attempt.saturating_sub(1).clamp(0, MOST_POWERS);
            let seconds = 4_i64.pow(u32::try_from(powers).unwrap_or(0));
            Sent::Again(now + TimeDelta::seconds(seconds), told.words.clone())
        }
        Class::Later => Sent::Again(now, told.words.clone()),
        Class::WindowClosed | Class::Recipient | Class::Request => {
            Sent::Refused(told.words.clone())
        }
        Class::Account => Sent::Held(now, told.words.clone()),
    }
}

/// The words for a window that has closed before we tried.
pub(super) fn window_closed() -> String {
    WINDOW.to_owned()
}

/// What Meta says, on one line, with long numbers taken out: they are customers' at times, and this ends in logs.
fn said(details: &str) -> String {
    let line = crate::channel::text::clean_line(details);
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
    let masked = line.split(' ').map(|word| {
        let is_name = digits(word) >= 7 || word.contains('@');
        if is_name { "…" } else { word }
    });
    masked.collect::<Vec<_>>().join(" ").chars().take(MAX_DETAILS).collect()
}

#[cfg(test)]
mod tests {
    use super::{Class, KNOWN, ended, explain};
    use crate::conversation::Sent;
    use chrono::{DateTime, TimeDelta};
    use std::collections::BTreeSet;

    #[test]
    fn each_code_has_its_class() {
        for (class, codes) in [
            (
                Class::Later,
                &[4, 80_007, 130_429, 131_056, 131_016, 2, 133_016, 131_057, 132_069][..],
            ),
            (Class::WindowClosed, &[131_047, 470]),
            (Class::Recipient, &[131_026, 131_021, 131_030, 131_050, 131_049, 130_472, 131_062]),
            (
                Class::Request,
                &[
                    100, 131_008, 131_009, 131_051, 132_000, 132_001, 132_005, 132_007, 132_012,
                    132_015, 132_016, 132_018, 132_068, 131_053, 999_999,
                ],
            ),
            (
                Class::Account,
                &[
                    0, 3, 10, 190, 200, 299, 131_005, 368, 131_031, 130_497, 131_042, 131_045,
                    131_048, 133_010,
                ],
            ),
        ] {
            for code in codes {
                assert_eq!(explain(*code, "").class, class, "{code}");
            }
        }
        let codes: BTreeSet<i64> = KNOWN.iter().map(|(code, ..)| *code).collect();
        assert_eq!(codes.len(), KNOWN.len(), "no code stands twice");
    }

    #[test]
    fn words_say_what_to_do_and_name_nobody() {
        let told = explain(190, "Error for +16505551234:\nexpired at anna@shop.example");
        assert!(told.words.contains("make a new one") && told.words.contains("190"), "{told:?}");
        assert!(!told.words.contains("6505551234") && !told.words.contains("anna"), "{told:?}");
        assert!(!told.words.contains('\n'));
        assert!(explain(131_047, "").words.contains("template"));
    }

    #[test]
    fn an_error_ends_an_attempt_as_its_class_says() {
        let now = DateTime::UNIX_EPOCH;
        let end = |code: i64, attempt: i64| ended(&explain(code, ""), code, attempt, now);
        for (attempt, seconds) in [(1, 1), (2, 4), (3, 16), (4, 64), (5, 256), (9, 1_024)] {
            let Sent::Again(at, _) = end(131_056, attempt) else { panic!("it is tried again") };
            assert_eq!(at, now + TimeDelta::seconds(seconds), "attempt {attempt}");
        }
        assert!(matches!(end(130_429, 1), Sent::Again(at, _) if at == now));
        for code in [131_047, 131_026, 100, 4_711] {
            assert!(matches!(end(code, 1), Sent::Refused(_)), "{code}");
        }
        assert!(matches!(end(190, 1), Sent::Held(..)));
    }
}
