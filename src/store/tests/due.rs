//! Waits: from when to when a customer waits for a person's word, and what that does to the order of queues.

use super::{after, agent, claim, conclusion, fresh, noon, receive};
use crate::conversation::{
    Action, AgentId, Conclusion, ConversationId, Event, Priority, Target, Targets,
};
use crate::store::{Acted, Queue, Sending, Store, Wait};
use chrono::TimeDelta;

/// A conversation that waits for a person since a moment.
async fn handed_off(
    store: &Store,
    contact: &str,
    priority: Priority,
    since: i64,
) -> ConversationId {
    let received = receive(store, contact, contact, after(since - 2)).await;
    let (claimed, turn) = claim(store, after(since)).await;
    let concluded = Conclusion { priority, ..conclusion(Action::Escalate) };
    store.conclude(&claimed, &turn, &concluded, after(since)).await.expect("concluded");
    received.conversation_id
}

async fn wait(store: &Store, id: &ConversationId) -> Option<Wait> {
    store.open_conversation(id).await.expect("read").expect("a conversation").wait
}

fn hours(since: i64, hours: i64) -> Wait {
    Wait { since: after(since), due: after(since) + TimeDelta::hours(hours) }
}

#[tokio::test]
async fn a_customer_waits_until_a_person_answers() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    assert_eq!(wait(store, &id).await, None, "the bot has the word");
    let (claimed, turn) = claim(store, after(2)).await;
    let escalated = conclusion(Action::Escalate);
    store.conclude(&claimed, &turn, &escalated, after(2)).await.expect("concluded");
    assert_eq!(wait(store, &id).await, Some(hours(2, 24)));
    receive(store, "anna", "m2", after(3)).await;
    store.change(&id, &agent(), Event::AgentTook, after(5)).await.expect("taken");
    assert_eq!(wait(store, &id).await, Some(hours(2, 24)), "to take is no answer");
    store.reply(&id, &agent(), "Yes.", Sending::AtOnce, after(6)).await.expect("answered");
    assert_eq!(wait(store, &id).await, None);
    receive(store, "anna", "m3", after(7)).await;
    receive(store, "anna", "m4", after(8)).await;
    assert_eq!(
        wait(store, &id).await,
        Some(hours(7, 24)),
        "since the first words without an answer"
    );
    store.snooze(&id, &agent(), after(20), after(9)).await.expect("put aside");
    assert_eq!(wait(store, &id).await, None);
    store.wake(after(20)).await.expect("woken");
    assert_eq!(wait(store, &id).await, Some(hours(20, 24)));
    let resolved = store.change(&id, &agent(), Event::Resolved, after(21)).await.expect("closed");
    assert_eq!((resolved, wait(store, &id).await), (Acted::Done(None), None));
}

#[tokio::test]
async fn what_falls_due_first_stands_first() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let low = handed_off(store, "low", Priority::Low, 10).await;
    let normal = handed_off(store, "normal", Priority::Normal, 20).await;
    let late = handed_off(store, "late", Priority::Normal, 30).await;
    let high = handed_off(store, "high", Priority::High, 40).await;
    let urgent = handed_off(store, "urgent", Priority::Urgent, 50).await;
    let ids = async |queue, offset, limit| -> Vec<ConversationId> {
        let rows = store.queue(queue, &agent(), offset, limit).await.expect("a queue");
        rows.into_iter().map(|row| row.id).collect()
    };
    let order = [&urgent, &high, &normal, &late, &low].map(Clone::clone);
    assert_eq!(ids(Queue::HandedOff, 0, 10).await, order);
    assert_eq!(ids(Queue::HandedOff, 2, 2).await, order[2..4]);
    for id in [&low, &normal, &urgent] {
        store.change(id, &agent(), Event::AgentTook, after(60)).await.expect("taken");
    }
    store.reply(&urgent, &agent(), "Yes.", Sending::AtOnce, after(61)).await.expect("answered");
    let mine = [&normal, &low, &urgent].map(Clone::clone);
    assert_eq!(ids(Queue::Mine, 0, 10).await, mine, "who does not wait stands last");
    let other = store.queue(Queue::Mine, &AgentId::from("other"), 0, 10).await.expect("a queue");
    assert_eq!(other, []);
    for queue in Queue::ALL {
        let rows = store.queue(*queue, &agent(), 0, 10).await.expect("a queue");
        let limit = store.queue(*queue, &agent(), 0, 1).await.expect("a queue");
        assert_eq!(limit, rows[..rows.len().min(1)], "{queue}");
    }
}

#[tokio::test]
async fn new_targets_hold_for_what_waits_already() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = handed_off(store, "anna", Priority::Normal, 2).await;
    assert_eq!(store.reckon_due().await.expect("reckoned"), 0);
    let usual = Target { normal: TimeDelta::hours(2), ..Target::default() };
    let targets = Targets { usual, ..Targets::default() };
    let store = store.clone().with_targets(targets);
    assert_eq!(store.reckon_due().await.expect("reckoned"), 1);
    assert_eq!(wait(&store, &id).await, Some(hours(2, 2)));
}

#[tokio::test]
async fn what_the_channel_closes_first_stands_first() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let late = handed_off(store, "late", Priority::Low, 10).await;
    let soon = handed_off(store, "soon", Priority::Urgent, 20).await;
    let closes = handed_off(store, "closes", Priority::Low, 30).await;
    let window = after(30) + TimeDelta::minutes(30);
    store.close_window(&closes, window).await;
    let rows = store.queue(Queue::HandedOff, &agent(), 0, 10).await.expect("a queue");
    let ids: Vec<_> = rows.iter().map(|row| row.id.clone()).collect();
    assert_eq!(ids, [closes.clone(), soon.clone(), late]);
    assert_eq!(rows[0].closes_first(), Some(window));
    store.close_window(&closes, after(30) + TimeDelta::hours(90)).await;
    let rows = store.queue(Queue::HandedOff, &agent(), 0, 10).await.expect("a queue");
    assert_eq!(rows[0].id, soon, "a window that closes later changes nothing");
    assert!(rows.iter().all(|row| row.closes_first().is_none()));
}
