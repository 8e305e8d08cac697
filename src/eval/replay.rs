//! What replaying has changed: two records of one turn, compared part by part.

use serde::Serialize;
use serde_json::Value;

/// The parts of a record that a decision consists of; the rest says when and by what it was made.
const PARTS: [&str; 15] = [
    "action",
    "licensed",
    "reasons",
    "gates",
    "confidence",
    "threshold",
    "risk",
    "triage",
    "understood",
    "candidates",
    "draft",
    "covered",
    "features",
    "grounding",
    "model_problem",
];

/// What people see of a decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// What is done.
    pub action: String,
    /// Why, the telling one first.
    pub reasons: Vec<String>,
    /// What the draft cites, as `entry v3`.
    pub cited: Vec<String>,
    /// The draft's words.
    pub draft: Option<String>,
    /// How sure the bot is.
    pub confidence: f64,
}

/// A turn that would be decided otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The decision.
    pub decision: String,
    /// Its conversation.
    pub conversation: String,
    /// Its inbox.
    pub inbox: String,
    /// The questions.
    pub questions: Vec<String>,
    /// What of it differs: `action`, `reasons`, `cited`, `draft`.
    pub what: Vec<&'static str>,
    /// As it was.
    pub before: Side,
    /// As it would be.
    pub after: Side,
}

/// How two records of one turn differ.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// In nothing, to the last bit.
    None,
    /// In numbers behind the decision only: the confidence differs by so much.
    Numbers(f64),
    /// In what people see.
    Decision(Box<Change>),
}

/// Compares a record with the one that replaying has made.
pub fn compare(before: &Value, after: &Value) -> Difference {
    if PARTS.iter().all(|part| before.get(part) == after.get(part)) {
        return Difference::None;
    }
    let (one, other) = (side(before), side(after));
    let differs = [
        ("action", one.action != other.action),
        ("reasons", one.reasons != other.reasons),
        ("cited", one.cited != other.cited),
        ("draft", one.draft != other.draft),
    ];
    let what: Vec<&'static str> =
        differs.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect();
    if what.is_empty() {
        return Difference::Numbers((one.confidence - other.confidence).abs());
    }
    Difference::Decision(Box::new(Change {
        decision: text(before, "id"),
        conversation: text(before, "conversation_id"),
        inbox: text(before, "inbox"),
        questions: texts(&before["triage"]["questions"]),
        what,
        before: one,
        after: other,
    }))
}

fn side(record: &Value) -> Side {
    let draft = &record["draft"];
    let cited = draft["citations"].as_array().map(Vec::as_slice).unwrap_or_default();
    Side {
        action: text(record, "action"),
        reasons: texts(&record["reasons"]),
        cited: cited
            .iter()
            .map(|citation| format!("{} v{}", text(citation, "entry"), citation["version"]))
            .collect(),
        draft: draft["text"].as_str().map(str::to_owned),
        confidence: record["confidence"].as_f64().unwrap_or_default(),
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{Difference, compare};
    use serde_json::{Value, json};

    fn record() -> Value {
        json!({
            "id": "d", "conversation_id": "c", "inbox": "web", "action": "answer",
            "reasons": ["sure"], "confidence": 0.9, "triage": {"questions": ["How long?"]},
            "draft": {"text": "45 days", "citations": [{"entry": "a/b", "version": 1}]},
            "stages": {"total": 3.0},
        })
    }

    #[test]
    fn only_what_makes_the_decision_makes_a_difference() {
        for (path, value, what) in [
            ("/stages/total", json!(4.0), Some(vec![])),
            ("/confidence", json!(0.95), None),
            ("/action", json!("draft"), Some(vec!["action"])),
            ("/reasons/0", json!("not_sure"), Some(vec!["reasons"])),
            ("/draft/text", json!("46 days"), Some(vec!["draft"])),
            ("/draft/citations/0/version", json!(2), Some(vec!["cited"])),
            ("/draft", Value::Null, Some(vec!["cited", "draft"])),
        ] {
            let mut after = record();
            *after.pointer_mut(path).expect("a part") = value;
            let found = match compare(&record(), &after) {
                Difference::None => Some(Vec::new()),
                Difference::Numbers(by) => {
                    assert!((by - 0.05).abs() < 1e-9);
                    None
                }
                Difference::Decision(change) => Some(change.what),
            };
            assert_eq!(found, what, "{path}");
        }
    }
}
