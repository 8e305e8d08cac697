//! What tells two mails of one Message-ID apart.

use crate::conversation::Mailbox;
use sha2::{Digest, Sha256};

/// Sixteen hexadecimal digits over sender, date, subject and words. Two copies of one mail that came by
/// different ways differ in other headers only, and in the space at the ends of lines.
pub(super) fn of(from: &[Mailbox], date: Option<&str>, subject: &str, words: &str) -> String {
    let mut hash = Sha256::new();
    for mailbox in from {
        hash.update(mailbox.address.as_bytes());
        hash.update([0]);
    }
    for field in [date.unwrap_or_default(), subject] {
        hash.update([1]);
        hash.update(field.as_bytes());
    }
    for line in words.trim().lines() {
        hash.update([2]);
        hash.update(line.trim_end().as_bytes());
    }
    let digits = hash.finalize().into_iter().take(8).flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
