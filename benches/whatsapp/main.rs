//! What durable acks of WhatsApp's webhook cost: signed updates over HTTP that are answered once they are on disk,
//! beside a bare loop that appends the same bytes to a file and syncs it.
//!
//! `cargo bench --bench whatsapp`. It finds the most that the server takes, then posts a quarter of that by a fixed
//! schedule and counts each ack from the moment its update was to leave, so that a slow answer does not hide those
//! that had to wait behind it; then less than a quarter. Such rounds and the loop's take turns, and the middle of
//! their ratios counts, since a shared disk is faster at one time than at another. One update in five is a customer's
//! message, the others are statuses (sent, delivered, read) of messages that lie in the outbox; one body in twenty
//! holds twelve updates, the others one. At the end every ack is held against what is stored.
//!
//! With `TEST_WHATSAPP_PYTHON` naming a Python that has the packages of `benches/peers/requirements.txt`, the same
//! load is put to `FastAPI` with sqlite3 (`benches/peers/whatsapp_fastapi.py`).
#![expect(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]
#![expect(clippy::print_stdout, reason = "the figures are what the bench is for")]

mod books;
mod load;
mod peer;
mod server;
#[expect(dead_code, reason = "each bench uses its own part of it")]
#[path = "../support/mod.rs"]
mod support;
mod traffic;

use load::{Load, sync_loop};
use peer::Peer;
use server::Server;
use std::path::Path;
use std::time::Duration;
use support::{percentile, verdict};
use sureply::fake::{Account, Graph};
use tokio::runtime::{Builder, Runtime};
use traffic::Traffic;

/// Clients that post as fast as they are answered, to find the most.
const CLIENTS: [usize; 3] = [32, 128, 256];
/// How often each of them is tried, and for how long.
const TRIES: usize = 3;
const TRY: Duration = Duration::from_secs(2);
/// Rounds at a quarter of the most, and of the bare loop.
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_secs(4);
/// By what the most is divided besides, to see what is left where the machine has time; and the rounds of each.
const PARTS: [f64; 2] = [8.0, 16.0];
const PART_ROUNDS: usize = 5;
/// Bodies that the bare loop writes, again and again.
const BARE: usize = 1_000;
/// Bodies that are posted a second time at the end.
const AGAIN: usize = 200;
/// The most that a slow ack may take, in bare syncs that are as slow.
const MOST: f64 = 3.0;

fn main() {
    rustls::crypto::ring::default_provider().install_default().expect("none is installed yet");
    let runtime = Runtime::new().expect("a runtime");
    // Who posts has a thread of its own, as if it were elsewhere.
    let client = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let graph = runtime.block_on(Graph::start(Account::default())).expect("a Graph API");
    let ours = measure_ours(&runtime, &client, &graph);
    match Peer::start(graph.account()) {
        Ok(peer) => measure_peer(&client, &graph, peer, ours),
        Err(why) => println!("left out: FastAPI with sqlite3: {why}"),
    }
}

/// Measures the server; gives its most acks a second.
fn measure_ours(runtime: &Runtime, client: &Runtime, graph: &Graph) -> f64 {
    let server = runtime.block_on(Server::start(graph));
    let load = Load::on(client, server.address());
    let mut traffic = Traffic::of(graph);
    let most = most(&load, &mut traffic);
    let ratio = compare(&server, &load, &mut traffic, most / 4.0, ROUNDS);
    for part in PARTS {
        compare(&server, &load, &mut traffic, most / part, PART_ROUNDS);
    }
    let figure = format!("{ratio:.2}");
    verdict("ack p99 at a quarter of the most / a bare sync's p99", &figure, "≤ 3", ratio <= MOST);
    load.again(&traffic.last(AGAIN));
    let faults = runtime.block_on(server.stop_and_check(&traffic));
    let figure = format!("{} acked, {} not stored once", traffic.updates(), faults.len());
    verdict("updates acked and stored", &figure, "0", faults.is_empty());
    assert!(faults.is_empty(), "{faults:#?}");
    most
}

/// How late acks come at a rate beside bare syncs: the middle of the rounds' ratios.
fn compare(
    server: &Server,
    load: &Load<'_>,
    traffic: &mut Traffic,
    rate: f64,
    rounds: usize,
) -> f64 {
    let (mut ratios, mut all) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let bare = sync_loop(server.folder(), &traffic.next(BARE), ROUND);
        let acks = at(rate, load, traffic);
        let ratio = percentile(&acks, 99) / percentile(&bare, 99);
        println!("{rate:.0}/s: {}; bare syncs: {}; {ratio:.2}", line(&acks), line(&bare));
        ratios.push(ratio);
        all.extend(acks);
    }
    let middle = percentile(&ratios, 50);
    println!("all acks at {rate:.0}/s: {}; {middle:.2}; {}", line(&all), support::pressure());
    middle
}

fn measure_peer(client: &Runtime, graph: &Graph, peer: Peer, ours: f64) {
    let load = Load::on(client, peer.address());
    let mut traffic = Traffic::of(graph);
    let theirs = most(&load, &mut traffic);
    let acks = at(theirs / 4.0, &load, &mut traffic);
    println!("a quarter of that: {}", line(&acks));
    load.again(&traffic.last(AGAIN));
    let faults = client.block_on(peer.stop_and_check(&traffic));
    println!("FastAPI with sqlite3: {} acked, {} not stored once", traffic.updates(), faults.len());
    println!("acks a second, ours / FastAPI with sqlite3: {:.1}", ours / theirs);
}

/// The most acks a second, of however many clients.
fn most(load: &Load<'_>, traffic: &mut Traffic) -> f64 {
    load.until(TRY, CLIENTS[0], traffic);
    let tried = CLIENTS.map(|clients| {
        let rates: Vec<f64> = (0..TRIES).map(|_| load.until(TRY, clients, traffic)).collect();
        println!("{clients} clients: {:.0} acks/s", percentile(&rates, 50));
        percentile(&rates, 50)
    });
    tried.into_iter().fold(0.0, f64::max)
}

/// How long acks take in milliseconds at a rate.
fn at(rate: f64, load: &Load<'_>, traffic: &mut Traffic) -> Vec<f64> {
    let posts = traffic.next(load::enough(rate, ROUND));
    let acks = load.by_schedule(&posts, rate);
    traffic.acked(posts.len());
    acks
}

fn line(times: &[f64]) -> String {
    let [middle, late] = [50, 99].map(|percent| percentile(times, percent));
    format!("p50 {middle:.2} ms, p99 {late:.2} ms of {}", times.len())
}

/// A way to a file of this bench's.
fn sqlite(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}
