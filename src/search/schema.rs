//! The shape of the index: one document an entry, its texts as terms and its content whole.

use super::{analyser, name};
use crate::knowledge::Entry;
use crate::lang::Lang;
use anyhow::Context;
use chrono::{Datelike, NaiveDate};
use std::sync::LazyLock;
use tantivy::{
    TantivyDocument,
    schema::{
        FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
    },
    tokenizer::{PreTokenizedString, Token},
};

/// Counts up whenever documents are made differently; an index of another version is rebuilt.
pub const VERSION: u32 = 4;

/// The fields of the one schema there is.
pub static FIELDS: LazyLock<Fields> = LazyLock::new(|| Fields::declare().1);

/// The fields of a document.
pub struct Fields {
    /// The entry's identifier.
    pub id: Field,
    /// Its article's identifier.
    pub article: Field,
    /// Its title as a name; see the names of a conversation.
    pub name: Field,
    /// Its language.
    pub lang: Field,
    /// The last day it may be told to customers, in days since year 1; see [`last_day`].
    pub last_day: Field,
    /// How many terms each way to ask has.
    pub way_lengths: Field,
    /// The entry as JSON.
    pub content: Field,
    /// Every term of the entry, once: what counts for rarity.
    pub terms: Field,
    /// The texts that score: question, ways, title, answer.
    pub texts: [Text; 4],
}

/// A field whose text scores.
pub struct Text {
    /// The field.
    pub field: Field,
    /// What a term found in it counts while candidates are gathered.
    pub reach: f32,
    /// What it counts when they are put in order, where the best way to ask counts once more.
    pub boost: f64,
}

/// The place of the title among [`Fields::texts`].
pub const TITLE: usize = 2;
/// The place of the questions among [`Fields::texts`].
pub const QUESTION: usize = 0;
/// The place of the ways to ask among them.
pub const WAYS: usize = 1;
/// The place of the answer.
pub const ANSWER: usize = 3;

/// A last day before all days.
const NEVER: i64 = i64::MIN;

/// The schema of every index.
pub fn schema() -> Schema {
    Fields::declare().0
}

impl Fields {
    fn declare() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let indexed = |record| {
            let indexing = TextFieldIndexing::default().set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let mut text = |name: &str, record, reach, boost| {
            let field = schema.add_text_field(name, indexed(record));
            Text { field, reach, boost }
        };
        // What served best over public question sets: ways are how customers speak, a title is
        // chosen with care, and an answer mentions much that it does not answer.
        let texts = [
            text("question", IndexRecordOption::WithFreqs, 2.0, 0.5),
            text("ways", IndexRecordOption::WithFreqsAndPositions, 2.0, 1.0),
            text("title", IndexRecordOption::WithFreqs, 1.25, 1.25),
            text("answer", IndexRecordOption::WithFreqs, 1.0, 1.0),
        ];
        let fields = Self {
            id: schema.add_text_field("id", STRING | FAST),
            article: schema.add_text_field("article", STRING),
            name: schema.add_text_field("name", STRING),
            lang: schema.add_text_field("lang", STRING | FAST),
            last_day: schema.add_i64_field("last_day", FAST),
            way_lengths: schema.add_u64_field("way_lengths", FAST),
            content: schema.add_text_field("content", STORED),
            terms: schema.add_text_field("terms", indexed(IndexRecordOption::Basic)),
            texts,
        };
        (schema.build(), fields)
    }
}

/// The last day an entry may be told to customers, or [`NEVER`]; comparable to [`day`].
fn last_day(entry: &Entry) -> i64 {
    match entry.valid_until {
        Some(last_day) if entry.serves_customers(last_day) => day(last_day),
        None if entry.serves_customers(NaiveDate::MIN) => i64::MAX,
        _ => NEVER,
    }
}

/// A day as a number.
pub fn day(date: NaiveDate) -> i64 {
    date.num_days_from_ce().into()
}

/// The document of an entry.
pub fn document(entry: &Entry) -> anyhow::Result<TantivyDocument> {
    let fields = &*FIELDS;
    let mut document = TantivyDocument::new();
    document.add_text(fields.id, entry.id.as_str());
    document.add_text(fields.article, entry.article.as_str());
    if let Some(name) = name::of_title(&entry.title, entry.lang) {
        document.add_text(fields.name, name);
    }
    document.add_text(fields.lang, entry.lang.as_str());
    document.add_i64(fields.last_day, last_day(entry));
    let content = serde_json::to_string(entry)
        .with_context(|| format!("writing entry {} for the index", entry.id))?;
    document.add_text(fields.content, content);

    let mut all = Vec::new();
    for (text, parts) in fields.texts.iter().zip(parts(entry)) {
        let parts: Vec<_> = parts.into_iter().map(|part| terms(entry.lang, part)).collect();
        if text.field == fields.texts[WAYS].field {
            for way in &parts {
                document.add_u64(fields.way_lengths, way.len() as u64);
            }
        }
        document.add_pre_tokenized_text(text.field, tokens(&parts));
        all.extend(parts.into_iter().flatten());
    }
    all.sort_unstable();
    all.dedup();
    document.add_pre_tokenized_text(fields.terms, tokens(&[all]));
    Ok(document)
}

/// The texts that score, in the order of [`Fields::texts`], each in its parts.
fn parts(entry: &Entry) -> [Vec<&String>; 4] {
    let ways = entry.ways.iter().chain(&entry.learned).collect();
    [vec![&entry.question], ways, vec![&entry.title], vec![&entry.answer]]
}

fn terms(lang: Lang, text: &str) -> Vec<String> {
    let words = analyser::words(lang, text).into_iter();
    words.flat_map(|word| std::iter::once(word.term).chain(word.bare)).collect()
}

/// The terms of a text as tokens; a token's position is the part it stands in.
fn tokens(parts: &[Vec<String>]) -> PreTokenizedString {
    let token =
        |position, text: &String| Token { position, text: text.clone(), ..Token::default() };
    let tokens = parts.iter().enumerate();
    let tokens = tokens.flat_map(|(part, terms)| terms.iter().map(move |term| token(part, term)));
    PreTokenizedString { text: String::new(), tokens: tokens.collect() }
}
