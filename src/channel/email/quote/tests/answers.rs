//! Answers stay wherever they stand: above, below and between what they answer.

use super::{check, strip};
use crate::conversation::RemovedKind;

#[test]
fn answers_between_quoted_lines_stay_with_them() {
    let mail = "Hello Ann,\n\nOn 2 Mar 2026, at 09:15, Ann wrote:\n\n> Which size?\n\nThe large one.\n\n\
                > Which colour?\n\nGreen.\n\n> Kind regards\n> Ann";
    check(mail, "Hello Ann,\n\n\n> Which size?\n\nThe large one.\n\n> Which colour?\n\nGreen.");
}

#[test]
fn answer_below_a_greeting_and_a_quote_stays() {
    let mail = "Hello Ann,\n\nOn 2 Mar 2026, at 09:15, Ann wrote:\n> Which size?\n\nThe large one.";
    check(mail, "Hello Ann,\n\n> Which size?\n\nThe large one.");
}

#[test]
fn answers_below_the_head_of_an_outlook_mail_stay_where_it_is_quoted() {
    let mail = "See below.\n\nFrom: Ann <ann@shop.example>\nSent: Monday, March 2, 2026\nTo: Bo\nSubject: Order\n\n\
                > Which size?\nLarge.\n> Which colour?\nGreen.";
    check(mail, "See below.\n\n\n> Which size?\nLarge.\n> Which colour?\nGreen.");
}

#[test]
fn quote_without_announcement_above_an_answer_stays() {
    check("> Which size?\n\nLarge.", "> Which size?\n\nLarge.");
}

#[test]
fn quoted_line_that_was_broken_is_no_answer() {
    let mail = "Large.\n\nOn 2 Mar 2026, at 09:15, Ann wrote:\n\
                > We have it in many sizes, so please be so kind and tell us which of\nthem you want.\n> Ann";
    check(mail, "Large.");
}

#[test]
fn signature_below_a_quote_is_no_answer() {
    let mail = "The large one, please.\n\nOn 2 Mar 2026, at 09:15, Ann wrote:\n> Which size?\n\n\
                Kind regards\nBo Berg\n+49 30 1234567";
    check(mail, "The large one, please.");
    let answer = "See my answer.\n\nOn 2 Mar 2026, at 09:15, Ann wrote:\n> Where?\n\nhttps://shop.example/large";
    check(answer, "See my answer.\n\n> Where?\n\nhttps://shop.example/large");
}

#[test]
fn all_is_kept_where_nothing_would_be_left() {
    let quoted = "On 2 Mar 2026, at 09:15, Ann wrote:\n> Which size?";
    check(quoted, quoted);
    check("> Which size?", "> Which size?");
    check("-- \nBo", "-- \nBo");
    check("Sent from my iPhone", "Sent from my iPhone");
    let head = "From: Ann <ann@shop.example>\nSent: Monday, March 2, 2026\nTo: Bo\nSubject: Order\n\nWhich size?";
    check(head, head);
    assert!(strip(quoted).removed.is_empty());
    check(" \n\n", "");
}

#[test]
fn what_is_removed_is_told() {
    let stripped = strip(
        "Large.\n\nSent from my iPhone\n\nOn 2 Mar 2026, at 09:15, Ann wrote:\n\n> Which size?\n> Ann\n",
    );
    let told: Vec<_> =
        stripped.removed.iter().map(|part| (part.kind, part.text.as_str())).collect();
    let quote = "On 2 Mar 2026, at 09:15, Ann wrote:\n\n> Which size?\n> Ann";
    assert_eq!(
        told,
        [(RemovedKind::Signature, "Sent from my iPhone"), (RemovedKind::Quote, quote)]
    );
}

#[test]
fn code_is_shown_as_it_is() {
    let mail =
        "It prints:\n\n```\n-- \n> 1\nOn 2 Mar 2026, at 09:15, Ann wrote:\n_______\n```\n\nWhy?";
    check(mail, mail);
}
