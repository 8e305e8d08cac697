//! A file of the spool: numbered records one after the other, written over once all of them are stored.
//!
//! A record is its length, its number, a sum, and its bytes. The sum is of the record and of the sum before it, so that
//! what an earlier pass left, or a write that failed, never goes on behind a later record: whatever does not match its
//! sum is the end.

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// Bytes that a file has from its start, so that a sync writes records and no new size; the record that reaches their
/// end is still written whole.
pub(super) const SIZE: u64 = 8 * 1024 * 1024;
/// Bytes of a record's head: length, number and sum.
const HEAD: usize = 4 + 8 + SUM;
const SUM: usize = 8;
/// Bytes that are wiped at once.
const WIPED: usize = 64 * 1024;

type Sum = [u8; SUM];

/// A record that was found, with its number.
pub(super) type Record = (u64, Vec<u8>);

pub(super) struct SpoolFile {
    file: File,
    /// Where the next record goes.
    end: u64,
    /// How far there may be anything but zeros.
    dirty: u64,
    /// The number of its last record; 0 while there is none.
    last: u64,
    /// The sum of its last record; zeros while there is none.
    sum: Sum,
}

impl SpoolFile {
    /// Opens a file, or makes it; gives the records in it.
    pub(super) fn open(path: &Path) -> Result<(Self, Vec<Record>)> {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path);
        let mut file = file.with_context(|| format!("opening {}", path.display()))?;
        let mut bytes = Vec::new();
        let read = file.read_to_end(&mut bytes);
        read.with_context(|| format!("reading {}", path.display()))?;
        let (records, end, sum) = records(&bytes);
        let last = records.last().map_or(0, |(number, _)| *number);
        let dirty = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last as u64 + 1);
        let mut opened = Self { file, end, dirty, last, sum };
        if (bytes.len() as u64) < SIZE {
            let grown = opened.grow();
            grown.with_context(|| format!("making room in {}", path.display()))?;
        }
        Ok((opened, records))
    }

    /// Whether the next records belong into another file.
    pub(super) fn is_full(&self) -> bool {
        self.end >= SIZE
    }

    /// The number of its last record; 0 while there is none.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Whether it holds what could be wiped.
    pub(super) fn is_dirty(&self) -> bool {
        self.dirty > 0
    }

    /// How much may be written before it is full, at least.
    pub(super) fn room(&self) -> u64 {
        SIZE.saturating_sub(self.end)
    }

    /// Writes records, numbered upwards; returns once they are on disk. After an error the next ones go where these
    /// would have stood, and nothing that is left of these is read behind them.
    pub(super) fn write<'a>(
        &mut self,
        records: impl Iterator<Item = (u64, &'a [u8])>,
    ) -> Result<()> {
        let (mut bytes, mut last, mut sum) = (Vec::new(), self.last, self.sum);
        for (number, record) in records {
            sum = frame(&mut bytes, sum, number, record)?;
            last = number;
        }
        self.file.seek(SeekFrom::Start(self.end))?;
        let end = self.end + bytes.len() as u64;
        self.dirty = self.dirty.max(end);
        self.file.write_all(&bytes)?;
        self.file.sync_data()?;
        (self.end, self.last, self.sum) = (end, last, sum);
        Ok(())
    }

    /// Lets the next records go to its beginning.
    pub(super) fn start_over(&mut self) {
        (self.end, self.last, self.sum) = (0, 0, [0; SUM]);
    }

    /// Writes zeros over everything that was ever written, and starts over: what customers wrote stays nowhere but in
    /// the database.
    pub(super) fn wipe(&mut self) -> io::Result<()> {
        if self.dirty == 0 {
            return Ok(());
        }
        self.file.seek(SeekFrom::Start(0))?;
        let zeros = vec![0; WIPED];
        let mut left = self.dirty;
        while left > 0 {
            let some = left.min(WIPED as u64);
            self.file.write_all(&zeros[..usize::try_from(some).unwrap_or(WIPED)])?;
            left -= some;
        }
        self.file.set_len(SIZE)?;
        self.file.sync_all()?;
        self.dirty = 0;
        self.start_over();
        Ok(())
    }

    fn grow(&mut self) -> io::Result<()> {
        self.file.seek(SeekFrom::End(0))?;
        let zeros = vec![0; WIPED];
        while self.file.stream_position()? < SIZE {
            self.file.write_all(&zeros)?;
        }
        self.file.sync_all()
    }
}

/// Appends a record to others that are to be written; gives its sum.
fn frame(into: &mut Vec<u8>, before: Sum, number: u64, bytes: &[u8]) -> Result<Sum> {
    let length = u32::try_from(bytes.len()).context("a record of more than 4 GB")?;
    let sum = sum(before, number, bytes);
    into.extend(length.to_le_bytes());
    into.extend(number.to_le_bytes());
    into.extend(sum);
    into.extend(bytes);
    Ok(sum)
}

/// The records from the beginning, where they end, and the sum of the last.
fn records(bytes: &[u8]) -> (Vec<Record>, u64, Sum) {
    let (mut records, mut rest, mut before) = (Vec::<Record>::new(), bytes, [0; SUM]);
    while let Some((record, sum, after)) = first(before, rest) {
        records.push(record);
        (rest, before) = (after, sum);
    }
    (records, (bytes.len() - rest.len()) as u64, before)
}

fn first(before: Sum, bytes: &[u8]) -> Option<(Record, Sum, &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
    let (length, head) = head.split_first_chunk::<4>()?;
    let (number, found) = head.split_first_chunk::<8>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let number = u64::from_le_bytes(*number);
    let (bytes, rest) = rest.split_at_checked(length)?;
    let sum = sum(before, number, bytes);
    let is_whole = number > 0 && *found == sum;
    is_whole.then(|| ((number, bytes.to_vec()), sum, rest))
}

fn sum(before: Sum, number: u64, bytes: &[u8]) -> Sum {
    let digest = Sha256::new().chain_update(before).chain_update(number.to_le_bytes());
    let digest = digest.chain_update(bytes).finalize();
    let mut sum = [0; SUM];
    sum.copy_from_slice(&digest[..SUM]);
    sum
}

#[cfg(test)]
mod tests {
    use super::{Record, SUM, SpoolFile, Sum, frame, records};
    use std::path::Path;

    fn framed(before: Sum, of: &[(u64, &str)]) -> Vec<u8> {
        let (mut bytes, mut before) = (Vec::new(), before);
        for (number, text) in of {
            before = frame(&mut bytes, before, *number, text.as_bytes()).expect("a record");
        }
        bytes
    }

    fn found(bytes: &[u8]) -> Vec<(u64, String)> {
        let text = |(number, bytes): Record| (number, String::from_utf8(bytes).expect("text"));
        records(bytes).0.into_iter().map(text).collect()
    }

    fn write(file: &mut SpoolFile, of: &[(u64, &str)]) {
        let records = of.iter().map(|(number, text)| (*number, text.as_bytes()));
        file.write(records).expect("written");
    }

    fn opened(path: &Path) -> (SpoolFile, Vec<Record>) {
        SpoolFile::open(path).expect("opened")
    }

    #[test]
    fn records_end_where_a_write_was_cut_or_an_earlier_pass_begins() {
        let both = framed([0; SUM], &[(7, "one"), (8, "two")]);
        let one = framed([0; SUM], &[(7, "one")]).len();
        let whole = [(7, "one".to_owned()), (8, "two".to_owned())];
        assert_eq!(found(&both), whole);
        for cut in one..both.len() {
            assert_eq!(found(&both[..cut]), whole[..1], "cut at {cut}");
        }
        for bit in one * 8..both.len() * 8 {
            let mut flipped = both.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(found(&flipped), whole[..1], "bit {bit}");
        }
        let zeros = [both.clone(), vec![0; 100]].concat();
        assert_eq!(found(&zeros), whole);
        let earlier = [both, framed([0; SUM], &[(3, "old"), (9, "no")])].concat();
        assert_eq!(found(&earlier), whole);
        assert_eq!(found(&[]), []);
    }

    #[test]
    fn what_a_failed_write_left_is_not_read_behind_a_later_record() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("0");
        let (mut file, _) = opened(&path);
        write(&mut file, &[(1, "kept")]);
        let (end, sum) = (file.end, file.sum);
        write(&mut file, &[(2, "AAAA"), (3, "left")]);
        // As if the sync had failed: the next ones go where these stand.
        (file.end, file.last, file.sum) = (end, 1, sum);
        write(&mut file, &[(4, "DDDD")]);
        let (_, records) = opened(&path);
        let numbers: Vec<u64> = records.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 4], "and not 3, which stands whole behind 4");
    }

    #[test]
    fn a_file_is_read_written_on_and_wiped() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("0");
        let (mut file, none) = opened(&path);
        assert!(none.is_empty() && !file.is_dirty());
        write(&mut file, &[(5, "five"), (6, "six")]);
        drop(file);
        let (mut file, two) = opened(&path);
        assert_eq!((two.len(), file.last()), (2, 6));
        write(&mut file, &[(9, "nine")]);
        assert_eq!(opened(&path).1[2], (9, b"nine".to_vec()));
        file.start_over();
        write(&mut file, &[(10, "x")]);
        let (mut file, one) = opened(&path);
        assert_eq!(one, [(10, b"x".to_vec())]);
        assert!(file.is_dirty());
        file.wipe().expect("wiped");
        let bytes = std::fs::read(&path).expect("read");
        assert!(bytes.len() as u64 == super::SIZE && bytes.iter().all(|byte| *byte == 0));
    }
}
