//! Every message is there in every language, can be read, takes the same values and is used.

use super::{Tongue, accepted, bundle, find, find_phrase, keys, say, say_of, speaking, texts};
use axum::http::{HeaderMap, HeaderValue, header};
use fluent_bundle::FluentResource;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[test]
fn every_file_can_be_read_and_no_key_stands_twice() {
    for tongue in Tongue::ALL.iter().copied() {
        for (name, text) in texts(tongue) {
            assert!(FluentResource::try_new(text).is_ok(), "{name} has a mistake of syntax");
        }
        let all = keys(tongue);
        let once: BTreeSet<&String> = all.iter().collect();
        assert_eq!(all.len(), once.len(), "a key of {tongue} stands twice");
        let bundle = bundle(tongue);
        assert!(all.iter().all(|key| bundle.get_message(key).is_some()), "{tongue}");
    }
}

#[test]
fn every_language_says_everything_with_the_same_values() {
    let english = values(Tongue::En);
    for tongue in Tongue::ALL.iter().copied() {
        let other = values(tongue);
        for (key, values) in &english {
            assert_eq!(other.get(key), Some(values), "{key} in {tongue}");
        }
        assert_eq!(other.len(), english.len(), "{tongue} has keys that English lacks");
    }
}

/// The values that each message takes, by key.
fn values(tongue: Tongue) -> BTreeMap<String, BTreeSet<String>> {
    let value = Regex::new(r"\$([a-z]+)").unwrap();
    let mut found = BTreeMap::new();
    for (_, text) in texts(tongue) {
        let mut key = String::new();
        for line in text.lines() {
            if let Some((begun, _)) = line.split_once(" =")
                && begun.starts_with(char::is_alphabetic)
            {
                begun.clone_into(&mut key);
            }
            let taken = found.entry(key.clone()).or_insert_with(BTreeSet::new);
            taken.extend(value.captures_iter(line).map(|taken| taken[1].to_owned()));
        }
    }
    found.remove("");
    found
}

#[test]
fn every_message_that_is_asked_for_is_there_and_every_one_there_is_asked_for() {
    let sources = sources();
    let asked = |pattern: &str| -> BTreeSet<String> {
        let pattern = Regex::new(pattern).unwrap();
        let found = sources.iter().flat_map(|text| pattern.captures_iter(text));
        found.map(|found| found[1].to_owned()).collect()
    };
    let known: BTreeSet<String> = keys(Tongue::En).into_iter().collect();
    let literal = asked(r#"\bt!\(\s*"([a-z0-9-]+)""#);
    let lacking: Vec<&String> = literal.difference(&known).collect();
    assert!(lacking.is_empty(), "no message: {lacking:?}");
    let mut areas = asked(r#"\b(?:say_of|find|find_phrase)\("([a-z-]+)""#);
    areas.insert("script".to_owned());
    let of_area = |key: &String| areas.iter().any(|area| key.starts_with(&format!("{area}-")));
    let idle: Vec<&String> = known.difference(&literal).filter(|key| !of_area(key)).collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}

/// The program's texts and templates of the web.
fn sources() -> Vec<String> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "html") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut files);
    // What explains how messages are asked for asks for none.
    files.retain(|file| !file.to_string_lossy().contains("/web/words/"));
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

#[test]
fn each_word_of_our_own_has_its_message() {
    use crate::conversation::{
        Action, Alarm, Delivery, DraftState, Mode, Priority, Reason, Source, Status, Verdict,
    };
    use crate::knowledge::Risk;
    use crate::store::{Queue, Role, StaffAct};
    use crate::triage::{Intent, Sentiment};

    fn check(area: &str, words: impl Iterator<Item = &'static str>) {
        for word in words {
            let key = format!("{area}-{}", word.replace('_', "-"));
            assert_ne!(say_of(area, word), key, "{key} has no message");
        }
    }
    for area in ["queue", "empty"] {
        check(area, Queue::ALL.iter().map(|queue| queue.as_str()));
    }
    for area in ["action", "would-have"] {
        check(area, Action::ALL.iter().map(|action| action.as_str()));
    }
    let settled = DraftState::ALL.iter().filter(|state| **state != DraftState::Proposed);
    check("fate", settled.map(|state| state.as_str()));
    check("alarm", Alarm::ALL.iter().map(|alarm| alarm.as_str()));
    check("delivery", Delivery::ALL.iter().map(|state| state.as_str()));
    check("intent", Intent::ALL.iter().map(|intent| intent.as_str()));
    check("mode", Mode::ALL.iter().map(|mode| mode.as_str()));
    check("mood", Sentiment::ALL.iter().map(|mood| mood.as_str()));
    check("priority", Priority::ALL.iter().map(|priority| priority.as_str()));
    check("reason", Reason::ALL.iter().map(|reason| reason.as_str()));
    check("risk", Risk::ALL.iter().map(|risk| risk.as_str()));
    check("staff-act", StaffAct::ALL.iter().map(|act| act.as_str()));
    check("class-of", Risk::ALL.iter().map(|risk| risk.as_str()));
    check("role", Role::ALL.iter().map(|role| role.as_str()));
    check("source", Source::ALL.iter().map(|source| source.as_str()));
    check("state", Status::ALL.iter().map(|state| state.as_str()));
    check("verdict", Verdict::ALL.iter().map(|verdict| verdict.as_str()));
}

#[test]
fn each_gate_of_the_policy_has_its_name() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/confidence/gate.rs");
    let source = std::fs::read_to_string(file).unwrap();
    let call = Regex::new(r#"\bgate\(\s*"([^"]+)""#).unwrap();
    let names: Vec<&str> = call.captures_iter(&source).map(|it| it.extract::<1>().1[0]).collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names.into_iter().chain(["confidence"]) {
        assert!(find_phrase("gate", name).is_some(), "the gate {name} has no message");
    }
}

#[tokio::test]
async fn a_request_is_served_in_its_language() {
    let (german, english) =
        (speaking(Tongue::De, async { t!("queue-mine") }).await, t!("queue-mine"));
    assert_eq!(english, "Mine");
    assert_ne!(german, english);
}

#[test]
fn a_message_counts_by_its_languages_rules() {
    for (count, words) in [(1, "Rests on 1 excerpt"), (2, "Rests on 2 excerpts")] {
        assert_eq!(t!("rests-on", count = count), words);
    }
    assert_eq!(say("no-such-key", &[]), "no-such-key");
    assert_eq!(find("done", "no-such-act"), None);
}

#[test]
fn the_browser_says_which_language_is_wanted() {
    for (header, tongue) in [
        ("", Tongue::En),
        ("de", Tongue::De),
        ("fr-CA, en;q=0.5", Tongue::Fr),
        ("ja, pt-BR;q=0.9, en;q=0.8", Tongue::Pt),
        ("en;q=0.2, es;q=0.9", Tongue::Es),
        ("de;q=0, es;q=0.1", Tongue::Es),
        ("ja", Tongue::En),
        (";;;,,,q=", Tongue::En),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(header));
        assert_eq!(accepted(&headers), tongue, "{header}");
    }
}
