//! One node reads a mailbox, and how far it got is never forgotten.

use super::fresh;
use crate::conversation::InboxName;
use crate::store::{Cursor, MailboxLease};
use chrono::{DateTime, TimeDelta, Utc};

fn lease(owner: &str) -> MailboxLease {
    MailboxLease { inbox: InboxName::from("support"), folder: "INBOX".into(), owner: owner.into() }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
}

#[tokio::test]
async fn one_node_reads_a_mailbox_until_its_hold_ends() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let hold = async |owner: &str, now: i64| {
        store.hold_mailbox(&lease(owner), at(now), at(now + 60)).await.expect("asked")
    };
    let first = hold("one", 0).await.expect("nobody has it");
    assert_eq!((first.validity, first.last_uid, first.begun_at), (None, 0, at(0)));
    assert_eq!(hold("other", 59).await, None);
    assert!(hold("one", 50).await.is_some(), "it keeps it");
    assert_eq!(hold("other", 100).await, None);
    let taken = hold("other", 111).await.expect("its time is over");
    assert_eq!(taken.begun_at, at(0), "the first look stays");
    store.leave_mailbox(&lease("one")).await.expect("asked");
    assert_eq!(hold("one", 120).await, None, "only who has it lets go of it");
    store.leave_mailbox(&lease("other")).await.expect("asked");
    assert!(hold("one", 120).await.is_some());
}

#[tokio::test]
async fn only_who_holds_it_notes_how_far_it_was_read_and_only_forward() {
    let fresh = fresh().await;
    let store = &fresh.store;
    store.hold_mailbox(&lease("one"), at(0), at(60)).await.expect("asked");
    let cursor = |validity, last_uid| Cursor {
        validity: Some(validity),
        last_uid,
        not_before: None,
        begun_at: at(0),
        newest_at: Some(at(5)),
    };
    let note = async |owner: &str, validity, last_uid| {
        store.note_read(&lease(owner), &cursor(validity, last_uid)).await.expect("asked")
    };
    assert!(note("one", 7, 10).await);
    assert!(!note("other", 7, 11).await, "it is not theirs");
    assert!(!note("one", 7, 9).await, "never back");
    assert!(note("one", 8, 3).await, "unless the server counts anew");
    let kept = store.hold_mailbox(&lease("one"), at(1), at(61) + TimeDelta::zero()).await;
    assert_eq!(kept.expect("asked"), Some(cursor(8, 3)));
}
