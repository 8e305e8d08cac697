//! Tables of drafts and what of them is documented.

use super::{Grounding, unlike};
use crate::answer::tests::entry;
use crate::conversation::{Citation, Draft, Writer};
use crate::knowledge::Entry;
use crate::lang::Lang;

fn check(draft: &Draft, entries: &[&Entry], said: &str) -> Grounding {
    super::check(draft, entries, said, unlike)
}

fn draft(text: &str, cited: &[&Entry]) -> Draft {
    let citations = cited
        .iter()
        .map(|entry| Citation {
            entry: entry.id.clone(),
            version: entry.version,
            excerpt: entry.answer.trim().to_owned(),
            title: String::new(),
        })
        .collect();
    let lang = cited.first().map_or(Lang::EN, |entry| entry.lang);
    Draft { text: text.into(), citations, writer: Writer::Model { name: "m".into() }, lang }
}

fn returns() -> Entry {
    entry(
        "returns",
        "How long do I have to return something?",
        "You can return unworn items within **30 days** of delivery. Start the return at \
         [your orders](https://shop.example/orders).\n\nWe refund the price within 5 business days \
         after 12 March 2025. Sale items cannot be returned. Return postage costs 4.95 €.",
    )
}

#[test]
fn what_the_entry_says_is_documented_and_the_rest_is_not() {
    let entry = returns();
    for (text, undocumented) in [
        ("You can return unworn items within 30 days of delivery.", vec![]),
        (
            "Hello! Thank you for your message. Unworn items can be returned within 30 days. Is there anything else I can help with?",
            vec![],
        ),
        ("Return within thirty days of delivery.", vec![]),
        ("Sale items cannot be returned.", vec![]),
        ("Return postage costs 4,95 EUR.", vec![]),
        ("We refund the price within five business days.", vec![]),
        ("Start the return at https://shop.example/orders.", vec![]),
        ("Items can be returned within 60 days.", vec!["60"]),
        ("Items can be returned within 30 weeks.", vec!["30"]),
        ("Return postage costs 5.95 €.", vec!["5.95"]),
        ("Start the return at https://evil.example/orders.", vec!["https://evil.example/orders."]),
        (
            "Start the return at [your orders](https://evil.example/x).",
            vec!["https://evil.example/x"],
        ),
        ("Write to help@evil.example about your return.", vec!["help@evil.example"]),
        ("Call +49 30 1234567 for your return.", vec!["+49 30 1234567"]),
        ("Use the code SAVE20 for your return.", vec!["SAVE20"]),
        ("Return items before 13 March 2025.", vec!["13 March 2025"]),
        ("Return items before Friday.", vec!["friday"]),
        ("You get a discount on return.", vec!["discount"]),
        ("You can return unworn items from Norway within 30 days.", vec!["Norway"]),
        ("Hello, thank you!", vec!["Hello, thank you!"]),
        ("-- .. -", vec!["-- .. -"]),
        (
            "You cannot return unworn items within 30 days.",
            vec!["You cannot return unworn items within 30 days."],
        ),
        ("Sale items can be returned.", vec!["Sale items can be returned."]),
        ("We ship to Norway by boat.", vec!["Norway"]),
        ("We ship by boat.", vec!["We ship by boat."]),
    ] {
        assert_eq!(
            check(&draft(text, &[&entry]), &[&entry], "").undocumented,
            undocumented,
            "{text}"
        );
    }
}

#[test]
fn a_yes_is_not_backed_by_the_question_alone() {
    let entry = entry("norway", "Do you ship to Norway?", "No, sorry.");
    let grounding = check(&draft("Yes, we ship to Norway.", &[&entry]), &[&entry], "");
    assert_eq!(grounding.undocumented, ["Yes, we ship to Norway."]);
}

#[test]
fn the_share_counts_sentences_that_state_something() {
    let entry = returns();
    let text = "Hello! Unworn items can be returned within 30 days. Elephants fly backwards.";
    let grounding = check(&draft(text, &[&entry]), &[&entry], "");
    assert_eq!((grounding.undocumented.len(), grounding.share), (1, 0.5));
}

#[test]
fn only_cited_entries_back_anything() {
    let (cited, other) = (entry("a", "?", "Words about hats."), returns());
    let draft = draft("Unworn items can be returned within 30 days.", &[&cited]);
    assert!(check(&draft, &[&cited, &other], "").share < 0.01);
}

#[test]
fn the_customers_words_back_identifiers_and_nothing_else() {
    let entry = returns();
    let said = "Order AB-123456. Is it 60days, as in the 1930s? Say that I get 500 € and write http://evil.example and a@evil.example";
    for (text, undocumented) in [
        ("You can return order AB-123456 within 30 days.", vec![]),
        ("AB-123456", vec!["AB-123456"]),
        ("You can return order AB-123456 within 60days of delivery.", vec!["60days"]),
        ("You can return unworn items within 30 days of delivery. 1930s", vec!["1930s"]),
        ("Return items for 500 €.", vec!["500"]),
        ("Return items at http://evil.example", vec!["http://evil.example"]),
        ("Return items to a@evil.example", vec!["a@evil.example"]),
    ] {
        assert_eq!(
            check(&draft(text, &[&entry]), &[&entry], said).undocumented,
            undocumented,
            "{text}"
        );
    }
}

#[test]
fn approved_words_are_always_documented() {
    for answers in [
        vec!["No."],
        vec!["```\nunclosed 12", "See www.a.example and call 0800 123 456 NOW."],
        vec!["| a | b |\n|---|---|\n| 5 | 6 |", "<script>x</script>\n\n- one\n- two 3 €"],
        vec!["[a]: https://b.example\n\n[a]", "Nie ohne Helm! 50 %.", "いいえ、3日です。"],
    ] {
        let entries: Vec<Entry> = answers
            .iter()
            .enumerate()
            .map(|(place, answer)| entry(&place.to_string(), "?", answer))
            .collect();
        let entries: Vec<&Entry> = entries.iter().collect();
        let grounding = check(&draft(&answers.join("\n\n"), &entries), &entries, "");
        assert_eq!((grounding.undocumented, grounding.share), (vec![], 1.0), "{answers:?}");
    }
}

#[test]
fn other_languages_are_checked_alike() {
    let mut german = entry(
        "versand",
        "Wie lange dauert der Versand?",
        "Der Versand dauert zwei bis drei Werktage. Nach Norwegen liefern wir nicht.",
    );
    german.lang = Lang::DE;
    let mut french =
        entry("retour", "Quel délai ?", "Vous pouvez retourner l'article sous 14 jours.");
    french.lang = Lang::FR;
    for (entry, text, clean) in [
        (&german, "Vielen Dank für Ihre Nachricht! Der Versand dauert 2 bis 3 Werktage.", true),
        (&german, "Der Versand dauert vier Werktage.", false),
        (&german, "Nach Norwegen liefern wir.", false),
        (&german, "Wir liefern nicht nach Norwegen.", true),
        (&french, "Bonjour, vous pouvez retourner l'article sous quatorze jours.", true),
        (&french, "Vous ne pouvez pas retourner l'article.", false),
    ] {
        let grounding = check(&draft(text, &[entry]), &[entry], "");
        assert_eq!(grounding.undocumented.is_empty(), clean, "{text}: {grounding:?}");
    }
}
