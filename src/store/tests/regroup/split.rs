//! Splitting: what hangs on the messages moves with them, and comes back when it is undone.

use super::super::{after, agent, claim, conclusion, fresh, inbox, noon, receive};
use super::clock::split_at;
use super::{counts, last, later, named, split_in_two, status, thread};
use crate::conversation::{
    Action, AttachmentId, Conclusion, Event, MessageId, Reply, Sent, Status,
};
use crate::store::{Regrouped, Sending};
use chrono::TimeDelta;

#[tokio::test]
async fn what_was_only_handed_over_stays_a_persons_after_a_split() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    let (claimed, turn) = claim(store, after(2)).await;
    let body = "A person will answer.".to_owned();
    let reply = Reply { body, citations: Vec::new(), choices: Vec::new(), tells_handoff: true };
    let escalated = Conclusion { reply: Some(reply), ..conclusion(Action::Escalate) };
    store.conclude(&claimed, &turn, &escalated, after(2)).await.expect("concluded");
    receive(store, "anna", "m2", later(1)).await;
    let message = named(store, &id, "m2").await;
    let split = store.split_conversation(&id, &message, &agent(), later(1)).await;
    assert!(matches!(split, Ok(Regrouped::Done(_))), "{split:?}");
    assert_eq!(status(store, &id).await, Status::WithAgent, "nobody has answered it");
}

#[tokio::test]
async fn what_is_split_off_takes_with_it_what_hangs_on_it_and_goes_on() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    let (claimed, turn) = claim(store, after(2)).await;
    store
        .conclude(&claimed, &turn, &conclusion(Action::Answer), after(2))
        .await
        .expect("concluded");
    receive(store, "anna", "m2", later(1)).await;
    let (claimed, turn) = claim(store, later(1) + TimeDelta::seconds(5)).await;
    store.conclude(&claimed, &turn, &conclusion(Action::Draft), later(2)).await.expect("concluded");
    let before = counts(store).await;
    let message = named(store, &id, "m2").await;
    let split =
        store.split_conversation(&id, &message, &agent(), later(3)).await.expect("no error");
    let Regrouped::Done(part) = split else { panic!("it is split: {split:?}") };
    assert_eq!(counts(store).await, before);
    assert_eq!(thread(store, &id).await, ["m1", "You have 45 days."]);
    assert_eq!(thread(store, &part).await, ["m2"]);
    assert_eq!(
        (status(store, &id).await, status(store, &part).await),
        (Status::Resolved, Status::Waiting)
    );
    assert!(store.find_waiting_draft(&id).await.expect("read").is_none());
    let draft = store.find_waiting_draft(&part).await.expect("read").expect("it moved");
    assert_eq!(draft.turn_id, turn.id);
    assert_eq!(
        receive(store, "anna", "m3", later(3)).await.conversation_id,
        part,
        "what comes now goes on"
    );
    let outgoing = store.claim_outbox(10, later(4), later(5)).await.expect("claims");
    assert_eq!(outgoing.len(), 1, "the answer to what stayed is still sent, once");
    assert_eq!(outgoing[0].conversation_id, id);
}

#[tokio::test]
async fn a_past_turn_is_read_as_it_stood_after_a_split_and_after_a_merge() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    let (claimed, turn) = claim(store, after(2)).await;
    store
        .conclude(&claimed, &turn, &conclusion(Action::Answer), after(2))
        .await
        .expect("concluded");
    receive(store, "anna", "m2", later(1)).await;
    let (claimed, decided) = claim(store, later(1) + TimeDelta::seconds(5)).await;
    store
        .conclude(&claimed, &decided, &conclusion(Action::Draft), later(2))
        .await
        .expect("concluded");
    let message = named(store, &id, "m2").await;
    let reread = async || {
        let past = store.past_turns(noon(), None, 100).await.expect("past turns");
        let past = past.into_iter().find(|past| past.id == decided.id).expect("it is there");
        let turn = store.reread(&past, inbox()).await.expect("read");
        let words = |all: &[crate::conversation::Message]| {
            all.iter().map(|it| (it.seq, it.body.clone())).collect::<Vec<_>>()
        };
        (words(&turn.messages), words(&turn.history))
    };
    let before = reread().await;
    assert_eq!(before.1.len(), 2, "what was said before is part of it");
    store.split_conversation(&id, &message, &agent(), later(3)).await.expect("split");
    assert_eq!(reread().await, before);
    let part = store.past_turns(noon(), None, 100).await.expect("past turns");
    let part = part.into_iter().find(|past| past.id == decided.id).expect("there").conversation_id;
    store.merge_conversations(&id, &part, &agent(), later(4)).await.expect("merged");
    assert_eq!(reread().await, before);
}

#[tokio::test]
async fn a_split_that_is_undone_is_as_if_it_had_never_been() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (id, part) = split_in_two(store).await;
    store.add_note(&part, &agent(), "a note", later(1)).await.expect("noted");
    let before = counts(store).await;
    let undone = store.undo_regroup(&last(store, &part).await, &agent(), later(2)).await;
    assert_eq!(undone.expect("no error"), Regrouped::Done(id.clone()));
    assert_eq!(counts(store).await, before);
    assert_eq!(thread(store, &id).await, ["m1", "You have 45 days.", "m2", "a note"]);
    assert_eq!(store.survivor(&part).await.expect("found"), id);
    assert_eq!(receive(store, "anna", "m3", later(2)).await.conversation_id, id);
    let (_, turn) = claim(store, later(3)).await;
    assert_eq!(turn.messages.len(), 2, "the open turn came back too");
}

#[tokio::test]
async fn a_split_that_has_gone_on_is_undone_by_merging() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (id, part) = split_in_two(store).await;
    receive(store, "anna", "m3", later(2)).await;
    let before = counts(store).await;
    let undone = store.undo_regroup(&last(store, &part).await, &agent(), later(3)).await;
    assert_eq!(undone.expect("no error"), Regrouped::Done(part.clone()));
    assert_eq!(counts(store).await, before);
    assert_eq!(thread(store, &part).await, ["m1", "You have 45 days.", "m2", "m3"]);
    assert_eq!(store.survivor(&id).await.expect("found"), part);
}

#[tokio::test]
async fn a_burst_is_not_torn_apart_and_a_whole_conversation_is_not_split_off() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (id, part) = split_in_two(store).await;
    receive(store, "anna", "m3", later(1)).await;
    for (conversation, name) in [(&part, "m3"), (&part, "m2"), (&id, "m1")] {
        let message = named(store, conversation, name).await;
        let split = store.split_conversation(conversation, &message, &agent(), later(2)).await;
        assert_eq!(split.expect("no error"), Regrouped::Unfit, "{name}");
    }
    let none = MessageId::from("none");
    let split = store.split_conversation(&id, &none, &agent(), later(2)).await.expect("no error");
    assert_eq!(split, Regrouped::Unfit);
}

#[tokio::test]
async fn whoever_considers_what_moves_loses_it_and_it_is_considered_where_it_is() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    store.reply(&id, &agent(), "r1", Sending::AtOnce, after(1)).await.expect("sent");
    store.change(&id, &agent(), Event::GivenBack, after(2)).await.expect("given back");
    receive(store, "anna", "m2", later(1)).await;
    let (claimed, turn) = claim(store, later(1) + TimeDelta::seconds(5)).await;
    let message = named(store, &id, "m2").await;
    store.split_conversation(&id, &message, &agent(), later(2)).await.expect("split");
    let concluded = store.conclude(&claimed, &turn, &conclusion(Action::Answer), later(2)).await;
    assert_eq!(concluded.expect("no error"), crate::store::Concluded::Changed);
    let (_, again) = claim(store, later(3)).await;
    assert_ne!(again.conversation.id, id);
    assert_eq!(again.messages.len(), 1);
}

#[tokio::test]
async fn a_file_moves_with_its_message() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let first = receive(store, "anna", "m1", noon()).await;
    store
        .reply(&first.conversation_id, &agent(), "r1", Sending::AtOnce, after(1))
        .await
        .expect("sent");
    let file = AttachmentId::from("file");
    let stored = crate::store::StoredAttachment {
        id: file.clone(),
        inbox: inbox().name,
        contact_id: first.contact_id,
        conversation_id: None,
        name: "a.png".into(),
        media_type: "image/png".into(),
        size: 4,
    };
    store.add_attachment(&stored, after(2)).await.expect("stored");
    let attachment = crate::conversation::Attachment {
        id: file.clone(),
        name: "a.png".into(),
        media_type: "image/png".into(),
        size: 4,
        url: None,
        missing: None,
        heard: None,
    };
    let with_file = crate::conversation::Inbound {
        attachments: vec![attachment],
        ..super::super::inbound("anna", "m2", "see")
    };
    store.receive(&[with_file], after(3)).await.expect("stored");
    let message = named(store, &first.conversation_id, "m2").await;
    let split =
        store.split_conversation(&first.conversation_id, &message, &agent(), after(4)).await;
    let Regrouped::Done(part) = split.expect("no error") else { panic!("it is split") };
    let found = store.find_attachment(&file).await.expect("read").expect("there");
    assert_eq!(found.conversation_id, Some(part));
}

#[tokio::test]
async fn no_number_that_a_customer_sees_is_there_twice_after_a_split_is_undone() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    store.reply(&id, &agent(), "r1", Sending::AtOnce, after(1)).await.expect("answered");
    receive(store, "anna", "m2", later(1)).await;
    store.reply(&id, &agent(), "r2", Sending::AtOnce, later(1)).await.expect("answered");
    let deliver = async |now| {
        let due = store.claim_outbox(10, now, now + TimeDelta::seconds(60)).await.expect("claims");
        let outgoing = due.first().expect("there is one");
        assert!(
            store.record_attempt(outgoing, &Sent::Accepted(None), now).await.expect("recorded")
        );
    };
    deliver(later(1)).await;
    let part = split_at(store, &id, "m2", later(1)).await;
    deliver(later(2)).await;
    store.undo_regroup(&last(store, &part).await, &agent(), later(2)).await.expect("undone");
    assert_eq!(receive(store, "anna", "m3", later(2)).await.conversation_id, id);
    let shown = store.shown_messages(&id, 0, 100).await.expect("messages");
    let numbers: Vec<_> = shown.iter().filter_map(|it| it.shown).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
}
