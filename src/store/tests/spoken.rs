//! Messages in the order they came, for the index that finds them.

use super::{fresh, noon, receive};
use crate::conversation::MessageId;

#[tokio::test]
async fn messages_are_read_in_the_order_they_came_and_each_once() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let mut stored = Vec::new();
    // Two of them at the same moment, as of two nodes.
    for (contact, id, after) in [("ada", "m-1", 0), ("ben", "m-2", 0), ("ada", "m-3", 7)] {
        let at = super::after(after);
        stored.push((at, receive(store, contact, id, at).await.message_id));
    }
    stored.sort();
    let mut last = (noon() - chrono::TimeDelta::seconds(1), MessageId::from(""));
    for expected in &stored {
        let came = store.came_after(&last, 1).await.expect("read");
        let spoken = store.spoken_after(&last, 1).await.expect("read");
        assert_eq!(came, std::slice::from_ref(expected));
        assert_eq!((spoken[0].received_at, &spoken[0].id), (expected.0, &expected.1));
        last.clone_from(expected);
    }
    assert!(store.came_after(&last, 9).await.expect("read").is_empty());
    assert!(store.spoken_after(&last, 9).await.expect("read").is_empty());
}
