//! The index of messages, as it follows what comes in here and on other nodes.

use super::Office;
use crate::desk::Finder;
use crate::store::Filter;
use chrono::TimeDelta;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long something may take on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(20);

impl Office {
    fn finder(&self) -> Finder {
        let folder = self.folder.path().join("messages");
        Finder::open(self.desk.store.clone(), &folder).expect("an index")
    }

    /// Stores a message that comes so many seconds later, or by a clock that is behind.
    async fn hear(&self, seconds: i64, text: &str) {
        self.clock.advance(TimeDelta::seconds(seconds));
        self.receive(text, text).await;
    }
}

async fn finds(finder: &Finder, word: &str) -> usize {
    let (found, _) = finder.find(word, &Filter::default(), 1).await.expect("a search");
    found.len()
}

#[tokio::test]
async fn what_nodes_store_in_another_order_is_found() {
    let office = Office::open().await;
    let finder = office.finder();
    office.hear(0, "zebra").await;
    office.hear(5, "gnu").await;
    assert_eq!(finds(&finder, "gnu").await, 1);
    // By the clock of a node that is behind, before, between and after what is known.
    office.hear(-10, "okapi").await;
    office.hear(7, "ibex").await;
    office.hear(20, "tapir").await;
    for word in ["zebra", "gnu", "okapi", "ibex", "tapir"] {
        assert_eq!(finds(&finder, word).await, 1, "{word}");
    }
    // So it is by a server that has just been started.
    let finder = office.finder();
    office.hear(600, "kudu").await;
    office.hear(-30, "eland").await;
    for word in ["tapir", "kudu", "eland"] {
        assert_eq!(finds(&finder, word).await, 1, "{word}");
    }
}

#[tokio::test]
async fn what_is_known_is_not_written_again() {
    let office = Office::open().await;
    let finder = office.finder();
    office.hear(0, "zebra").await;
    assert_eq!(finds(&finder, "zebra").await, 1);
    let committed = || std::fs::read(office.folder.path().join("messages/meta.json"));
    let before = committed().expect("the index has a state");
    assert_eq!(finds(&finder, "zebra").await, 1);
    assert_eq!(committed().expect("the index has a state"), before);
}

#[tokio::test]
async fn the_index_follows_by_itself_until_it_is_told_to_stop() {
    let office = Office::open().await;
    let finder = office.finder();
    office.hear(0, "zebra").await;
    let (stop, stopping) = watch::channel(false);
    let following = tokio::spawn(finder.clone().follow(stopping.clone()));
    let is_found = async {
        while counts(&finder, "zebra").await == 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, is_found).await.expect("it follows");
    stop.send_replace(true);
    timeout(PATIENCE, following).await.expect("in time").expect("it ends well");
    office.hear(5, "gnu").await;
    finder.catch_up(&stopping).await.expect("nothing is done");
    assert_eq!(counts(&finder, "gnu").await, 0, "who is stopped takes nothing more");
}

/// How many conversations hold the word, by the index as it is.
async fn counts(finder: &Finder, word: &str) -> i64 {
    finder.count(word, &Filter::default(), 9).await.expect("a count")
}
