//! Threads: conversations whose last message is the question, one JSON object a line.

use super::case::{Case, Said};
use crate::knowledge::EntryId;
use crate::lang::Lang;
use serde::Deserialize;

/// A thread as the set tells it.
#[derive(Debug, Deserialize)]
struct Thread {
    #[serde(default)]
    id: String,
    turns: Vec<Said>,
    #[serde(default)]
    gold: Vec<EntryId>,
    #[serde(default)]
    split: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    lang: Option<Lang>,
}

/// Reads a line as a thread; none where it is no thread or ends with no word of the customer.
pub fn case(line: &str) -> Option<Case> {
    let Thread { id, mut turns, gold, split, reason, lang } = serde_json::from_str(line).ok()?;
    let text = turns.pop().filter(|last| last.role == "customer")?.text;
    Some(Case { id, text, history: turns, gold, split, reason, lang, place: String::new() })
}

#[cfg(test)]
mod tests {
    use super::case;

    #[test]
    fn the_last_message_is_the_question_and_the_others_stand_before_it() {
        let line = r#"{"id":"t","turns":[{"role":"customer","text":"Hi"},
            {"role":"agent","text":"The Oak?"},{"role":"customer","text":"Is it quiet?"}],
            "gold":["oak/1"],"split":"dev"}"#;
        let case = case(line).expect("a thread");
        assert_eq!((case.text.as_str(), case.history.len()), ("Is it quiet?", 2));
        assert_eq!(case.history[1].role, "agent");
    }

    #[test]
    fn other_lines_are_no_threads() {
        for line in [
            r#"{"id":"q","text":"Is it quiet?","gold":[]}"#,
            r#"{"id":"t","turns":[{"role":"agent","text":"Hi"}],"gold":[]}"#,
            r#"{"id":"t","turns":[],"gold":[]}"#,
        ] {
            assert_eq!(case(line), None, "{line}");
        }
    }
}
