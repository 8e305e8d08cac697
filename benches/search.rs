//! What a search costs: beside the bare index, and as knowledge grows a hundredfold.
//!
//! `cargo bench --bench search` prints criterion's figures and, at the end, the ratios that
//! matter, all of the same run on the same machine.
#![expect(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

#[expect(dead_code, reason = "each bench uses its own part of it")]
mod support;

use chrono::NaiveDate;
use criterion::Criterion;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};
use sureply::bench::{Audience, Bare, Entry, Lang, Publication, Query, Risk, Search};
use sureply::config::Embedding;
use tempfile::TempDir;

const SMALL: usize = 1_000;
const LARGE: usize = 100_000;
/// Entries that come to about 100,000 texts with vectors of their own.
const UNITS: usize = 16_700;
/// What vectors may take in memory for that many.
const VECTOR_BYTES: usize = 60_000_000;
const WORDS: usize = 30_000;
const QUESTIONS: usize = 300;
/// Every question is asked this often, its fastest time counts.
const ROUNDS: usize = 5;

/// Knowledge of some size, and questions about it.
struct Knowledge {
    search: Search,
    entries: Vec<Entry>,
    questions: Vec<String>,
    _dir: TempDir,
}

/// The times of both, question by question.
struct Times {
    ours: Vec<Duration>,
    bare: Vec<Duration>,
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(20);
    let (small, large) = (Knowledge::of(SMALL), Knowledge::of(LARGE));
    for (name, knowledge) in [("search 1,000", &small), ("search 100,000", &large)] {
        let mut next = knowledge.questions.iter().cycle();
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| knowledge.ask(next.next().expect("a cycle has no end")));
        });
    }
    criterion.final_summary();
    let (of_small, of_large) = (small.measure(), large.measure());
    small.write("1000", &of_small);
    large.write("100000", &of_large);
    report(&of_small, &of_large);
    report_units(&Knowledge::of(UNITS));
}

/// What vectors cost: time over 100,000 units, and memory.
fn report_units(knowledge: &Knowledge) {
    let (units, bytes) = knowledge.search.vector_size();
    let times = knowledge.measure();
    let p95 = percentile(&times.ours, 95);
    let name = format!("p95 over {units} units");
    support::verdict(&name, &format!("{p95:.2?}"), "≤ 30 ms", p95 <= Duration::from_millis(30));
    let figure = format!("{} MB", bytes / 1_000_000);
    support::verdict("their vectors in memory", &figure, "≤ 60 MB", bytes <= VECTOR_BYTES);
}

#[expect(clippy::print_stdout, reason = "the ratios are what the bench is for")]
fn report(small: &Times, large: &Times) {
    for (name, times) in [("1,000", small), ("100,000", large)] {
        let (p50, p95) = (percentile(&times.ours, 50), percentile(&times.ours, 95));
        println!("{name} entries: p50 {p50:.2?}, p95 {p95:.2?}");
        println!("search / bare tantivy at {name}: {:.2}", ratio(&times.ours, &times.bare));
    }
    // The bare index ranks by BM25 alone.
    let overhead = ratio(&small.ours, &small.bare);
    let figure = format!("{overhead:.2}");
    support::verdict("search / BM25 alone at 1,000", &figure, "≤ 3", overhead <= 3.0);
    let growth =
        percentile(&large.ours, 95).as_secs_f64() / percentile(&small.ours, 95).as_secs_f64();
    let figure = format!("{growth:.1}");
    support::verdict("p95 100,000 / p95 1,000", &figure, "≤ 5", growth <= 5.0);
}

fn ratio(ours: &[Duration], bare: &[Duration]) -> f64 {
    ours.iter().sum::<Duration>().as_secs_f64() / bare.iter().sum::<Duration>().as_secs_f64()
}

fn percentile(times: &[Duration], percent: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted[(sorted.len() - 1) * percent / 100]
}

impl Knowledge {
    fn of(size: usize) -> Self {
        let mut words = Words::new(size as u64);
        let entries: Vec<Entry> = (0..size).map(|number| words.entry(number)).collect();
        let dir = TempDir::new().expect("a temporary folder can be made");
        let search =
            Search::open(dir.path(), &Embedding::default()).expect("an empty folder can be opened");
        search.replace(&entries, 1).expect("the entries can be indexed");
        let questions = (0..QUESTIONS).map(|_| words.question(&entries)).collect();
        Self { search, entries, questions, _dir: dir }
    }

    /// Leaves entries, questions and times for `benches/peers/compare.py`.
    fn write(&self, name: &str, times: &Times) {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers").join(name);
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        let lines = |values: Vec<serde_json::Value>| {
            let lines: Vec<String> = values.iter().map(ToString::to_string).collect();
            lines.join("\n")
        };
        let entries = self.entries.iter().map(|entry| serde_json::json!(entry)).collect();
        let asked =
            self.questions.iter().zip(&times.ours).map(
                |(text, time)| serde_json::json!({"text": text, "seconds": time.as_secs_f64()}),
            );
        std::fs::write(folder.join("entries.jsonl"), lines(entries)).expect("they can be written");
        std::fs::write(folder.join("questions.jsonl"), lines(asked.collect())).expect("as well");
    }

    fn ask(&self, text: &str) -> usize {
        self.search.find(&query(text)).expect("a search never fails").len()
    }

    /// Asks every question of both in turn, so that whatever else the machine does hits both.
    fn measure(&self) -> Times {
        let mut times = Times { ours: Vec::new(), bare: Vec::new() };
        for text in &self.questions {
            let bare = Bare::of(&self.search, &query(text)).expect("a query can be planned");
            let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
            for _ in 0..ROUNDS {
                ours = ours.min(time(|| self.ask(text)));
                theirs = theirs.min(time(|| bare.run().expect("a search never fails")));
            }
            times.ours.push(ours);
            times.bare.push(theirs);
        }
        times
    }
}

fn time(run: impl FnOnce() -> usize) -> Duration {
    let start = Instant::now();
    black_box(run());
    start.elapsed()
}

fn query(text: &str) -> Query<'_> {
    Query { text, lang: Lang::EN, today: NaiveDate::MIN, limit: 10, team: false }
}

/// Invented words, as unevenly frequent as those of a language.
struct Words {
    random: StdRng,
    /// The share of all text that the words up to each place make up.
    upto: Vec<f64>,
}

impl Words {
    fn new(seed: u64) -> Self {
        let mut sum = 0.0;
        let mut upto = Vec::with_capacity(WORDS);
        for place in 1..=WORDS {
            sum += 1.0 / f64::from(u32::try_from(place).expect("fewer words than that"));
            upto.push(sum);
        }
        Self { random: StdRng::seed_from_u64(seed), upto }
    }

    fn word(&mut self) -> String {
        let at = self.random.random::<f64>() * self.upto[WORDS - 1];
        let mut place = self.upto.partition_point(|&upto| upto < at) + 20;
        let mut word = String::new();
        while place > 0 {
            word.push_str(["ba", "ko", "mi", "ru", "ta", "ze", "lo", "ni", "du", "fa"][place % 10]);
            place /= 10;
        }
        word
    }

    fn text(&mut self, words: usize) -> String {
        let words: Vec<String> = (0..words).map(|_| self.word()).collect();
        words.join(" ")
    }

    fn entry(&mut self, number: usize) -> Entry {
        Entry {
            id: format!("entry-{number:06}").into(),
            article: format!("article-{number:06}").into(),
            version: 1,
            lang: Lang::EN,
            title: self.text(4),
            topic: String::new(),
            tags: Vec::new(),
            risk: Risk::Standard,
            audience: Audience::Public,
            valid_until: None,
            status: Publication::Published,
            question: self.text(8),
            ways: (0..3).map(|_| self.text(7)).collect(),
            learned: Vec::new(),
            answer: self.text(60),
        }
    }

    /// Half the words of some entry's question, and as many of no matter what.
    fn question(&mut self, entries: &[Entry]) -> String {
        let entry = &entries[self.random.random_range(0..entries.len())];
        let asked: Vec<&str> = entry.question.split(' ').step_by(2).collect();
        format!("{} {}", asked.join(" "), self.text(4))
    }
}
