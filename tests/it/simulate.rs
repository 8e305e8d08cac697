//! `sureply simulate`: every question in, one end each, also when the server is killed meanwhile.

use crate::support::Program;
use serde_json::Value;
use std::time::{Duration, Instant};

const SETTINGS: &str = "
[worker]
lease_seconds = 2
[[inbox]]
name = 'api'
channel = 'api'
quiet_seconds = 0
";
const QUESTIONS: &str = "tests/eval/en.jsonl";

fn tally(printed: &str) -> Value {
    serde_json::from_str(printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}

fn assert_one_end_each(tally: &Value, sent: u64) {
    for (name, count) in [("sent", sent), ("ends", sent), ("lost", 0), ("double", 0)] {
        assert_eq!(tally[name], count, "{name}: {tally}");
    }
    let kinds = tally["actions"].as_object().expect("counts by kind");
    assert_eq!(kinds.values().filter_map(Value::as_u64).sum::<u64>(), sent, "{tally}");
}

#[tokio::test]
async fn a_server_of_its_own_answers_every_question_once() {
    let program = Program::with(SETTINGS).await;
    let arguments = ["simulate", "tests/eval", "--limit", "30", "--rate", "200", "--json"];
    let tally = tally(&program.run(&arguments).await);
    assert_one_end_each(&tally, 30);
    let count = |name: &str| tally[name].as_u64().unwrap_or(0);
    let answers = tally["actions"]["answer"].as_u64().unwrap_or(0);
    assert_eq!(count("right") + count("wrong"), answers, "{tally}");
    assert!(tally["decision_ms"]["p50"].is_f64(), "{tally}");
}

#[tokio::test]
async fn a_killed_server_still_brings_every_question_to_one_end() {
    let mut program = Program::with(SETTINGS).await;
    let token = program.run(&["agent", "token", "simulate"]).await;
    program.serve().await;
    let url = program.url("");
    let arguments = [
        "simulate", QUESTIONS, "--limit", "80", "--rate", "40", "--json", "--url", &url, "--token",
        &token,
    ];
    let playing = tokio::spawn(program.run(&arguments));
    for stored in [10, 40] {
        await_stored(&program, stored).await;
        program.kill();
        program.serve().await;
    }
    let printed = playing.await.expect("the run went well");
    assert_one_end_each(&tally(&printed), 80);
}

async fn await_stored(program: &Program, count: usize) {
    let began = Instant::now();
    while program.books().await.stored.len() < count {
        assert!(began.elapsed() < Duration::from_secs(30), "{}", program.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
