//! The outbox: in order, one attempt at a time, nothing of unknown end repeated by itself.

use super::{after, agent, claim, conclusion, fresh, noon, receive};
use crate::conversation::{Action, ConversationId, Delivery, InboxName, OutboxId, Sent, Status};
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

/// A claimed delivery of which `parts` parts were taken, as whoever sends it sees it.
async fn with_parts(store: &Store, parts: i64) -> Outgoing {
    let mut outgoing = claim_one(store, 3).await;
    for part in 1..=parts {
        outgoing.parts = part;
        assert!(store.record_part(&outgoing, after(90), after(3)).await.expect("recorded"));
    }
    outgoing
}

#[tokio::test]
async fn a_part_that_was_taken_is_not_sent_again_after_a_later_one_failed() {
    let fresh = fresh().await;
    let store = &fresh.store;
    answered(store).await;
    let outgoing = with_parts(store, 2).await;
    let again = Sent::Again(after(10), "busy".into());
    assert!(store.record_attempt(&outgoing, &again, after(4)).await.expect("recorded"));
    let retry = claim_one(store, 10).await;
    assert_eq!((retry.parts, retry.attempts), (2, 2));
    let late = store.record_part(&outgoing, after(90), after(11)).await;
    assert!(!late.expect("no error"), "an old claim sends nothing more");
}

#[tokio::test]
async fn what_was_only_put_off_counts_as_no_attempt() {
    let fresh = fresh().await;
    let store = &fresh.store;
    answered(store).await;
    let outgoing = claim_one(store, 3).await;
    let held = Sent::Held(after(10), "too fast".into());
    assert!(store.record_attempt(&outgoing, &held, after(3)).await.expect("recorded"));
    assert_eq!(claim_one(store, 10).await.attempts, 1);
}

#[tokio::test]
async fn an_unknown_end_waits_for_news_before_a_person_is_asked() {
    for news in [None, Some(Delivery::Delivered)] {
        let fresh = fresh().await;
        let store = &fresh.store;
        let id = answered(store).await;
        let outgoing = claim_one(store, 3).await;
        let words = "no answer".to_owned();
        assert!(store.doubt(&outgoing, &words, after(123), after(3)).await.expect("recorded"));
        assert_eq!(delivery(store, &id).await, Some(Delivery::Uncertain));
        assert_eq!(store.conversation(&id).await.expect("read").status, Status::Bot);
        assert_eq!(store.next_doubt().await.expect("due"), Some(after(123)));
        assert_eq!(store.ask_about_doubts(after(122)).await.expect("asked"), []);
        if let Some(news) = news {
            assert!(
                store.record_progress(&outgoing.id, news, after(60)).await.expect("news").is_some()
            );
        }
        let asked = store.ask_about_doubts(after(123)).await.expect("asked");
        let status = store.conversation(&id).await.expect("read").status;
        match news {
            None => assert_eq!((asked, status), (vec![id.clone()], Status::Waiting)),
            Some(news) => {
                assert_eq!((asked, status), (vec![], Status::Bot));
                assert_eq!(delivery(store, &id).await, Some(news));
            }
        }
        assert_eq!(store.next_doubt().await.expect("due"), None, "it is asked once");
        assert_eq!(store.claim_outbox(10, after(999), after(1_999)).await.expect("claims"), []);
    }
}

#[tokio::test]
async fn news_of_a_part_lets_the_next_one_follow() {
    for is_early in [false, true] {
        let fresh = fresh().await;
        let store = &fresh.store;
        let id = answered(store).await;
        let outgoing = with_parts(store, 1).await;
        let part = OutboxId::from(format!("{}~1", outgoing.id).as_str());
        let news = async || {
            store.record_progress(&part, Delivery::Delivered, after(5)).await.expect("news")
        };
        let doubt = async || {
            let words = "no answer".to_owned();
            store.doubt(&outgoing, &words, after(123), after(4)).await.expect("recorded")
        };
        if is_early {
            assert_eq!(news().await, None, "the attempt is under way");
            assert!(doubt().await);
        } else {
            assert!(doubt().await);
            assert_eq!(news().await, Some(id.clone()));
        }
        assert_eq!(delivery(store, &id).await, Some(Delivery::Queued), "{is_early}");
        assert_eq!(claim_one(store, 6).await.parts, 2);
        assert_eq!(store.ask_about_doubts(after(999)).await.expect("asked"), []);
    }
}

#[tokio::test]
async fn a_part_that_failed_fails_the_whole() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = answered(store).await;
    let outgoing = with_parts(store, 1).await;
    let part = OutboxId::from(format!("{}~0", outgoing.id).as_str());
    let told = store.record_progress(&part, Delivery::Failed, after(5)).await.expect("news");
    assert_eq!(told, Some(id.clone()));
    assert_eq!(delivery(store, &id).await, Some(Delivery::Failed));
    assert_eq!(store.conversation(&id).await.expect("read").status, Status::Waiting);
    let late = store.record_part(&outgoing, after(90), after(6)).await;
    assert!(!late.expect("no error"), "no other part follows");
}

#[tokio::test]
async fn the_channels_name_is_kept_when_news_comes_before_our_own_record() {
    let fresh = fresh().await;
    let store = &fresh.store;
    answered(store).await;
    let outgoing = claim_one(store, 3).await;
    store.record_progress(&outgoing.id, Delivery::Delivered, after(3)).await.expect("news");
    let accepted = Sent::Accepted(Some("wamid.1".into()));
    store.record_attempt(&outgoing, &accepted, after(4)).await.expect("recorded");
    assert_eq!(store.provider_id(&outgoing.id).await.expect("read").as_deref(), Some("wamid.1"));
}
