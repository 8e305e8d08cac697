//! The veil against a labelled set of our own, and what it puts back.

use super::detect::spans;
use super::name::Names;
use super::{Kind, Veil};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A customer's words, and what in them is personal.
#[derive(Deserialize)]
struct Row {
    text: String,
    contact: Option<String>,
    spans: Vec<(Kind, String)>,
}

fn rows() -> Vec<Row> {
    let file = include_str!("../../../tests/personal.jsonl");
    file.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

/// How often a kind was there, and how often it was hidden whole.
#[derive(Default, Debug)]
struct Tally {
    there: usize,
    hidden: usize,
}

#[test]
fn nearly_everything_personal_is_hidden_and_hardly_anything_else() {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let (mut found, mut wrong, mut missed) = (0, Vec::new(), Vec::new());
    for row in rows() {
        let names: Vec<&str> = row.contact.iter().map(String::as_str).collect();
        let spans = spans(&row.text, &Names::of(&names));
        for (kind, words) in &row.spans {
            let tally = tallies.entry(kind.as_str()).or_default();
            tally.there += 1;
            if spans
                .iter()
                .any(|span| row.text[span.range.clone()].contains(words.trim_start_matches('#')))
            {
                tally.hidden += 1;
            } else {
                let left = Veil::over(&[], std::iter::empty()).hide(&row.text);
                missed.push((*kind, words.clone(), left));
            }
        }
        for span in spans {
            found += 1;
            let words = &row.text[span.range];
            if !row
                .spans
                .iter()
                .any(|(_, wanted)| wanted.contains(words) || words.contains(wanted.as_str()))
            {
                wrong.push(words.to_owned());
            }
        }
    }
    for (kind, tally) in &tallies {
        let enough = tally.hidden * 100 >= tally.there * 98;
        assert!(enough, "{kind}: {tally:?}: {missed:#?}");
    }
    assert!(wrong.len() * 20 <= found, "{wrong:?}");
    let raw = |kind: Kind| missed.iter().filter(|(it, _, _)| *it == kind).count();
    assert_eq!((raw(Kind::Card), raw(Kind::Iban)), (0, 0), "no such number may leave");
}

#[test]
fn what_left_comes_back_and_nothing_made_up() {
    let mut veil = Veil::over(&["Anna Kowalski"], ["Write to help@shop.example."].into_iter());
    let text = "Anna: order HO-53391, a@b.example, again a@B.example; not help@shop.example";
    let left = veil.hide(text);
    assert_eq!(
        left,
        "[NAME_1]: order [ORDER_1], [EMAIL_1], again [EMAIL_1]; not help@shop.example"
    );
    assert_eq!(veil.restore("Your [ORDER_1], [NAME_1]!").as_deref(), Ok("Your HO-53391, Anna!"));
    assert_eq!(veil.restore("[see above_1] [X_1]").as_deref(), Ok("[see above_1] [X_1]"));
    assert!(veil.restore("To [PHONE_1]").is_err());
    assert_eq!(veil.hidden().len(), 3);
    assert_eq!(Veil::none().hide(text), text);
}

/// The text as it would leave, with every name as `_`.
fn hidden(contact: &str, text: &str) -> String {
    let left = Veil::over(&[contact], std::iter::empty()).hide(text);
    let mut parts = left.split("[NAME_");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + "_" + part.split_once(']').map_or("", |(_, rest)| rest))
}

#[test]
fn a_name_is_hidden_however_it_is_written() {
    for (contact, text, left) in [
        (
            "Pat O'Brien",
            "O'Brien here, is O’Brien's tent with the O'Briens?",
            "_ here, is _'s tent with the _?",
        ),
        ("Pat O’Brien", "obrien, Brien or O`BRIEN", "_, _ or _"),
        (
            "Anna-Lena Roth",
            "Anna here, Anna-Lena, Annalena and LENA; Anna\u{2011}Lena",
            "_ here, _, _ and _; _",
        ),
        ("Anna Kowalski", "Anna-Maria, Annas Zelt, d’Anna", "_-Maria, _ Zelt, d’_"),
        ("Li Wei", "Hi, Li here. Wei's order; limit, Lima", "Hi, _ here. _'s order; limit, Lima"),
        ("Bo Lindqvist", "Bo here. I am Bo, BO or bo", "_ here. I am _, _ or bo"),
        ("Jo", "Jo's tent, jo", "_'s tent, jo"),
        ("王小明", "我是王小明，小明的订单。王先生您好，国王", "我是_，_的订单。_先生您好，国王"),
        ("山田 太郎", "山田です。山田太郎様、太郎", "_です。__様、_"),
        ("山田太郎", "山田さん", "_さん"),
        ("김민수", "김민수입니다. 민수", "_입니다. _"),
        ("アンナ・コワルスキ", "アンナです。アンナプルナ", "_です。アンナプルナ"),
        ("José Núñez", "Soy Jose\u{301} NUÑEZ", "Soy _ _"),
        (
            "Anna Kowalski",
            "A. Kowalski, Anna K. and A.K. or plan A. K",
            "_. _, _ _. and _._. or plan A. K",
        ),
        ("Anna Kowalski", "Size AK?\nAK", "Size AK?\n_"),
        ("محمد علي", "أنا محمد علي", "أنا _ _"),
        ("Kowalski, Anna (Ms)", "Ms Anna Kowalski", "Ms _ _"),
        ("anna@mail.example", "is my mail an example?", "is my mail an example?"),
    ] {
        assert_eq!(hidden(contact, text), left, "{contact}");
    }
}

#[test]
fn a_name_that_is_a_word_is_hidden_where_it_is_no_word() {
    for (contact, text, left) in [
        (
            "Will May",
            "Will it ship in May? WILL IT? Regards, Will May",
            "Will it ship in May? WILL IT? Regards, _ _",
        ),
        ("Will Smith", "Hi, Will here. Will you?\nWill", "Hi, _ here. Will you?\n_"),
        ("Will Smith", "Will here, where is it?", "_ here, where is it?"),
        ("An Nguyen", "An order for An, an apple. AN ORDER", "An order for _, an apple. AN ORDER"),
        ("Minh Do", "Do you know Minh Do? DO YOU", "Do you know _ _? DO YOU"),
        (
            "Grace Price",
            "What is the price by the grace of Grace Price? PRICE?",
            "What is the price by the grace of _ _? PRICE?",
        ),
        ("May", "Open in May or in may? Thanks, May", "Open in May or in may? Thanks, _"),
        ("María de la Cruz", "La Palma de la Cruz", "La Palma de la _"),
        ("Dr. Anna Roth", "Dr Martens for Anna", "Dr Martens for _"),
        ("Al", "¿Al llegar, al taller? Soy Al.", "¿Al llegar, al taller? Soy _."),
    ] {
        assert_eq!(hidden(contact, text), left, "{contact}");
    }
}
