//! A file of the spool: numbered records one after the other, written over once all of them are stored.
//!
//! A record is its length, its number, a sum of both and of its bytes, and the bytes. Whatever does not follow the
//! record before by one, or does not match its sum, is what an earlier pass left, or half a write: the end.

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// Bytes that a file has from its start, so that a sync writes records and no new size; whichever record begins
/// within them is still written.
pub(super) const SIZE: u64 = 8 * 1024 * 1024;
/// Bytes of a record's head: length, number and sum.
const HEAD: usize = 4 + 8 + SUM;
const SUM: usize = 8;
/// Bytes that are wiped at once.
const WIPED: usize = 64 * 1024;

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
        let (records, end) = records(&bytes);
        let last = records.last().map_or(0, |(number, _)| *number);
        let dirty = bytes.len() as u64;
        let mut opened = Self { file, end, dirty, last };
        if dirty < SIZE {
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
        self.end > 0
    }

    /// Writes records of which the last has this number; returns once they are on disk. After an error the next ones
    /// go where these would have stood.
    pub(super) fn write(&mut self, records: &[u8], last: u64) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end))?;
        let end = self.end + records.len() as u64;
        self.dirty = self.dirty.max(end);
        self.file.write_all(records)?;
        self.file.sync_data()?;
        (self.end, self.last) = (end, last);
        Ok(())
    }

    /// Lets the next records go to its beginning.
    pub(super) fn start_over(&mut self) {
        (self.end, self.last) = (0, 0);
    }

    /// Writes zeros over everything that was ever written, and starts over: what customers wrote stays nowhere but in
    /// the database.
    pub(super) fn wipe(&mut self) -> io::Result<()> {
        self.start_over();
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

/// Appends a record to others that are to be written.
pub(super) fn frame(into: &mut Vec<u8>, number: u64, bytes: &[u8]) -> Result<()> {
    let length = u32::try_from(bytes.len()).context("a record of more than 4 GB")?;
    into.extend(length.to_le_bytes());
    into.extend(number.to_le_bytes());
    into.extend(sum(number, bytes));
    into.extend(bytes);
    Ok(())
}

/// The records from the beginning, and where they end.
fn records(bytes: &[u8]) -> (Vec<Record>, u64) {
    let (mut records, mut rest) = (Vec::<Record>::new(), bytes);
    while let Some((record, after)) = first(rest) {
        if records.last().is_some_and(|(before, _)| before + 1 != record.0) {
            break;
        }
        records.push(record);
        rest = after;
    }
    (records, (bytes.len() - rest.len()) as u64)
}

fn first(bytes: &[u8]) -> Option<(Record, &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
    let (length, head) = head.split_first_chunk::<4>()?;
    let (number, found) = head.split_first_chunk::<8>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let number = u64::from_le_bytes(*number);
    let (bytes, rest) = rest.split_at_checked(length)?;
    let is_whole = number > 0 && *found == sum(number, bytes);
    is_whole.then(|| ((number, bytes.to_vec()), rest))
}

fn sum(number: u64, bytes: &[u8]) -> [u8; SUM] {
    let digest = Sha256::new().chain_update(number.to_le_bytes()).chain_update(bytes).finalize();
    let mut sum = [0; SUM];
    sum.copy_from_slice(&digest[..SUM]);
    sum
}

#[cfg(test)]
mod tests {
    use super::{Record, SpoolFile, frame, records};

    fn framed(of: &[(u64, &str)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (number, text) in of {
            frame(&mut bytes, *number, text.as_bytes()).expect("a record");
        }
        bytes
    }

    fn found(bytes: &[u8]) -> Vec<(u64, String)> {
        let text = |(number, bytes): Record| (number, String::from_utf8(bytes).expect("text"));
        records(bytes).0.into_iter().map(text).collect()
    }

    #[test]
    fn records_end_where_a_write_was_cut_or_an_earlier_pass_begins() {
        let both = framed(&[(7, "one"), (8, "two")]);
        let one = framed(&[(7, "one")]).len();
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
        let earlier = [both, framed(&[(3, "old"), (9, "no")])].concat();
        assert_eq!(found(&earlier), whole);
        assert_eq!(found(&[]), []);
    }

    #[test]
    fn a_file_is_read_written_on_and_wiped() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("0");
        let (mut file, none) = SpoolFile::open(&path).expect("made");
        assert!(none.is_empty());
        file.write(&framed(&[(5, "five"), (6, "six")]), 6).expect("written");
        drop(file);
        let (mut file, two) = SpoolFile::open(&path).expect("opened");
        assert_eq!((two.len(), file.last()), (2, 6));
        file.write(&framed(&[(7, "seven")]), 7).expect("written");
        let (_, three) = SpoolFile::open(&path).expect("opened");
        assert_eq!(three[2], (7, b"seven".to_vec()));
        file.start_over();
        file.write(&framed(&[(8, "x")]), 8).expect("written");
        let (_, one) = SpoolFile::open(&path).expect("opened");
        assert_eq!(one, [(8, b"x".to_vec())]);
        file.wipe().expect("wiped");
        let bytes = std::fs::read(&path).expect("read");
        assert!(bytes.len() as u64 == super::SIZE && bytes.iter().all(|byte| *byte == 0));
    }
}
