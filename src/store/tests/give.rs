//! Who gets what waits for a person, and what is late.

use super::{after, claim, conclusion, fresh, noon, receive};
use crate::conversation::{
    Action, AgentId, Assign, Author, Conclusion, Delivery, Event, Reply, Status, TeamId, Wanted,
};
use crate::lang::Lang;
use crate::store::{Agent, Role, Store, Team};
use chrono::TimeDelta;
use futures::future::join_all;
use std::collections::BTreeSet;

const WANTED: Wanted<'static> = Wanted {
    assign: Assign::RoundRobin,
    lang: Some(Lang::DE),
    topic: None,
    seen_within: TimeDelta::minutes(15),
};

/// Somebody who works the queues and was seen just now.
async fn join(store: &Store, name: &str, capacity: i64) -> AgentId {
    let (id, email) = (AgentId::fresh(), format!("{name}@x.example"));
    let agent = Agent { id, email, name: name.into(), role: Role::Agent, left_at: None };
    store.invite(name, None, Role::Agent, noon()).await.expect("invited");
    assert!(store.accept_invitation(name, &agent, "hash", noon()).await.expect("joined"));
    assert!(store.begin_session(name, &agent.id, "hash", noon()).await.expect("begun"));
    assert!(store.set_traits(&agent.id, &[Lang::DE], &[], capacity).await.expect("set"));
    agent.id
}

/// A conversation that waits for a person.
async fn waiting(store: &Store, name: &str) -> crate::conversation::ConversationId {
    let id = receive(store, name, name, noon()).await.conversation_id;
    store.change(&id, &AgentId::from("x"), Event::HandedOff, noon()).await.expect("handed off");
    id
}

#[tokio::test]
async fn what_waits_is_given_once_and_to_nobody_beyond_their_capacity() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (ada, bo) = (join(store, "ada", 2).await, join(store, "bo", 1).await);
    let mut all = Vec::new();
    for number in 0..5 {
        all.push(waiting(store, &format!("customer {number}")).await);
    }
    // Each by two nodes at once.
    let twice = all.iter().chain(&all);
    let given = join_all(twice.map(|id| store.give(id, None, &WANTED, after(1)))).await;
    let given: Vec<AgentId> = given.into_iter().filter_map(|to| to.expect("answered")).collect();
    assert_eq!(given.len(), 3, "{given:?}");
    assert_eq!(given.iter().filter(|to| **to == ada).count(), 2);
    assert_eq!(given.iter().filter(|to| **to == bo).count(), 1);
    let mut left = 0;
    for id in &all {
        let conversation = store.conversation(id).await.expect("read");
        left += usize::from(conversation.status == Status::Waiting);
        let has_it = [&ada, &bo].into_iter().any(|one| conversation.assignee.as_ref() == Some(one));
        assert_eq!(has_it, conversation.status == Status::WithAgent);
    }
    assert_eq!(left, 2, "they wait in the queue");
}

#[tokio::test]
async fn the_customer_still_hears_that_a_person_will_answer() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let ada = join(store, "ada", 2).await;
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    let (claimed, turn) = claim(store, after(2)).await;
    let body = "A person will answer.".to_owned();
    let reply = Reply { body, citations: Vec::new(), choices: Vec::new(), tells_handoff: true };
    let escalated = Conclusion { reply: Some(reply), ..conclusion(Action::Escalate) };
    store.conclude(&claimed, &turn, &escalated, after(2)).await.expect("concluded");
    assert_eq!(store.give(&id, None, &WANTED, after(2)).await.expect("answered"), Some(ada));
    let said = store.messages(&id, i64::MAX, 9).await.expect("read");
    let said = said.iter().find(|it| it.author == Author::Bot).expect("it was said");
    assert_eq!(said.delivery, Some(Delivery::Queued), "it is not withdrawn");
    let left = store.lapse(noon() + TimeDelta::hours(1), noon() + TimeDelta::hours(2)).await;
    assert_eq!(left.expect("looked"), [id], "who was given it and is gone loses it");
}

#[tokio::test]
async fn a_team_is_known_in_whatever_case_and_alphabet() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let members = BTreeSet::from([join(store, "ada", 2).await]);
    let team = Team { id: TeamId::fresh(), name: "Ärzte".into(), members };
    assert!(store.save_team(&team, noon()).await.expect("kept"));
    let id = waiting(store, "anna").await;
    assert!(store.give(&id, Some("ärzte"), &WANTED, after(1)).await.expect("answered").is_some());
}

#[tokio::test]
async fn only_the_team_gets_it_and_nobody_who_is_away_or_gone() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (ada, bo) = (join(store, "ada", 8).await, join(store, "bo", 8).await);
    let id = waiting(store, "anna").await;
    let members = BTreeSet::from([bo.clone()]);
    let team = Team { id: TeamId::fresh(), name: "Returns".into(), members };
    assert!(store.save_team(&team, noon()).await.expect("kept"));
    let give = async |team, at| store.give(&id, team, &WANTED, after(at)).await.expect("answered");
    assert_eq!(give(Some("Billing"), 1).await, None, "there is no such team");
    assert_eq!(give(Some("returns"), 16 * 60).await, None, "nobody was seen lately");
    store.set_away(&bo, true, after(1)).await.expect("away");
    assert_eq!(give(Some("returns"), 2).await, None, "away");
    store.set_away(&bo, false, after(3)).await.expect("back");
    assert_eq!(give(Some("returns"), 4).await, Some(bo));
    assert_eq!(give(None, 5).await, None, "it is given already");
    let other = waiting(store, "carl").await;
    let to = store.give(&other, None, &WANTED, after(6)).await.expect("answered");
    assert_eq!(to, Some(ada), "nothing was given to her yet");
}

#[tokio::test]
async fn a_missed_target_is_noted_once() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = waiting(store, "anna").await;
    let hours = |hours: i64| noon() + TimeDelta::hours(hours);
    let late = async |at| {
        let counts = store.counts(&AgentId::from("x"), at).await.expect("counted");
        (counts.overdue, counts.nearly)
    };
    assert_eq!(store.next_miss().await.expect("read"), Some(hours(24)));
    for (at, overdue, nearly) in [(17, 0, 0), (18, 0, 1), (23, 0, 1), (24, 1, 0)] {
        assert_eq!(late(hours(at)).await, (overdue, nearly), "after {at} h");
    }
    assert!(store.miss(hours(23)).await.expect("none").is_empty());
    let missed = join_all((0..4).map(|_| store.miss(hours(24)))).await;
    let missed: Vec<_> = missed.into_iter().flat_map(|it| it.expect("noted")).collect();
    assert_eq!(missed, std::slice::from_ref(&id));
    assert_eq!(store.next_miss().await.expect("read"), None);
    let told = store.messages(&id, i64::MAX, 9).await.expect("read");
    assert_eq!(told.iter().filter(|it| it.body.contains("\"missed\"")).count(), 1);
    store.change(&id, &AgentId::from("x"), Event::Resolved, hours(25)).await.expect("resolved");
    assert_eq!(late(hours(26)).await, (0, 0));
}
