//! The veil against a labelled set of our own, and what it puts back.

use super::detect::spans;
use super::{Kind, Veil};
use crate::answer::text::fold;
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
        let names: Vec<String> = names.iter().flat_map(|it| it.split(' ')).map(fold).collect();
        let spans = spans(&row.text, &names);
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
