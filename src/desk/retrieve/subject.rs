//! Subjects: what a conversation speaks of by name, as far as articles bear that name.
//!
//! Who asks "Is the room quiet?" after two messages on one hotel means that hotel. Its entries count
//! more, the more the later it was named; they do not shut out the rest, so that a question on
//! something else still finds it.

use crate::answer::{Asked, Understood};
use crate::conversation::{Message, Visibility};
use crate::knowledge::Hit;
use crate::lang::Lang;
use crate::search::{Name, Query, Search};
use anyhow::Result;
use std::collections::BTreeSet;

/// Messages before the turn that are looked at, newest first.
const MESSAGES: usize = 12;
/// The most names; a list of everything there is names nothing.
const NAMES: usize = 8;
/// The log-odds that an entry gains when its name was the last one spoken of, and how many times that
/// where the question leaves open what it is about.
const LAST: f64 = 2.0;
const OPEN: f64 = 4.0;
/// What is left for other names where the question itself calls one.
const OTHERS: f64 = 0.25;
/// Entries of so many titles, within these log-odds of the best one, leave it open.
const TITLES: usize = 3;
const NEAR: f64 = 1.0;
/// What is left of that for a name that was spoken of in an earlier message.
const EARLIER: f64 = 0.8;

/// The names that were spoken of, each with what its entries count more.
#[derive(Debug, Default)]
pub(super) struct Subjects {
    names: Vec<(Name, f64)>,
}

impl Subjects {
    /// Reads the messages before a turn.
    pub(super) fn of(search: &Search, history: &[Message], lang: Lang) -> Result<Self> {
        let mut names: Vec<(Name, f64)> = Vec::new();
        let mut more = LAST;
        let said = history.iter().rev().filter(|message| message.visibility == Visibility::Public);
        for message in said.take(MESSAGES) {
            let called = search.names(&message.words(), lang)?;
            let fresh: Vec<Name> = called
                .into_iter()
                .filter(|name| names.iter().all(|(known, _)| known.as_str() != name.as_str()))
                .collect();
            if fresh.is_empty() {
                continue;
            }
            names.extend(fresh.into_iter().map(|name| with(name, more)));
            more *= EARLIER;
            if names.len() >= NAMES {
                break;
            }
        }
        names.truncate(NAMES);
        Ok(Self { names })
    }

    /// Looks for the question among the entries of what was spoken of, beside what was found.
    pub(super) fn apply(
        &self,
        search: &Search,
        query: &Query<'_>,
        points: bool,
        mut asked: Asked,
    ) -> Result<Asked> {
        let mut names = self.names.clone();
        let own = search.names(query.text, query.lang)?;
        if own.iter().any(Name::is_whole) {
            for (_, more) in &mut names {
                *more *= OTHERS;
            }
        }
        for name in own {
            names.retain(|(known, _)| known.as_str() != name.as_str());
            names.insert(0, with(name, LAST));
        }
        if names.is_empty() {
            return Ok(asked);
        }
        let among: Vec<Name> = names.iter().map(|(name, _)| name.clone()).collect();
        let text = Name::rest(query.text, query.lang, &among);
        let mut hits = search.find_among(&Query { text: &text, ..*query }, &among)?;
        let is_open = points || leaves_open(&asked.hits);
        let name_of = |hit: &Hit| names.iter().find(|(name, _)| name.is_of(&hit.entry));
        for hit in &mut hits {
            let more = name_of(hit).map_or(0.0, |(_, more)| *more);
            hit.score += if is_open { OPEN * more } else { more };
        }
        let first = asked.hits.first().map(|hit| hit.entry.id.clone());
        for hit in std::mem::take(&mut asked.hits) {
            if hits.iter().all(|known| known.entry.id != hit.entry.id) {
                hits.push(hit);
            }
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.entry.id.cmp(&b.entry.id)));
        hits.truncate(query.limit);
        let best = hits.first().filter(|hit| Some(&hit.entry.id) != first.as_ref());
        if let (Understood::Itself, Some((name, _))) = (&asked.understood, best.and_then(name_of)) {
            asked.understood = Understood::Subject { name: name.as_str().to_owned() };
        }
        asked.hits = hits;
        Ok(asked)
    }
}

/// A name with what its entries count more: half where it was not called in full.
fn with(name: Name, more: f64) -> (Name, f64) {
    let more = if name.is_whole() { more } else { more / 2.0 };
    (name, more)
}

/// Whether entries of several titles answer a question about equally well: then it is one that may
/// be asked of each of them, and the conversation says of which.
fn leaves_open(hits: &[Hit]) -> bool {
    let Some(best) = hits.first() else { return true };
    let near = hits.iter().filter(|hit| hit.score >= best.score - NEAR);
    near.map(|hit| hit.entry.title.as_str()).collect::<BTreeSet<_>>().len() >= TITLES
}
