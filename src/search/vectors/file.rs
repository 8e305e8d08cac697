//! The file that keeps vectors beside the index: a line that tells what follows, then the tables,
//! then a hash over all of it. Anything wrong with it means that vectors are made anew.

use super::{Known, Table, Vectors};
use crate::knowledge::EntryId;
use crate::lang::Lang;
use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{fs, ops::Range, path::Path};
use tantivy::DocAddress;

/// Counts up whenever units are made differently.
const VERSION: u32 = 1;
const HASH_BYTES: usize = 32;

#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    revision: i64,
    words: Shape,
    encoder: Option<Shape>,
    entries: Vec<(EntryId, usize)>,
    units: Vec<(u64, Option<Range<u32>>)>,
}

#[derive(Serialize, Deserialize)]
struct Shape {
    model: String,
    dims: usize,
}

/// Reads the file; a missing or damaged one holds nothing.
pub fn load(path: &Path, revision: i64) -> Vectors {
    if !path.exists() {
        return Vectors::default();
    }
    read(path, revision).unwrap_or_else(|error| {
        tracing::warn!(reason = format!("{error:#}"), "the vectors of the index are made anew");
        Vectors::default()
    })
}

fn read(path: &Path, revision: i64) -> anyhow::Result<Vectors> {
    let file = fs::read(path).context("reading the file of vectors")?;
    let end = file.len().checked_sub(HASH_BYTES).context("it is too short")?;
    let (body, hash) = file.split_at(end);
    ensure!(Sha256::digest(body).as_slice() == hash, "it is damaged");
    let line = body.iter().position(|&byte| byte == b'\n').context("it has no head")?;
    let head: Head = serde_json::from_slice(&body[..line]).context("reading its head")?;
    ensure!(head.version == VERSION, "it has version {}", head.version);
    let mut rest = &body[line + 1..];
    let rows = head.units.len();
    let words = table(head.words, rows, &mut rest)?;
    let encoder = head.encoder.map(|shape| table(shape, rows, &mut rest)).transpose()?;
    let entries = if head.revision == revision { known(&head.entries, rows)? } else { Vec::new() };
    let (keys, passages) = head.units.into_iter().unzip();
    Ok(Vectors { entries, keys, passages, words, encoder, ..Vectors::default() })
}

fn known(entries: &[(EntryId, usize)], rows: usize) -> anyhow::Result<Vec<Known>> {
    let mut start = 0;
    let known = entries.iter().map(|(id, count)| {
        let units = start..start + count;
        start = units.end;
        // Where an entry is and until when it holds is the index's to say.
        let address = DocAddress::new(0, 0);
        Known { id: id.clone(), address, lang: Lang::EN, last_day: 0, units }
    });
    let known = known.collect();
    ensure!(start == rows, "its entries have {start} units of {rows}");
    Ok(known)
}

fn table(shape: Shape, rows: usize, rest: &mut &[u8]) -> anyhow::Result<Table> {
    let short = "it ends too soon";
    let (scales, after) = rest.split_at_checked(rows * size_of::<f32>()).context(short)?;
    let (codes, after) = after.split_at_checked(rows * shape.dims).context(short)?;
    *rest = after;
    let scales = scales.chunks_exact(4).map(|n| f32::from_le_bytes([n[0], n[1], n[2], n[3]]));
    Ok(Table {
        model: shape.model,
        dims: shape.dims,
        scales: scales.collect(),
        codes: codes.iter().map(|&byte| byte.cast_signed()).collect(),
    })
}

/// Writes the file, whole or not at all.
pub fn save(vectors: &Vectors, path: &Path, revision: i64) -> anyhow::Result<()> {
    let shape = |table: &Table| Shape { model: table.model.clone(), dims: table.dims };
    let units = vectors.keys.iter().copied().zip(vectors.passages.iter().cloned());
    let head = Head {
        version: VERSION,
        revision,
        words: shape(&vectors.words),
        encoder: vectors.encoder.as_ref().map(shape),
        entries: vectors.entries.iter().map(|k| (k.id.clone(), k.units.len())).collect(),
        units: units.collect(),
    };
    let mut body = serde_json::to_vec(&head).context("writing the head of the vectors")?;
    body.push(b'\n');
    for table in std::iter::once(&vectors.words).chain(&vectors.encoder) {
        body.extend(table.scales.iter().flat_map(|scale| scale.to_le_bytes()));
        body.extend(table.codes.iter().map(|code| code.cast_unsigned()));
    }
    let hash = Sha256::digest(&body);
    body.extend_from_slice(&hash);
    let fresh = path.with_extension("new");
    fs::write(&fresh, &body).with_context(|| format!("writing {}", fresh.display()))?;
    fs::rename(&fresh, path).with_context(|| format!("writing {}", path.display()))
}
