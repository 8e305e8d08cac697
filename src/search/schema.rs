//! The shape of the index: one document an entry, its texts as terms and its content whole.

use super::analyser;
use crate::knowledge::Entry;
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
pub const VERSION: u32 = 1;

/// The fields of the one schema there is.
pub static FIELDS: LazyLock<Fields> = LazyLock::new(|| Fields::declare().1);

/// The fields of a document.
pub struct Fields {
    /// The entry's identifier.
    pub id: Field,
    /// Its article's identifier.
    pub article: Field,
    /// Its language.
    pub lang: Field,
    /// The last day it may be told to customers, in days since year 1; see [`last_day`].
    pub last_day: Field,
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
    /// What a term found in it counts.
    pub boost: f32,
}

/// A last day before all days.
const NEVER: i64 = i64::MIN;

/// The schema of every index.
pub fn schema() -> Schema {
    Fields::declare().0
}

impl Fields {
    fn declare() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let scored = |record| {
            let indexing = TextFieldIndexing::default().set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let mut text = |name: &str, boost| {
            let field = schema.add_text_field(name, scored(IndexRecordOption::WithFreqs));
            Text { field, boost }
        };
        // What served best over public question sets: a title is short and chosen with care, ways
        // are how customers speak, and an answer mentions much that it does not answer.
        let texts =
            [text("question", 2.0), text("ways", 2.5), text("title", 1.5), text("answer", 1.0)];
        let fields = Self {
            id: schema.add_text_field("id", STRING | FAST),
            article: schema.add_text_field("article", STRING),
            lang: schema.add_text_field("lang", STRING),
            last_day: schema.add_i64_field("last_day", FAST),
            content: schema.add_text_field("content", STORED),
            terms: schema.add_text_field("terms", scored(IndexRecordOption::Basic)),
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
    document.add_text(fields.lang, entry.lang.as_str());
    document.add_i64(fields.last_day, last_day(entry));
    let content = serde_json::to_string(entry)
        .with_context(|| format!("writing entry {} for the index", entry.id))?;
    document.add_text(fields.content, content);

    let ways = entry.ways.join("\n");
    let mut all = Vec::new();
    let texts = [&entry.question, &ways, &entry.title, &entry.answer];
    for (text, content) in fields.texts.iter().zip(texts) {
        let terms = terms(entry, content);
        document.add_pre_tokenized_text(text.field, tokens(&terms));
        all.extend(terms);
    }
    all.sort_unstable();
    all.dedup();
    document.add_pre_tokenized_text(fields.terms, tokens(&all));
    Ok(document)
}

fn terms(entry: &Entry, text: &str) -> Vec<String> {
    let words = analyser::words(entry.lang, text).into_iter();
    words.flat_map(|word| std::iter::once(word.term).chain(word.bare)).collect()
}

fn tokens(terms: &[String]) -> PreTokenizedString {
    let token = |(position, term): (usize, &String)| Token {
        position,
        text: term.clone(),
        ..Token::default()
    };
    PreTokenizedString {
        text: String::new(),
        tokens: terms.iter().enumerate().map(token).collect(),
    }
}
