//! Ranking: the candidates of every ranker, each judged by all of them, in one order.
//!
//! Entries of the customer's language are always looked at. Those of another one are when a ranker
//! that knows no language found one of them, or when the own ones hold too little of the question.

use super::{
    Query, candidate,
    encoder::Encoder,
    explain::{self, Found},
    fuse::{self, Seen},
    query::Plan,
    schema,
    snapshot::Snapshot,
    vectors::{Maker, Sight},
    words::Words,
};
use crate::knowledge::{Hit, Rankers};
use crate::lang::Lang;
use std::collections::{BTreeMap, BTreeSet};
use tantivy::DocAddress;

/// Below this share of the question covered, other languages' entries are searched too.
const GOOD_COVERAGE: f64 = 0.5;
/// So many candidates of each ranker are put in order at least, however few are wanted.
const POOL: usize = 10;
/// Entries that the vectors find less alike than this are none.
const ALIKE: f32 = 0.35;

/// The question's language, and how like it each ranker that compares vectors finds the entries.
struct Sights {
    lang: Lang,
    words: Option<Sight>,
    encoder: Option<Sight>,
}

/// An entry that is in the running.
struct Runner<'a> {
    found: Found,
    plan: &'a Plan,
    place: usize,
    rankers: Rankers,
    score: f64,
    /// What its wordings speak for it, as log-odds.
    lift: Option<f64>,
}

/// The hits of a query, best first; equal ones by identifier.
pub fn rank(
    snapshot: &Snapshot,
    encoder: Option<&Encoder>,
    query: &Query<'_>,
) -> anyhow::Result<Vec<Hit>> {
    if query.limit == 0 {
        return Ok(Vec::new());
    }
    let sights = sights(snapshot, encoder, query);
    let from_day = (!query.team).then(|| schema::day(query.today));
    let seen = seen(snapshot, &sights, query.limit.max(POOL), from_day);

    let own = Plan::of(snapshot, query.text, query.lang, true)?;
    let mut plans = BTreeMap::new();
    let own_found = found(snapshot, &own, query, seen.get(&query.lang))?;
    let is_covered = own_found.iter().any(|found| found.report(&own).coverage >= GOOD_COVERAGE);
    for &lang in snapshot.langs.iter().filter(|&&lang| lang != query.lang) {
        if !is_covered || seen.contains_key(&lang) {
            plans.insert(lang, Plan::of(snapshot, query.text, lang, false)?);
        }
    }
    let mut runners = Vec::new();
    runners.extend(own_found.into_iter().filter_map(|f| runner(snapshot, &sights, &own, f, false)));
    for (lang, plan) in &plans {
        let found = found(snapshot, plan, query, seen.get(lang))?;
        runners.extend(found.into_iter().filter_map(|f| runner(snapshot, &sights, plan, f, true)));
    }
    share_out(&mut runners);
    // Places are in the order of identifiers.
    runners.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.place.cmp(&b.place)));
    runners.truncate(query.limit);
    runners.iter().map(|runner| hit(snapshot, &sights, runner)).collect()
}

/// The hits of a query among given entries, best first; equal ones by identifier.
pub fn rank_among(
    snapshot: &Snapshot,
    encoder: Option<&Encoder>,
    query: &Query<'_>,
    among: &BTreeSet<DocAddress>,
) -> anyhow::Result<Vec<Hit>> {
    let from_day = (!query.team).then(|| schema::day(query.today));
    let mut of_lang: BTreeMap<Lang, Vec<DocAddress>> = BTreeMap::new();
    for &address in among {
        let Some(place) = snapshot.vectors.place(address) else { continue };
        let known = &snapshot.vectors.entries[place];
        if from_day.is_none_or(|day| known.last_day >= day) {
            of_lang.entry(known.lang).or_default().push(address);
        }
    }
    if of_lang.is_empty() || query.limit == 0 {
        return Ok(Vec::new());
    }
    let sights = sights(snapshot, encoder, query);
    let plans = of_lang.into_iter().map(|(lang, addresses)| {
        let plan = Plan::of(snapshot, query.text, lang, lang == query.lang)?;
        Ok((lang, plan, addresses))
    });
    let plans: Vec<(Lang, Plan, Vec<DocAddress>)> = plans.collect::<anyhow::Result<_>>()?;
    let mut runners = Vec::new();
    for (lang, plan, addresses) in &plans {
        let found = explain::explain(snapshot, plan, addresses)?;
        let foreign = *lang != query.lang;
        runners
            .extend(found.into_iter().filter_map(|f| runner(snapshot, &sights, plan, f, foreign)));
    }
    share_out(&mut runners);
    runners.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.place.cmp(&b.place)));
    runners.truncate(query.limit);
    runners.iter().map(|runner| hit(snapshot, &sights, runner)).collect()
}

fn sights(snapshot: &Snapshot, encoder: Option<&Encoder>, query: &Query<'_>) -> Sights {
    let vectors = &snapshot.vectors;
    let words = Words::shipped().vector(query.lang, query.text);
    let words = words.and_then(|question| vectors.sight(Maker::Words, &question));
    let encoder = encoder.filter(|_| vectors.is_complete() && !query.text.trim().is_empty());
    let ask = |encoder: &Encoder| Ok((encoder.query(query.text)?, encoder.floor()?));
    let question: anyhow::Result<_> = encoder.map(ask).transpose();
    // Search goes on without an encoder that fails.
    let question = question.unwrap_or_else(|error| {
        tracing::warn!(error = format!("{error:#}"), "searching without the sentence encoder");
        None
    });
    let encoder = question.and_then(|(question, floor)| {
        let mut sight = vectors.sight(Maker::Encoder, &question)?;
        sight.rise(floor);
        Some(sight)
    });
    Sights { lang: query.lang, words, encoder }
}

/// The entries that vectors find alike, by language.
fn seen(
    snapshot: &Snapshot,
    sights: &Sights,
    limit: usize,
    from_day: Option<i64>,
) -> BTreeMap<Lang, BTreeSet<DocAddress>> {
    let mut seen: BTreeMap<Lang, BTreeSet<DocAddress>> = BTreeMap::new();
    for sight in sights.all() {
        for place in snapshot.vectors.nearest(sight, limit, ALIKE, from_day) {
            let known = &snapshot.vectors.entries[place];
            seen.entry(known.lang).or_default().insert(known.address);
        }
    }
    seen
}

/// The candidates of one language, by words and by vectors, explained.
fn found(
    snapshot: &Snapshot,
    plan: &Plan,
    query: &Query<'_>,
    seen: Option<&BTreeSet<DocAddress>>,
) -> anyhow::Result<Vec<Found>> {
    let from_day = (!query.team).then(|| schema::day(query.today));
    let mut addresses = seen.cloned().unwrap_or_default();
    if !plan.known.is_empty() {
        let limit = query.limit.max(POOL);
        addresses.extend(candidate::candidates(snapshot, plan, limit, from_day)?);
    }
    explain::explain(snapshot, plan, &addresses.into_iter().collect::<Vec<_>>())
}

fn runner<'a>(
    snapshot: &Snapshot,
    sights: &Sights,
    plan: &'a Plan,
    found: Found,
    is_foreign: bool,
) -> Option<Runner<'a>> {
    let vectors = &snapshot.vectors;
    let place = vectors.place(found.address)?;
    let cosine = |sight: &Option<Sight>| Some(f64::from(sight.as_ref()?.entries[place]));
    let lift =
        |maker, sight: &Option<Sight>| Some(f64::from(vectors.lift(maker, sight.as_ref()?, place)));
    let report = found.report(plan);
    let seen = Seen {
        lang: sights.lang,
        bm25: report.bm25,
        together: report.together,
        words: cosine(&sights.words),
        words_lift: lift(Maker::Words, &sights.words),
        encoder: cosine(&sights.encoder),
        encoder_lift: lift(Maker::Encoder, &sights.encoder),
        is_foreign,
    };
    let rankers = Rankers {
        bm25: seen.bm25,
        together: seen.together,
        words: seen.words,
        encoder: seen.encoder,
        words_lift: seen.words_lift,
        encoder_lift: seen.encoder_lift,
        head: None,
    };
    Some(Runner { found, plan, place, rankers, score: fuse::score(&seen), lift: fuse::lift(&seen) })
}

/// Says of each what share of the belief the wordings give it, all candidates together.
fn share_out(runners: &mut [Runner<'_>]) {
    let most = runners.iter().filter_map(|runner| runner.lift).fold(f64::MIN, f64::max);
    let share = |lift: f64| (lift - most).exp();
    let all: f64 = runners.iter().filter_map(|runner| runner.lift).map(share).sum();
    for runner in runners {
        runner.rankers.head = runner.lift.map(|lift| share(lift) / all);
    }
}

fn hit(snapshot: &Snapshot, sights: &Sights, runner: &Runner<'_>) -> anyhow::Result<Hit> {
    let entry = snapshot.entry(runner.found.address)?;
    let all: Vec<&Sight> = sights.all().collect();
    let passage = snapshot.vectors.passage(runner.place, &all);
    let passage = passage.and_then(|range| entry.answer.get(range)).map(str::to_owned);
    let report = runner.found.report(runner.plan);
    Ok(Hit {
        entry,
        score: runner.score,
        rankers: runner.rankers,
        fields: runner.found.fields(),
        matched: report.matched,
        unmatched: report.unmatched,
        coverage: report.coverage,
        passage,
    })
}

impl Sights {
    fn all(&self) -> impl Iterator<Item = &Sight> {
        self.words.iter().chain(&self.encoder)
    }
}
