//! Taking off a mail's words what its writer did not write now: quotes, signatures, disclaimers.
//!
//! Lines are told apart first ([`sort`]), each by its own look and its neighbours', then it is decided
//! what becomes of each ([`fate`]). Nothing is lost: every line is kept, passed on or among the parts
//! removed. Answers between quoted lines stay, together with those lines. No step looks back over
//! more than a few lines, so that time grows with the text and with nothing else.

mod banner;
mod block;
mod date;
mod device;
mod fate;
mod field;
mod intro;
mod line;
mod marks;
mod notice;
mod rule;
mod sort;
mod text;
mod words;

#[cfg(test)]
mod gold;
#[cfg(test)]
mod tests;

use crate::conversation::{Removed, RemovedKind};
use fate::Fate;
use line::Line;

/// A mail's words, parted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stripped {
    /// What its writer wrote now; all of it where nothing would be left.
    pub kept: String,
    /// The mail that is passed on below it, if one is: content, though not the writer's words.
    pub forwarded: Option<String>,
    /// What was taken off.
    pub removed: Vec<Removed>,
}

/// Parts the plain words of a mail.
pub(super) fn strip(text: &str) -> Stripped {
    let lines = sort::sort(text);
    let fates = fate::of(&lines);
    let kept = join(&lines, &fates, |fate| fate == Fate::Kept);
    if kept.is_empty() {
        return Stripped { kept: whole(&lines), forwarded: None, removed: Vec::new() };
    }
    let forwarded = join(&lines, &fates, |fate| fate == Fate::Forwarded);
    let forwarded = (!forwarded.is_empty()).then_some(forwarded);
    Stripped { kept, forwarded, removed: removed(&lines, &fates) }
}

fn whole(lines: &[Line]) -> String {
    let lines: Vec<&str> = lines.iter().map(|line| line.raw).collect();
    lines.join("\n").trim().to_owned()
}

fn join(lines: &[Line], fates: &[Fate], is_wanted: impl Fn(Fate) -> bool) -> String {
    let wanted = lines.iter().zip(fates).filter(|(_, fate)| is_wanted(**fate));
    let wanted: Vec<&str> = wanted.map(|(line, _)| line.raw).collect();
    wanted.join("\n").trim().to_owned()
}

/// The parts taken off, each as long as its lines follow each other.
fn removed(lines: &[Line], fates: &[Fate]) -> Vec<Removed> {
    let mut removed = Vec::new();
    let mut start = 0;
    for run in fates.chunk_by(|one, next| one == next) {
        let part = &lines[start..start + run.len()];
        start += run.len();
        let kind = match run[0] {
            Fate::Quoted => RemovedKind::Quote,
            Fate::Signed => RemovedKind::Signature,
            Fate::Kept | Fate::Forwarded => continue,
        };
        let text = whole(part);
        if !text.is_empty() {
            removed.push(Removed { kind, text });
        }
    }
    removed
}
