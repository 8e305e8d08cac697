//! "From: … Sent: … To: … Subject: …" above what Outlook and others quote, in many languages.

use super::banner;
use super::field::{Role, role};
use super::line::{Kind, Line, Rule};

/// Field lines that may stand apart by lines of a long list of recipients.
const CONTINUED: usize = 4;
/// Lines of such a block, with all the lists in it.
const LONGEST: usize = 40;

/// Marks every such block among the lines that are still text.
pub(super) fn mark(lines: &mut [Line]) {
    let roles: Vec<u32> = lines.iter().map(roles).collect();
    let mut at = 0;
    while at < lines.len() {
        if roles[at] == 0 {
            at += 1;
            continue;
        }
        let (end, found) = extent(lines, &roles, at);
        if is_block(lines, at, end, found) {
            for line in &mut lines[at..end] {
                line.kind = Kind::Banner;
            }
            mark_above(lines, at);
            at = end;
        } else {
            at += 1;
        }
    }
}

/// The fields that a line holds: mostly one, all of them where lines were lost.
fn roles(line: &Line) -> u32 {
    if line.kind != Kind::Text || !line.folded.contains(':') {
        return 0;
    }
    let folded = line.folded.trim_start_matches(['*', '|', ' ', '_', '#']);
    let Some((name, _)) = folded.split_once(':') else { return 0 };
    let Some(first) = role(name) else { return 0 };
    let inside = folded.split_whitespace().filter_map(|word| role(word.strip_suffix(':')?));
    inside.fold(first as u32, |found, role| found | role as u32)
}

/// Where the fields from `at` on end, and which they are.
fn extent(lines: &[Line], roles: &[u32], at: usize) -> (usize, u32) {
    let (mut end, mut found) = (at + 1, roles[at]);
    let mut between = 0;
    let mut blanks = 0;
    for (index, line) in lines.iter().enumerate().skip(at + 1).take(LONGEST) {
        let here = roles[index];
        if here != 0 && here & found & !(Role::Copy as u32) == 0 {
            (end, found, between, blanks) = (index + 1, found | here, 0, 0);
        } else if line.is_blank() {
            blanks += 1;
        } else {
            between += 1;
        }
        let is_broken = blanks > 1 || between > CONTINUED || (blanks > 0 && between > 0);
        if is_broken || !matches!(line.kind, Kind::Text | Kind::Blank) {
            break;
        }
    }
    (end, found)
}

/// Three fields, among them who and either a subject or an address; two right below a rule.
fn is_block(lines: &[Line], at: usize, end: usize, found: u32) -> bool {
    let has = |role: Role| found & role as u32 != 0;
    let address = lines[at..end].iter().any(|line| line.folded.contains('@'));
    let is_headed = above(lines, at).is_some_and(|above| {
        matches!(lines[above].kind, Kind::Rule(_) | Kind::Banner | Kind::Forward | Kind::Intro)
    });
    let who = has(Role::From) || (has(Role::To) && has(Role::Date));
    let known = has(Role::Subject) || address;
    who && known && (found.count_ones() >= 3 || (found.count_ones() == 2 && is_headed))
}

/// The line above, blank ones left out.
fn above(lines: &[Line], at: usize) -> Option<usize> {
    lines[..at].iter().rposition(|line| !line.is_blank())
}

/// Rules, and words of unknown languages between dashes, belong to the block below them.
fn mark_above(lines: &mut [Line], at: usize) {
    let Some(above) = above(lines, at) else { return };
    let line = &lines[above];
    let is_rule = matches!(line.kind, Kind::Rule(Rule::Footer | Rule::Other | Rule::Signature));
    let is_words = line.kind == Kind::Text
        && (banner::inside_dashes(&line.folded).is_some() || banner::is_undashed(&line.folded));
    if is_rule || is_words {
        lines[above].kind = Kind::Banner;
    }
}
