//! Kills and a provider that fails: no message is lost, none is sent twice, and what nobody knows is seen.
//!
//! `WHATSAPP_STORM` sets how many messages, `WHATSAPP_KILLS` how many kills, `WHATSAPP_SEED` repeats the dice of an
//! earlier run.

use crate::support::Program;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use sureply::Clock;
use sureply::fake::{Account, Fault, Graph, Order, Said};

const MESSAGES: u64 = 120;
const KILLS: u64 = 3;
/// Messages that are under way at once.
const AT_ONCE: usize = 16;
/// How long the server may be away, and how long it may take to come to rest.
const PATIENCE: Duration = Duration::from_mins(2);
const WORDS: &[&str] = &[
    "How long do I have to return something?",
    "Do you sell second-hand grand pianos?",
    "how much is shipping to germany",
    "I want to talk to a human",
];

#[expect(clippy::disallowed_methods, reason = "the environment says how long to go on")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("it is a number"))
}

fn fault(dice: &mut StdRng) -> Fault {
    match dice.random_range(0..1_000) {
        0..60 => Fault::Error(130_429),
        60..100 => Fault::Status(429),
        100..140 => Fault::Status(500),
        140..180 => Fault::TakenThen500,
        180..210 => Fault::TakenThenLost,
        210..240 => Fault::Lost,
        240..243 => Fault::Silent { taken: true },
        243..246 => Fault::Silent { taken: false },
        246..300 => Fault::StatusFirst,
        _ => Fault::None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_kill_and_no_fault_loses_or_doubles_a_message() {
    let messages = number("WHATSAPP_STORM").unwrap_or(MESSAGES);
    let kills = number("WHATSAPP_KILLS").unwrap_or(KILLS);
    let seed = number("WHATSAPP_SEED").unwrap_or_else(|| rand::random::<u32>().into());
    eprintln!("WHATSAPP_SEED={seed} WHATSAPP_STORM={messages} WHATSAPP_KILLS={kills}");
    drop(rustls::crypto::ring::default_provider().install_default());
    let graph = Graph::start(Account::default()).await.expect("a Graph API");
    let inbox = graph.settings("wa");
    let inbox = inbox.replace("'whatsapp'\n", "'whatsapp'\nquiet_seconds = 0\n");
    let mut program = Program::with(&format!("[worker]\nlease_seconds = 2\n{inbox}")).await;
    program.serve().await;
    graph.call_back(&program.url("/webhook/whatsapp/wa"), &Clock::real());
    let mut dice = StdRng::seed_from_u64(seed);
    graph.plan(move |_| fault(&mut dice));

    let telling = tokio::spawn(tell(graph.clone(), seed));
    let writing = tokio::spawn(write(graph.clone(), messages, seed));
    let mut dice = StdRng::seed_from_u64(seed ^ 1);
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(dice.random_range(200..2_000))).await;
        program.kill();
        program.serve().await;
    }
    let written = writing.await.expect("all were taken in");
    graph.heal();

    let began = Instant::now();
    let mut books = program.books().await;
    while books.open > 0 && began.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(200)).await;
        books = program.books().await;
    }
    telling.abort();
    let faults = faults(&written, &books.stored, &books.deliveries, &graph.got());
    let unknown = books.deliveries.iter().filter(|(_, state)| state == "uncertain").count();
    eprintln!(
        "{} taken in, {} to send, {} got, {unknown} of unknown end, {} asked",
        written.len(),
        books.deliveries.len(),
        graph.got().len(),
        graph.asked().len()
    );
    assert!(books.open == 0, "WHATSAPP_SEED={seed}: {} are open", books.open);
    assert!(faults.is_empty(), "WHATSAPP_SEED={seed}: {faults:#?}");
    // A run in which nothing went wrong would prove nothing.
    assert!(graph.asked().len() > graph.got().len() && unknown > 0, "WHATSAPP_SEED={seed}");
}

/// Customers write, and Meta tells of every fifth message twice; gives the names that were taken in.
async fn write(graph: Graph, messages: u64, seed: u64) -> Vec<String> {
    let mut dice = StdRng::seed_from_u64(seed ^ 2);
    let mut tasks = tokio::task::JoinSet::new();
    let mut written = Vec::new();
    for number in 0..messages {
        // A person writes a few messages before the next one comes.
        let phone = format!("+1650{:07}", number / 3);
        let name = format!("wamid.STORM{number}");
        let text = WORDS[dice.random_range(0..WORDS.len())];
        let now = Clock::real().now().timestamp();
        let change = graph.message_named(&phone, &name, now, &Said::Text(text.into()));
        let times = if dice.random_bool(0.2) { 2 } else { 1 };
        let graph = graph.clone();
        tasks.spawn(async move {
            for _ in 0..times {
                hand_in(&graph, &change).await;
            }
            name
        });
        if tasks.len() >= AT_ONCE {
            written.extend(tasks.join_next().await.map(|name| name.expect("it was taken in")));
        }
        tokio::time::sleep(Duration::from_millis(dice.random_range(1..20))).await;
    }
    written.extend(tasks.join_all().await);
    written
}

/// Meta tries again until an update is taken.
async fn hand_in(graph: &Graph, change: &Value) {
    let began = Instant::now();
    while graph.post(vec![change.clone()]).await.ok() != Some(200) {
        assert!(began.elapsed() < PATIENCE, "an update was never taken");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Statuses come in any order, twice, or not at all.
async fn tell(graph: Graph, seed: u64) {
    let mut dice = StdRng::seed_from_u64(seed ^ 3);
    loop {
        tokio::time::sleep(Duration::from_millis(dice.random_range(50..400))).await;
        match dice.random_range(0..5) {
            0 => drop(graph.tell_statuses(Order::Twice).await),
            1 | 2 => drop(graph.tell_statuses(Order::Backwards).await),
            3 => drop(graph.tell_statuses(Order::AsTheyCame).await),
            _ => drop(graph.swallow_statuses()),
        }
    }
}

/// Every broken promise, in words.
fn faults(
    written: &[String],
    stored: &[String],
    deliveries: &[(String, String)],
    got: &[(String, Value)],
) -> Vec<String> {
    let mut faults = Vec::new();
    let mut times = BTreeMap::<&str, usize>::new();
    for name in stored {
        *times.entry(name).or_default() += 1;
    }
    for name in written {
        match times.get(name.as_str()) {
            Some(1) => {}
            Some(count) => faults.push(format!("{name} is stored {count} times")),
            None => faults.push(format!("{name} was taken in and is lost")),
        }
    }
    let names = got.iter().filter_map(|(_, it)| it["biz_opaque_callback_data"].as_str());
    let mut sent = BTreeSet::new();
    for name in names {
        if !sent.insert(name) {
            faults.push(format!("{name} was sent twice"));
        }
    }
    for (id, state) in deliveries {
        let is_there = sent.remove(id.as_str());
        match state.as_str() {
            "sent" | "delivered" | "read" if !is_there => {
                faults.push(format!("{id} is {state}, and the customer has nothing"));
            }
            "failed" if is_there => faults.push(format!("{id} is failed, and the customer has it")),
            "sent" | "delivered" | "read" | "uncertain" | "failed" => {}
            other => faults.push(format!("{id} is still {other}")),
        }
    }
    faults.extend(sent.into_iter().map(|name| format!("{name} was sent and is in no outbox")));
    faults
}

#[test]
fn a_broken_promise_is_seen() {
    let words = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let sent = |id: &str| ("w".to_owned(), serde_json::json!({ "biz_opaque_callback_data": id }));
    let row = |state: &str| vec![("o".to_owned(), state.to_owned())];
    let none = faults(&words(&["a"]), &words(&["a"]), &row("sent"), &[sent("o")]);
    assert_eq!(none, [""; 0]);
    for (fault, stored, rows, got) in [
        ("a was taken in and is lost", vec![], row("sent"), vec![sent("o")]),
        ("a is stored 2 times", vec!["a", "a"], row("sent"), vec![sent("o")]),
        ("o was sent twice", vec!["a"], row("sent"), vec![sent("o"), sent("o")]),
        ("o is sent, and", vec!["a"], row("sent"), vec![]),
        ("o is failed, and", vec!["a"], row("failed"), vec![sent("o")]),
        ("o is still sending", vec!["a"], row("sending"), vec![]),
        ("o was sent and is in no outbox", vec!["a"], vec![], vec![sent("o")]),
    ] {
        let found = faults(&words(&["a"]), &words(&stored), &rows, &got);
        assert!(found.len() == 1 && found[0].starts_with(fault), "{fault}: {found:?}");
    }
}
