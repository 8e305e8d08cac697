//! Messages as they are looked for: every word that was said, found by the team.
//!
//! The index beside the database is a cache of it, as that of the entries is: each node keeps its own, and
//! it may be deleted at any time. How far it has come stands in its last commit.

use crate::conversation::{ConversationId, Spoken};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, FuzzyTermQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
    Value as _,
};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer,
    TokenStream as _,
};
use tantivy::{Index, IndexReader, Order, ReloadPolicy, TantivyDocument, Term, doc};

/// What a writer may hold before it writes a segment; freed with the writer.
const WRITER_BYTES: usize = 15_000_000;
/// How a text is parted into words: without regard to case and accents, in any language.
const WORDS: &str = "words";
/// Bytes of a word; nobody looks for the rest of a key or a link.
const WORD_BYTES: usize = 60;
/// Characters of an excerpt.
const EXCERPT: usize = 160;

/// Where a conversation holds what is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The conversation.
    pub conversation: ConversationId,
    /// The newest message that holds it, in parts: the words, and whether they were looked for.
    pub excerpt: Vec<(String, bool)>,
}

/// The index of all messages.
pub struct Messages {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    /// Held while writing.
    writing: Mutex<()>,
}

struct Fields {
    id: Field,
    conversation: Field,
    body: Field,
    contact: Field,
    at: Field,
}

impl Messages {
    /// Opens the index in a folder; one that is missing or cannot be used is made anew.
    pub fn open(dir: &Path) -> Result<Self> {
        let (schema, fields) = schema();
        fs::create_dir_all(dir).with_context(|| format!("making the folder {}", dir.display()))?;
        let index = match Index::open_in_dir(dir) {
            Ok(index) if index.schema() == schema => index,
            _ => {
                clear(dir).with_context(|| format!("clearing {}", dir.display()))?;
                Index::create_in_dir(dir, schema).context("making the index of messages")?
            }
        };
        index.tokenizers().register(WORDS, analyser());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index, reader, fields, writing: Mutex::default() })
    }

    /// The time of the newest message that the index holds.
    pub fn reached(&self) -> Option<DateTime<Utc>> {
        let payload = self.index.load_metas().ok()?.payload?;
        DateTime::parse_from_rfc3339(&payload).ok().map(|at| at.to_utc())
    }

    /// Adds messages, each in place of itself, and notes how far the index has come.
    pub fn add(&self, messages: &[Spoken]) -> Result<()> {
        let Some(newest) = messages.iter().map(|message| message.received_at).max() else {
            return Ok(());
        };
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = self.reached().map_or(newest, |reached| reached.max(newest));
        let fields = &self.fields;
        let mut writer = self.index.writer_with_num_threads::<TantivyDocument>(1, WRITER_BYTES)?;
        for message in messages {
            writer.delete_term(Term::from_field_text(fields.id, message.id.as_str()));
            writer.add_document(doc!(
                fields.id => message.id.as_str(),
                fields.conversation => message.conversation_id.as_str(),
                fields.body => &*message.body,
                fields.contact => &*message.contact,
                fields.at => message.received_at.timestamp_millis(),
            ))?;
        }
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&newest.to_rfc3339());
        commit.commit().context("committing to the index of messages")?;
        writer.wait_merging_threads().context("merging the index of messages")?;
        self.reader.reload().context("reading the index of messages")
    }

    /// The conversations with a message that holds every word, or begins of words, newest first.
    pub fn find(&self, text: &str, most: usize) -> Result<Vec<Place>> {
        let Some(query) = self.query(text) else { return Ok(Vec::new()) };
        let searcher = self.reader.searcher();
        let newest = TopDocs::with_limit(most).order_by_fast_field::<i64>("at", Order::Desc);
        let found = searcher.search(&*query, &newest).context("looking for messages")?;
        let mut snippets = SnippetGenerator::create(&searcher, &*query, self.fields.body)?;
        snippets.set_max_num_chars(EXCERPT);
        let (mut seen, mut places) = (HashSet::new(), Vec::new());
        for (_, address) in found {
            let message: TantivyDocument = searcher.doc(address)?;
            let text = |field| message.get_first(field).and_then(|value| value.as_str());
            let conversation = text(self.fields.conversation).unwrap_or_default();
            if seen.insert(conversation.to_owned()) {
                let body = text(self.fields.body).unwrap_or_default();
                let excerpt = excerpt(&snippets, body);
                places.push(Place { conversation: ConversationId::from(conversation), excerpt });
            }
        }
        Ok(places)
    }

    /// Each word in a message or in its contact's name; none without a word.
    fn query(&self, text: &str) -> Option<Box<dyn Query>> {
        let mut words = Vec::new();
        analyser().token_stream(text).process(&mut |token| words.push(token.text.clone()));
        let parts: Vec<(Occur, Box<dyn Query>)> =
            words.iter().map(|word| (Occur::Must, self.holds(word))).collect();
        (!parts.is_empty()).then(|| Box::new(BooleanQuery::new(parts)) as Box<dyn Query>)
    }

    fn holds(&self, word: &str) -> Box<dyn Query> {
        let mut places: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for field in [self.fields.body, self.fields.contact] {
            let term = Term::from_field_text(field, word);
            // The exact word as well: only its place can be shown in an excerpt.
            let exact = TermQuery::new(term.clone(), IndexRecordOption::Basic);
            places.push((Occur::Should, Box::new(exact)));
            places.push((Occur::Should, Box::new(FuzzyTermQuery::new_prefix(term, 0, false))));
        }
        Box::new(BooleanQuery::new(places))
    }
}

fn analyser() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(WORD_BYTES))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = TextFieldIndexing::default()
        .set_tokenizer(WORDS)
        .set_index_option(IndexRecordOption::WithFreqs);
    let words = TextOptions::default().set_indexing_options(words);
    let fields = Fields {
        id: schema.add_text_field("id", STRING),
        conversation: schema.add_text_field("conversation", STRING | STORED),
        body: schema.add_text_field("body", words.clone() | STORED),
        contact: schema.add_text_field("contact", words),
        at: schema.add_i64_field("at", FAST),
    };
    (schema.build(), fields)
}

/// Removes the files of an index and nothing below them.
fn clear(dir: &Path) -> std::io::Result<()> {
    for file in fs::read_dir(dir)? {
        let file = file?;
        if file.file_type()?.is_file() {
            fs::remove_file(file.path())?;
        }
    }
    Ok(())
}

/// The part of a message around what was looked for, else its beginning.
fn excerpt(snippets: &SnippetGenerator, body: &str) -> Vec<(String, bool)> {
    let snippet = snippets.snippet(body);
    let fragment = snippet.fragment();
    if snippet.is_empty() {
        return vec![(body.chars().take(EXCERPT).collect(), false)];
    }
    let (mut parts, mut end) = (Vec::new(), 0);
    for range in snippet.highlighted() {
        parts.push((fragment[end..range.start].to_owned(), false));
        parts.push((fragment[range.clone()].to_owned(), true));
        end = range.end;
    }
    parts.push((fragment[end..].to_owned(), false));
    parts.retain(|(text, _)| !text.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::Messages;
    use crate::conversation::Spoken;
    use chrono::{DateTime, Utc};

    fn spoken(id: &str, conversation: &str, body: &str, minute: i64) -> Spoken {
        Spoken {
            id: id.into(),
            conversation_id: conversation.into(),
            body: body.to_owned(),
            contact: format!("Zoë {conversation} {conversation}@shop.example"),
            received_at: DateTime::from_timestamp(minute * 60, 0).expect("a time"),
        }
    }

    fn found(messages: &Messages, text: &str) -> Vec<String> {
        let places = messages.find(text, 100).expect("a search");
        places.into_iter().map(|place| place.conversation.to_string()).collect()
    }

    #[test]
    fn a_message_is_found_by_its_words_and_by_who_wrote_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let messages = Messages::open(folder.path()).expect("an index");
        assert_eq!((messages.reached(), found(&messages, "tent")), (None, vec![]));
        let all = [
            spoken("1", "ann", "Where is my café table?", 1),
            spoken("2", "ann", "The table came. Thanks", 2),
            spoken("3", "bob", "My table is broken", 3),
        ];
        messages.add(&all).expect("added");
        for (text, conversations) in [
            ("table", &["bob", "ann"][..]),
            ("TABLE Café", &["ann"]),
            ("broken tab", &["bob"]),
            ("zoe ann", &["ann"]),
            ("bob@shop.example", &["bob"]),
            ("chair", &[]),
            ("body:table OR *", &[]),
            ("\"", &[]),
            ("", &[]),
        ] {
            assert_eq!(found(&messages, text), conversations, "{text}");
        }
        let place = messages.find("table", 1).expect("a search").remove(0);
        assert_eq!(place.excerpt[1], ("table".to_owned(), true));
        assert_eq!(messages.reached(), DateTime::<Utc>::from_timestamp(180, 0));
    }

    #[test]
    fn a_message_that_comes_twice_is_there_once_and_what_was_there_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let messages = Messages::open(folder.path()).expect("an index");
        messages.add(&[spoken("1", "ann", "One chair", 9)]).expect("added");
        messages.add(&[spoken("1", "ann", "One table", 1)]).expect("added");
        assert_eq!((found(&messages, "chair").len(), found(&messages, "table").len()), (0, 1));
        drop(messages);
        let messages = Messages::open(folder.path()).expect("an index");
        assert_eq!(found(&messages, "table"), ["ann"]);
        assert_eq!(messages.reached(), DateTime::<Utc>::from_timestamp(540, 0));
        std::fs::write(folder.path().join("meta.json"), "{").expect("damaged");
        let messages = Messages::open(folder.path()).expect("made anew");
        assert_eq!((messages.reached(), found(&messages, "table").len()), (None, 0));
    }
}
