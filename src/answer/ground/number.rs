//! Numbers as people write them, brought to one form.

/// The value of a numeral as digits with a point, such as `1000.5` for `1.000,50` and `1,000.50`.
pub fn value(numeral: &str) -> String {
    let marks: Vec<char> = numeral.chars().filter(|c| matches!(c, '.' | ',')).collect();
    let decimal = match marks.as_slice() {
        [] => None,
        [only] => (!groups_thousands(numeral, *only)).then_some(*only),
        [first, .., last] => (first != last).then_some(*last),
    };
    let (whole, part) = match decimal.and_then(|mark| numeral.rsplit_once(mark)) {
        Some((whole, part)) => (whole, part),
        None => (numeral, ""),
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let part = part.trim_end_matches('0');
    if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
}

/// Whether the one mark of a numeral stands before exactly three digits: `1.000`, but not `0.125`.
fn groups_thousands(numeral: &str, mark: char) -> bool {
    numeral.split_once(mark).is_some_and(|(before, after)| {
        after.len() == 3 && !before.is_empty() && before.len() <= 3 && !before.starts_with('0')
    })
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn one_number_has_one_form() {
        for (numeral, expected) in [
            ("30", "30"),
            ("030", "30"),
            ("0", "0"),
            ("1.000,50", "1000.5"),
            ("1,000.50", "1000.5"),
            ("1 000,5", "1000.5"),
            ("1'000.50", "1000.5"),
            ("1.000", "1000"),
            ("1,000,000", "1000000"),
            ("2.5", "2.5"),
            ("2,50", "2.5"),
            ("0.125", "0.125"),
            ("49,00", "49"),
        ] {
            assert_eq!(value(numeral), expected, "{numeral}");
        }
    }
}
