//! Kills: whatever the server acknowledged outlives them, once, and reaches one end.
//!
//! `CRASH_KILLS` sets how many, `CRASH_SEED` repeats the dice of an earlier run.

mod customer;
mod evidence;

use crate::support::{Program, Receiver};
use customer::Run;
use evidence::{Evidence, Outgoing, Post, Receipt};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use reqwest::Client;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const CUSTOMERS: u64 = 8;
const KILLS: u64 = 6;

/// How long the server may take after the last kill until nothing is left to do.
const REST: Duration = Duration::from_secs(90);

fn settings(receiver: &Receiver) -> String {
    format!(
        "[worker]\nlease_seconds = 2\n[[inbox]]\nname = 'api'\nchannel = 'api'\nquiet_seconds = 0\n\
         webhook_url = '{}'\nwebhook_secrets = ['a-secret-for-the-crash-test']\n",
        receiver.url
    )
}

#[expect(clippy::disallowed_methods, reason = "the environment says how long to go on")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("it is a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_kill_loses_or_doubles_a_message() {
    let kills = number("CRASH_KILLS").unwrap_or(KILLS);
    let seed = number("CRASH_SEED").unwrap_or_else(|| rand::random::<u32>().into());
    eprintln!("CRASH_SEED={seed} CRASH_KILLS={kills}");
    let receiver = Receiver::start().await;
    let mut program = Program::with(&settings(&receiver)).await;
    let token = program.run(&["agent", "token", "crash"]).await;
    program.serve().await;

    let run = Arc::new(Run {
        http: Client::builder().timeout(Duration::from_secs(10)).build().expect("a client"),
        messages: program.url("/api/v1/inboxes/api/messages"),
        token,
        is_over: AtomicBool::new(false),
        interrupted: AtomicUsize::new(0),
    });
    let mut customers = JoinSet::new();
    for customer in 0..CUSTOMERS {
        customers.spawn(customer::write(Arc::clone(&run), customer, seed));
    }
    let mut dice = StdRng::seed_from_u64(seed);
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(dice.random_range(20..1_200))).await;
        program.kill();
        program.serve().await;
    }
    run.is_over.store(true, Ordering::Relaxed);
    let receipts = customers.join_all().await.concat();

    let evidence = gather(&program, &run, &receiver, receipts).await;
    let repeated = evidence.receipts.iter().filter(|receipt| receipt.duplicate).count();
    let interrupted = run.interrupted.load(Ordering::Relaxed);
    eprintln!(
        "{} acknowledged, {repeated} of them again; {interrupted} attempts cut off; {} sent in {} posts",
        evidence.receipts.len(),
        evidence.outbox.len(),
        evidence.posts.len(),
    );
    let faults = evidence.faults();
    assert!(faults.is_empty(), "CRASH_SEED={seed}: {faults:#?}");
    // A run in which nothing went wrong would prove nothing.
    assert!(repeated > 0 && interrupted > 0 && !evidence.posts.is_empty(), "CRASH_SEED={seed}");
}

/// Waits until nothing is left to do, then looks at everything.
async fn gather(
    program: &Program,
    run: &Run,
    receiver: &Receiver,
    receipts: Vec<Receipt>,
) -> Evidence {
    let began = Instant::now();
    let mut books = program.books().await;
    while books.open > 0 && began.elapsed() < REST {
        tokio::time::sleep(Duration::from_millis(200)).await;
        books = program.books().await;
    }
    let mut evidence = Evidence { receipts, stored: books.stored, ..Evidence::default() };
    for id in &evidence.stored {
        let url = format!("{}/{id}", run.messages);
        let answer = run.http.get(url).bearer_auth(&run.token).send().await.expect("an answer");
        let end: Value = answer.json().await.expect("JSON");
        evidence.ends.insert(id.clone(), end["state"].as_str().unwrap_or("no state").to_owned());
    }
    let outbox = books.outbox.into_iter();
    evidence.outbox =
        outbox.map(|(message, turn, state)| Outgoing { message, turn, state }).collect();
    for taken in receiver.taken() {
        let webhook = taken.headers["webhook-id"].to_str().expect("plain words").to_owned();
        let body = String::from_utf8(taken.body).expect("words");
        let told: Value = serde_json::from_str(&body).expect("JSON");
        let message = told["data"]["id"].as_str().expect("an id").to_owned();
        evidence.posts.push(Post { webhook, message, body });
    }
    evidence
}

/// A run as it should be: one message that was handed in twice, one answer that was posted twice.
fn good() -> Evidence {
    let receipt = |duplicate| Receipt { id: "a".into(), message: "m1".into(), duplicate };
    let post = || Post { webhook: "w1".into(), message: "m2".into(), body: "{}".into() };
    Evidence {
        receipts: vec![receipt(false), receipt(true)],
        stored: vec!["a".into()],
        ends: [("a".to_owned(), "decided".to_owned())].into(),
        outbox: vec![Outgoing { message: "m2".into(), turn: "t1".into(), state: "sent".into() }],
        posts: vec![post(), post()],
    }
}

/// Breaks one promise in evidence of a good run.
type Breaking = Box<dyn Fn(&mut Evidence)>;

#[test]
fn a_broken_promise_is_seen() {
    assert_eq!(good().faults(), [""; 0]);
    let outgoing =
        |turn: &str| Outgoing { message: "m3".into(), turn: turn.into(), state: "sent".into() };
    let post = |webhook: &str, message: &str, body: &str| Post {
        webhook: webhook.into(),
        message: message.into(),
        body: body.into(),
    };
    let breakings: [(&str, Breaking); 9] = [
        ("a was acknowledged and is lost", Box::new(|seen| seen.stored.clear())),
        ("a is stored 2 times", Box::new(|seen| seen.stored.push("a".into()))),
        ("a was acknowledged as", Box::new(|seen| seen.receipts[1].message = "m9".into())),
        (
            "a is open, not decided",
            Box::new(|seen| {
                seen.ends.insert("a".into(), "open".into());
            }),
        ),
        ("a is nowhere, not decided", Box::new(|seen| seen.ends.clear())),
        (
            "turn t1 has",
            Box::new(move |seen| {
                seen.outbox.push(outgoing("t1"));
                seen.posts.push(post("w3", "m3", "{}"));
            }),
        ),
        (
            "webhook w1 came with several bodies",
            Box::new(move |seen| seen.posts.push(post("w1", "m2", "{ }"))),
        ),
        ("m2 came as", Box::new(move |seen| seen.posts.push(post("w2", "m2", "{}")))),
        ("m2 was never posted", Box::new(|seen| seen.posts.clear())),
    ];
    for (fault, break_it) in breakings {
        let mut evidence = good();
        break_it(&mut evidence);
        let faults = evidence.faults();
        assert!(faults.len() == 1 && faults[0].starts_with(fault), "{fault}: {faults:?}");
    }
}
