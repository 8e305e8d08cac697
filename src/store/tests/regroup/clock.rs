//! Since when a customer waits, through merging, splitting and undoing.

use super::super::{after, agent, claim, conclusion, fresh, noon, receive};
use super::{last, later, named};
use crate::conversation::{Action, ConversationId, Event, Priority};
use crate::store::{Regrouped, Sending, Store, Wait, on};
use chrono::{DateTime, TimeDelta, Utc};

pub(super) async fn wait(store: &Store, id: &ConversationId) -> Option<Wait> {
    store.open_conversation(id).await.expect("read").expect("a conversation").wait
}

pub(super) fn day_from(since: DateTime<Utc>) -> Wait {
    Wait { since, due: since + TimeDelta::hours(24) }
}

/// Since when, until when and with whom: due, warned, missed, claimed.
type Clock = [Option<DateTime<Utc>>; 5];

/// A conversation's clock, and who set its priority.
async fn clock(store: &Store, id: &ConversationId) -> (Clock, Priority, Option<String>) {
    let sql = "select due_since, due_at, warn_at, missed_at, claimed_at, priority, priority_by
               from conversation where id = $1";
    let (since, due, warn, missed, claimed, priority, by) = on!(&store.read, db => {
        sqlx::query_as(sql).bind(id).fetch_one(db).await
    })
    .expect("a conversation");
    ([since, due, warn, missed, claimed], priority, by)
}

/// A conversation that an agent took, with a question that waits since a moment and another of a day later.
async fn taken(store: &Store) -> ConversationId {
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    let (claimed, turn) = claim(store, after(2)).await;
    let escalated = conclusion(Action::Escalate);
    store.conclude(&claimed, &turn, &escalated, after(2)).await.expect("concluded");
    store.change(&id, &agent(), Event::AgentTook, after(3)).await.expect("taken");
    receive(store, "anna", "m2", later(1)).await;
    id
}

pub(super) async fn split_at(
    store: &Store,
    id: &ConversationId,
    name: &str,
    now: DateTime<Utc>,
) -> ConversationId {
    let message = named(store, id, name).await;
    match store.split_conversation(id, &message, &agent(), now).await.expect("no error") {
        Regrouped::Done(part) => part,
        other => panic!("it is split: {other:?}"),
    }
}

#[tokio::test]
async fn the_clock_goes_with_what_is_split_off_and_comes_back() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = taken(store).await;
    store.set_priority(&id, &agent(), Priority::High, later(1)).await.expect("set");
    assert_eq!(store.miss(later(2)).await.expect("looked"), std::slice::from_ref(&id));
    let before = clock(store, &id).await;
    assert!(before.0.iter().all(Option::is_some) && before.2.is_some(), "{before:?}");
    let part = split_at(store, &id, "m2", later(2)).await;
    assert_eq!(clock(store, &part).await, before);
    assert_ne!(clock(store, &id).await, before, "who splits takes what stays");
    store.undo_regroup(&last(store, &part).await, &agent(), later(3)).await.expect("undone");
    assert_eq!(clock(store, &id).await, before);
    assert_eq!(clock(store, &part).await.0, [None; 5]);
}

#[tokio::test]
async fn of_two_waits_the_earlier_goes_on_and_both_come_back_when_the_merge_is_undone() {
    for (waits, writes, answers) in [
        (false, true, false),
        (false, false, false),
        (false, true, true),
        (true, true, false),
        (true, false, false),
    ] {
        let fresh = fresh().await;
        let store = &fresh.store;
        let older = taken(store).await;
        let newer = split_at(store, &older, "m2", later(1)).await;
        store.reply(&newer, &agent(), "r2", Sending::AtOnce, later(2)).await.expect("answered");
        if waits {
            let lapsed = store.lapse(later(1), later(2)).await.expect("looked");
            assert_eq!(lapsed, std::slice::from_ref(&older));
        }
        if writes {
            assert_eq!(receive(store, "anna", "m3", later(3)).await.conversation_id, newer);
        }
        store.miss(later(3)).await.expect("looked");
        let (before, own) = (clock(store, &older).await, wait(store, &newer).await);
        assert_eq!(own, writes.then(|| day_from(later(3))));
        store.merge_conversations(&older, &newer, &agent(), later(3)).await.expect("merged");
        assert_eq!(wait(store, &newer).await, Some(day_from(after(2))));
        assert_eq!(clock(store, &older).await.0, [None; 5]);
        if answers {
            store.reply(&newer, &agent(), "r3", Sending::AtOnce, later(4)).await.expect("said");
        }
        store.undo_regroup(&last(store, &newer).await, &agent(), later(5)).await.expect("undone");
        assert_eq!(clock(store, &older).await, before, "{waits} {writes} {answers}");
        let left = own.filter(|_| !answers);
        assert_eq!(wait(store, &newer).await, left, "{waits} {writes} {answers}");
    }
}
