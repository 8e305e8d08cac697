//! Numbers that check out: accounts, cards, and those that states give to people.

use super::super::redact;

/// The length of the account number that a text begins with, in bytes.
pub fn iban(text: &str) -> Option<usize> {
    let mut solid = Vec::new();
    let mut found = None;
    for (at, c) in text.char_indices() {
        if !c.is_ascii_alphanumeric() {
            continue;
        }
        solid.push(c.to_ascii_uppercase());
        let end = at + 1;
        let ends = !text[end..].starts_with(|c: char| c.is_ascii_alphanumeric());
        if ends && (15..=34).contains(&solid.len()) && redact::is_iban(&solid) {
            found = found.or(Some(end));
        }
    }
    found
}

/// Whether this is a card's number.
pub fn is_card(text: &str) -> bool {
    let digits = digits(text);
    (13..=19).contains(&digits.len())
        && matches!(digits.first(), Some(2..=6))
        && redact::is_card(&digits)
}

/// Whether a number is one that a state gives, by its own rule.
pub fn is_national(text: &str) -> bool {
    let solid: String =
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let digits = digits(text);
    let letters = solid.len() - digits.len();
    match (solid.len(), letters) {
        (9, 0) if text.contains('-') => is_social_security(&digits),
        (9, 0) => is_nif(&digits),
        (11, 0) if text.contains('.') => is_cpf(&digits),
        (11, 0) => is_tax_id(&digits),
        (9, 1 | 2) => is_dni(&solid),
        (9, 3) => !solid.starts_with(['D', 'F', 'I', 'Q', 'U', 'V']),
        (15, 0 | 1) => is_nir(&solid),
        (16, 9) => is_codice(&solid),
        _ => false,
    }
}

fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

fn number(digits: &[u32]) -> u32 {
    digits.iter().fold(0, |sum, digit| sum * 10 + digit)
}

/// The United States': no area 000, 666 or 900 and above, no empty group.
fn is_social_security(digits: &[u32]) -> bool {
    let (area, group, serial) = (number(&digits[..3]), number(&digits[3..5]), number(&digits[5..]));
    area != 0 && area != 666 && area < 900 && group != 0 && serial != 0
}

/// Portugal's: weights from 9 down, modulo 11.
fn is_nif(digits: &[u32]) -> bool {
    let sum: u32 =
        digits[..8].iter().zip((2..=9).rev()).map(|(digit, weight)| digit * weight).sum();
    let check = match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    matches!(digits[0], 1..=3 | 5 | 6 | 8 | 9) && digits[8] == check
}

/// Brazil's: two check digits, modulo 11.
fn is_cpf(digits: &[u32]) -> bool {
    let check = |length: usize| {
        let weights = (2..=u32::try_from(length + 1).unwrap_or(0)).rev();
        let sum: u32 =
            digits[..length].iter().zip(weights).map(|(digit, weight)| digit * weight).sum();
        sum * 10 % 11 % 10
    };
    check(9) == digits[9] && check(10) == digits[10]
}

/// Germany's tax number of a person: ISO 7064, modulo 11 and 10.
fn is_tax_id(digits: &[u32]) -> bool {
    let product = digits[..10].iter().fold(10, |product, digit| {
        let sum = match (digit + product) % 10 {
            0 => 10,
            sum => sum,
        };
        sum * 2 % 11
    });
    digits[0] != 0 && (11 - product) % 10 == digits[10]
}

/// Spain's: the letter is the number modulo 23, with X, Y, Z for 0, 1, 2 in front.
fn is_dni(solid: &str) -> bool {
    let head = match solid.chars().next() {
        Some('X') => "0",
        Some('Y') => "1",
        Some('Z') => "2",
        _ => "",
    };
    let body = if head.is_empty() { &solid[..8] } else { &solid[1..8] };
    let letters = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let value: Option<usize> = format!("{head}{body}").parse().ok();
    value.is_some_and(|value| solid.as_bytes()[8] == letters[value % 23])
}

/// France's: 97 less the number modulo 97; Corsica's letters stand for digits.
fn is_nir(solid: &str) -> bool {
    let (body, key) = solid.split_at(13);
    let (body, less) = match body.as_bytes()[6] {
        b'A' => (body.replace('A', "0"), 1_000_000),
        b'B' => (body.replace('B', "0"), 2_000_000),
        _ => (body.to_owned(), 0),
    };
    let (Ok(value), Ok(key)) = (body.parse::<u64>(), key.parse::<u64>()) else { return false };
    97 - value.saturating_sub(less) % 97 == key
}

/// Italy's: letters and digits weigh differently at odd and even places, modulo 26.
fn is_codice(solid: &str) -> bool {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let value = |c: u8| u32::from(if c.is_ascii_digit() { c - b'0' } else { c - b'A' });
    let bytes = solid.as_bytes();
    let sum: u32 = bytes[..15]
        .iter()
        .enumerate()
        .map(|(place, c)| if place % 2 == 0 { ODD[value(*c) as usize] } else { value(*c) })
        .sum();
    sum % 26 == value(bytes[15])
}
