//! Regrouping: nothing is lost, nothing is there twice, and what is undone is as it was.

use super::{after, agent, claim, conclusion, fresh, inbox, noon, receive};
use crate::conversation::{
    Action, AgentId, AttachmentId, Conclusion, ContactId, ConversationId, Event, MessageId,
    Priority, RegroupId, Reply, Sent, Status,
};
use crate::store::{Acted, Regrouped, Sending, Store, Wait, on};
use chrono::{DateTime, TimeDelta, Utc};

/// How much there is of everything, whatever conversation it is in.
async fn counts(store: &Store) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in
        ["message where visibility = 'public'", "turn", "decision", "draft", "outbox", "audit"]
    {
        let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        counts.push(
            on!(&store.read, db => sqlx::query_scalar(sql).fetch_one(db).await).expect("a count"),
        );
    }
    counts
}

/// The words of a conversation and of those that it goes on for, without events.
async fn thread(store: &Store, id: &ConversationId) -> Vec<String> {
    let all = store.thread(id, None, 1_000).await.expect("a thread");
    let said = all.into_iter().filter(|it| it.author != crate::conversation::Author::System);
    said.map(|message| message.external_id.unwrap_or(message.body)).collect()
}

async fn status(store: &Store, id: &ConversationId) -> Status {
    store.conversation(id).await.expect("a conversation").status
}

/// What was regrouped last in a conversation.
async fn last(store: &Store, id: &ConversationId) -> RegroupId {
    let mut all = store.regroups(std::slice::from_ref(id)).await.expect("regroupings");
    all.pop().expect("there is one").id
}

fn later(days: i64) -> DateTime<Utc> {
    noon() + TimeDelta::days(days)
}

/// Two conversations of one contact: the first answered by an agent and closed, the second of a week later.
async fn two(store: &Store) -> (ConversationId, ConversationId) {
    let older = receive(store, "anna", "m1", noon()).await.conversation_id;
    store.reply(&older, &agent(), "r1", Sending::AtOnce, after(1)).await.expect("sent");
    store.change(&older, &agent(), Event::Resolved, after(2)).await.expect("closed");
    let newer = receive(store, "anna", "m2", later(7)).await.conversation_id;
    assert_ne!(older, newer);
    (older, newer)
}

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

/// A conversation with two questions of which the second was split off.
async fn split_in_two(store: &Store) -> (ConversationId, ConversationId) {
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    let (claimed, turn) = claim(store, after(2)).await;
    store
        .conclude(&claimed, &turn, &conclusion(Action::Answer), after(2))
        .await
        .expect("concluded");
    receive(store, "anna", "m2", later(1)).await;
    let message = named(store, &id, "m2").await;
    let split =
        store.split_conversation(&id, &message, &agent(), later(1)).await.expect("no error");
    let Regrouped::Done(part) = split else { panic!("it is split: {split:?}") };
    (id, part)
}

async fn named(store: &Store, id: &ConversationId, name: &str) -> MessageId {
    let all = store.messages(id, i64::MAX, 100).await.expect("messages");
    all.into_iter().find(|it| it.external_id.as_deref() == Some(name)).expect("it is there").id
}

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
        heard: None,
    };
    let with_file = crate::conversation::Inbound {
        attachments: vec![attachment],
        ..super::inbound("anna", "m2", "see")
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

async fn wait(store: &Store, id: &ConversationId) -> Option<Wait> {
    store.open_conversation(id).await.expect("read").expect("a conversation").wait
}

fn day_from(since: DateTime<Utc>) -> Wait {
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

async fn split_at(
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
