//! How an attempt at a delivery ended.

use super::OutboxId;
use chrono::{DateTime, Utc};

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The channel has it, under its own name for it if it gave one.
    Accepted(Option<String>),
    /// The channel has a part of it, under this name, and waits for the next.
    Part(String),
    /// It certainly was not sent and is tried again at the given time.
    Again(DateTime<Utc>, String),
    /// It was not even tried: the channel may send nothing before the given time. That counts as no attempt.
    Held(DateTime<Utc>, String),
    /// It certainly was not sent and never will be.
    Refused(String),
    /// Nobody knows whether it was sent.
    Unknown(String),
}

/// What stands between a delivery's id and the number of a part.
const PART: char = '~';

/// The name by which the channel reports on a part of a delivery: the last part is the delivery itself.
pub fn part_name(id: &OutboxId, part: usize, of: usize) -> String {
    if part + 1 >= of { id.to_string() } else { format!("{id}{PART}{part}") }
}

/// The delivery that such a name means, and which part of it where it is not the last.
pub fn named_part(name: &str) -> (OutboxId, Option<i64>) {
    let parted = name.rsplit_once(PART).and_then(|(id, part)| Some((id, part.parse().ok()?)));
    match parted {
        Some((id, part)) => (OutboxId::from(id), Some(part)),
        None => (OutboxId::from(name), None),
    }
}

#[cfg(test)]
mod tests {
    use super::{named_part, part_name};
    use crate::conversation::OutboxId;

    #[test]
    fn a_part_is_known_by_its_name() {
        let id = OutboxId::from("out-7");
        for (part, of, name, read) in [
            (0, 1, "out-7", None),
            (0, 3, "out-7~0", Some(0)),
            (1, 3, "out-7~1", Some(1)),
            (2, 3, "out-7", None),
        ] {
            assert_eq!(part_name(&id, part, of), name);
            assert_eq!(named_part(name), (id.clone(), read));
        }
        assert_eq!(named_part("a~b").1, None);
    }
}
