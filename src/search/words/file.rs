//! The file of vectors: a hash table of words and pieces, and a row of small integers for each.
//!
//! Everything is little-endian. A head (magic, then as `u32` dims, languages, rows, slots, bytes of
//! keys), per language its code, its table and the table beside it, per row a scale and the end of its
//! key, the slots (row + 1, or 0), the keys, the rows. It is checked once when read, so that looking up
//! cannot fail.

use crate::lang::Lang;
use anyhow::{Context, ensure};

const MAGIC: &[u8] = b"SRPLYWD1";
const NO_TABLE: u8 = 255;

/// What a key stands for.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A whole word, or the beginning of one.
    Word = 0,
    /// A piece inside a word.
    Piece = 1,
    /// Two words in a row.
    Pair = 2,
}

/// Where a language's words are looked up.
#[derive(Clone, Copy)]
pub struct Table {
    /// The language's own table.
    pub own: u8,
    /// Another language's, for the words it borrows.
    pub beside: Option<u8>,
}

/// A file of vectors, used where it lies.
#[derive(Default)]
pub struct File<'a> {
    /// How many numbers a row has.
    pub dims: usize,
    langs: &'a [[u8; 4]],
    scales: &'a [[u8; 4]],
    ends: &'a [[u8; 4]],
    slots: &'a [[u8; 4]],
    keys: &'a [u8],
    rows: &'a [u8],
}

impl<'a> File<'a> {
    /// Reads and checks a file.
    pub fn read(bytes: &'a [u8]) -> anyhow::Result<Self> {
        let rest = bytes.strip_prefix(MAGIC).context("this is no file of word vectors")?;
        let (head, rest) = cut(rest, 5 * 4)?;
        let &[dims, langs, rows, slots, keys] =
            &quads(head).iter().copied().map(number).collect::<Vec<_>>()[..]
        else {
            anyhow::bail!("the head is incomplete");
        };
        let (langs, rest) = cut(rest, 4 * langs)?;
        let (scales, rest) = cut(rest, 4 * rows)?;
        let (ends, rest) = cut(rest, 4 * rows)?;
        let (slots, rest) = cut(rest, 4 * slots)?;
        let (keys, rest) = cut(rest, keys)?;
        let (langs, scales, ends, slots) = (quads(langs), quads(scales), quads(ends), quads(slots));
        ensure!(dims.checked_mul(scales.len()) == Some(rest.len()), "rows are missing");
        let file = Self { dims, langs, scales, ends, slots, keys, rows: rest };
        file.check().map(|()| file)
    }

    /// Returns where a language's words are found, if it is covered.
    pub fn table(&self, lang: Lang) -> Option<Table> {
        let entry = self.langs.iter().find(|entry| &entry[..2] == lang.as_str().as_bytes())?;
        Some(Table { own: entry[2], beside: (entry[3] != NO_TABLE).then_some(entry[3]) })
    }

    /// Returns scale and numbers of a key's row, if there is one.
    pub fn row(&self, key: &[u8]) -> Option<(f32, &'a [u8])> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = hash(key) & mask;
        loop {
            let row = number(self.slots[slot]).checked_sub(1)?;
            if self.key(row) == key {
                let start = row * self.dims;
                return Some((
                    f32::from_le_bytes(self.scales[row]),
                    &self.rows[start..start + self.dims],
                ));
            }
            slot = (slot + 1) & mask;
        }
    }

    fn key(&self, row: usize) -> &'a [u8] {
        let start = row.checked_sub(1).map_or(0, |before| number(self.ends[before]));
        &self.keys[start..number(self.ends[row])]
    }

    /// Checks what looking up relies on: keys in order, slots that name rows, and a free one among them.
    fn check(&self) -> anyhow::Result<()> {
        let count = self.slots.len();
        ensure!(count.is_power_of_two() && count > self.ends.len(), "there are too few slots");
        ensure!(self.slots.iter().any(|&slot| number(slot) == 0), "no slot is free");
        let known = |&slot| number(slot) <= self.ends.len();
        ensure!(self.slots.iter().all(known), "a slot names a row that is not there");
        ensure!(self.ends.is_sorted_by_key(|&end| number(end)), "the keys are out of order");
        let end = self.ends.last().copied().map_or(0, number);
        ensure!(end == self.keys.len(), "keys are missing");
        let finite = |scale: &[u8; 4]| f32::from_le_bytes(*scale).is_finite();
        ensure!(self.scales.iter().all(finite), "a scale is not a number");
        Ok(())
    }
}

fn cut(bytes: &[u8], length: usize) -> anyhow::Result<(&[u8], &[u8])> {
    bytes.split_at_checked(length).context("the file is cut off")
}

fn quads(bytes: &[u8]) -> &[[u8; 4]] {
    bytes.as_chunks().0
}

fn number(quad: [u8; 4]) -> usize {
    u32::from_le_bytes(quad) as usize
}

/// FNV-1a, 32 bits.
fn hash(key: &[u8]) -> usize {
    let step = |hash: u32, &byte: &u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    key.iter().fold(0x811c_9dc5, step) as usize
}
