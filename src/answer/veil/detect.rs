//! What tells who somebody is: addresses, numbers that check out or look like it, names that are known.

use super::name::Names;
use super::number;
use crate::word::words;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

words! {
    /// A kind of personal data.
    Kind {
        /// An e-mail address.
        Email = "email",
        /// An account number that checks out.
        Iban = "iban",
        /// A card's number that checks out.
        Card = "card",
        /// A number that a state gives a person.
        National = "id",
        /// A telephone number.
        Phone = "phone",
        /// The number of an order, an invoice, a customer, a parcel.
        Order = "order",
        /// A name of the contact's.
        Name = "name",
    }
}

/// Where something personal stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub range: Range<usize>,
    pub kind: Kind,
}

#[expect(clippy::expect_used, reason = "the patterns are fixed, and the tests use each")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("it is well formed")
}

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+|[\w.+-]+\s?(?:\(at\)|\[at\]|\{at\})\s?[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\]|\(punkt\))\s?[\w-]+)+",
    )
});
static IBAN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,32}"));
static CARD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b\d(?:[ -]?\d){12,18}\b"));
static NATIONAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi) \b\d{3}-\d{2}-\d{4}\b | \b[a-z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[a-d]\b
        | \b(?:\d{8}|[xyz]-?\d{7})-?[a-z]\b | \b\d{3}\.\d{3}\.\d{3}-\d{2}\b
        | \b[a-z]{6}\d{2}[a-z]\d{2}[a-z]\d{3}[a-z]\b
        | \b[12]\s?\d{2}\s?\d{2}\s?\d[\dab]\s?\d{3}\s?\d{3}\s?\d{2}\b
        | \b\d{2}\s?\d{3}\s?\d{3}\s?\d{3}\b | \b\d{9}\b | \b\d{11}\b",
    )
});
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x) (?:\+|\b00)\d(?:[\s()./-]{0,3}\d){6,14}\b
        | \(?\b0\d{1,5}\)?(?:[\s./-]{0,2}\d){5,11}\b
        | \(\d{3}\)\s?\d{3}[\s.-]?\d{4}\b | \b(?:1[\s.-])?\d{3}[.\s-]\d{3}[.\s-]\d{4}\b
        | \b[6789]\d{2}[\s.-]?\d{3}[\s.-]?\d{3}\b | \b[6789]\d{2}(?:\s\d{2}){3}\b",
    )
});
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?:\D|$)")
});
static ORDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x) \#\s?[A-Z]{0,4}-?\d{3,}[\dA-Z-]* | \b[A-Z]{1,5}[-_/]\d{3,}(?:[-_/][\dA-Z]+)*\b
        | \b[A-Z]{1,4}\d{5,}[A-Z]{0,2}\b | \b\d{3,4}-\d{3,8}(?:-\d{2,8})?\b | \b\d{6,}\b",
    )
});
static NAMED_ORDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi) \b(?:order|bestellung|bestellnummer|auftrag|auftragsnummer|rechnung|invoice|kundennummer|customer
        |pedido|commande|facture|factura|fatura|ordine|encomenda|bestelling|tracking|sendung|sendungsnummer|parcel|env[ií]o)
        (?:\s(?:number|no|nr|num|n[úu]mero|num[ée]ro|id|code|nummer|de\s\w+))?[.:\#°º\s]{1,3}
        (?P<number>[a-z0-9]*\d[a-z0-9]*(?:[-_/][a-z0-9]+)*)",
    )
});
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s?(?:%|€|\$|£|eur|usd|gbp|chf|km|kg|ml|mm|cm|m\b|g\b|l\b|euro|dollar|pound|kilomet|days?\b|tage|steps|items|stück|pieces|people)",
    )
});

/// Everything personal in a text, in order and apart from one another.
pub fn spans(text: &str, names: &Names) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut take = |range: Range<usize>, kind: Kind| {
        let is_free =
            |other: &Span| range.end <= other.range.start || other.range.end <= range.start;
        if spans.iter().all(is_free) {
            spans.push(Span { range, kind });
        }
    };
    EMAIL.find_iter(text).for_each(|it| take(it.range(), Kind::Email));
    for it in IBAN.find_iter(text) {
        if let Some(length) = number::iban(it.as_str()) {
            take(it.start()..it.start() + length, Kind::Iban);
        }
    }
    CARD.find_iter(text)
        .filter(|it| number::is_card(it.as_str()))
        .for_each(|it| take(it.range(), Kind::Card));
    NATIONAL
        .find_iter(text)
        .filter(|it| number::is_national(it.as_str()) && !is_measured(text, it.end()))
        .for_each(|it| take(it.range(), Kind::National));
    for it in NAMED_ORDER.captures_iter(text).filter_map(|it| it.name("number")) {
        let digits = it.as_str().bytes().filter(u8::is_ascii_digit).count();
        if digits >= 3 && !is_measured(text, it.end()) && !DATE.is_match(it.as_str()) {
            take(it.range(), Kind::Order);
        }
    }
    for it in PHONE.find_iter(text) {
        let digits = it.as_str().bytes().filter(u8::is_ascii_digit).count();
        let is_number = (7..=15).contains(&digits) && !is_measured(text, it.end());
        if is_number && !DATE.is_match(it.as_str()) && !is_inside(text, it.start()) {
            take(it.range(), Kind::Phone);
        }
    }
    ORDER
        .find_iter(text)
        .filter(|it| !is_measured(text, it.end()) && !DATE.is_match(it.as_str()))
        .filter(|it| !is_inside(text, it.start()))
        .for_each(|it| take(it.range(), Kind::Order));
    for range in names.find(text) {
        take(range, Kind::Name);
    }
    spans.sort_by_key(|span| span.range.start);
    spans
}

/// Whether what stands at the end of a number says what it counts.
fn is_measured(text: &str, end: usize) -> bool {
    UNIT.is_match(&text[end..])
}

/// Whether a place is in the middle of a number or a code.
fn is_inside(text: &str, start: usize) -> bool {
    let before = text[..start].chars().next_back();
    before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ',' | '€' | '$' | '£'))
        && !text[..start].ends_with(". ")
}
