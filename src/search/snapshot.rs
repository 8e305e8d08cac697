//! A snapshot: the index as one commit left it, with the sums that scoring needs.

use super::{
    schema::FIELDS,
    vectors::{Known, Vectors},
};
use crate::knowledge::{Entry, EntryId};
use crate::lang::Lang;
use anyhow::Context;
use std::sync::Arc;
use tantivy::{
    DocAddress, DocId, DocSet, Index, IndexReader, Searcher, SegmentReader, TERMINATED,
    TantivyDocument, Term,
    columnar::{Column, ColumnValues, StrColumn},
    schema::{IndexRecordOption, Value},
};

/// The index as one commit left it; whatever is written later does not change it.
pub struct Snapshot {
    /// Reads the commit's segments.
    pub searcher: Searcher,
    /// What each segment knows of its entries beyond their texts, in the searcher's order.
    pub columns: Vec<Columns>,
    /// The knowledge revision it holds.
    pub revision: i64,
    /// The entries that count for rarity, deleted ones included until they are merged away.
    pub entries: u64,
    /// The terms of each scored text over all entries.
    pub tokens: [u64; 4],
    /// The ways to ask over all entries.
    pub ways: u64,
    /// The languages its entries are written in.
    pub langs: Vec<Lang>,
    /// What its entries mean; empty until it is known.
    pub vectors: Vectors,
}

/// What a segment knows of its entries.
pub struct Columns {
    last_day: Arc<dyn ColumnValues<i64>>,
    way_lengths: Column<u64>,
    ids: Option<StrColumn>,
    langs: Option<StrColumn>,
}

impl Columns {
    fn open(segment: &SegmentReader) -> anyhow::Result<Self> {
        let columns = segment.fast_fields();
        Ok(Self {
            last_day: columns.column_first_or_default("last_day")?,
            way_lengths: columns.u64("way_lengths")?,
            ids: columns.str("id")?,
            langs: columns.str("lang")?,
        })
    }

    /// Whether customers may get the entry on a day.
    pub fn serves_customers(&self, entry: DocId, day: i64) -> bool {
        self.last_day.get_val(entry) >= day
    }

    /// How many terms each of the entry's ways to ask has.
    pub fn way_lengths(&self, entry: DocId) -> impl Iterator<Item = u64> {
        self.way_lengths.values_for_doc(entry)
    }

    fn known(&self, address: DocAddress) -> Option<Known> {
        let text = |column: &Option<StrColumn>| {
            let column = column.as_ref()?;
            let mut text = String::new();
            let place = column.ords().first(address.doc_id)?;
            column.ord_to_str(place, &mut text).ok()?.then_some(text)
        };
        Some(Known {
            id: EntryId::from(text(&self.ids)?),
            address,
            lang: text(&self.langs)?.parse().ok()?,
            last_day: self.last_day.get_val(address.doc_id),
            units: 0..0,
        })
    }

    /// The place of the entry's identifier among those of its segment.
    pub fn rank(&self, entry: DocId) -> u64 {
        self.ids.as_ref().and_then(|ids| ids.ords().first(entry)).unwrap_or(u64::MAX)
    }
}

impl Snapshot {
    /// Reads what the reader shows now.
    pub fn take(index: &Index, reader: &IndexReader) -> anyhow::Result<Self> {
        let revision = super::index::revision(index)?;
        reader.reload().context("reading the search index")?;
        let searcher = reader.searcher();
        let segments = searcher.segment_readers();
        let entries = segments.iter().map(|segment| u64::from(segment.max_doc())).sum();
        let columns: Vec<Columns> =
            segments.iter().map(Columns::open).collect::<anyhow::Result<_>>()?;
        let ways = columns.iter().map(|columns| columns.way_lengths.values.num_vals());
        Ok(Self {
            ways: ways.map(u64::from).sum(),
            columns,
            revision,
            entries,
            tokens: tokens(&searcher)?,
            langs: langs(&searcher)?,
            vectors: Vectors::default(),
            searcher,
        })
    }

    /// Every entry it shows, in no order and without units.
    pub fn known(&self) -> anyhow::Result<Vec<Known>> {
        let mut all = Vec::new();
        let segments = self.searcher.segment_readers().iter().zip(&self.columns);
        for (ordinal, (segment, columns)) in (0..).zip(segments) {
            for doc in segment.doc_ids_alive() {
                let address = DocAddress::new(ordinal, doc);
                all.push(columns.known(address).context("reading the index's columns")?);
            }
        }
        Ok(all)
    }

    /// The entry at an address.
    pub fn entry(&self, address: DocAddress) -> anyhow::Result<Entry> {
        let document: TantivyDocument = self.searcher.doc(address)?;
        let content = document.get_first(FIELDS.content).and_then(|value| value.as_str());
        serde_json::from_str(content.unwrap_or_default()).context("reading an indexed entry")
    }

    /// The entry of an identifier.
    pub fn find_entry(&self, id: &EntryId) -> anyhow::Result<Option<Entry>> {
        let term = Term::from_field_text(FIELDS.id, id.as_str());
        for (ordinal, segment) in (0..).zip(self.searcher.segment_readers()) {
            let ids = segment.inverted_index(FIELDS.id)?;
            let Some(mut found) = ids.read_postings(&term, IndexRecordOption::Basic)? else {
                continue;
            };
            while found.doc() != TERMINATED {
                if !segment.is_deleted(found.doc()) {
                    return self.entry(DocAddress::new(ordinal, found.doc())).map(Some);
                }
                found.advance();
            }
        }
        Ok(None)
    }
}

fn tokens(searcher: &Searcher) -> anyhow::Result<[u64; 4]> {
    let mut tokens = [0; 4];
    for (tokens, text) in tokens.iter_mut().zip(&FIELDS.texts) {
        for segment in searcher.segment_readers() {
            *tokens += segment.inverted_index(text.field)?.total_num_tokens();
        }
    }
    Ok(tokens)
}

fn langs(searcher: &Searcher) -> anyhow::Result<Vec<Lang>> {
    let mut langs = std::collections::BTreeSet::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(FIELDS.lang)?;
        let mut stream = index.terms().stream()?;
        while stream.advance() {
            let code = std::str::from_utf8(stream.key()).unwrap_or_default();
            langs.extend(code.parse::<Lang>());
        }
    }
    Ok(langs.into_iter().collect())
}
