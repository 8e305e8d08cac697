//! What commands print; who stops reading early, as `head` does, is no error.

use std::fmt::Display;
use std::io::{ErrorKind, Write as _};
use std::process;

/// A number of things, as one says it: `1 entry`, `2 entries`.
pub(super) fn counted(number: usize, one: &str, several: &str) -> String {
    let thing = if number == 1 { one } else { several };
    format!("{number} {thing}")
}

/// Prints a line on standard output, and ends the program quietly when nobody reads it any more.
pub(super) fn line(text: impl Display) {
    if let Err(error) = writeln!(std::io::stdout(), "{text}") {
        let code = i32::from(error.kind() != ErrorKind::BrokenPipe);
        process::exit(code);
    }
}
