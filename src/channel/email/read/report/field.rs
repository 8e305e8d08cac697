//! The fields that reports are made of: a name and a value a line, as in headers.

use super::super::bound;
use super::super::header::tidy;
use super::super::thread;
use crate::channel::text::clean_line;

/// Bytes that are read of a report; they name many recipients, the first are enough.
const MAX_REPORT: usize = 200_000;

/// Fields of one group that are read.
const MAX_FIELDS: usize = 500;

/// The fields of one group.
pub(super) struct Fields(Vec<(String, String)>);

/// The groups of fields in a report, parted by free lines.
pub(super) fn groups(text: &str) -> impl Iterator<Item = &str> {
    let text = bound::start_of(text, MAX_REPORT);
    text.split("\n\n")
        .flat_map(|part| part.split("\r\n\r\n"))
        .filter(|part| !part.trim().is_empty())
}

impl Fields {
    pub(super) fn read(text: &str) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in bound::start_of(text, MAX_REPORT).lines().take(MAX_FIELDS * 4) {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':')
                && fields.len() < MAX_FIELDS
            {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self(fields)
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A Message-ID without angle brackets.
    pub(super) fn id(&self, name: &str) -> Option<String> {
        thread::ids(self.value(name)?).into_iter().next()
    }

    /// An address behind its type, as in `rfc822; ana@example.com`.
    pub(super) fn address(&self, name: &str) -> Option<String> {
        let value = self.value(name)?;
        let address = value.split_once(';').map_or(value, |(_, address)| address);
        let address = tidy(&clean_line(bound::start_of(address, 500)));
        (address.contains('@')).then_some(address)
    }

    /// An enhanced status code.
    pub(super) fn status(&self, name: &str) -> Option<String> {
        status(self.value(name)?)
    }
}

/// The first enhanced status code (RFC 3463) in a text.
pub(super) fn status(text: &str) -> Option<String> {
    let words = text.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    words.map(|word| word.trim_matches('.')).find(|word| is_status(word)).map(str::to_owned)
}

fn is_status(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    matches!(parts.as_slice(), ["2" | "4" | "5", subject, detail]
        if (1..=3).contains(&subject.len()) && (1..=3).contains(&detail.len()))
}

/// Another server's words on one line, without their type.
pub(super) fn diagnostic(text: &str) -> String {
    let words = text.split_once(';').filter(|(kind, _)| !kind.contains(' '));
    clean_line(bound::start_of(words.map_or(text, |(_, words)| words), 1_000))
}
