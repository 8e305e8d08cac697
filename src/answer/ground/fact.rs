//! Facts in a text: what can be compared exactly, whatever language the words around it are in.

use super::super::text::{fold, words};
use super::{number, spoken, table};
use crate::lang::Lang;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Something that is either in the entry or made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A web address without scheme, `www.` and closing slash.
    Web(String),
    /// An e-mail address.
    Mail(String),
    /// The digits of a telephone number.
    Phone(String),
    /// A day, with its year where one is given.
    Date { day: String, month: String, year: Option<String> },
    /// A month by name, from 1.
    Month(u8),
    /// A weekday, from 1 for Monday.
    Weekday(u8),
    /// Minutes after midnight.
    Time(u16),
    /// A number, with its unit where it has a known one.
    Number { value: String, unit: Option<&'static str> },
    /// Letters with digits, or capitals alone.
    Code(String),
    /// A name: a word with a capital that does not begin the sentence.
    Name(String),
    /// A word that promises something worth money.
    Promise(String),
    /// A word of legal or medical advice.
    Advice(String),
}

/// A fact as it stands in a text, with each way to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The words in the text.
    pub shown: String,
    /// Where they stand in it; nothing where only their folded form is known.
    pub at: Option<usize>,
    /// What it may mean: `03/04` is a day of April or of March.
    pub readings: Vec<Fact>,
}

impl Fact {
    /// Whether this fact of an entry documents `said`, which may say less but never more.
    pub fn backs(&self, said: &Self) -> bool {
        match (self, said) {
            (Self::Number { value, unit }, Self::Number { value: other, unit: wanted }) => {
                value == other && (wanted.is_none() || unit.is_none() || unit == wanted)
            }
            (
                Self::Date { day, month, year },
                Self::Date { day: other_day, month: other_month, year: wanted },
            ) => day == other_day && month == other_month && (wanted.is_none() || year == wanted),
            (Self::Date { month, .. }, Self::Month(wanted)) => *month == wanted.to_string(),
            _ => self == said,
        }
    }

    /// Whether it only names something, as an order number does. A number with a word at its end ("60days",
    /// "1930s") may state as much as the number does.
    pub fn is_identifier(&self) -> bool {
        match self {
            Self::Code(code) => {
                let rest = code.trim_start_matches(|c: char| c.is_ascii_digit());
                let is_amount = rest.len() < code.len() && rest.chars().all(char::is_alphabetic);
                code.len() <= 24 && code.chars().any(|c| c.is_ascii_digit()) && !is_amount
            }
            Self::Number { value, unit: None } => {
                (6..=24).contains(&value.len()) && !value.contains('.')
            }
            _ => false,
        }
    }

    /// Whether it measures or places something, so that it must be said of the same thing.
    pub fn is_measure(&self) -> bool {
        match self {
            Self::Number { .. }
            | Self::Date { .. }
            | Self::Month(_)
            | Self::Weekday(_)
            | Self::Time(_)
            | Self::Web(_)
            | Self::Mail(_)
            | Self::Phone(_) => true,
            Self::Code(_) | Self::Name(_) | Self::Promise(_) | Self::Advice(_) => false,
        }
    }

    /// Whether it is a number, or made of some.
    pub fn is_numeric(&self) -> bool {
        matches!(self, Self::Number { .. } | Self::Date { .. } | Self::Time(_))
    }

    /// Whether it is judged by itself, so that its words do not count as the sentence's.
    pub fn stands_alone(&self) -> bool {
        matches!(self, Self::Web(_) | Self::Mail(_) | Self::Name(_))
    }

    /// Whether it is a mere word that is among the given folded ones.
    pub fn is_word_among(&self, words: &[String]) -> bool {
        match self {
            Self::Code(code) => words.contains(code),
            Self::Name(name) => words.iter().any(|word| is_form_of(word, name)),
            _ => false,
        }
    }
}

/// Whether two folded words are forms of one name: Slovakia is none of Slovenia.
fn is_form_of(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    long.strip_prefix(short).is_some_and(|rest| short.len() >= 3 && rest.len() <= 3) || one == other
}

/// The address a link points to.
pub fn address(link: &str) -> Fact {
    let link = link.trim().trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '"']);
    let lower = link.to_lowercase();
    for (scheme, make) in [
        ("mailto:", Fact::Mail as fn(String) -> Fact),
        ("tel:", |tel: String| Fact::Phone(digits(&tel))),
    ] {
        if let Some(rest) = lower.strip_prefix(scheme) {
            return make(rest.to_owned());
        }
    }
    let rest = ["https://", "http://"].iter().find_map(|s| lower.strip_prefix(s)).unwrap_or(&lower);
    Fact::Web(rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/').to_owned())
}

/// Every fact of a text, in order of kind; `lang` is the language its numbers in words are in.
pub fn find(text: &str, lang: Lang) -> Vec<Found> {
    let mut found: Vec<Found> =
        PATTERN.captures_iter(text).filter_map(|captures| read(text, &captures)).collect();
    found.extend(spoken::find(text, lang));
    found
}

#[expect(clippy::expect_used, reason = "the pattern is fixed, and every test of this file uses it")]
static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
    let months = table::MONTHS.concat().join("|").replace("marz", "m[aä]rz");
    let months = months.replace("aout", "ao[uû]t").replace("fevrier", "f[eé]vrier");
    let months = months.replace("janner", "j[aä]nner").replace("decembre", "d[eé]cembre");
    let months = months.replace("marco", "mar[cç]o");
    Regex::new(&format!(
        r#"(?xi)
        (?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
        | (?P<web>(?:https?://|www\.)[^\s<>"]+ | [a-z][a-z+.-]*://[^\s<>"]+
            | \b(?:[\p{{L}}\d][\p{{L}}\d-]*\.)+\p{{L}}{{2,}}\b(?:/[^\s<>"]*)?)
        | (?P<iso>\b(?P<iy>\d{{4}})-(?P<im>\d{{1,2}})-(?P<id>\d{{1,2}})\b)
        | (?P<numeric>\b(?P<n1>\d{{1,2}})(?P<mark>[./])(?P<n2>\d{{1,2}})[./](?P<ny>\d{{4}}|\d\d)\b)
        | (?P<dated>\b(?P<d1>\d{{1,2}})(?:\.|º|st|nd|rd|th|er|o)?\s+(?:de\s+|of\s+)?(?P<m1>{months})\b
            (?:,?\s+(?:de\s+|del\s+)?(?P<y1>\d{{4}}|\d\d)\b)?)
        | (?P<month_first>\b(?P<m2>{months})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y2>\d{{4}}|\d\d)\b)?)
        | (?P<phone>\+\d[\d\s()./-]{{5,}}\d | \b0\d{{2,}}[\s/-][\d\s()/-]{{3,}}\d
            | \(?\b\d{{3}}\)?[\s.-]\d{{3}}[.-]\d{{4}}\b | \b\d-\d{{3}}-\d{{3}}-\d{{4}}\b)
        | (?P<time>\b(?P<h1>[01]?\d|2[0-4])[:h](?P<min>[0-5]\d)\b(?:\s*(?P<half1>[ap])\.?m\b)?
            | \b(?P<h2>1?\d|2[0-4])\s*(?:(?P<half2>[ap])\.?m\b|(?P<clock>uhr|h)\b))
        | (?P<code>\b\p{{L}}+[-_/]?\d[\p{{L}}\d_-]* | \b\d+\p{{L}}[\p{{L}}\d_-]*)
        | (?P<number>\b\d{{1,3}}(?:[\x{{a0}}\x{{202f}}\x{{20}}'’]\d{{3}})+\b(?:[.,]\d+)? | \d+(?:[.,]\d+)*)
        | (?P<capitals>(?-i:\b[A-Z]{{2,}}\b))"#
    ))
    .expect("it is well formed")
});

fn read(text: &str, captures: &Captures<'_>) -> Option<Found> {
    let whole = captures.get(0)?;
    let shown = whole.as_str().trim();
    let is = |name: &str| captures.name(name).is_some();
    let readings = if is("mail") {
        vec![Fact::Mail(shown.trim_end_matches('.').to_lowercase())]
    } else if is("web") {
        vec![address(shown.trim_end_matches([')', ']', '*', '_']))]
    } else if is("phone") {
        vec![Fact::Phone(digits(shown))]
    } else if is("time") {
        time(captures)
    } else if is("code") || is("number") {
        let (before, after) = (&text[..whole.start()], &text[whole.end()..]);
        vec![numeral(shown, before, after)]
    } else if is("capitals") {
        vec![capitals(shown)?]
    } else {
        dates(captures)
    };
    let indent = whole.as_str().len() - whole.as_str().trim_start().len();
    Some(Found { shown: shown.to_owned(), at: Some(whole.start() + indent), readings })
}

/// A word in capitals: a code or the letters of a name, unless it is one that somebody stresses.
fn capitals(shown: &str) -> Option<Fact> {
    let word = fold(shown);
    // `US` is a country, however common `us` is.
    let is_stressed = shown != "US" && !table::is_content(&word);
    let is_known = table::is_pleasantry(&word) || table::unit(&word).is_some();
    (!is_stressed && !is_known && word != "ok").then_some(Fact::Code(word))
}

fn digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.strip_prefix("00").map_or(digits.clone(), str::to_owned)
}

fn dates(captures: &Captures<'_>) -> Vec<Fact> {
    let part = |name: &str| captures.name(name).map(|part| part.as_str());
    let date = |day: &str, month: String, year: Option<&str>| Fact::Date {
        day: number::value(day),
        month,
        year: year.map(|year| if year.len() == 2 { format!("20{year}") } else { year.to_owned() }),
    };
    let named =
        |name: &str| table::month(&fold(name)).map(|month| month.to_string()).unwrap_or_default();
    if let (Some(day), Some(month)) = (part("id"), part("im")) {
        return vec![date(day, number::value(month), part("iy"))];
    }
    if let (Some(first), Some(second)) = (part("n1"), part("n2")) {
        let mut readings = vec![date(first, number::value(second), part("ny"))];
        if part("mark") == Some("/") {
            readings.push(date(second, number::value(first), part("ny")));
        }
        return readings;
    }
    for (day, month, year) in [("d1", "m1", "y1"), ("d2", "m2", "y2")] {
        if let (Some(day), Some(month)) = (part(day), part(month)) {
            return vec![date(day, named(month), part(year))];
        }
    }
    Vec::new()
}

fn time(captures: &Captures<'_>) -> Vec<Fact> {
    let part = |name: &str| captures.name(name).map(|part| part.as_str());
    let Some(hour) = part("h1").or(part("h2")) else { return Vec::new() };
    let hours: u16 = hour.parse().unwrap_or(0);
    let minutes: u16 = part("min").and_then(|minutes| minutes.parse().ok()).unwrap_or(0);
    let hours = match part("half1").or(part("half2")) {
        Some("p" | "P") if hours < 12 => hours + 12,
        Some("a" | "A") if hours == 12 => 0,
        _ => hours,
    };
    let mut readings = vec![Fact::Time(hours * 60 + minutes)];
    // `24 h` is a time of day to some and a span to others.
    if part("clock").is_some_and(|clock| clock.eq_ignore_ascii_case("h")) {
        readings.push(Fact::Number { value: number::value(hour), unit: Some("hour") });
    }
    readings
}

/// A number with its unit, glued to it or beside it; other letters with digits are a code.
fn numeral(shown: &str, before: &str, after: &str) -> Fact {
    let folded = fold(shown);
    let letters = |c: char| c.is_alphabetic();
    let (head, tail) = (folded.trim_start_matches(letters), folded.trim_end_matches(letters));
    let ordinal = |suffix: &str| matches!(suffix, "st" | "nd" | "rd" | "th" | "er" | "e" | "x");
    let suffix = &folded[tail.len()..];
    let prefix = &folded[..folded.len() - head.len()];
    let plain =
        |text: &str| text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(letters);
    if plain(tail) && (suffix.is_empty() || table::unit(suffix).is_some() || ordinal(suffix)) {
        let unit = table::unit(suffix).or_else(|| beside(before, after));
        let sign = if is_below_zero(before) { "-" } else { "" };
        return Fact::Number { value: format!("{sign}{}", number::value(tail)), unit };
    }
    match table::unit(prefix) {
        Some(unit) if plain(head) => Fact::Number { value: number::value(head), unit: Some(unit) },
        _ => Fact::Code(folded),
    }
}

/// Whether a number has a minus: one that stands right before it and after nothing.
fn is_below_zero(before: &str) -> bool {
    let rest = before.strip_suffix(['-', '−', '–']);
    rest.is_some_and(|rest| {
        rest.is_empty() || rest.ends_with(|c: char| c.is_whitespace() || c == '(')
    })
}

/// The unit right before a number (`€ 5`) or within the two words after it (`30 calendar days`).
fn beside(before: &str, after: &str) -> Option<&'static str> {
    let sign = |c: Option<char>| c.and_then(|c| table::unit(c.encode_utf8(&mut [0; 4])));
    let last = before.split_whitespace().next_back().map(fold).unwrap_or_default();
    let same_sentence = after.split(['.', ';', '\n']).next().unwrap_or_default();
    sign(before.trim_end().chars().next_back())
        .or_else(|| sign(after.trim_start().chars().next()))
        .or_else(|| {
            table::unit(&last).filter(|unit| matches!(*unit, "eur" | "usd" | "gbp" | "chf" | "brl"))
        })
        .or_else(|| words(same_sentence).iter().take(2).find_map(|word| table::unit(word)))
}

#[cfg(test)]
mod tests {
    use super::{Fact, find};
    use crate::lang::Lang;

    fn number(value: &str, unit: Option<&'static str>) -> Fact {
        Fact::Number { value: value.into(), unit }
    }

    fn date(day: &str, month: &str, year: Option<&str>) -> Fact {
        Fact::Date { day: day.into(), month: month.into(), year: year.map(str::to_owned) }
    }

    #[test]
    fn one_fact_has_one_form_in_every_language() {
        for (texts, expected) in [
            (
                vec!["30 days", "30 Tage", "30-day", "30 días", "30 jours", "30 calendar days"],
                number("30", Some("day")),
            ),
            (
                vec!["1.000,50 €", "€1,000.50", "1 000,50 EUR", "EUR 1000.50"],
                number("1000.5", Some("eur")),
            ),
            (vec!["20%", "20 %", "20 Prozent", "20 percent"], number("20", Some("percent"))),
            (vec!["5kg", "5 kg"], number("5", Some("kg"))),
            (
                vec![
                    "12 March 2025",
                    "12. März 2025",
                    "12 de marzo de 2025",
                    "March 12, 2025",
                    "12.03.2025",
                    "2025-03-12",
                ],
                date("12", "3", Some("2025")),
            ),
            (
                vec!["17:00", "5 pm", "5 p.m.", "17 Uhr", "17h", "17h00", "5:00 PM"],
                Fact::Time(1020),
            ),
            (
                vec!["https://www.Shop.example/returns/", "shop.example/returns."],
                Fact::Web("shop.example/returns".into()),
            ),
            (vec!["Write to Help@Shop.example."], Fact::Mail("help@shop.example".into())),
            (
                vec!["+49 30 1234567", "0049 30 1234567", "+49 (30) 123-4567"],
                Fact::Phone("49301234567".into()),
            ),
            (vec!["SAVE20", "save20"], Fact::Code("save20".into())),
            (vec!["SUMMER"], Fact::Code("summer".into())),
        ] {
            for text in texts {
                let readings: Vec<Fact> =
                    find(text, Lang::EN).into_iter().flat_map(|found| found.readings).collect();
                assert!(readings.contains(&expected), "{text}: {readings:?}");
            }
        }
    }

    #[test]
    fn a_fact_backs_what_says_the_same_or_less() {
        for (entry, said, backs) in [
            ("30 days", "30", true),
            ("30", "30 days", true),
            ("30 days", "30 weeks", false),
            ("30 days", "31 days", false),
            ("12 March 2025", "12 March", true),
            ("12 March", "12 March 2025", false),
            ("12 March 2025", "12 March 2026", false),
            ("20%", "20 EUR", false),
            ("a.example/x", "a.example/y", false),
        ] {
            let fact = |text| find(text, Lang::EN).remove(0).readings.remove(0);
            assert_eq!(fact(entry).backs(&fact(said)), backs, "{entry} and {said}");
        }
    }

    #[test]
    fn plain_words_hold_no_facts() {
        for text in
            ["Please send it back to us, and we will look.", "Bitte z. B. uns schreiben.", "OK!"]
        {
            assert_eq!(find(text, Lang::EN), [], "{text}");
        }
    }
}
