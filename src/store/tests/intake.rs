//! Intake: each message once, each burst one turn, a batch whole or not at all.

use super::{after, claim, conclusion, fresh, inbound, noon, receive};
use crate::conversation::{Action, Inbound, Status};
use crate::store::Store;

#[tokio::test]
async fn a_second_delivery_changes_nothing() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let first = receive(store, "anna", "m1", noon()).await;
    let again = receive(store, "anna", "m1", after(1)).await;
    assert_eq!((first.duplicate, again.duplicate), (false, true));
    assert_eq!(first.message_id, again.message_id);
    let messages = store.messages(&first.conversation_id, i64::MAX, 10).await.expect("messages");
    assert_eq!(messages.len(), 1);
    assert_eq!(store.next_turn_due().await.expect("due"), first.due_at, "nor is the turn re-dated");
}

#[tokio::test]
async fn a_delivery_twice_in_one_batch_is_stored_once() {
    let fresh = fresh().await;
    let batch = [inbound("anna", "m1", "a"), inbound("ben", "m2", "b"), inbound("anna", "m1", "a")];
    let received = fresh.store.receive(&batch, noon()).await.expect("stored");
    let duplicates: Vec<bool> = received.iter().map(|received| received.duplicate).collect();
    assert_eq!(duplicates, [false, false, true]);
    assert_ne!(received[0].conversation_id, received[1].conversation_id);
}

#[tokio::test]
async fn a_batch_is_stored_as_its_messages_one_by_one_would_be() {
    let fresh = fresh().await;
    let store = &fresh.store;
    receive(store, "anna", "m0", noon()).await;
    let nameless = Inbound { external_id: None, ..inbound("ben", "", "b2") };
    let batch = [
        inbound("anna", "m1", "a1"),
        inbound("ben", "m2", "b1"),
        nameless.clone(),
        inbound("carla", "m2", "c1"),
        inbound("carla", "m3", "c2"),
        inbound("anna", "m4", "a2"),
        nameless,
    ];
    let received = store.receive(&batch, after(1)).await.expect("stored");
    let duplicates: Vec<bool> = received.iter().map(|received| received.duplicate).collect();
    assert_eq!(duplicates, [false, false, false, true, false, false, false]);
    assert_eq!(received[3].message_id, received[1].message_id);
    assert_eq!(received[3].contact_id, received[4].contact_id);
    for (place, bodies) in [(0, ["hello", "a1", "a2"]), (1, ["b1", "b2", "b2"])] {
        let conversation = &received[place].conversation_id;
        let messages = store.messages(conversation, i64::MAX, 10).await.expect("messages");
        let seen: Vec<_> = messages.iter().map(|m| (m.seq, m.shown, m.body.as_str())).collect();
        let expected = [1, 2, 3].map(|seq| (seq, Some(seq)));
        let expected: Vec<_> = expected
            .into_iter()
            .zip(bodies)
            .map(|((seq, shown), body)| (seq, shown, body))
            .collect();
        assert_eq!(seen, expected);
    }
    let open = store.claim_turns(10, after(3), after(60)).await.expect("claims");
    assert_eq!(open.len(), 3, "a turn for each of the three");
}

#[tokio::test]
async fn a_name_is_taken_whoever_uses_it() {
    let fresh = fresh().await;
    let first = receive(&fresh.store, "anna", "m1", noon()).await;
    let other = receive(&fresh.store, "ben", "m1", noon()).await;
    assert!(other.duplicate);
    assert_eq!(other.message_id, first.message_id);
}

#[tokio::test]
async fn a_burst_re_dates_its_turn_up_to_the_cap() {
    let fresh = fresh().await;
    let store = &fresh.store;
    for (second, due) in [(0, 2), (1, 3), (2, 4), (3, 5), (4, 5)] {
        let received = receive(store, "anna", &format!("m{second}"), after(second)).await;
        assert_eq!(received.due_at, Some(after(due)), "at second {second}");
    }
    let (_, turn) = claim(store, after(5)).await;
    assert_eq!((turn.messages.len(), turn.history.len(), turn.last_seq()), (5, 0, 5));
}

#[tokio::test]
async fn a_resolved_conversation_reopens_for_three_days_then_another_begins() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let first = receive(store, "anna", "m1", noon()).await;
    let (claimed, turn) = claim(store, after(2)).await;
    store
        .conclude(&claimed, &turn, &conclusion(Action::Ignore), after(2))
        .await
        .expect("concluded");
    assert_eq!(status(store, &first.conversation_id).await, Status::Resolved);

    let second = receive(store, "anna", "m2", after(60)).await;
    assert_eq!(second.conversation_id, first.conversation_id);
    assert_eq!(status(store, &first.conversation_id).await, Status::Bot);

    let (claimed, turn) = claim(store, after(62)).await;
    assert_eq!((turn.messages.len(), turn.history.len()), (1, 1));
    store
        .conclude(&claimed, &turn, &conclusion(Action::Ignore), after(62))
        .await
        .expect("concluded");
    let third = receive(store, "anna", "m3", after(4 * 24 * 3600)).await;
    assert_ne!(third.conversation_id, first.conversation_id);
    assert_eq!(third.contact_id, first.contact_id);
}

async fn status(store: &Store, id: &crate::conversation::ConversationId) -> Status {
    store.conversation(id).await.expect("a conversation").status
}

#[tokio::test]
async fn what_a_contact_says_of_who_they_are_is_kept() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let mut named = inbound("anna", "m2", "hello");
    named.name = Some("Anna".into());
    let first = receive(store, "anna", "m1", noon()).await;
    store.receive(&[named], after(1)).await.expect("stored");
    receive(store, "anna", "m3", after(2)).await;
    let conversation = store.conversation(&first.conversation_id).await.expect("read");
    let contact = store.contact(&conversation).await.expect("read");
    assert_eq!((contact.name.as_deref(), contact.email), (Some("Anna"), None));
}
