//! Running: every question of a set through the steps that answer customers, over a temporary index.

use super::Folder;
use super::case::Case;
use super::set::{LabelledSet, house_lang};
use crate::answer::{Asked, Request, verbatim};
use crate::confidence::{self, Evidence, Features, Model};
use crate::config::{Embedding, InboxSettings};
use crate::conversation::{Author, ChannelKind, Inbox, Message};
use crate::desk::{self, CANDIDATES, Heard};
use crate::knowledge::{Entry, EntryId, Hit, Rankers};
use crate::lang::Lang;
use crate::search::Search;
use crate::triage::{self, Triage};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use indicatif::ProgressBar;
use serde::Serialize;
use std::collections::BTreeMap;

/// So many entries are put in order for each question: enough for every figure, and for each ranker
/// to be judged by its own order.
const DEPTH: usize = 50;

/// What came of one question.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The set.
    pub dataset: String,
    /// The question's name.
    pub id: String,
    /// The entry that a draft would rest on.
    pub entry: Option<EntryId>,
    /// The probability that sending the draft would be right.
    pub confidence: f64,
    /// Whether the entry is one that answers.
    pub right: bool,
    /// Whether any entry answers.
    pub answerable: bool,
    /// Each ranker's score of its own top entry, the lead of the top entry, and every feature.
    pub scores: BTreeMap<String, f64>,
    /// The place, from 1, of the first entry that answers.
    pub rank: Option<usize>,
    /// What every ranker makes of the first entries, those that answer included, for fitting.
    pub candidates: Vec<Candidate>,
    /// What each ranker would have done alone.
    pub rankers: BTreeMap<&'static str, Alone>,
    /// Why the question has the answers it has.
    pub reason: Option<String>,
    /// The entries that answer.
    pub gold: Vec<EntryId>,
    /// The language that triage found.
    pub lang: Lang,
    /// What triage says the customer is after.
    pub intent: triage::Intent,
    /// The question.
    pub text: String,
    /// The numbers that the confidence was made of.
    #[serde(skip)]
    pub features: Features,
}

impl Row {
    /// The confidence by a model; 0 where nothing was found.
    pub fn judged_by(&self, model: &Model) -> f64 {
        if self.entry.is_some() { model.confidence(&self.features) } else { 0.0 }
    }
}

/// What every ranker makes of an entry.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// The question's place in the turn.
    pub question: usize,
    /// The entry.
    pub entry: EntryId,
    /// Whether it answers.
    pub right: bool,
    /// Whether it is written in another language than the question.
    pub foreign: bool,
    /// All rankers taken together.
    pub score: f64,
    /// The share of the question's weight that it holds.
    pub coverage: f64,
    /// What each ranker makes of it.
    #[serde(flatten)]
    pub rankers: Rankers,
}

/// What one ranker made of a question alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alone {
    /// Its top entry.
    pub entry: EntryId,
    /// Its score of it.
    pub score: f64,
    /// The place, from 1, of the first entry that answers.
    pub rank: Option<usize>,
}

/// A ranker that can be judged alone: its name, and its score of a hit.
type Ranker = (&'static str, fn(&Hit) -> Option<f64>);

const RANKERS: [Ranker; 4] = [
    ("bm25", |hit| Some(bm25(hit)).filter(|score| *score > 0.0)),
    ("words", |hit| hit.rankers.words),
    ("encoder", |hit| hit.rankers.encoder),
    ("head", |hit| hit.rankers.head),
];

/// The plain BM25 score, as others threshold it.
fn bm25(hit: &Hit) -> f64 {
    hit.fields.question + hit.fields.ways + hit.fields.title + hit.fields.answer
}

/// A set's index, in a folder that goes with it.
pub struct Bench {
    search: Search,
    inbox: Inbox,
    now: DateTime<Utc>,
    _folder: Folder,
}

impl Bench {
    /// An empty index for a set.
    pub fn open(set: &LabelledSet, embedding: &Embedding, now: DateTime<Utc>) -> Result<Self> {
        let folder = Folder::fresh()?;
        let search = Search::open(folder.path(), embedding).context("opening a temporary index")?;
        let mut inbox = InboxSettings::new("eval", ChannelKind::Api).inbox();
        inbox.lang = house_lang(&set.entries);
        Ok(Self { search, inbox, now, _folder: folder })
    }

    /// Indexes these entries in place of all others, and waits until the encoder has seen them.
    pub fn hold(&self, entries: &[Entry], bar: &ProgressBar) -> Result<()> {
        self.search.replace(entries, self.search.revision() + 1).context("indexing the set")?;
        while !self.search.encode().context("encoding the set")? {
            let (seen, of) = self.search.encoded();
            bar.set_prefix(format!("encoded {seen} of {of}"));
            bar.tick();
        }
        bar.set_prefix("");
        Ok(())
    }

    /// Puts questions one after the other.
    pub fn put_all(&self, dataset: &str, cases: &[Case], bar: &ProgressBar) -> Result<Vec<Row>> {
        let put = |case: &Case| {
            bar.inc(1);
            self.put(dataset, case).with_context(|| format!("putting {}", case.place))
        };
        cases.iter().map(put).collect()
    }

    /// Puts one question. Where its words do not tell the language, the set's word on it counts, as
    /// a visitor's browser would have told, else the language of most entries.
    fn put(&self, dataset: &str, case: &Case) -> Result<Row> {
        let fallback = case.lang.unwrap_or(self.inbox.lang);
        let triage = triage::read(&case.text, fallback, &[]);
        // Thanks and greetings are put as well: how they rank is measured, whatever the gates do.
        let whole = vec![case.text.clone()];
        let questions = if triage.questions.is_empty() { whole } else { triage.questions };
        let triage = Triage { questions, ..triage };
        let history = self.history(case);
        let today = self.now.date_naive();
        let heard =
            Heard { triage: &triage, history: &history, today, limit: DEPTH, rewritten: None };
        let mut asked = desk::retrieve(&self.search, &heard)?;
        let ranked = ranked(&asked, |hit| Some(hit.score));
        let alone =
            RANKERS.iter().filter_map(|(name, score)| Some((*name, alone(&asked, *score, case)?)));
        let rankers: BTreeMap<_, _> = alone.collect();
        let candidates = candidates(&asked, case, triage.lang);
        for asked in &mut asked {
            asked.hits.truncate(CANDIDATES);
        }
        let features = self.features(case, &triage, &asked);
        let entry = ranked.first().map(|(id, _)| id.clone());
        let row = Row {
            dataset: dataset.to_owned(),
            id: case.id.clone(),
            confidence: 0.0,
            right: entry.as_ref().is_some_and(|entry| case.gold.contains(entry)),
            answerable: !case.gold.is_empty(),
            scores: scores(&ranked, &rankers, &features),
            rank: place(&ranked, case),
            candidates,
            entry,
            rankers,
            reason: case.reason.clone(),
            gold: case.gold.clone(),
            lang: triage.lang,
            intent: triage.intent,
            text: case.text.clone(),
            features,
        };
        Ok(Row { confidence: row.judged_by(Model::shipped()), ..row })
    }

    /// What was said before the question, as a conversation of the inbox holds it.
    fn history(&self, case: &Case) -> Vec<Message> {
        let messages = case.history.iter().flat_map(|said| {
            let author = if said.role == "customer" { Author::Customer } else { Author::Agent };
            let turn = desk::bare_turn(&said.text, self.inbox.clone(), self.now);
            turn.messages.into_iter().map(move |message| Message { author, ..message })
        });
        messages.collect()
    }

    fn features(&self, case: &Case, triage: &Triage, asked: &[Asked]) -> Features {
        let turn = desk::bare_turn(&case.text, self.inbox.clone(), self.now);
        let drafted = verbatim(&Request { turn: &turn, lang: triage.lang, asked });
        let grounding = desk::grounding(&drafted, asked, &case.text);
        let evidence =
            Evidence { triage, asked, drafted: &drafted, grounding: &grounding, reputations: &[] };
        confidence::features(&evidence)
    }
}

/// Every entry that some question of the turn found, by its best score, best first.
fn ranked(asked: &[Asked], score: impl Fn(&Hit) -> Option<f64>) -> Vec<(EntryId, f64)> {
    let mut best: BTreeMap<&EntryId, f64> = BTreeMap::new();
    for hit in asked.iter().flat_map(|asked| &asked.hits) {
        let Some(score) = score(hit) else { continue };
        let known = best.entry(&hit.entry.id).or_insert(score);
        *known = known.max(score);
    }
    let mut ranked: Vec<(EntryId, f64)> =
        best.into_iter().map(|(id, score)| (id.clone(), score)).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    ranked
}

/// The first entries of each question, and those further down that answer.
fn candidates(asked: &[Asked], case: &Case, lang: Lang) -> Vec<Candidate> {
    let of = |question: usize, hit: &Hit| Candidate {
        question,
        entry: hit.entry.id.clone(),
        right: case.gold.contains(&hit.entry.id),
        foreign: hit.entry.lang != lang,
        score: hit.score,
        coverage: hit.coverage,
        rankers: hit.rankers,
    };
    let each = asked.iter().enumerate().flat_map(|(question, asked)| {
        let all = asked.hits.iter().enumerate().map(move |(place, hit)| (place, of(question, hit)));
        all.filter(|(place, candidate)| *place < CANDIDATES || candidate.right)
    });
    each.map(|(_, candidate)| candidate).collect()
}

fn place(ranked: &[(EntryId, f64)], case: &Case) -> Option<usize> {
    ranked.iter().position(|(id, _)| case.gold.contains(id)).map(|above| above + 1)
}

fn alone(asked: &[Asked], score: fn(&Hit) -> Option<f64>, case: &Case) -> Option<Alone> {
    let ranked = ranked(asked, score);
    let (top, score) = ranked.first()?;
    Some(Alone { entry: top.clone(), score: *score, rank: place(&ranked, case) })
}

fn scores(
    ranked: &[(EntryId, f64)],
    rankers: &BTreeMap<&'static str, Alone>,
    features: &Features,
) -> BTreeMap<String, f64> {
    let mut scores: BTreeMap<String, f64> =
        rankers.iter().map(|(name, alone)| ((*name).to_owned(), alone.score)).collect();
    let score = |place: usize| ranked.get(place).map_or(0.0, |(_, score)| *score);
    scores.insert("lead".to_owned(), score(0) - score(1));
    let named = features.named().into_iter();
    scores.extend(named.map(|(name, number)| (format!("feature.{name}"), number)));
    scores
}
