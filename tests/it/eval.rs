//! `sureply eval`: figures, rows and report of labelled sets, and what it says of broken ones.

use crate::support::Program;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Public labelled sets, where somebody has laid them beside the project.
const DATA: &str = "../shared/data";

/// The keys every line begins with.
const KEYS: [&str; 15] = [
    "dataset",
    "config",
    "n",
    "answerable",
    "acc1",
    "acc5",
    "mrr",
    "auroc_answerable",
    "auroc_right",
    "resolved_at_90",
    "resolved_at_95",
    "resolved_at_98",
    "coverage_at_95",
    "aurc",
    "seconds",
];

const THINGS: [&str; 12] = [
    "kettle", "tent", "stove", "lamp", "rope", "axe", "boots", "jacket", "compass", "map", "flask",
    "knife",
];

/// Writes a set about things a shop sells; questions about other things have no answer.
fn write_set(folder: &Path) {
    let mut kb = String::new();
    for thing in THINGS {
        writeln!(
            kb,
            r#"{{"id":"{thing}","title":"The {thing}","question":"How do I clean the {thing}?","answer":"Wash the {thing} by hand.","lang":"en"}}"#
        )
        .expect("a string takes it");
    }
    let mut queries = String::new();
    let ways = ["cleaning the {}", "is it fine to wash my {} in the sink", "my {} got dirty"];
    for split in ["dev", "train"] {
        for (way, text) in ways.iter().enumerate() {
            for (place, thing) in THINGS.iter().chain(&["piano", "car", "cat", "roof"]).enumerate()
            {
                let gold =
                    if place < THINGS.len() { format!("\"{thing}\"") } else { String::new() };
                let text = text.replace("{}", thing);
                writeln!(
                    queries,
                    r#"{{"id":"{split}-{way}-{thing}","text":"{text}, {split}","gold":[{gold}],"split":"{split}"}}"#
                )
                .expect("a string takes it");
            }
        }
    }
    fs::write(folder.join("kb.jsonl"), kb).expect("writing the knowledge");
    fs::write(folder.join("queries.jsonl"), queries).expect("writing the questions");
}

fn lines(printed: &str) -> Vec<Value> {
    printed.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[tokio::test]
async fn figures_rows_and_report_agree_and_can_be_had_again() {
    let folder = TempDir::new().expect("a folder");
    write_set(folder.path());
    let [set, rows, report] = ["", "rows.jsonl", "report.html"]
        .map(|name| folder.path().join(name).display().to_string());
    let program = Program::with("").await;
    let arguments = [
        "eval",
        &set,
        "--json",
        "--learn-train",
        "--samples",
        "20",
        "--rows",
        &rows,
        "--report",
        &report,
    ];
    let printed = lines(&program.run(&arguments).await);

    let own = &printed[0];
    let keys: Vec<&String> = own.as_object().expect("an object").keys().take(KEYS.len()).collect();
    assert_eq!(keys, KEYS);
    assert_eq!((own["n"].as_u64(), own["answerable"].as_u64()), (Some(48), Some(36)));
    assert!(own["config"].as_str().is_some_and(|name| name.ends_with("+train")), "{own}");
    assert!(own["acc1"].as_f64().is_some_and(|share| share > 0.9), "{own}");
    assert!(own["bound"]["trials"].as_array().is_some_and(|trials| trials.len() >= 9), "{own}");

    let rows = lines(&fs::read_to_string(&rows).expect("the rows"));
    assert_eq!(rows.len(), 48);
    let first = |row: &&Value| row["answerable"] == true && row["rank"] == 1;
    let right = rows.iter().filter(first).count();
    let acc1 = own["acc1"].as_f64().expect("a figure");
    assert_eq!(format!("{:.6}", acc1 * 36.0), format!("{right}.000000"));

    let report = fs::read_to_string(&report).expect("the report");
    assert!(report.contains("Risk over coverage") && report.contains("SHA-256"));
    for bad in ["NaN", "http://", "https://", "<script"] {
        assert!(!report.contains(bad), "{bad}");
    }
    let again = lines(&program.run(&arguments).await);
    let timeless = |lines: &[Value]| -> Vec<Value> {
        let mut lines = lines.to_vec();
        for line in &mut lines {
            line["seconds"] = Value::Null;
        }
        lines
    };
    assert_eq!(timeless(&printed), timeless(&again));
}

#[tokio::test]
async fn sets_that_say_little_have_no_figures_that_say_much() {
    let folder = TempDir::new().expect("a folder");
    let kb = r#"{"id":"a","question":"Wie lange habe ich Zeit?","answer":"Dreißig Tage."}"#;
    fs::write(folder.path().join("kb.jsonl"), kb).expect("writing");
    let set = folder.path().display().to_string();
    let program = Program::with("").await;
    for (queries, absent) in [
        (r#"{"text":"Wie lange?","gold":["a"]}"#, &["auroc_answerable", "auroc_right"][..]),
        (r#"{"text":"Was kostet ein Hund?","gold":[]}"#, &["acc1", "mrr", "resolved_at_95"]),
        (r#"{"text":"🤷","gold":[]}"#, &["acc1", "auroc_right"]),
    ] {
        fs::write(folder.path().join("queries.jsonl"), queries).expect("writing");
        for line in lines(&program.run(&["eval", &set, "--json"]).await) {
            for key in absent {
                assert!(line[key].is_null(), "{key} of {queries}: {line}");
            }
        }
    }
}

/// Five hundred samples estimate a chance of 10 % to within four points, three deviations.
const MONTE_CARLO: f64 = 0.04;

#[tokio::test]
async fn the_bound_keeps_its_promise_on_public_sets() {
    if std::env::var_os("PUBLIC_SETS").is_none() {
        eprintln!("LEFT OUT: it takes minutes; PUBLIC_SETS=1 asks for it");
        return;
    }
    let program = Program::with("").await;
    for set in ["clinc150", "banking77_oos"] {
        let Ok(folder) = fs::canonicalize(Path::new(DATA).join(set)) else {
            eprintln!("{DATA}/{set} is not there: nothing tried");
            continue;
        };
        let folder = folder.display().to_string();
        let arguments = ["eval", &folder, "--learn-train", "--limit", "500", "--json"];
        let printed = lines(&program.run(&arguments).await);
        let trials = printed[0]["bound"]["trials"].as_array().expect("trials");
        for trial in trials.iter().filter(|trial| !trial["delta"].is_null()) {
            let broken = trial["broken"].as_f64().expect("a share");
            let delta = trial["delta"].as_f64().expect("a chance");
            assert!(broken <= delta + MONTE_CARLO, "{set}: {trial}");
        }
        let tuned = trials.iter().filter(|trial| trial["rule"] == "tuned on the sample");
        for trial in tuned {
            let broken = trial["broken"].as_f64().expect("a share");
            assert!(broken > 0.10 + MONTE_CARLO, "{set}: the plain rate would do: {trial}");
        }
    }
}
