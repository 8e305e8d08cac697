//! The spool: what comes in is on disk here before it is in the database, so that whoever waits for an answer waits for
//! one write, whatever the database is busy with.
//!
//! One thread writes, what came at the same time with one sync, into two files in turn. It hands each record on in its
//! order and only then lets its sender be answered; whoever stores the records tells how far that has come. A file is
//! written over once all of its records are stored, and wiped when there is nothing to do.

mod file;
mod mark;

pub use mark::SpoolMark;
pub(super) use mark::note_stored;

use anyhow::{Context, Result};
use file::{Record, SpoolFile};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::mpsc::OwnedPermit;
use tokio::sync::{mpsc, oneshot};

/// How long nothing comes before what is stored is wiped.
const IDLE: Duration = Duration::from_secs(1);

/// A record that is on disk, and what it is once it was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Spooled<T> {
    /// Its number: higher than that of each before it.
    pub number: u64,
    /// What is to be stored.
    pub item: T,
}

/// The way into the spool; the spool ends when every clone is gone and all is stored.
#[derive(Debug)]
pub struct Spool<T> {
    orders: Sender<Order<T>>,
    next: mpsc::Sender<Spooled<T>>,
}

/// Where the spool is told how far its records are stored.
#[derive(Debug)]
pub struct Progress<T>(Sender<Order<T>>);

#[derive(Debug)]
enum Order<T> {
    Write(Write<T>),
    Stored(u64),
}

#[derive(Debug)]
struct Write<T> {
    bytes: Vec<u8>,
    item: T,
    /// Its place among those that wait to be stored.
    place: OwnedPermit<Spooled<T>>,
    done: oneshot::Sender<bool>,
}

/// A record could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the spool could not be written; is the disk full?")]
pub struct Unwritten;

impl<T> Clone for Spool<T> {
    fn clone(&self) -> Self {
        Self { orders: self.orders.clone(), next: self.next.clone() }
    }
}

impl<T: Send + 'static> Spool<T> {
    /// Starts writing into `files`, and hands records on to `next`.
    pub fn start(
        files: Files,
        next: mpsc::Sender<Spooled<T>>,
    ) -> (Self, Progress<T>, JoinHandle<()>) {
        let (orders, taken) = channel();
        let writing = std::thread::spawn(move || files.write_all(&taken));
        (Self { orders: orders.clone(), next }, Progress(orders), writing)
    }

    /// Writes a record; returns once it is on disk and handed on. Waits while too many wait to be stored.
    pub async fn write(&self, bytes: Vec<u8>, item: T) -> Result<(), Unwritten> {
        let place = self.next.clone().reserve_owned().await.map_err(|_| Unwritten)?;
        let (done, written) = oneshot::channel();
        let order = Order::Write(Write { bytes, item, place, done });
        self.orders.send(order).map_err(|_| Unwritten)?;
        let is_written = written.await.unwrap_or(false);
        if is_written { Ok(()) } else { Err(Unwritten) }
    }
}

impl<T> Progress<T> {
    /// Every record up to this one is in the database.
    pub fn stored(&self, number: u64) {
        // A writer that is gone has no use for it.
        self.0.send(Order::Stored(number)).ok();
    }
}

/// The files of a spool.
pub struct Files {
    both: [SpoolFile; 2],
    /// Which of them is written.
    current: usize,
    /// The number of the last record.
    last: u64,
    /// Up to which record all are in the database.
    stored: u64,
}

impl Files {
    /// Opens the spool in a folder, of which all records up to `stored` are in the database; gives those after it,
    /// in their order. Numbers go on above `after`, too: with a time for it none comes twice, whichever database
    /// is put in the place of another.
    pub fn open(folder: &Path, stored: u64, after: u64) -> Result<(Self, Vec<Record>)> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("making the folder {}", folder.display()))?;
        let (first, mut records) = SpoolFile::open(&folder.join("0"))?;
        let (second, more) = SpoolFile::open(&folder.join("1"))?;
        // What was written into a file is lost with its name.
        sync_folder(folder)?;
        folder.parent().map_or(Ok(()), sync_folder)?;
        records.extend(more);
        records.retain(|(number, _)| *number > stored);
        records.sort_by_key(|(number, _)| *number);
        let current = usize::from(second.last() > first.last());
        let last = first.last().max(second.last()).max(stored).max(after);
        Ok((Self { both: [first, second], current, last, stored }, records))
    }

    /// Wipes what was held, all of which is in the database now.
    pub fn settle(&mut self) -> Result<()> {
        for file in &mut self.both {
            file.wipe().context("wiping the spool, all of which is stored")?;
        }
        self.stored = self.last;
        Ok(())
    }

    fn write_all<T>(mut self, orders: &Receiver<Order<T>>) {
        let mut waiting = VecDeque::new();
        loop {
            match self.next_order(orders) {
                Ok(order) => self.take(order, &mut waiting),
                Err(RecvTimeoutError::Timeout) => self.wipe(),
                Err(RecvTimeoutError::Disconnected) => return self.wipe(),
            }
            while let Ok(order) = orders.try_recv() {
                self.take(order, &mut waiting);
            }
            while !waiting.is_empty() && self.has_room() {
                self.write(&mut waiting);
            }
        }
    }

    fn next_order<T>(&self, orders: &Receiver<Order<T>>) -> Result<Order<T>, RecvTimeoutError> {
        if self.is_wipable() {
            return orders.recv_timeout(IDLE);
        }
        orders.recv().map_err(|_| RecvTimeoutError::Disconnected)
    }

    fn take<T>(&mut self, order: Order<T>, waiting: &mut VecDeque<Write<T>>) {
        match order {
            Order::Write(write) => waiting.push_back(write),
            Order::Stored(number) => self.stored = self.stored.max(number),
        }
    }

    /// Whether there is a file to write to; a full one is left for the other as soon as that may be written over.
    fn has_room(&mut self) -> bool {
        if !self.both[self.current].is_full() {
            return true;
        }
        let other = 1 - self.current;
        let is_free = self.both[other].last() <= self.stored;
        if is_free {
            self.both[other].start_over();
            self.current = other;
        }
        is_free
    }

    /// Writes as many of those that wait as the file has room for, and hands them on.
    fn write<T>(&mut self, waiting: &mut VecDeque<Write<T>>) {
        let file = &mut self.both[self.current];
        let (mut room, first, mut now) = (file.room(), self.last + 1, Vec::new());
        while let Some(write) = waiting.pop_front() {
            room = room.saturating_sub(write.bytes.len() as u64);
            now.push(write);
            if room == 0 {
                break;
            }
        }
        self.last += now.len() as u64;
        let records = (first..).zip(now.iter().map(|write| &write.bytes[..]));
        if let Err(error) = file.write(records) {
            // Their numbers are not used again. Dropping them tells their senders.
            let (error, records) = (format!("{error:#}"), now.len());
            tracing::error!(error, records, "the spool could not be written");
            self.failed(first);
            return;
        }
        for (number, write) in (first..).zip(now) {
            write.place.send(Spooled { number, item: write.item });
            // Whoever has hung up sends it again, and it is known.
            write.done.send(true).ok();
        }
    }

    /// Where everything before the numbers that failed is stored, so is everything.
    fn failed(&mut self, first: u64) {
        if self.stored + 1 >= first {
            self.stored = self.last;
        }
    }

    fn is_wipable(&self) -> bool {
        self.stored >= self.last && self.both.iter().any(SpoolFile::is_dirty)
    }

    fn wipe(&mut self) {
        if !self.is_wipable() {
            return;
        }
        for file in &mut self.both {
            if let Err(error) = file.wipe() {
                tracing::error!(%error, "the spool could not be wiped; what it holds is stored");
            }
        }
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let synced = std::fs::File::open(folder).and_then(|opened| opened.sync_all());
    synced.with_context(|| format!("syncing the folder {}", folder.display()))
}

/// Elsewhere a folder cannot be synced, and need not be.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
