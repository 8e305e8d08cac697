//! Vectors: what each unit of each entry means, in step with the index.

mod file;
mod head;
mod table;

use super::{
    snapshot::Snapshot,
    unit::{self, Unit},
    words::Words,
};
use crate::knowledge::{Entry, EntryId};
use crate::lang::Lang;
use head::Head;
use std::{collections::HashMap, ops::Range, path::Path, sync::OnceLock};
pub use table::Table;
use tantivy::DocAddress;

/// The vectors of all units of all entries.
#[derive(Default, Clone)]
pub struct Vectors {
    /// The entries by identifier.
    pub entries: Vec<Known>,
    /// The text of each unit, by name; in the order of the entries.
    keys: Vec<u64>,
    /// Where each unit stands in its answer; none for a wording.
    passages: Vec<Option<Range<u32>>>,
    /// The static embeddings of the units.
    pub words: Table,
    /// What the sentence encoder makes of them, where there is one.
    pub encoder: Option<Table>,
    /// The entry of each document, segment by segment.
    places: Vec<Vec<u32>>,
    /// What the wordings teach, learned when it is first needed.
    heads: Heads,
}

/// The head of each table.
#[derive(Default)]
struct Heads {
    words: OnceLock<Option<Head>>,
    encoder: OnceLock<Option<Head>>,
}

impl Clone for Heads {
    /// Whoever copies vectors is about to change them: what they teach is learned anew.
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// An entry and its units.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its identifier.
    pub id: EntryId,
    /// Where the index holds it.
    pub address: DocAddress,
    /// Its language.
    pub lang: Lang,
    /// Its last day for customers; see `schema::day`.
    pub last_day: i64,
    /// Its units.
    pub units: Range<usize>,
}

/// How like a question the units and entries are.
pub struct Sight {
    /// The cosine of each unit.
    pub units: Vec<f32>,
    /// That of each entry's best unit; lowest where it has none.
    pub entries: Vec<f32>,
    /// The question as the table's head sees it.
    seen: Option<head::Seen>,
}

impl Sight {
    /// Takes off what the maker finds alike in any two texts, so that 0 is no likeness for every one.
    pub fn rise(&mut self, floor: f32) {
        for cosine in self.units.iter_mut().chain(&mut self.entries) {
            *cosine = (*cosine - floor) / (1.0 - floor);
        }
    }
}

/// A table of vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// The static embeddings.
    Words,
    /// The sentence encoder.
    Encoder,
}

/// The units of an entry as they are read anew, or as they were known.
struct Layout {
    entries: Vec<Known>,
    units: Vec<Unit>,
}

impl Vectors {
    /// The vectors of a snapshot: texts that `old` knows are not computed again. The entries
    /// `given` were just written; those that neither holds are read from the index.
    pub fn of(
        snapshot: &Snapshot,
        old: &Self,
        given: &HashMap<&EntryId, &Entry>,
        encoder: Option<&str>,
    ) -> anyhow::Result<Self> {
        let words = Words::shipped();
        let model = words_model();
        let nothing = Self::default();
        let known = if old.words.model == model { old } else { &nothing };
        let layout = known.layout(snapshot, given)?;
        let keys: Vec<u64> = layout.units.iter().map(|unit| unit.key).collect();
        let mut table = Table::pending(&model, words.dims(), keys.len());
        table.adopt(&keys, &old.words, &old.keys);
        for known in &layout.entries {
            for row in known.units.clone() {
                if table.is_pending(row) {
                    let vector = words.vector(known.lang, &layout.units[row].text);
                    table.set(row, vector.as_deref());
                }
            }
        }
        let encoder = encoder.map(|model| {
            let mut table = Table::pending(model, 0, keys.len());
            if let Some(old_table) = &old.encoder {
                table.adopt(&keys, old_table, &old.keys);
            }
            table
        });
        let places = places(snapshot, &layout.entries);
        let passages = layout.units.into_iter().map(|unit| unit.passage).collect();
        let entries = layout.entries;
        let heads = Heads::default();
        Ok(Self { entries, keys, passages, words: table, encoder, places, heads })
    }

    /// What the file beside the index holds; nothing when it is missing or damaged. Where it was
    /// written for another revision only its vectors are of use, not its entries.
    pub fn load(dir: &Path, revision: i64) -> Self {
        file::load(&dir.join(FILE), revision)
    }

    /// Writes the file beside the index, whole or not at all; without it they are made anew.
    pub fn keep(&self, dir: &Path, revision: i64) {
        if let Err(error) = file::save(self, &dir.join(FILE), revision) {
            tracing::warn!(error = format!("{error:#}"), "the vectors are not kept");
        }
    }

    /// The units, with their texts, that the encoder has yet to see, up to a number.
    pub fn pending(&self, snapshot: &Snapshot, limit: usize) -> anyhow::Result<Vec<(u64, String)>> {
        let mut pending: Vec<(u64, String)> = Vec::new();
        let Some(table) = &self.encoder else { return Ok(pending) };
        for known in &self.entries {
            if pending.len() >= limit {
                break;
            }
            if known.units.clone().any(|row| table.is_pending(row)) {
                let units = unit::units(&snapshot.entry(known.address)?).into_iter();
                let rows = known.units.clone().zip(units);
                let rows = rows.filter(|(row, _)| table.is_pending(*row));
                pending.extend(rows.map(|(_, unit)| (unit.key, unit.text)));
            }
        }
        pending.truncate(limit);
        Ok(pending)
    }

    /// How many units the encoder has seen, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        let seen = self.encoder.as_ref().map_or(self.keys.len(), |table| {
            (0..self.keys.len()).filter(|&row| !table.is_pending(row)).count()
        });
        (seen, self.keys.len())
    }

    /// The same vectors with those that the encoder has now made of texts.
    pub fn with(&self, made: &HashMap<u64, Vec<f32>>) -> Self {
        let mut vectors = self.clone();
        if let Some(table) = &mut vectors.encoder {
            for (row, key) in self.keys.iter().enumerate() {
                if let Some(vector) = made.get(key) {
                    table.set(row, Some(vector));
                }
            }
        }
        vectors
    }

    /// Whether the encoder has seen all.
    pub fn is_complete(&self) -> bool {
        self.encoder.as_ref().is_none_or(Table::is_complete)
    }

    /// How like a question each unit and entry is; none where there is nothing to compare.
    pub fn sight(&self, maker: Maker, question: &[f32]) -> Option<Sight> {
        let units = self.table(maker)?.cosines(question)?;
        let best = |known: &Known| units[known.units.clone()].iter().copied().fold(-1.0, f32::max);
        let entries = self.entries.iter().map(best).collect();
        let seen = self.head(maker).map(|head| head.see(question));
        Some(Sight { units, entries, seen })
    }

    /// How much better than others the entry explains the question, by all of its wordings.
    pub fn lift(&self, maker: Maker, sight: &Sight, place: usize) -> f32 {
        let parts = (self.head(maker), &sight.seen, self.table(maker));
        let (Some(head), Some(seen), Some(table)) = parts else { return 0.0 };
        head.lift(seen, table, self.entries[place].units.clone())
    }

    /// Learns what the wordings teach now rather than when a customer waits.
    pub fn learn(&self) {
        self.head(Maker::Words);
        self.head(Maker::Encoder);
    }

    /// How many units there are, and the bytes that all of this takes in memory, about.
    pub fn size(&self) -> (usize, usize) {
        let table = |table: &Table| table.codes.len() + table.scales.len() * size_of::<f32>();
        let tables = table(&self.words) + self.encoder.as_ref().map_or(0, table);
        let units = self.keys.len() * size_of::<u64>()
            + self.passages.len() * size_of::<Option<Range<u32>>>();
        let entries = self.entries.iter().map(|known| known.id.as_str().len()).sum::<usize>()
            + self.entries.len() * (size_of::<Known>() + size_of::<u32>());
        (self.keys.len(), tables + units + entries)
    }

    fn table(&self, maker: Maker) -> Option<&Table> {
        match maker {
            Maker::Words => Some(&self.words),
            Maker::Encoder => self.encoder.as_ref().filter(|table| table.is_complete()),
        }
    }

    fn head(&self, maker: Maker) -> Option<&Head> {
        let head = match maker {
            Maker::Words => &self.heads.words,
            Maker::Encoder => &self.heads.encoder,
        };
        let table = self.table(maker)?;
        let units = || self.entries.iter().map(|known| known.units.clone());
        head.get_or_init(|| Head::learn(table, units())).as_ref()
    }

    /// The entries most like the question, as far as customers may get them on a day; none less
    /// alike than `least`.
    pub fn nearest(
        &self,
        sight: &Sight,
        limit: usize,
        least: f32,
        from_day: Option<i64>,
    ) -> Vec<usize> {
        let is_admitted = |place: &usize| {
            sight.entries[*place] >= least
                && from_day.is_none_or(|day| self.entries[*place].last_day >= day)
        };
        let mut nearest: Vec<usize> = (0..self.entries.len()).filter(is_admitted).collect();
        let order = |a: &usize, b: &usize| {
            sight.entries[*b].total_cmp(&sight.entries[*a]).then_with(|| a.cmp(b))
        };
        if nearest.len() > limit {
            nearest.select_nth_unstable_by(limit - 1, order);
            nearest.truncate(limit);
        }
        nearest
    }

    /// The entry that a document holds.
    pub fn place(&self, address: DocAddress) -> Option<usize> {
        let place = *self.places.get(address.segment_ord as usize)?.get(address.doc_id as usize)?;
        usize::try_from(place).ok().filter(|&place| place < self.entries.len())
    }

    /// The passage of an entry that is most like the question by all sights together.
    pub fn passage(&self, place: usize, sights: &[&Sight]) -> Option<Range<usize>> {
        let like = |row: usize| sights.iter().map(|sight| sight.units[row]).sum::<f32>();
        if sights.is_empty() {
            return None;
        }
        let rows = self.entries[place].units.clone().filter(|&row| self.passages[row].is_some());
        let best = rows.rev().max_by(|&a, &b| like(a).total_cmp(&like(b)))?;
        let passage = self.passages[best].clone()?;
        Some(passage.start as usize..passage.end as usize)
    }

    /// The entries of a snapshot by identifier, with their units; those known by now have no texts.
    fn layout(
        &self,
        snapshot: &Snapshot,
        given: &HashMap<&EntryId, &Entry>,
    ) -> anyhow::Result<Layout> {
        let known: HashMap<&EntryId, &Known> =
            self.entries.iter().map(|known| (&known.id, known)).collect();
        let mut entries = snapshot.known()?;
        entries.sort_by(|a, b| a.id.cmp(&b.id));
        let mut units = Vec::new();
        for entry in &mut entries {
            let start = units.len();
            match (given.get(&entry.id), known.get(&entry.id)) {
                (Some(given), _) => units.extend(unit::units(given)),
                (None, Some(known)) => units.extend(known.units.clone().map(|row| self.unit(row))),
                (None, None) => units.extend(unit::units(&snapshot.entry(entry.address)?)),
            }
            entry.units = start..units.len();
        }
        Ok(Layout { entries, units })
    }

    fn unit(&self, row: usize) -> Unit {
        let (key, passage) = (self.keys[row], self.passages[row].clone());
        Unit { key, passage, text: String::new() }
    }
}

/// The entry of each document, segment by segment.
fn places(snapshot: &Snapshot, entries: &[Known]) -> Vec<Vec<u32>> {
    let segments = snapshot.searcher.segment_readers().iter();
    let mut places: Vec<Vec<u32>> =
        segments.map(|segment| vec![u32::MAX; segment.max_doc() as usize]).collect();
    for (place, known) in (0..).zip(entries) {
        places[known.address.segment_ord as usize][known.address.doc_id as usize] = place;
    }
    places
}

/// The file beside the index.
pub const FILE: &str = "vectors.bin";

/// Names the static embeddings by what they make of a few words.
fn words_model() -> String {
    let words = Words::shipped();
    let vector = words.vector(Lang::EN, "refund of an order").unwrap_or_default();
    let first: Vec<String> = vector.iter().take(8).map(|number| format!("{number:.5}")).collect();
    format!("words {} {}", words.dims(), first.join(" "))
}
