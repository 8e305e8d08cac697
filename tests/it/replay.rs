//! Replay: an unchanged history comes out to the last bit, and a change shows in exactly the turns it
//! touches.

use crate::support::{FakeModel, Says, TestApp};
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

fn article(id: &str, question: &str, answer: &str) -> String {
    format!(
        "---\nid: {id}\nlang: en\ntitle: {id}\ntopic: {id}\n---\n\n## {question} {{#it}}\n\n{answer}\n"
    )
}

/// Two articles that have nothing to do with each other.
fn knowledge(folder: &Path, days: u32) {
    fs::create_dir_all(folder).expect("a folder");
    let returns = article(
        "returns",
        "How long do I have to return something?",
        "You can return unused items within 45 days of delivery.",
    );
    let parcels = article(
        "parcels",
        "When will my parcel arrive?",
        &format!("A parcel arrives {days} days after it was sent."),
    );
    fs::write(folder.join("returns.md"), returns).expect("written");
    fs::write(folder.join("parcels.md"), parcels).expect("written");
}

/// What replaying would change, and the sum of it.
fn replay(app: &TestApp, arguments: &[&str]) -> (Vec<Value>, Value) {
    let output = app.run(&[&["replay", "--json"], arguments].concat());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    let told = String::from_utf8(output.stdout).expect("words");
    let mut lines: Vec<Value> =
        told.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let sum = lines.pop().expect("a sum")["summary"].clone();
    (lines, sum)
}

async fn ask_all(app: &TestApp) {
    for (id, text) in [
        ("r", "How long do I have to return something?"),
        ("p", "When will my parcel arrive?"),
        ("p2", "parcel arrive when?"),
        ("n", "Who plays the harpsichord in your choir?"),
        ("t", "Thanks a lot, that's all!"),
    ] {
        app.write("api", id, id, text).await;
        app.advance(2).await;
    }
    // The same customer once more: by now a person has the conversation, or the bot has answered.
    for id in ["n", "r"] {
        app.write("api", id, &format!("{id}-again"), "When will my parcel arrive?").await;
        app.advance(2).await;
    }
}

#[tokio::test]
async fn only_what_an_edit_touches_would_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let (used, edited) = (folder.path().join("used"), folder.path().join("edited"));
    knowledge(&used, 3);
    knowledge(&edited, 5);
    let app = TestApp::start_with(&format!("[knowledge]\ndir = '{}'\n", used.display())).await;
    ask_all(&app).await;
    let (changes, sum) = replay(&app, &[]);
    assert_eq!((changes.len(), &sum["replayed"]), (0, &7.into()), "{sum}");
    assert_eq!((&sum["changed"], &sum["numbers_only"]), (&0.into(), &0.into()), "{sum}");
    assert_eq!(replay(&app, &["--since", "2030-01-01"]).1["replayed"], 0);

    let edited = edited.display().to_string();
    let report = folder.path().join("report.html").display().to_string();
    let (tried, _) = replay(&app, &["--knowledge", &edited, "--report", &report]);
    let report = fs::read_to_string(report).expect("a report");
    assert!(report.contains("parcels/it v2"), "{report}");
    assert_eq!(tried.len(), 4, "each turn about parcels: {tried:#?}");
    for change in &tried {
        assert_eq!(change["before"]["cited"][0], "parcels/it v1", "{change}");
        assert_eq!(change["after"]["cited"][0], "parcels/it v2", "{change}");
        assert!(change["after"]["draft"].as_str().is_some_and(|text| text.contains("5 days")));
    }

    // Published, the edit changes what trying it out said.
    knowledge(&used, 5);
    assert_eq!(replay(&app, &[]).0, tried);
    app.finish().await;
}

#[tokio::test]
async fn another_policy_shows_what_it_would_hold_back() {
    let app = TestApp::start().await;
    app.write("api", "r", "r", "How long do I have to return something?").await;
    app.advance(2).await;
    let end = app.end("api", "r").await;
    assert_eq!(end["action"], "answer", "{end}");
    let strict = app.data().join("strict.toml");
    let classes = ["low", "standard", "high"];
    let text: String = classes.map(|class| format!("[policy.{class}]\nalpha = 0.001\n")).concat();
    fs::write(&strict, text).expect("written");
    let (changes, _) = replay(&app, &["--policy", &strict.display().to_string()]);
    assert_eq!(changes.len(), 1);
    assert_eq!(
        (&changes[0]["before"]["action"], &changes[0]["after"]["action"]),
        (&"answer".into(), &"draft".into())
    );
    assert_eq!(changes[0]["after"]["reasons"][0], "not_licensed");
    assert_eq!(replay(&app, &[]).1["changed"], 0, "trying it has changed nothing");
    app.finish().await;
}

#[tokio::test]
async fn a_models_words_are_taken_from_the_record() {
    let says = Says::Answer {
        entry: "returns/window".into(),
        excerpt: "You can send".into(),
        text: "You can send it back.".into(),
    };
    let model = FakeModel::start(says).await;
    let app = TestApp::start_with(&model.section()).await;
    for (id, says) in
        [("a", None), ("b", Some(Says::Status(503))), ("c", Some(Says::NotAnswerable))]
    {
        if let Some(says) = says {
            model.says(says);
        }
        app.write("api", id, id, "How long do I have to return something?").await;
        app.advance(2).await;
    }
    assert!(!model.asked().is_empty());
    let (changes, sum) = replay(&app, &[]);
    assert_eq!((changes.len(), &sum["numbers_only"]), (0, &0.into()), "{changes:#?} {sum}");
    assert_eq!(sum["replayed"], 3);
    assert_eq!(model.asked().len(), 0, "nobody is asked anew");
    app.advance(60).await;
    app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_replayed_is_refused_in_a_sentence() {
    let app = TestApp::start().await;
    for (arguments, code, part) in [
        (vec!["replay", "--since", "yesterday"], 2, "2026-11-23"),
        (vec!["replay", "--knowledge", "absent"], 1, "absent"),
        (vec!["replay", "--policy", "absent.toml"], 1, "absent.toml"),
        (vec!["replay", "--prompt", "absent.md"], 1, "absent.md"),
        (vec!["calibrate"], 2, "calibrate"),
        (vec!["calibrate", "absent"], 1, "absent"),
        (vec!["calibrate", "--history"], 1, "nobody has judged"),
        (vec!["calibrate", "tests/eval", "--inbox", "fax"], 1, "fax"),
        (vec!["trust", "--inbox", "fax"], 1, "fax"),
    ] {
        let output = app.run(&arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
        assert!(errors.contains(part) && !errors.contains("panicked"), "{arguments:?}: {errors}");
    }
    app.finish().await;
}

#[tokio::test]
async fn sets_that_cannot_stand_for_customers_are_refused() {
    let app = TestApp::start_new().await;
    let file = app.data().join("set.jsonl");
    let row = |id: &str, text: &str, gold: &str| {
        format!("{{\"id\":\"{id}\",\"text\":\"{text}\",\"gold\":[{gold}]}}\n")
    };
    let known = "\"returns/window\"";
    for (what, text, part) in [
        ("empty", String::new(), "no questions"),
        ("nothing answerable", row("a", "Do you sell cars?", ""), "proves nothing"),
        ("all answerable", row("a", "How long may I return it?", known), "too much"),
        (
            "unknown entry",
            row("a", "Hello there?", "\"no/such\"") + &row("b", "Do you sell cars?", ""),
            "no/such",
        ),
        ("twice", row("a", "Hi?", known) + &row("a", "Ho?", ""), "taken by"),
        (
            "another language",
            row("a", "Сколько времени у меня есть, чтобы вернуть товар?", known)
                + &row("b", "Где находится ближайший магазин вашей компании?", ""),
            "language",
        ),
    ] {
        fs::write(&file, text).expect("written");
        let output = app.run(&["calibrate", &file.display().to_string()]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{what}: {errors}");
        assert!(errors.contains(part), "{what}: {errors}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_declared_set_licenses_and_trust_says_how_far() {
    let app = TestApp::start_new().await;
    let before = app.run(&["trust", "--json", "--inbox", "api"]);
    for line in String::from_utf8(before.stdout).expect("words").lines() {
        let class: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!((&class["threshold"], &class["standing"]), (&Value::Null, &"learning".into()));
        assert!(class["missing"].as_u64().is_some_and(|missing| missing > 0), "{class}");
    }
    let mut set = String::new();
    for number in 0..160 {
        let (text, gold) = if number % 4 == 0 {
            (format!("Do you rent out canoe number {number}?"), "")
        } else {
            ("How long do I have to return something?".to_owned(), "\"returns/window\"")
        };
        writeln!(set, "{{\"id\":\"{number}\",\"text\":\"{text}\",\"gold\":[{gold}]}}")
            .expect("a line");
    }
    let file = app.data().join("own.jsonl");
    fs::write(&file, set).expect("written");
    let file = file.display().to_string();
    let output = app.run(&["calibrate", &file, "--inbox", "api"]);
    let told = String::from_utf8(output.stdout).expect("words");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.contains("own:"), "{told} {errors}");
    let after = app.run(&["trust", "--json"]);
    let mut licensed = Vec::new();
    for line in String::from_utf8(after.stdout).expect("words").lines() {
        let class: Value = serde_json::from_str(line).expect("JSON");
        if class["standing"] == "licensed" {
            assert!(class["upper"].as_f64() <= class["alpha"].as_f64(), "{class}");
            licensed.push(class["inbox"].as_str().expect("a name").to_owned());
        }
    }
    assert!(licensed.iter().all(|inbox| inbox == "api"), "only the inbox named: {licensed:?}");
    assert!(!licensed.is_empty(), "{told}");
    app.finish().await;
}
