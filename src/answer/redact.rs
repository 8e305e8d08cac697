//! Redaction: a customer's wording without what tells who they are, or nothing where that is unsure.
//!
//! What is learned from one customer serves the search for all others, so that it must not hold
//! anything of the one: addresses, numbers that name somebody or something of theirs, names. What has
//! been taken out leaves a gap, not a mark: marks would be found by whoever writes them.

use super::text::{fold, tidy, words};
use regex::Regex;
use std::sync::LazyLock;

/// Characters of a wording that is worth learning; longer ones tell a story.
const LONGEST: usize = 200;
/// Words that a wording needs: a single one says too little.
const FEWEST: usize = 2;
/// So many digits together name somebody or something.
const LONG_NUMBER: usize = 5;
/// Digits and separators that may still be a number; with more in a wording, it is not learned.
const MOST_DIGITS: usize = 8;

/// Phrases after which people say who or where they are, in the languages customers write.
const INTRODUCTIONS: &[&str] = &[
    "my name",
    "name is",
    "i live",
    "my address",
    "born on",
    "regards",
    "sincerely",
    "mein name",
    "ich heisse",
    "ich wohne",
    "meine adresse",
    "geboren",
    "grusse",
    "gruss",
    "me llamo",
    "mi nombre",
    "vivo en",
    "mi direccion",
    "naci el",
    "saludos",
    "un saludo",
    "je m'appelle",
    "mon nom",
    "j'habite",
    "mon adresse",
    "cordialement",
    "mi chiamo",
    "il mio nome",
    "abito",
    "cordiali saluti",
    "meu nome",
    "chamo-me",
    "moro em",
    "atenciosamente",
    "mijn naam",
    "ik heet",
    "ik woon",
    "met vriendelijke",
];

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // Addresses of mailboxes, and of pages: what follows a page's name may be a key to it.
        r"(?i)\b(?:mailto:)?[^\s<>@]+@[^\s<>@]+",
        r"(?i)\b(?:https?://|www\.)\S+",
        // Dates with a year: birthdays, days of an order.
        r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b",
        // IBANs, and codes of letters and digits such as order numbers and passports.
        r"(?i)\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,4})?\b",
        r"(?i)#?\b(?:[a-z]{1,6}[-_/.]?\d{3,}[a-z0-9-]*|\d{3,}[-_/]?[a-z]{1,6}\d[a-z0-9-]*)\b",
        // Telephone numbers, cards, account numbers: digits, however they are grouped.
        r"[+(#]?\d[\d ()/.-]{5,}\d",
        r"#?\b\d{5,}\b",
        // Handles.
        r"(?:^|\s)@\w+",
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// A wording that may be learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learnable {
    /// The words.
    pub words: String,
    /// What two wordings share that say the same.
    pub likeness: String,
}

/// The customer's wording without personal data; none where it holds too little besides, or still
/// looks personal. `names` are what the contact is called.
pub fn learnable(wording: &str, names: &[&str]) -> Option<Learnable> {
    let wording = tidy(wording);
    if wording.chars().count() > LONGEST * 2 || is_introduction(&wording) {
        return None;
    }
    let mut left = wording;
    for pattern in PATTERNS.iter() {
        left = pattern.replace_all(&left, removed).into_owned();
    }
    let left = without_names(&left, names);
    let left = left.split_whitespace().collect::<Vec<_>>().join(" ");
    let left = left.replace(" ,", ",").replace(" .", ".").replace(" ?", "?");
    let likeness = likeness(&left);
    let is_enough =
        words(&left).iter().filter(|word| word.chars().any(char::is_alphabetic)).count() >= FEWEST;
    let fits = left.chars().count() <= LONGEST && !still_personal(&left);
    (is_enough && fits).then_some(Learnable { words: left, likeness })
}

/// What two texts share that say the same: their words, folded, in order.
pub fn likeness(text: &str) -> String {
    words(text).join(" ")
}

/// What takes the place of a match: nothing, but what is a plain short number stays as it is.
fn removed(found: &regex::Captures<'_>) -> String {
    let found = found.get(0).map_or("", |found| found.as_str());
    let digits = found.chars().filter(char::is_ascii_digit).count();
    let is_plain = found.chars().all(|c| c.is_ascii_digit() || " .-/()+".contains(c));
    let is_short = digits < LONG_NUMBER && !found.contains('+');
    let is_date = found.matches(['.', '/', '-']).count() == 2 && digits >= 4;
    if is_plain && is_short && !is_date { found.to_owned() } else { " ".to_owned() }
}

/// The text without the words of a name; short ones, such as initials, are too common to be told.
fn without_names(text: &str, names: &[&str]) -> String {
    let names: Vec<String> =
        names.iter().flat_map(|name| words(name)).filter(|word| word.chars().count() > 2).collect();
    let is_name = |word: &str| {
        let bare = fold(word);
        let bare = bare.trim_matches(|c: char| !c.is_alphanumeric());
        let bare = bare.strip_suffix("'s").unwrap_or(bare);
        !bare.is_empty() && bare.split('-').all(|part| names.iter().any(|name| name == part))
    };
    text.split_whitespace().filter(|word| !is_name(word)).collect::<Vec<_>>().join(" ")
}

fn is_introduction(text: &str) -> bool {
    let said = format!(" {} ", likeness(text));
    INTRODUCTIONS.iter().any(|phrase| said.contains(&format!(" {} ", likeness(phrase))))
}

/// Whether what is left may still tell who wrote it.
fn still_personal(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let longest = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    text.contains('@')
        || text.contains("://")
        || longest >= LONG_NUMBER
        || digits.len() > MOST_DIGITS
        || has_iban(text)
        || has_card(&digits)
}

/// Whether the text holds an account number that checks out.
fn has_iban(text: &str) -> bool {
    let solid: Vec<char> =
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    (0..solid.len())
        .any(|start| (15..=34).any(|length| solid.get(start..start + length).is_some_and(is_iban)))
}

/// Whether these are an account number: two letters, two digits, and a remainder of 1 modulo 97.
pub fn is_iban(solid: &[char]) -> bool {
    let [a, b, c, d, rest @ ..] = solid else { return false };
    let is_headed = a.is_ascii_alphabetic() && b.is_ascii_alphabetic();
    if !is_headed || !c.is_ascii_digit() || !d.is_ascii_digit() {
        return false;
    }
    let turned = rest.iter().chain([a, b, c, d]);
    let remainder = turned.fold(0_u32, |sum, c| {
        let value = c.to_digit(36).unwrap_or(0);
        (sum * if value > 9 { 100 } else { 10 } + value) % 97
    });
    remainder == 1
}

/// Whether the digits hold a card's number that checks out.
fn has_card(digits: &str) -> bool {
    let digits: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    (0..digits.len())
        .any(|start| (13..=19).any(|length| digits.get(start..start + length).is_some_and(is_card)))
}

/// Whether the digits pass Luhn's check.
pub fn is_card(digits: &[u32]) -> bool {
    let doubled = |(place, digit): (usize, &u32)| match (place % 2, digit * 2) {
        (0, _) => *digit,
        (_, twice) if twice > 9 => twice - 9,
        (_, twice) => twice,
    };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::{is_card, is_iban, learnable};

    fn check(wording: &str, learned: Option<&str>) {
        let found = learnable(wording, &["Anna-Lena O'Brien", "anna_b"]);
        assert_eq!(found.map(|found| found.words).as_deref(), learned, "{wording}");
    }

    #[test]
    fn personal_data_leaves_a_gap() {
        for (wording, learned) in [
            ("How long may I keep boots?", "How long may I keep boots?"),
            ("can i return within 30 days or 100?", "can i return within 30 days or 100?"),
            ("is size 42 in stock", "is size 42 in stock"),
            ("Where is order HO-53391?", "Where is order?"),
            ("where is my order #1234567 please", "where is my order please"),
            ("order no 2026-118-334 has not come", "order no has not come"),
            ("write to jane.doe+x@mail.example please", "write to please"),
            ("call me at +49 (0)170 123 45 67 about returns", "call me at about returns"),
            ("call 0170/1234567 about returns", "call about returns"),
            ("my card 4111 1111 1111 1111 was charged twice", "my card was charged twice"),
            ("refund to DE89 3704 0044 0532 0130 00 please", "refund to please"),
            ("refund to gb82west12345698765432 please", "refund to please"),
            ("see https://shop.example/o?key=abc for my question", "see for my question"),
            ("Anna here, can I swap Anna-Lena's tent?", "here, can I swap tent?"),
            ("do you ship to 80331 Munich", "do you ship to Munich"),
            ("ordered on 12.03.2026, when does it come?", "ordered on, when does it come?"),
            ("tell @anna_b how long it takes", "tell how long it takes"),
        ] {
            check(wording, Some(learned));
        }
    }

    #[test]
    fn what_still_looks_personal_or_says_too_little_is_not_learned() {
        for wording in [
            "",
            "returns",
            "4111 1111 1111 1111",
            "Hi, my name is Bob, can I return this?",
            "Ich heiße Bob. Geht Rückgabe?",
            "Me llamo Bob, ¿puedo devolverlo?",
            "Bonjour, je m'appelle Bob, un retour ?",
            "Can I return it? Kind regards, Bob",
            "I live at 3 Mill Lane, do you deliver",
            "codes 12 34 a 56 b 78 c 90 please",
            &"very long ".repeat(50),
        ] {
            check(wording, None);
        }
    }

    #[test]
    fn wordings_that_say_the_same_are_alike() {
        let likeness = |text| learnable(text, &[]).map(|found| found.likeness);
        assert_eq!(likeness("How LONG, may I keep it?"), likeness("how long may i keep it"));
        assert_ne!(likeness("how long may i keep it"), likeness("how long may i use it"));
    }

    #[test]
    fn checks_tell_account_and_card_numbers_from_others() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        for (number, is) in [
            ("DE89370400440532013000", true),
            ("GB82WEST12345698765432", true),
            ("DE88370400440532013000", false),
            ("DE8937040", false),
        ] {
            assert_eq!(is_iban(&chars(number)), is, "{number}");
        }
        let digits = |text: &str| text.chars().filter_map(|c| c.to_digit(10)).collect::<Vec<_>>();
        assert!(is_card(&digits("4111111111111111")) && is_card(&digits("5500005555555559")));
        assert!(!is_card(&digits("4111111111111112")));
    }
}
