//! The outbox: in order, one attempt at a time, nothing of unknown end repeated by itself.

use super::{after, agent, claim, conclusion, fresh, noon, receive};
use crate::conversation::{Action, ConversationId, Delivery, InboxName, Sent, Status};
use crate::store::{Acted, Outgoing, Queue, Sending, Store};

/// A conversation with one automatic answer in the outbox.
async fn answered(store: &Store) -> ConversationId {
    let received = receive(store, "anna", "m1", noon()).await;
    let (claimed, turn) = claim(store, after(2)).await;
    store
        .conclude(&claimed, &turn, &conclusion(Action::Answer), after(2))
        .await
        .expect("concluded");
    received.conversation_id
}

async fn claim_one(store: &Store, seconds: i64) -> Outgoing {
    let claimed =
        store.claim_outbox(10, after(seconds), after(seconds + 60)).await.expect("a claim");
    let [outgoing] = claimed.try_into().expect("exactly one delivery is due");
    outgoing
}

async fn delivery(store: &Store, id: &ConversationId) -> Option<Delivery> {
    let messages = store.messages(id, i64::MAX, 10).await.expect("messages");
    messages.last().and_then(|message| message.delivery)
}

#[tokio::test]
async fn a_message_is_shown_to_its_customer_once_it_was_sent() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = answered(store).await;
    assert_eq!(store.shown_messages(&id, 0, 10).await.expect("shown").len(), 1);
    let outgoing = claim_one(store, 3).await;
    assert!(
        store
            .record_attempt(&outgoing, &Sent::Accepted(Some("p1".into())), after(3))
            .await
            .expect("recorded")
    );
    let shown = store.shown_messages(&id, 1, 10).await.expect("shown");
    assert_eq!(shown.iter().map(|message| message.shown).collect::<Vec<_>>(), [Some(2)]);
    let sent = store.sent_after(&InboxName::from("api"), 0, 10).await.expect("sent");
    assert_eq!((sent.len(), sent[0].position), (1, 1));
}

#[tokio::test]
async fn a_later_message_waits_for_an_earlier_one() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = answered(store).await;
    let first = claim_one(store, 3).await;
    store
        .reply(&id, &agent(), "And one more thing.", Sending::AtOnce, after(4))
        .await
        .expect("a reply");
    assert_eq!(store.claim_outbox(10, after(5), after(60)).await.expect("claims"), []);
    let again = Sent::Again(after(20), "busy".into());
    assert!(store.record_attempt(&first, &again, after(5)).await.expect("recorded"));
    assert_eq!(store.claim_outbox(10, after(6), after(60)).await.expect("claims"), []);
    assert_eq!(store.next_delivery_due().await.expect("due"), Some(after(20)));
    let retry = claim_one(store, 20).await;
    assert_eq!((&retry.id, retry.attempts), (&first.id, 2));
    assert!(
        store.record_attempt(&retry, &Sent::Accepted(None), after(21)).await.expect("recorded")
    );
    assert_ne!(claim_one(store, 22).await.id, first.id);
}

#[tokio::test]
async fn an_unknown_end_goes_to_a_person_and_only_late_news_changes_it() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = answered(store).await;
    let outgoing = claim_one(store, 3).await;
    let unknown = Sent::Unknown("the line was cut".into());
    assert!(store.record_attempt(&outgoing, &unknown, after(4)).await.expect("recorded"));
    assert_eq!(delivery(store, &id).await, Some(Delivery::Uncertain));
    assert_eq!(store.conversation(&id).await.expect("read").status, Status::Waiting);
    let waiting = store.queue(Queue::HandedOff, &agent(), 0, 10).await.expect("the queue");
    assert!(waiting[0].undelivered, "the list says why");
    assert_eq!(store.claim_outbox(10, after(9_999), after(10_000)).await.expect("claims"), []);
    assert!(
        store.record_attempt(&outgoing, &Sent::Accepted(None), after(90)).await.expect("recorded")
    );
    assert_eq!(delivery(store, &id).await, Some(Delivery::Sent));
}

#[tokio::test]
async fn a_delivery_left_behind_is_found_after_its_lease() {
    let fresh = fresh().await;
    let store = &fresh.store;
    answered(store).await;
    let outgoing = claim_one(store, 3).await;
    let claim =
        async |at: i64| store.claim_orphans(10, after(at), after(at + 60)).await.expect("orphans");
    assert_eq!(claim(30).await, []);
    let orphans = claim(64).await;
    assert_eq!(orphans.iter().map(|orphan| &orphan.id).collect::<Vec<_>>(), [&outgoing.id]);
    assert_eq!(claim(65).await, [], "it is being settled");
    // Whoever settled it has died too; and the first was only slow.
    assert_eq!(claim(125).await.len(), 1);
    let sent = store.record_attempt(&outgoing, &Sent::Accepted(None), after(126)).await;
    assert!(sent.expect("recorded"));
}

#[tokio::test]
async fn news_of_a_delivery_never_goes_backwards() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = answered(store).await;
    let outgoing = claim_one(store, 3).await;
    store.record_attempt(&outgoing, &Sent::Accepted(None), after(3)).await.expect("recorded");
    for (news, changes) in
        [(Delivery::Read, true), (Delivery::Delivered, false), (Delivery::Failed, false)]
    {
        let changed = store.record_progress(&outgoing.id, news, after(4)).await.expect("news");
        assert_eq!(changed.is_some(), changes, "{news}");
    }
    assert_eq!(delivery(store, &id).await, Some(Delivery::Read));
}

#[tokio::test]
async fn news_that_overtakes_our_own_record_still_shows_the_message() {
    for news in [Delivery::Delivered, Delivery::Read] {
        let fresh = fresh().await;
        let store = &fresh.store;
        let id = answered(store).await;
        let outgoing = claim_one(store, 3).await;
        assert!(store.record_progress(&outgoing.id, news, after(3)).await.expect("news").is_some());
        let late = store.record_attempt(&outgoing, &Sent::Accepted(None), after(4)).await;
        assert!(!late.expect("no error"), "there is nothing left to record");
        assert_eq!(delivery(store, &id).await, Some(news));
        let sent = store.sent_after(&InboxName::from("api"), 0, 10).await.expect("sent");
        assert_eq!(sent.len(), 1, "who polls finds it");
        assert_eq!(store.shown_messages(&id, 1, 10).await.expect("shown").len(), 1);
    }
}

#[tokio::test]
async fn a_person_settles_what_nobody_knows() {
    for (was_sent, state, claims) in [(true, Delivery::Sent, 0), (false, Delivery::Queued, 1)] {
        let fresh = fresh().await;
        let store = &fresh.store;
        let id = answered(store).await;
        let outgoing = claim_one(store, 3).await;
        let message = &outgoing.message_id;
        let early = store.settle_uncertain(&id, message, was_sent, after(3)).await;
        assert_eq!(early.expect("no error"), Acted::Stale, "it is still under way");
        store.record_attempt(&outgoing, &Sent::Unknown("?".into()), after(4)).await.expect("ok");
        let settled = store.settle_uncertain(&id, message, was_sent, after(5)).await;
        assert!(matches!(settled, Ok(Acted::Done(Some(_)))));
        assert_eq!(delivery(store, &id).await, Some(state));
        let again = store.settle_uncertain(&id, message, was_sent, after(6)).await;
        assert_eq!(again.expect("no error"), Acted::Stale);
        assert_eq!(
            store.claim_outbox(10, after(7), after(60)).await.expect("claims").len(),
            claims
        );
    }
}
