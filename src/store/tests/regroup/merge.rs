//! Merging: the newer conversation goes on, and parting them puts back what was.

use super::super::{after, agent, claim, conclusion, fresh, noon, receive};
use super::clock::{day_from, wait};
use super::{counts, last, later, split_in_two, status, thread, two};
use crate::conversation::{Action, AgentId, ContactId, Event, Sent, Status};
use crate::store::{Acted, Regrouped, Sending};

#[tokio::test]
async fn of_two_conversations_the_newer_goes_on_whichever_is_named_first() {
    for swap in [false, true] {
        let fresh = fresh().await;
        let store = &fresh.store;
        let (older, newer) = two(store).await;
        let before = counts(store).await;
        let (one, other) = if swap { (&newer, &older) } else { (&older, &newer) };
        let merged =
            store.merge_conversations(one, other, &agent(), later(8)).await.expect("no error");
        assert_eq!(merged, Regrouped::Done(newer.clone()));
        assert_eq!(counts(store).await, before);
        assert_eq!(thread(store, &newer).await, ["m1", "r1", "m2"]);
        assert_eq!(store.survivor(&older).await.expect("found"), newer);
        assert_eq!(receive(store, "anna", "m3", later(9)).await.conversation_id, newer);
        let again = receive(store, "anna", "m1", later(9)).await;
        assert!(again.duplicate && again.conversation_id == older, "an old delivery stays one");
        let repeated = store.merge_conversations(one, other, &agent(), later(9)).await;
        assert_eq!(repeated.expect("no error"), Regrouped::Unfit);
    }
}

#[tokio::test]
async fn what_waited_in_the_older_conversation_waits_in_the_newer_and_comes_back_when_undone() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (first, second) = split_in_two(store).await;
    let (claimed, turn) = claim(store, later(2)).await;
    assert_eq!(turn.conversation.id, second);
    store.conclude(&claimed, &turn, &conclusion(Action::Draft), later(2)).await.expect("concluded");
    store.change(&first, &agent(), Event::AgentTook, later(2)).await.expect("taken");
    let before = counts(store).await;
    let merged = store.merge_conversations(&first, &second, &agent(), later(3)).await;
    assert_eq!(merged.expect("no error"), Regrouped::Done(second.clone()));
    assert_eq!(
        (status(store, &first).await, status(store, &second).await),
        (Status::Resolved, Status::WithAgent)
    );
    assert!(
        store.find_waiting_draft(&second).await.expect("read").is_some(),
        "its own draft stays"
    );
    let undone = store.undo_regroup(&last(store, &second).await, &agent(), later(4)).await;
    assert_eq!(undone.expect("no error"), Regrouped::Done(first.clone()));
    assert_eq!(counts(store).await, before);
    assert_eq!(status(store, &first).await, Status::WithAgent);
    assert_eq!(thread(store, &second).await, ["m2"]);
}

#[tokio::test]
async fn a_delivery_that_fails_late_brings_back_the_conversation_that_goes_on() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (older, newer) = two(store).await;
    let outgoing = store.claim_outbox(10, later(7), later(9)).await.expect("claims").remove(0);
    assert_eq!(outgoing.conversation_id, older);
    store.merge_conversations(&older, &newer, &agent(), later(8)).await.expect("merged");
    store.change(&newer, &agent(), Event::Resolved, later(8)).await.expect("closed");
    let failed = Sent::Refused("no such address".into());
    assert!(store.record_attempt(&outgoing, &failed, later(8)).await.expect("recorded"));
    assert_eq!(
        (status(store, &older).await, status(store, &newer).await),
        (Status::Resolved, Status::Waiting)
    );
}

#[tokio::test]
async fn conversations_of_two_contacts_are_never_merged_but_the_contacts_may_be_one_person() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let anna = receive(store, "anna", "m1", noon()).await;
    let bob = receive(store, "bob", "m2", after(1)).await;
    let (one, other) = (&anna.conversation_id, &bob.conversation_id);
    let merged = store.merge_conversations(one, other, &agent(), after(2)).await;
    assert_eq!(merged.expect("no error"), Regrouped::Unfit);
    let tie = async |other: &ContactId| {
        store
            .merge_contact(&anna.conversation_id, other, &agent(), after(3))
            .await
            .expect("no error")
    };
    assert_eq!(tie(&"none".into()).await, Regrouped::Gone);
    assert_eq!(tie(&anna.contact_id).await, Regrouped::Unfit);
    assert_eq!(tie(&bob.contact_id).await, Regrouped::Done(anna.conversation_id.clone()));
    assert_eq!(tie(&bob.contact_id).await, Regrouped::Unfit, "once is enough");
    for contact in [&anna.contact_id, &bob.contact_id] {
        let person = store.person(contact, 10).await.expect("a person");
        assert_eq!((person.contacts.len(), person.conversations.len()), (2, 2));
        assert_eq!(person.contacts[0].id, *contact);
    }
    assert_eq!(receive(store, "bob", "m3", after(5)).await.conversation_id, bob.conversation_id);
    let regroup = last(store, &anna.conversation_id).await;
    let undo =
        async |day| store.undo_regroup(&regroup, &agent(), later(day)).await.expect("no error");
    assert_eq!(undo(31).await, Regrouped::Unfit, "thirty days and no longer");
    assert_eq!(undo(29).await, Regrouped::Done(anna.conversation_id.clone()));
    assert_eq!(undo(29).await, Regrouped::Gone, "once");
    let person = store.person(&anna.contact_id, 10).await.expect("a person");
    assert_eq!(person.contacts.len(), 1);
}

#[tokio::test]
async fn nothing_is_changed_in_a_merged_conversation() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let older = receive(store, "anna", "m1", noon()).await.conversation_id;
    store.change(&older, &agent(), Event::AgentTook, after(1)).await.expect("taken");
    store.change(&older, &agent(), Event::Resolved, after(1)).await.expect("closed");
    let newer = receive(store, "anna", "m2", later(7)).await.conversation_id;
    store.merge_conversations(&older, &newer, &agent(), later(8)).await.expect("merged");
    store.reply(&newer, &agent(), "Yes.", Sending::AtOnce, later(8)).await.expect("answered");
    let colleague = AgentId::from("bo");
    for event in [Event::GivenBack, Event::AgentTook, Event::Resolved] {
        let acted = store.change(&older, &colleague, event, later(9)).await.expect("no error");
        assert_eq!(acted, Acted::Stale, "{event}");
    }
    let given = store.assign(&older, &colleague, Some(&agent()), later(9)).await.expect("no error");
    let aside = store.snooze(&older, &colleague, later(10), later(9)).await.expect("no error");
    assert_eq!((given, aside), (Acted::Stale, Acted::Stale));
    let due = store.claim_turns(10, later(30), later(31)).await.expect("claims");
    assert!(due.is_empty(), "nothing is answered twice");
    let newer = store.conversation(&newer).await.expect("a conversation");
    assert_eq!((newer.status, newer.assignee), (Status::WithAgent, Some(agent())));
}

#[tokio::test]
async fn what_the_bot_was_about_to_answer_is_a_persons_matter_once_a_merge_is_undone() {
    for is_blocked in [false, true] {
        let fresh = fresh().await;
        let store = &fresh.store;
        let older = receive(store, "anna", "m1", noon()).await.conversation_id;
        store.change(&older, &agent(), Event::Resolved, after(1)).await.expect("closed");
        let newer = receive(store, "anna", "m2", later(7)).await.conversation_id;
        store.change(&newer, &agent(), Event::AgentTook, later(7)).await.expect("taken");
        store.merge_conversations(&older, &newer, &agent(), later(8)).await.expect("merged");
        if is_blocked {
            store.block(&newer, &agent(), "spam", later(9)).await.expect("blocked");
        }
        let undone = store.undo_regroup(&last(store, &newer).await, &agent(), later(20)).await;
        assert_eq!(undone.expect("no error"), Regrouped::Done(older.clone()));
        let due = store.claim_turns(10, later(30), later(31)).await.expect("claims");
        assert!(due.is_empty(), "the bot says nothing weeks later");
        let (stands, waits) = (status(store, &older).await, wait(store, &older).await);
        if is_blocked {
            assert_eq!((stands, waits), (Status::Resolved, None));
        } else {
            assert_eq!(stands, Status::Waiting);
            assert_eq!(waits, Some(day_from(later(20))));
        }
    }
}
