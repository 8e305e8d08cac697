//! What is new in a folder, a window at a time: sizes first, then the mails themselves.

use super::{Reading, failure, within};
use crate::channel::email::trouble::{Trouble, TroubleKind};
use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use std::time::Duration;
use tokio::time::timeout;

/// Bytes of a mail that are read; of a larger one only this much is fetched.
const LARGEST: u32 = 48 * 1024 * 1024;

/// A mail as it is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Its identifier in the folder.
    pub uid: u32,
    /// Its size in bytes.
    pub size: u32,
    /// When the server got it.
    pub came_at: Option<DateTime<Utc>>,
}

/// A mail's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its identifier in the folder.
    pub uid: u32,
    /// The mail as the server has it.
    pub bytes: Vec<u8>,
}

impl Reading {
    /// The identifiers after `last`, smallest first.
    pub async fn after(&mut self, last: u32) -> Result<Vec<u32>, Trouble> {
        let mut found = self.above(&format!("{}:*", last.saturating_add(1))).await?;
        // `n:*` always holds the last mail, however small its identifier is (RFC 9051 §6.4.8).
        found.retain(|uid| *uid > last);
        Ok(found)
    }

    /// The identifiers of what came on that day or later, smallest first.
    pub async fn since(&mut self, day: DateTime<Utc>) -> Result<Vec<u32>, Trouble> {
        let found = self.search(&format!("SINCE {}", day.format("%-d-%b-%Y"))).await?;
        if found.is_empty() {
            // A connection that has broken off finds nothing either.
            self.ask_for_news().await?;
        }
        Ok(found)
    }

    /// Whether the folder holds a mail with this word in its subject.
    pub async fn holds(&mut self, word: &str) -> Result<bool, Trouble> {
        Ok(!self.search(&format!("SUBJECT \"{word}\"")).await?.is_empty())
    }

    pub(super) async fn above(&mut self, range: &str) -> Result<Vec<u32>, Trouble> {
        self.search(&format!("UID {range}")).await
    }

    pub(super) async fn search(&mut self, query: &str) -> Result<Vec<u32>, Trouble> {
        let server = &self.server;
        let found =
            within(server, server.patience, "searching", self.session.uid_search(query)).await?;
        let mut found: Vec<u32> = found.into_iter().collect();
        found.sort_unstable();
        Ok(found)
    }

    /// Sizes and times of these mails, smallest identifier first; those that are gone are missing.
    pub async fn list(&mut self, uids: &[u32]) -> Result<Vec<Listed>, Trouble> {
        let server = self.server.clone();
        let asked = self.session.uid_fetch(set(uids), "(UID RFC822.SIZE INTERNALDATE)");
        let mut answers = within(&server, server.patience, "listing mails", asked).await?;
        let mut listed = Vec::with_capacity(uids.len());
        loop {
            let next = timeout(server.patience, answers.next()).await;
            let Some(answer) = next.map_err(|_| server.silent("listing mails"))? else { break };
            let answer = answer.map_err(|error| failure(&server, &error))?;
            if let (Some(uid), Some(size)) = (answer.uid, answer.size) {
                let came_at = answer.internal_date().map(|at| at.to_utc());
                listed.push(Listed { uid, size, came_at });
            }
        }
        listed.retain(|mail| uids.contains(&mail.uid));
        listed.sort_unstable_by_key(|mail| mail.uid);
        listed.dedup_by_key(|mail| mail.uid);
        drop(answers);
        let is_listed = |uid: &&u32| listed.iter().any(|mail| mail.uid == **uid);
        let missing: Vec<u32> = uids.iter().filter(|uid| !is_listed(uid)).copied().collect();
        self.are_gone(&missing).await?;
        Ok(listed)
    }

    /// Makes sure that mails which were not listed are gone, and not passed over: answers end in the same way where
    /// the connection breaks off or the server says no.
    async fn are_gone(&mut self, uids: &[u32]) -> Result<(), Trouble> {
        if uids.is_empty() {
            return Ok(());
        }
        self.ask_for_news().await?;
        if self.above(&set(uids)).await?.is_empty() {
            return Ok(());
        }
        let words = "the server holds mails that it does not list; it is asked again";
        Err(Trouble::new(TroubleKind::Later, words))
    }

    /// These mails, smallest identifier first; those that are gone are missing. Nothing is marked.
    pub async fn fetch(&mut self, mails: &[Listed]) -> Result<Vec<Fetched>, Trouble> {
        let server = self.server.clone();
        let uids: Vec<u32> = mails.iter().map(|mail| mail.uid).collect();
        let size: u64 = mails.iter().map(|mail| u64::from(mail.size.min(LARGEST))).sum();
        let is_larger = mails.iter().any(|mail| mail.size > LARGEST);
        let part = if is_larger { format!("<0.{LARGEST}>") } else { String::new() };
        // A slow line still brings 64 KB in a second.
        let patience = server.patience + Duration::from_millis(size / 64);
        let asked = self.session.uid_fetch(set(&uids), format!("(UID BODY.PEEK[]{part})"));
        let mut answers = within(&server, patience, "fetching mails", asked).await?;
        let mut fetched = Vec::with_capacity(mails.len());
        loop {
            let next = timeout(patience, answers.next()).await;
            let Some(answer) = next.map_err(|_| server.silent("fetching mails"))? else { break };
            let answer = answer.map_err(|error| failure(&server, &error))?;
            if let (Some(uid), Some(bytes)) = (answer.uid, answer.body()) {
                fetched.push(Fetched { uid, bytes: bytes.to_vec() });
            }
        }
        fetched.retain(|mail| uids.contains(&mail.uid));
        fetched.sort_unstable_by_key(|mail| mail.uid);
        Ok(fetched)
    }

    /// Does with a mail that was stored what the settings ask for. That a server does not do it is told
    /// and changes nothing else.
    pub async fn put_away(&mut self, uid: u32) -> Result<(), Trouble> {
        if self.settings.mark_read {
            self.flag(uid, "+FLAGS.SILENT (\\Seen)").await?;
        }
        let Some(folder) = self.settings.move_to.clone() else { return Ok(()) };
        let (server, folder) = (self.server.clone(), super::folder::encoded(&folder));
        if self.can_move {
            let moved = self.session.uid_mv(uid.to_string(), folder);
            return tolerated(within(&server, server.patience, "moving a mail", moved).await);
        }
        let copied = self.session.uid_copy(uid.to_string(), folder);
        match within(&server, server.patience, "copying a mail", copied).await {
            Ok(()) => self.flag(uid, "+FLAGS.SILENT (\\Deleted)").await,
            refused => tolerated(refused),
        }
    }

    async fn flag(&mut self, uid: u32, change: &str) -> Result<(), Trouble> {
        let server = self.server.clone();
        let asked = async {
            let answers = self.session.uid_store(uid.to_string(), change).await?;
            let mut answers = std::pin::pin!(answers);
            while let Some(answer) = answers.next().await {
                answer?;
            }
            Ok(())
        };
        tolerated(within(&server, server.patience, "marking a mail", asked).await)
    }
}

/// A refusal is told; a connection that failed is not used on.
fn tolerated(ended: Result<(), Trouble>) -> Result<(), Trouble> {
    use crate::channel::email::trouble::TroubleKind::{Later, Refused};
    match ended {
        Err(trouble) if matches!(trouble.kind, Refused | Later) => {
            tracing::warn!(%trouble, "a mail that was stored could not be marked or moved; check imap.move_to");
            Ok(())
        }
        other => other,
    }
}

/// Identifiers as a set, runs in short.
fn set(uids: &[u32]) -> String {
    let mut set = String::new();
    let mut rest = uids;
    while let Some(first) = rest.first() {
        let run = rest.iter().zip(u64::from(*first)..);
        let run = run.take_while(|(uid, next)| u64::from(**uid) == *next).count();
        let comma = if set.is_empty() { "" } else { "," };
        set.push_str(comma);
        set.push_str(&first.to_string());
        if run > 1 {
            set.push(':');
            set.push_str(&rest[run - 1].to_string());
        }
        rest = &rest[run.max(1)..];
    }
    set
}

#[cfg(test)]
mod tests {
    use super::set;

    #[test]
    fn a_set_is_short() {
        for (uids, text) in [
            (&[7][..], "7"),
            (&[7, 8, 9], "7:9"),
            (&[1, 2, 5, 7, 8, u32::MAX], "1:2,5,7:8,4294967295"),
        ] {
            assert_eq!(set(uids), text);
        }
    }
}
