//! Finding out whether a line tells a date and a time, in any language: by its digits alone.

/// What a line tells of a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// A year of four digits.
    pub year: bool,
    /// An hour and minutes.
    pub clock: bool,
    /// Day, month and year in figures.
    pub numeric: bool,
}

impl Told {
    /// Whether that is a day for certain.
    pub(super) fn is_day(self) -> bool {
        self.year || self.numeric
    }

    /// Whether that is how a mail program writes when a mail was sent.
    pub(super) fn is_moment(self) -> bool {
        self.clock && self.is_day()
    }

    /// Whether anything is told at all.
    pub(super) fn is_some(self) -> bool {
        self.clock || self.is_day()
    }
}

/// Reads what a folded line tells.
pub(super) fn told(line: &str) -> Told {
    let mut told = Told::default();
    // The last two numbers, while only a separator stood between them and the next.
    let mut before: [usize; 2] = [0; 2];
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mark = at.checked_sub(1).and_then(|mark| bytes.get(mark)).copied();
        told.year |= digits == 4 && is_year(&line[at..at + 4]);
        told.clock |=
            digits == 2 && (1..=2).contains(&before[1]) && matches!(mark, Some(b':' | b'h' | b'.'));
        told.numeric |= is_numeric(before, digits) && matches!(mark, Some(b'.' | b'/' | b'-'));
        at += digits;
        before = match bytes.get(at) {
            Some(b':' | b'h' | b'.' | b'/' | b'-') => [before[1], digits],
            _ => [0; 2],
        };
        at += usize::from(before != [0; 2]);
    }
    told
}

/// Years of our calendar, of the Thai and of the Persian one, within a person's life.
fn is_year(digits: &str) -> bool {
    ["19", "20", "25", "13", "14"].iter().any(|century| digits.starts_with(century))
}

fn is_numeric(before: [usize; 2], digits: usize) -> bool {
    let day_first = before[0] <= 2 && matches!(digits, 2 | 4);
    let year_first = before[0] == 4 && digits <= 2;
    before[0] > 0 && (1..=2).contains(&before[1]) && (day_first || year_first)
}
