//! "On … wrote:", the line or lines by which a mail program announces a quote, in many languages.
//!
//! Languages differ in words and order, programs in what they leave out. What they have in common is
//! asked for: a day, the time, an address, a verb of writing, a colon at the end; enough of them
//! together, so that no sentence of a person passes for one.

use super::date::{self, Told};
use super::line::Line;
use super::text;
use super::words::{OPENINGS, PRONOUNS, VERBS, VERBS_BEFORE_NAME};

/// Lines that such a header may be broken into.
const LINES: usize = 6;
/// Characters of such a header.
const CHARACTERS: usize = 300;
/// Words of such a header before its address.
const WORDS: usize = 22;

/// How many lines from `at` on are such a header; none where they are not.
pub(super) fn length(lines: &[Line], at: usize) -> usize {
    let first = bare(&lines[at].folded);
    if first.is_empty() || first.len() > CHARACTERS {
        return 0;
    }
    if is_intro(first, &lines[at].folded, &lines[at + 1..]) {
        return 1 + torn_off(&lines[at + 1..]);
    }
    if !may_go_on(first) {
        return 0;
    }
    let mut joined = first.to_owned();
    for count in 1..LINES.min(lines.len() - at) {
        let Some(next) = continuation(&lines[at + count]) else { return 0 };
        if next.is_empty() {
            continue;
        }
        let before = date::told(&joined);
        joined.push(' ');
        joined.push_str(&next);
        if joined.len() > CHARACTERS || begins_anew(before, &next) {
            return 0;
        }
        if is_intro(bare(&joined), &joined, &lines[at + count + 1..]) {
            return count + 1 + torn_off(&lines[at + count + 1..]);
        }
    }
    0
}

/// Whether a line tells a day of its own, so that it goes on with nothing.
fn begins_anew(before: Told, next: &str) -> bool {
    let told = date::told(next);
    told.is_some() && (opens(next) || (before.is_day() && told.is_day()))
}

/// Lines up to one that only ends a header, though it looks quoted.
fn torn_off(after: &[Line]) -> usize {
    let shown = after.iter().take(2).position(|line| !line.is_blank());
    let is_end = |at: &usize| after[*at].is_quote() && continuation(&after[*at]).is_some();
    shown.filter(is_end).map_or(0, |at| at + 1)
}

/// A line that may belong to the header begun above it.
fn continuation(line: &Line) -> Option<String> {
    if !line.is_quote() {
        return Some(line.folded.clone());
    }
    // A broken address can leave `>:` or `> wrote:` at the head of a line.
    let rest = text::fold(text::unquoted(line.raw));
    let words = rest.strip_suffix(':')?.trim_end();
    (words.is_empty() || VERBS.contains(&words)).then(|| format!("> {rest}"))
}

/// A header without the dashes, stars and marks that some programs put around it.
fn bare(folded: &str) -> &str {
    folded.trim_matches(|mark: char| matches!(mark, '-' | '*' | '_' | '|' | ' ' | '[' | ']'))
}

fn opens(header: &str) -> bool {
    OPENINGS.iter().any(|opening| header.starts_with(opening))
}

/// Whether a day stands at the head, as in "2026-03-01 10:00 …" or "пт, 5 янв. 2026 г. …".
fn begins_with_day(header: &str) -> bool {
    let head: String = header.chars().take(24).collect();
    head.contains(|character: char| character.is_ascii_digit()) && date::told(header).is_some()
}

/// Whether a day's name or number stands first, as in "суббота, 14 марта 2026 г. …".
fn begins_with_weekday(header: &str) -> bool {
    let mut words = header.split_whitespace();
    let has_digit = |word: &str| word.contains(|character: char| character.is_ascii_digit());
    words.next().is_some_and(|first| {
        has_digit(first) || (first.ends_with([',', '.']) && words.next().is_some_and(has_digit))
    })
}

fn may_go_on(first: &str) -> bool {
    opens(first) || begins_with_day(first) || first.ends_with('<')
}

/// Where an address is, in angle or round brackets or bare.
fn has_address(header: &str) -> bool {
    header.split_once('@').is_some_and(|(before, after)| {
        let name = before.chars().next_back();
        let host = after
            .split(|character: char| !(character.is_alphanumeric() || "-.".contains(character)));
        let host = host.into_iter().next().unwrap_or_default();
        name.is_some_and(|name| name.is_alphanumeric() || "._+-".contains(name)) && host.len() > 1
    })
}

fn is_intro(header: &str, whole: &str, after: &[Line]) -> bool {
    let is_sentence = is_sentence(header) || (header.contains(['?', '!']) && !has_address(header));
    if is_sentence && !quote_follows(after) {
        return false;
    }
    let told = date::told(header);
    let has_colon = header.ends_with(':');
    let words = header.trim_end_matches([':', ' ', '.', '…']);
    let evidence = Evidence { told, has_colon, address: has_address(header), opens: opens(header) };
    evidence.is_dated_address(header, words, after)
        || evidence.is_named_moment(header, words)
        || evidence.is_written(words, whole, after)
        || evidence.is_verb_before_name(words)
        || evidence.is_quoted_below(words, after)
        || is_posted(header)
}

struct Evidence {
    told: Told,
    has_colon: bool,
    address: bool,
    opens: bool,
}

impl Evidence {
    /// "2026-03-01 10:00 GMT+01:00 Ann <ann@example.com>:", and in every language that writes so.
    /// Without a colon lines of a log look so, too, but for what stands below them.
    fn is_dated_address(&self, header: &str, words: &str, after: &[Line]) -> bool {
        let at_head = self.opens || begins_with_day(header);
        let closes = at_head && words.ends_with(['>', ')']) && self.told.is_day();
        let is_apart = !self.told.clock && after.first().is_none_or(Line::is_blank);
        self.address
            && ((self.has_colon && (self.told.is_moment() || closes))
                || (closes && (is_apart || quote_follows(after))))
    }

    /// "2026-03-01 10:00 GMT+01:00 Ann", as Gmail once wrote without an address.
    fn is_named_moment(&self, header: &str, words: &str) -> bool {
        let zone = ["gmt+", "gmt-", "utc+", "utc-"].iter().any(|zone| header.contains(zone));
        zone && self.told.is_moment()
            && header.starts_with(|first: char| first.is_ascii_digit())
            && words.chars().count() <= 100
    }

    /// "On … wrote:"; without its colon only where a line is left blank or a quote follows.
    fn is_written(&self, words: &str, whole: &str, after: &[Line]) -> bool {
        if !self.has_colon && !self.opens && !self.address && !self.told.is_some() {
            return false;
        }
        let Some(verb) = VERBS.iter().find(|verb| text::ends_with_word(words, verb)) else {
            return false;
        };
        let who = words[..words.len() - verb.len()].trim_end();
        if is_pronoun(who) && !quote_follows(after) {
            return false;
        }
        let closes = self.has_colon
            || whole.ends_with("--")
            || after.first().is_none_or(|next| next.is_blank() || next.is_quote());
        let is_known = if self.opens {
            self.told.is_day() || (self.told.clock && self.address)
        } else {
            self.address
                || self.told.is_moment()
                || who.contains(" via ")
                || (self.told.is_day() && begins_with_weekday(words))
        };
        closes && is_known && !who.is_empty()
    }

    /// "Am … schrieb Ann <ann@example.com>:".
    fn is_verb_before_name(&self, words: &str) -> bool {
        self.has_colon
            && (self.opens || self.address || self.told.is_moment())
            && self.told.is_day()
            && VERBS_BEFORE_NAME.iter().any(|verb| text::has_word(words, verb))
            && (self.address || self.told.clock || words.chars().count() <= 80)
    }

    /// Whatever else ends in a colon right above a quote and names who wrote, or when.
    fn is_quoted_below(&self, words: &str, after: &[Line]) -> bool {
        self.has_colon
            && quote_follows(after)
            && (self.address
                || self.told.is_moment()
                || VERBS.iter().any(|verb| text::ends_with_word(words, verb)))
    }
}

/// Whether a line goes on about somebody before it comes to an address.
fn is_sentence(header: &str) -> bool {
    let words = || header.split('@').next().unwrap_or_default().split_whitespace();
    let is_about = words().next().is_some_and(|first| PRONOUNS.contains(&first));
    (is_about && !opens(header)) || words().take(WORDS + 1).count() > WORDS
}

fn is_pronoun(who: &str) -> bool {
    let last = who.rsplit([' ', ',']).next().unwrap_or_default();
    PRONOUNS.contains(&last)
}

fn quote_follows(after: &[Line]) -> bool {
    let below = after.iter().take(3).find(|line| !line.is_blank());
    below.is_some_and(|below| below.is_quote() || below.folded.starts_with("| "))
}

/// "Posted by ann on 01/21/2026", as forums write.
fn is_posted(header: &str) -> bool {
    let told = header.strip_prefix("posted by ").and_then(|rest| rest.rsplit_once(" on "));
    told.is_some_and(|(_, day)| date::told(day).numeric && day.len() <= 20)
}
