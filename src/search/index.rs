//! The index on disk: opened whole or made anew, and written in single commits.

use super::{
    schema::{self, FIELDS},
    vectors,
};
use crate::knowledge::{ArticleId, Entry};
use anyhow::{Context, ensure};
use std::{collections::BTreeMap, fs, path::Path};
use tantivy::{
    Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Term, indexer::NoMergePolicy,
};

/// What a writer may hold before it writes a segment; freed with the writer.
const WRITER_BYTES: usize = 30_000_000;
/// Up to here every update is merged into one segment, so that deleted entries count for nothing.
const MERGE_AT_ONCE: u64 = 20_000;
/// Small blocks: a search reads ten entries from ten places.
const BLOCK_BYTES: usize = 4_096;

/// Opens the index in `dir`, or makes an empty one there when it cannot be used as it is.
pub fn open(dir: &Path) -> anyhow::Result<(Index, IndexReader)> {
    match usable(dir) {
        Ok(opened) => return Ok(opened),
        Err(reason) if dir.join("meta.json").exists() => {
            tracing::warn!(reason = format!("{reason:#}"), "the search index is made anew");
        }
        Err(_) => {}
    }
    clear(dir).with_context(|| format!("clearing the search index in {}", dir.display()))?;
    create(dir)?;
    usable(dir)
}

fn usable(dir: &Path) -> anyhow::Result<(Index, IndexReader)> {
    let index = Index::open_in_dir(dir).context("opening the search index")?;
    ensure!(index.schema() == schema::schema(), "it has other fields");
    revision(&index)?;
    let damaged = index.validate_checksum().context("checking the search index")?;
    ensure!(damaged.is_empty(), "damaged files: {damaged:?}");
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok((index, reader))
}

/// Removes files only: whoever points us to a wrong folder keeps what lies below it. Vectors stay,
/// for they are named by their texts and dear to make.
fn clear(dir: &Path) -> std::io::Result<()> {
    fs::create_dir_all(dir)?;
    for file in fs::read_dir(dir)? {
        let file = file?;
        if !file.file_type()?.is_dir() && file.file_name() != vectors::FILE {
            fs::remove_file(file.path())?;
        }
    }
    Ok(())
}

fn create(dir: &Path) -> anyhow::Result<()> {
    let settings = IndexSettings { docstore_blocksize: BLOCK_BYTES, ..IndexSettings::default() };
    let index = Index::builder()
        .schema(schema::schema())
        .settings(settings)
        .create_in_dir(dir)
        .with_context(|| format!("creating the search index in {}", dir.display()))?;
    commit(&mut writer(&index)?, 0)
}

/// The revision that the last commit was made for.
pub fn revision(index: &Index) -> anyhow::Result<i64> {
    let payload = index.load_metas()?.payload.context("it was never committed")?;
    let (version, revision) = payload.split_once(' ').context("its commit is not one of ours")?;
    ensure!(version == schema::VERSION.to_string(), "it has schema version {version}");
    revision.parse().context("its commit has no revision")
}

/// Replaces everything by `entries`; of two with one identifier the later counts.
pub fn replace(index: &Index, entries: &[Entry], revision: i64) -> anyhow::Result<()> {
    let mut writer = writer(index)?;
    writer.delete_all_documents()?;
    add(&writer, entries)?;
    commit(&mut writer, revision)?;
    merge(index, &mut writer)
}

/// Replaces the entries of `articles`.
pub fn update(
    index: &Index,
    articles: &[ArticleId],
    entries: &[Entry],
    revision: i64,
) -> anyhow::Result<()> {
    let mut writer = writer(index)?;
    for article in articles {
        writer.delete_term(Term::from_field_text(FIELDS.article, article.as_str()));
    }
    for entry in entries {
        writer.delete_term(Term::from_field_text(FIELDS.id, entry.id.as_str()));
    }
    add(&writer, entries)?;
    commit(&mut writer, revision)?;
    let documents: u64 =
        index.searchable_segment_metas()?.iter().map(|segment| u64::from(segment.max_doc())).sum();
    if documents <= MERGE_AT_ONCE { merge(index, &mut writer) } else { Ok(()) }
}

fn writer(index: &Index) -> anyhow::Result<IndexWriter> {
    let writer = index
        .writer_with_num_threads(1, WRITER_BYTES)
        .context("opening the search index for writing")?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    Ok(writer)
}

/// In the order of their identifiers, so that the same entries make the same index.
fn add(writer: &IndexWriter, entries: &[Entry]) -> anyhow::Result<()> {
    let by_id: BTreeMap<_, _> = entries.iter().map(|entry| (&entry.id, entry)).collect();
    for entry in by_id.into_values() {
        writer.add_document(schema::document(entry)?)?;
    }
    Ok(())
}

fn commit(writer: &mut IndexWriter, revision: i64) -> anyhow::Result<()> {
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&format!("{} {revision}", schema::VERSION));
    commit.commit().context("committing to the search index")?;
    Ok(())
}

fn merge(index: &Index, writer: &mut IndexWriter) -> anyhow::Result<()> {
    let segments = index.searchable_segment_metas()?;
    let is_tidy = segments.len() <= 1 && segments.iter().all(|segment| !segment.has_deletes());
    if !is_tidy {
        let ids: Vec<_> = segments.iter().map(tantivy::SegmentMeta::id).collect();
        writer.merge(&ids).wait().context("merging the search index")?;
        writer.garbage_collect_files().wait().context("tidying the search index")?;
    }
    Ok(())
}
