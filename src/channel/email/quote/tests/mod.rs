//! Mails written for these tests, in many languages.

mod answers;
mod headers;
mod limits;
mod signatures;

use super::strip;

/// The words that stay of a mail.
fn check(mail: &str, kept: &str) {
    assert_eq!(strip(mail).kept, kept, "in\n{mail}");
}
