//! Running: every question of a set through the steps that answer customers, over a temporary index.

use super::Folder;
use super::case::Case;
use super::set::{LabelledSet, house_lang};
use crate::answer::{Asked, Request, verbatim};
use crate::confidence::{self, Evidence, Features, Model};
use crate::config::InboxSettings;
use crate::conversation::{ChannelKind, Inbox};
use crate::desk::{self, CANDIDATES, Heard};
use crate::knowledge::{EntryId, Hit};
use crate::lang::Lang;
use crate::search::Search;
use crate::triage::{self, Triage};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;

/// So many entries are put in order for each question: enough for every figure, and for each ranker
/// to be judged by its own order.
const DEPTH: usize = 100;

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
    /// Indexes the set's entries.
    pub fn open(set: &LabelledSet, now: DateTime<Utc>) -> Result<Self> {
        let folder = Folder::fresh()?;
        let search = Search::open(&folder.path()).context("opening a temporary index")?;
        search.replace(&set.entries, 1).context("indexing the set")?;
        let mut inbox = InboxSettings::new("eval", ChannelKind::Api).inbox();
        inbox.lang = house_lang(&set.entries);
        Ok(Self { search, inbox, now, _folder: folder })
    }

    /// Puts one question. Where its words do not tell the language, the set's word on it counts, as
    /// a visitor's browser would have told, else the language of most entries.
    pub fn put(&self, dataset: &str, case: &Case) -> Result<Row> {
        let fallback = case.lang.unwrap_or(self.inbox.lang);
        let triage = triage::read(&case.text, fallback, &[]);
        // Thanks and greetings are put as well: how they rank is measured, whatever the gates do.
        let whole = vec![case.text.clone()];
        let questions = if triage.questions.is_empty() { whole } else { triage.questions };
        let triage = Triage { questions, ..triage };
        let today = self.now.date_naive();
        let heard = Heard { triage: &triage, history: &[], today, limit: DEPTH };
        let mut asked = desk::retrieve(&self.search, &heard)?;
        let ranked = ranked(&asked, |hit| Some(hit.score));
        let alone =
            RANKERS.iter().filter_map(|(name, score)| Some((*name, alone(&asked, *score, case)?)));
        let rankers: BTreeMap<_, _> = alone.collect();
        for asked in &mut asked {
            asked.hits.truncate(CANDIDATES);
        }
        let features = self.features(case, &triage, &asked);
        let entry = ranked.first().map(|(hit, _)| hit.entry.id.clone());
        Ok(Row {
            dataset: dataset.to_owned(),
            id: case.id.clone(),
            confidence: if entry.is_some() { Model::shipped().confidence(&features) } else { 0.0 },
            right: entry.as_ref().is_some_and(|entry| case.gold.contains(entry)),
            answerable: !case.gold.is_empty(),
            scores: scores(&ranked, &rankers, &features),
            rank: place(&ranked, case),
            entry,
            rankers,
            reason: case.reason.clone(),
            gold: case.gold.clone(),
            lang: triage.lang,
            intent: triage.intent,
            text: case.text.clone(),
        })
    }

    fn features(&self, case: &Case, triage: &Triage, asked: &[Asked]) -> Features {
        let turn = desk::bare_turn(&case.text, self.inbox.clone(), self.now);
        let drafted = verbatim(&Request { turn: &turn, lang: triage.lang, asked });
        let grounding = desk::grounding(&drafted, asked, &case.text);
        let evidence = Evidence { triage, asked, drafted: &drafted, grounding: &grounding };
        confidence::features(&evidence)
    }
}

/// Every entry that some question of the turn found, by its best score.
fn ranked(asked: &[Asked], score: impl Fn(&Hit) -> Option<f64>) -> Vec<(Hit, f64)> {
    let mut best: BTreeMap<EntryId, (Hit, f64)> = BTreeMap::new();
    for hit in asked.iter().flat_map(|asked| &asked.hits) {
        let Some(score) = score(hit) else { continue };
        let known = best.get(&hit.entry.id).map(|(_, known)| *known);
        if known.is_none_or(|known| score > known) {
            best.insert(hit.entry.id.clone(), (hit.clone(), score));
        }
    }
    let mut ranked: Vec<(Hit, f64)> = best.into_values().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    ranked
}

fn place(ranked: &[(Hit, f64)], case: &Case) -> Option<usize> {
    ranked.iter().position(|(hit, _)| case.gold.contains(&hit.entry.id)).map(|above| above + 1)
}

fn alone(asked: &[Asked], score: fn(&Hit) -> Option<f64>, case: &Case) -> Option<Alone> {
    let ranked = ranked(asked, score);
    let (top, score) = ranked.first()?;
    Some(Alone { entry: top.entry.id.clone(), score: *score, rank: place(&ranked, case) })
}

fn scores(
    ranked: &[(Hit, f64)],
    rankers: &BTreeMap<&'static str, Alone>,
    features: &Features,
) -> BTreeMap<String, f64> {
    let mut scores: BTreeMap<String, f64> =
        rankers.iter().map(|(name, alone)| ((*name).to_owned(), alone.score)).collect();
    let score = |place: usize| ranked.get(place).map_or(0.0, |(_, score)| *score);
    scores.insert("lead".to_owned(), score(0) - score(1));
    let named = serde_json::to_value(features).unwrap_or_default();
    for (name, number) in named.as_object().into_iter().flatten() {
        scores.extend(number.as_f64().map(|number| (format!("feature.{name}"), number)));
    }
    scores
}
