//! No text takes long, and no line of any is lost.

use super::strip;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const SIZE: usize = 50_000;
/// What that may take without optimisation; time that grows with the square is far above.
const LONGEST: Duration = Duration::from_secs(3);

#[test]
fn time_grows_with_the_text_and_nothing_else() {
    let parts = [
        ">",
        "> ",
        ">\n",
        "> \n",
        "On ",
        "On\n",
        "On On On On 2026\n",
        "On 2 Mar 2026 at 9:15 Ann <\n",
        "From: a@b.example\n",
        "From: a@b.example\nTo: b\n",
        "Cc: a@b.example\n",
        "-- \n",
        "---\n",
        "_____\n",
        "wrote:\n",
        "On 2 Mar 2026 Ann wrote:\n",
        "a\n> b\n",
        "a\n\n",
        "```\n",
        "<",
        "@",
        "1:",
        "2026-",
        "-----Original Message-----\n",
        "Begin forwarded message:\n",
        "Sent from my \n",
        "This e-mail is confidential\n",
        "\n",
        "\r\n",
        "\u{200b}",
        "写道：",
        "| a\n",
        "*",
        " ",
    ];
    for part in parts {
        for head in ["", "Hello\n"] {
            let text = format!("{head}{}", part.repeat(SIZE / part.len()));
            let start = Instant::now();
            strip(&text);
            let took = start.elapsed();
            assert!(took < LONGEST, "{part:?} took {took:?}");
        }
    }
}

/// Lines of which mails are made up.
fn line() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "",
        "",
        "Hello",
        "It is late.",
        "> quoted",
        ">> twice",
        "> Begin forwarded message:",
        "-- ",
        "--",
        "---",
        "_______",
        "On 2 Mar 2026, at 09:15, Ann wrote:",
        "On 2 Mar 2026, at 09:15,",
        "Ann <ann@shop.example>",
        "wrote:",
        "> wrote:",
        "From: Ann <ann@shop.example>",
        "Sent: 2 March 2026",
        "To: Bo",
        "Subject: Order",
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "Sent from my iPhone",
        "```",
        "| a | b |",
        "Kind regards",
        "+49 30 1234567",
        "Please consider the environment before printing this e-mail.",
        "ᐧ",
        "\u{200b}",
    ];
    prop_oneof![4 => prop::sample::select(KNOWN).prop_map(str::to_owned), 1 => "\\PC{0,20}"]
}

fn count(text: &str, lines: &mut BTreeMap<String, i32>, by: i32) {
    for line in text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        *lines.entry(line.to_owned()).or_default() += by;
    }
}

proptest! {
    #[test]
    fn every_line_is_kept_passed_on_or_told_as_removed(lines in prop::collection::vec(line(), 0..24)) {
        let mail = lines.join("\n");
        let stripped = strip(&mail);
        let mut left = BTreeMap::new();
        count(&mail, &mut left, 1);
        count(&stripped.kept, &mut left, -1);
        count(stripped.forwarded.as_deref().unwrap_or_default(), &mut left, -1);
        stripped.removed.iter().for_each(|part| count(&part.text, &mut left, -1));
        left.retain(|line, count| *count != 0 && !super::super::text::is_blank(line));
        prop_assert!(left.is_empty(), "{left:?} of\n{mail}");
        prop_assert!(!stripped.kept.is_empty() || mail.trim().is_empty());
    }

    #[test]
    fn any_text_is_taken(mail in "\\PC*") {
        strip(&mail);
    }
}
