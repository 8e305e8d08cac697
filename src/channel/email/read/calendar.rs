//! What an invitation says (RFC 5545), for mails that say nothing else.

use super::bound;

/// The first event of a calendar part.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Event {
    /// Whether it invites, answers or cancels (RFC 5546).
    pub(super) method: Option<String>,
    summary: Option<String>,
    start: Option<String>,
    end: Option<String>,
    place: Option<String>,
    words: Option<String>,
}

/// Reads a calendar part.
pub(super) fn read(text: &str) -> Event {
    let text = bound::start_of(text, 200_000).replace("\r\n", "\n");
    let unfolded = text.replace("\n ", "").replace("\n\t", "");
    let (mut event, mut inside, mut done) = (Event::default(), 0_usize, false);
    for line in unfolded.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let name = name.split(';').next().unwrap_or_default().trim().to_ascii_uppercase();
        let value = value.trim();
        match (name.as_str(), inside) {
            ("BEGIN", 0) if value.eq_ignore_ascii_case("VEVENT") && !done => inside = 1,
            ("BEGIN", 1..) => inside += 1,
            ("END", 1..) => {
                inside -= 1;
                done |= inside == 0;
            }
            ("METHOD", 0) => event.method = Some(value.to_ascii_uppercase()),
            // An alarm inside has a description of its own.
            (name, 1) => event.take(name, value),
            _ => {}
        }
    }
    event
}

impl Event {
    fn take(&mut self, name: &str, value: &str) {
        let place = match name {
            "SUMMARY" => &mut self.summary,
            "DTSTART" => &mut self.start,
            "DTEND" => &mut self.end,
            "LOCATION" => &mut self.place,
            "DESCRIPTION" => &mut self.words,
            _ => return,
        };
        let text = if name.starts_with("DT") { moment(value) } else { plain(value) };
        *place = place.take().or(Some(text).filter(|text| !text.trim().is_empty()));
    }

    /// The event in lines.
    pub(super) fn text(&self) -> String {
        let times: Vec<&str> =
            [&self.start, &self.end].into_iter().flatten().map(String::as_str).collect();
        let times = Some(times.join(" – ")).filter(|times| !times.is_empty());
        let lines = [self.summary.clone(), times, self.place.clone(), self.words.clone()];
        lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

/// A text without what it is escaped with.
fn plain(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(other) => text.push(other),
                None => {}
            },
            other => text.push(other),
        }
    }
    text
}

/// `20260301T140000Z` as `2026-03-01 14:00 UTC`; what is no such thing stays.
fn moment(value: &str) -> String {
    let (date, time) = value.split_once('T').unwrap_or((value, ""));
    if date.len() != 8 || !date.bytes().all(|byte| byte.is_ascii_digit()) || !time.is_ascii() {
        return value.to_owned();
    }
    let day = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]);
    let zone = if time.ends_with('Z') { " UTC" } else { "" };
    match time.get(..4) {
        Some(clock) => format!("{day} {}:{}{zone}", &clock[..2], &clock[2..]),
        None => day,
    }
}
