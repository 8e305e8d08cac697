//! Following knowledge while serving: the folder as it is edited, the store as other nodes write it.

use super::{Source, refresh, sync};
use crate::clock::Clock;
use crate::search::Search;
use crate::store::Store;
use anyhow::Result;
use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior};

/// Quiet that ends a series of changes, so that a file is not read half written.
const QUIET: Duration = Duration::from_millis(200);
/// The most that a series may delay reading.
const PATIENCE: Duration = Duration::from_millis(600);
/// After this long the folder is read though nothing was seen, as some disks tell of nothing.
const RESCAN: Duration = Duration::from_mins(1);
/// How often the store is asked whether another node has changed the knowledge.
const POLL: Duration = Duration::from_secs(1);

/// Keeps store and index up to date until `stop` turns true or its sender is gone.
pub async fn follow(
    store: Store,
    search: Arc<Search>,
    source: Source,
    clock: Clock,
    mut stop: watch::Receiver<bool>,
) {
    let mut folder = match &source {
        Source::Folder(folder) => Some(Watch::new(folder)),
        Source::Sample | Source::Imported => None,
    };
    let mut poll = tokio::time::interval(POLL);
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut log = Log::default();
    loop {
        tokio::select! {
                    () = stopped(&mut stop) => return,
                    () = change(&mut folder) => {
        let synced = sync(&store, &search, &source, clock.now()).await;
                        for problem in synced.iter().flat_map(|synced| &synced.problems) {
                            tracing::warn!(%problem, "a problem with the knowledge; what it last held stays in use");
                        }
                        log.note(synced.map(drop));
                    }
                    _ = poll.tick() => log.note(refresh(&store, &search).await),
                }
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone means a stop as well.
    stop.wait_for(|stop| *stop).await.ok();
}

async fn change(folder: &mut Option<Watch>) {
    match folder {
        Some(folder) => folder.change().await,
        None => std::future::pending().await,
    }
}

/// Logs a failure once, however often it comes again.
#[derive(Debug, Default)]
struct Log {
    last: Option<String>,
}

impl Log {
    fn note(&mut self, outcome: Result<()>) {
        let failure = outcome.err().map(|error| format!("{error:#}"));
        if let Some(reason) = &failure
            && failure != self.last
        {
            tracing::error!(reason, "the knowledge could not be brought up to date");
        }
        self.last = failure;
    }
}

/// A folder under watch.
struct Watch {
    folder: PathBuf,
    /// Dropped and made anew with each rescan: it goes blind when the folder itself is replaced.
    watcher: Option<RecommendedWatcher>,
    seen: mpsc::Receiver<()>,
    tell: mpsc::Sender<()>,
    /// When the present series of changes began, and its newest change.
    series: Option<(Instant, Instant)>,
    rescan: Instant,
}

impl Watch {
    /// A watch whose first rescan is due at once: nothing is known of the time before it.
    fn new(folder: &Path) -> Self {
        let (tell, seen) = mpsc::channel(1);
        let (folder, rescan) = (folder.to_owned(), Instant::now());
        Self { folder, watcher: None, seen, tell, series: None, rescan }
    }

    /// Waits until the folder may have changed and is quiet; may be dropped and called again.
    async fn change(&mut self) {
        loop {
            let due = self
                .series
                .map_or(self.rescan, |(first, last)| (last + QUIET).min(first + PATIENCE));
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(due) => break,
                Some(()) = self.seen.recv() => {
                    let now = Instant::now();
                    let first = self.series.map_or(now, |(first, _)| first);
                    self.series = Some((first, now));
                }
            }
        }
        if self.series.take().is_none() {
            self.watcher = None;
            self.watcher = watcher(&self.folder, &self.tell);
        }
        self.rescan = Instant::now() + RESCAN;
    }
}

/// A watcher that tells of each change; none where the system has none to give, which leaves the
/// rescan.
fn watcher(folder: &Path, tell: &mpsc::Sender<()>) -> Option<RecommendedWatcher> {
    let tell = tell.clone();
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.map_or(true, |event| is_change(event.kind)) {
            // A full channel already says that something has changed.
            tell.try_send(()).ok();
        }
    })
    .and_then(|mut watcher| {
        watcher.watch(folder, RecursiveMode::Recursive)?;
        Ok(watcher)
    });
    watcher
        .inspect_err(|error| {
            let reason = error.to_string();
            tracing::warn!(reason, "the folder of knowledge is read every minute only");
        })
        .ok()
}

/// Whether an event may change what the folder holds; our own reading does not.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::super::testing::Home;
    use super::{RESCAN, Watch, follow, is_change};
    use crate::clock::Clock;
    use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
    use std::fs;
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::sync::watch;
    use tokio::time::{Instant, timeout};

    const A_SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn a_change_is_told_within_a_second_and_reading_is_none() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut watch = Watch::new(folder.path());
        timeout(A_SECOND, watch.change()).await.expect("the first reading is due at once");
        fs::create_dir(folder.path().join("en")).expect("a folder");
        fs::write(folder.path().join("en/a.md"), "text").expect("a file");
        timeout(A_SECOND, watch.change()).await.expect("the new file is told");
        fs::write(folder.path().join("en/a.md"), "more").expect("a file");
        timeout(A_SECOND, watch.change()).await.expect("the changed file is told");
        fs::read(folder.path().join("en/a.md")).expect("reading it");
        timeout(A_SECOND, watch.change()).await.expect_err("nothing has changed");
        fs::remove_file(folder.path().join("en/a.md")).expect("removing it");
        timeout(A_SECOND, watch.change()).await.expect("the removed file is told");
    }

    #[tokio::test]
    async fn a_folder_that_tells_nothing_is_read_every_minute() {
        let mut watch = Watch::new("missing".as_ref());
        timeout(A_SECOND, watch.change()).await.expect("the first reading is due at once");
        timeout(A_SECOND, watch.change()).await.expect_err("the minute is not over");
        watch.rescan = Instant::now();
        timeout(A_SECOND, watch.change()).await.expect("the minute is over");
        assert!(watch.rescan > Instant::now() + RESCAN / 2, "the next minute has begun");
    }

    #[test]
    fn only_events_that_may_change_something_count() {
        let close = |mode| EventKind::Access(AccessKind::Close(mode));
        for (kind, counts) in [
            (EventKind::Modify(ModifyKind::Any), true),
            (EventKind::Any, true),
            (close(AccessMode::Write), true),
            (close(AccessMode::Read), false),
            (EventKind::Access(AccessKind::Open(AccessMode::Any)), false),
        ] {
            assert_eq!(is_change(kind), counts, "{kind:?}");
        }
    }

    #[tokio::test]
    async fn edits_and_other_nodes_reach_the_index_until_the_stop() {
        let home = Home::open().await;
        home.put("a.md", "a", "First");
        home.sync().await;
        let (stop, stopped) = watch::channel(false);
        let source = Source::Folder(home.folder());
        let (store, search) = (home.store.clone(), Arc::clone(&home.search));
        let following = tokio::spawn(follow(store, search, source, Clock::real(), stopped));

        home.put("b.md", "b", "Second");
        home.reaches(2, "the edited folder").await;

        let other = home.store.take_down_source("folder", super::super::testing::now()).await;
        other.expect("another node's change");
        home.reaches(0, "the other node's change").await;

        stop.send(true).expect("it is still following");
        timeout(A_SECOND, following).await.expect("it stops").expect("without a panic");
    }
}
