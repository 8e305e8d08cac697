//! What kind of failure the database told of.

/// Whether the database refused what it was given, so that the same would be refused again: too large, of the wrong
/// form, against a rule (PostgreSQL, "Error Codes", classes 22, 23 and 54; SQLite, "Result Codes"). A lost line, a
/// lock that was not had and a deadlock pass.
pub fn is_refused(error: &anyhow::Error) -> bool {
    let told = error.chain().find_map(|cause| cause.downcast_ref::<sqlx::Error>());
    match told {
        Some(sqlx::Error::Database(told)) => told.code().is_some_and(|code| is_of_data(&code)),
        Some(sqlx::Error::Encode(_)) => true,
        _ => false,
    }
}

/// Whether the database could not do at the time what it was asked for: another holds it, its disk is full, its line is
/// down. What it was given may be good.
pub fn is_passing(error: &anyhow::Error) -> bool {
    let told = error.chain().find_map(|cause| cause.downcast_ref::<sqlx::Error>());
    match told {
        Some(sqlx::Error::Database(told)) => told.code().is_some_and(|code| is_of_the_time(&code)),
        Some(
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed,
        ) => true,
        _ => false,
    }
}

fn is_of_the_time(code: &str) -> bool {
    // Busy, locked, out of memory, not to be written, failing disk, full disk, not to be opened.
    const PASSING: [u32; 7] = [5, 6, 7, 8, 10, 13, 14];
    if code.len() == 5 {
        return ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class));
    }
    code.parse::<u32>().is_ok_and(|code| PASSING.contains(&(code & 0xff)))
}

fn is_of_data(code: &str) -> bool {
    const TOO_BIG: u32 = 18;
    const CONSTRAINT: u32 = 19;
    const MISMATCH: u32 = 20;
    if code.len() == 5 {
        return ["22", "23", "54"].iter().any(|class| code.starts_with(class));
    }
    // The lowest byte is the kind, the rest says more of it.
    code.parse::<u32>().is_ok_and(|code| [TOO_BIG, CONSTRAINT, MISMATCH].contains(&(code & 0xff)))
}

#[cfg(test)]
mod tests {
    use super::{is_of_data, is_of_the_time};

    #[test]
    fn what_would_be_refused_again_is_told_from_what_passes() {
        for code in ["5", "261", "13", "10", "778", "8", "40P01", "53100", "57P01"] {
            assert!(is_of_the_time(code) && !is_of_data(code), "{code}");
        }
        for code in ["1", "19", "2067", "23505", "42P01", ""] {
            assert!(!is_of_the_time(code), "{code}");
        }
        for (code, is_refused) in [
            ("22021", true),
            ("23505", true),
            ("54000", true),
            ("40001", false),
            ("40P01", false),
            ("57P01", false),
            ("53300", false),
            ("18", true),
            ("1811", true),
            ("2067", true),
            ("20", true),
            ("5", false),
            ("261", false),
            ("13", false),
            ("", false),
        ] {
            assert_eq!(is_of_data(code), is_refused, "{code}");
        }
    }
}
