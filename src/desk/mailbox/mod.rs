//! Mailboxes: read one after the other, a window at a time, each mail stored before the next is asked for.
//!
//! How far a mailbox was read is noted after its mails are stored, so that a crash in between only brings mails
//! again, which changes nothing. A mail that cannot be stored is tried again and never passed over.

mod place;
#[cfg(test)]
mod tests;

use super::{Desk, Intake, Unreceived};
use crate::channel::{Arrival, Channel, Listed, MailboxState, Reading, Trouble, TroubleKind};
use crate::conversation::InboxName;
use crate::store::{Cursor, MailboxLease};
use chrono::TimeDelta;
use futures::FutureExt as _;
use http::HeaderMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Mails that are listed at once.
const WINDOW: usize = 50;
/// Bytes of mails that are in memory at once, unless a single one is larger.
const IN_MEMORY: u64 = 4 * 1024 * 1024;
/// How long a node's hold on a mailbox lasts, and how often it is renewed.
const HOLD: TimeDelta = TimeDelta::seconds(60);
const RENEW: Duration = Duration::from_secs(20);
/// The first wait after a failure; it doubles up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_mins(5);
/// The first wait where only a person can mend it: servers lock accounts that guess.
const WAIT_FOR_PERSON: Duration = Duration::from_mins(1);
/// How long a store that is busy is left alone.
const BREATH: Duration = Duration::from_millis(200);

/// A mailbox that this node reads.
#[derive(Clone)]
struct Post {
    inbox: InboxName,
    intake: Intake,
    lease: MailboxLease,
}

impl Desk {
    /// How the mailbox of an inbox fares; none where it has none.
    pub fn mailbox_state(&self, inbox: &InboxName) -> Option<MailboxState> {
        self.channel(inbox)?.state()
    }

    /// Reads every mailbox that the settings name until `stop` turns true. `owner` is this node's name, the same
    /// after it was restarted.
    pub async fn read_mailboxes(
        self: Arc<Self>,
        intake: Intake,
        owner: String,
        stop: watch::Receiver<bool>,
    ) {
        let mut readers = JoinSet::new();
        for inbox in &self.config.inboxes {
            let inbox = InboxName::from(inbox.name.as_str());
            if let Some(post) = self.post_of(&inbox, &intake, &owner) {
                readers.spawn(Arc::clone(&self).follow_mailbox(post, stop.clone()));
            }
        }
        while readers.join_next().await.is_some() {}
    }

    /// Stores what is new in a mailbox right now; returns how many mails that were.
    pub async fn read_mailbox(
        self: &Arc<Self>,
        inbox: &InboxName,
        intake: &Intake,
        owner: &str,
    ) -> Result<usize, Trouble> {
        let Some(post) = self.post_of(inbox, intake, owner) else { return Ok(0) };
        let cursor = self.hold(&post).await?.ok_or_else(elsewhere)?;
        let (mut reading, mut cursor) = self.open_mailbox(&post, cursor).await?;
        let read = self.catch_up(&post, &mut reading, &mut cursor).await?;
        reading.close().await;
        Ok(read)
    }

    fn post_of(&self, inbox: &InboxName, intake: &Intake, owner: &str) -> Option<Post> {
        let reader = self.channel(inbox)?.reader()?;
        let lease = MailboxLease {
            inbox: inbox.clone(),
            folder: reader.settings().folder.clone(),
            owner: owner.to_owned(),
        };
        Some(Post { inbox: inbox.clone(), intake: intake.clone(), lease })
    }

    async fn follow_mailbox(self: Arc<Self>, post: Post, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            // What a server sends is not ours: should it bring down what reads it, the others go on.
            let reading = AssertUnwindSafe(self.keep_reading(&post)).catch_unwind();
            let trouble = tokio::select! {
                ended = reading => ended.unwrap_or_else(|_| odd()),
                _ = stop.wait_for(|stop| *stop) => break,
            };
            let wait = self.failed(&post, trouble);
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = stop.wait_for(|stop| *stop) => break,
            }
        }
        if let Err(error) = self.store.leave_mailbox(&post.lease).await {
            tracing::warn!(inbox = %post.inbox, error = format!("{error:#}"),
                "a mailbox could not be let go of; another node reads it once the hold ends");
        }
    }

    /// Notes that reading ended; gives the wait before the next attempt.
    fn failed(&self, post: &Post, trouble: Trouble) -> Duration {
        let Some(reader) = self.channel(&post.inbox).and_then(Channel::reader) else {
            return LONGEST_WAIT;
        };
        if trouble == elsewhere() {
            return HOLD.to_std().unwrap_or(LONGEST_WAIT) / 4;
        }
        let needs_person = trouble.needs_person();
        let words = trouble.to_string();
        let failures = reader.reads_not(trouble);
        let wait = wait_after(failures, needs_person);
        tracing::warn!(inbox = %post.inbox, failures, wait = ?wait, trouble = words,
            "a mailbox cannot be read; trying again");
        wait
    }

    /// Reads until something goes wrong.
    async fn keep_reading(self: &Arc<Self>, post: &Post) -> Trouble {
        let cursor = match self.hold(post).await {
            Ok(Some(cursor)) => cursor,
            Ok(None) => return elsewhere(),
            Err(trouble) => return trouble,
        };
        tokio::select! {
            ended = self.read_on(post, cursor) => match ended {
                Ok(never) => match never {},
                Err(trouble) => trouble,
            },
            trouble = self.keep_hold(post) => trouble,
        }
    }

    async fn read_on(
        self: &Arc<Self>,
        post: &Post,
        cursor: Cursor,
    ) -> Result<std::convert::Infallible, Trouble> {
        let (mut reading, mut cursor) = self.open_mailbox(post, cursor).await?;
        loop {
            self.catch_up(post, &mut reading, &mut cursor).await?;
            reading = reading.wait().await?;
        }
    }

    /// Connects, and finds where to go on.
    async fn open_mailbox(
        &self,
        post: &Post,
        cursor: Cursor,
    ) -> Result<(Reading, Cursor), Trouble> {
        let reader = self.channel(&post.inbox).and_then(Channel::reader);
        let reader = reader.ok_or_else(elsewhere)?;
        let mut reading = reader.open().await?;
        let since_days = TimeDelta::days(i64::from(reader.settings().since_days));
        let placed = place::place(&mut reading, &cursor, since_days, self.clock.now()).await?;
        if placed != cursor {
            self.note_place(post, &placed).await?;
        }
        reader.reads(self.clock.now());
        Ok((reading, placed))
    }

    /// Stores everything that came after the cursor; returns how many mails that were.
    async fn catch_up(
        self: &Arc<Self>,
        post: &Post,
        reading: &mut Reading,
        cursor: &mut Cursor,
    ) -> Result<usize, Trouble> {
        let uids = reading.after(u32::try_from(cursor.last_uid).unwrap_or(u32::MAX)).await?;
        let mut read = 0;
        for window in uids.chunks(WINDOW) {
            let mut listed = reading.list(window).await?;
            let is_old = |mail: &Listed| {
                mail.came_at.zip(cursor.not_before).is_some_and(|(came, before)| came < before)
            };
            listed.retain(|mail| !is_old(mail));
            for mails in in_memory(&listed) {
                read += self.take_in(post, reading, mails).await?;
                if let Some(last) = mails.last() {
                    cursor.last_uid = i64::from(last.uid);
                    cursor.newest_at = cursor.newest_at.max(last.came_at);
                    self.note_place(post, cursor).await?;
                }
            }
            // What is gone or too old is behind us as well.
            if let Some(last) = window.last().map(|last| i64::from(*last))
                && last > cursor.last_uid
            {
                cursor.last_uid = last;
                self.note_place(post, cursor).await?;
            }
        }
        Ok(read)
    }

    /// Stores these mails, then does with them what the settings ask for.
    async fn take_in(
        self: &Arc<Self>,
        post: &Post,
        reading: &mut Reading,
        mails: &[Listed],
    ) -> Result<usize, Trouble> {
        let fetched = reading.fetch(mails).await?;
        let is_here = |mail: &&Listed| fetched.iter().any(|fetched| fetched.uid == mail.uid);
        let missing = mails.iter().filter(|mail| mail.size > 0 && !is_here(mail));
        let missing: Vec<u32> = missing.map(|mail| mail.uid).collect();
        if !missing.is_empty() && !reading.list(&missing).await?.is_empty() {
            let words = "the server lists a mail and does not give it; it is asked again";
            return Err(Trouble::new(TroubleKind::Later, words));
        }
        let read = fetched.len();
        for mail in fetched {
            self.store_mail(post, mail.bytes).await?;
            reading.put_away(mail.uid).await?;
        }
        Ok(read)
    }

    async fn store_mail(self: &Arc<Self>, post: &Post, bytes: Vec<u8>) -> Result<(), Trouble> {
        // A large mail takes its time, and others wait for this thread.
        let (desk, inbox) = (Arc::clone(self), post.inbox.clone());
        let parsed = tokio::task::spawn_blocking(move || {
            let (headers, now) = (HeaderMap::new(), desk.clock.now());
            let arrival = Arrival { headers: &headers, body: &bytes, visitor: None, now };
            desk.channel(&inbox).map(|channel| channel.parse(arrival))
        });
        let parsed = parsed.await.ok().flatten().ok_or_else(odd)?;
        let parsed = parsed.map_err(|refusal| Trouble::new(TroubleKind::Later, refusal.0))?;
        for inbound in parsed {
            let received = loop {
                match self.receive_mail(&post.intake, inbound.clone()).await {
                    Err(Unreceived::Overloaded(_)) => tokio::time::sleep(BREATH).await,
                    ended => break ended,
                }
            };
            let received = received.map_err(|error| not_stored(post, &error))?;
            if !received.duplicate
                && let Some(reader) = self.channel(&post.inbox).and_then(Channel::reader)
            {
                reader.stored(self.clock.now());
            }
        }
        Ok(())
    }

    async fn hold(&self, post: &Post) -> Result<Option<Cursor>, Trouble> {
        let now = self.clock.now();
        let held = self.store.hold_mailbox(&post.lease, now, now + HOLD).await;
        held.map_err(|error| out_of_reach(&error))
    }

    /// Renews the hold; returns once it is lost.
    async fn keep_hold(&self, post: &Post) -> Trouble {
        loop {
            tokio::time::sleep(RENEW).await;
            match self.hold(post).await {
                Ok(Some(_)) => {}
                Ok(None) => return elsewhere(),
                Err(trouble) => return trouble,
            }
        }
    }

    async fn note_place(&self, post: &Post, cursor: &Cursor) -> Result<(), Trouble> {
        let noted = self.store.note_read(&post.lease, cursor).await;
        let is_ours = noted.map_err(|error| out_of_reach(&error))?;
        is_ours.then_some(()).ok_or_else(elsewhere)
    }
}

/// Runs of mails that are in memory together.
fn in_memory(mails: &[Listed]) -> impl Iterator<Item = &[Listed]> {
    let mut held = 0_u64;
    let mut starts = vec![0];
    for (at, mail) in mails.iter().enumerate() {
        if held > 0 && held + u64::from(mail.size) > IN_MEMORY {
            starts.push(at);
            held = 0;
        }
        held += u64::from(mail.size);
    }
    starts.push(mails.len());
    let bounds: Vec<(usize, usize)> =
        starts.iter().copied().zip(starts.iter().copied().skip(1)).collect();
    bounds.into_iter().filter(|(from, until)| from < until).map(|(from, until)| &mails[from..until])
}

/// The wait after so many failures in a row, shortened by chance so that nodes do not come all at once.
fn wait_after(failures: u32, needs_person: bool) -> Duration {
    let first = if needs_person { WAIT_FOR_PERSON } else { FIRST_WAIT };
    let doubled = first * 2_u32.pow(failures.saturating_sub(1).min(10));
    doubled.min(LONGEST_WAIT).mul_f64(rand::random_range(0.5..=1.0))
}

fn elsewhere() -> Trouble {
    Trouble::new(TroubleKind::Later, "another node reads this mailbox")
}

fn odd() -> Trouble {
    Trouble::new(TroubleKind::Silent, "the server sent something that cannot be understood")
}

fn out_of_reach(error: &anyhow::Error) -> Trouble {
    tracing::error!(error = format!("{error:#}"), "the store is out of reach for a mailbox");
    Trouble::new(TroubleKind::Later, "our own store is out of reach; mails wait in the mailbox")
}

fn not_stored(post: &Post, error: &Unreceived) -> Trouble {
    tracing::error!(inbox = %post.inbox, error = format!("{error:#}"),
        "a mail could not be stored; it waits in its mailbox and is tried again");
    Trouble::new(
        TroubleKind::Later,
        "a mail could not be stored here; it waits in the mailbox and is tried again",
    )
}
