//! Turns: claimed by one, concluded once, void as soon as anything newer happens.

use super::{after, agent, claim, conclusion, fresh, noon, receive};
use crate::conversation::{Action, Event, InboxName};
use crate::store::{Acted, Concluded, Store};
use chrono::TimeDelta;
use std::collections::HashSet;

#[tokio::test]
async fn a_decision_and_all_its_effects_stand_together() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let received = receive(store, "anna", "m1", noon()).await;
    let (claimed, turn) = claim(store, after(2)).await;
    let concluded = store.conclude(&claimed, &turn, &conclusion(Action::Answer), after(2)).await;
    assert!(matches!(concluded, Ok(Concluded::Done(Some(_)))), "{concluded:?}");
    let end = store.find_end(&InboxName::from("api"), "m1").await.expect("read").expect("an end");
    assert_eq!((end.state.as_deref(), end.action), (Some("decided"), Some(Action::Answer)));
    assert_eq!(end.turn_id, Some(claimed.id));
    let messages = store.messages(&received.conversation_id, i64::MAX, 10).await.expect("messages");
    assert_eq!(messages.iter().map(|message| message.seq).collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn a_newer_message_makes_a_running_decision_void() {
    let fresh = fresh().await;
    let store = &fresh.store;
    receive(store, "anna", "m1", noon()).await;
    let (claimed, turn) = claim(store, after(2)).await;
    receive(store, "anna", "m2", after(3)).await;
    let concluded = store.conclude(&claimed, &turn, &conclusion(Action::Answer), after(3)).await;
    assert_eq!(concluded.expect("no error"), Concluded::Changed);
    let (claimed, turn) = claim(store, after(5)).await;
    assert_eq!(turn.messages.len(), 2, "both are answered together");
    let concluded = store.conclude(&claimed, &turn, &conclusion(Action::Escalate), after(5)).await;
    assert_eq!(concluded.expect("no error"), Concluded::Done(None));
}

#[tokio::test]
async fn an_agent_who_takes_a_conversation_ends_the_bots_turn() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let received = receive(store, "anna", "m1", noon()).await;
    let (claimed, turn) = claim(store, after(2)).await;
    let taken = store.change(&received.conversation_id, &agent(), Event::AgentTook, after(2)).await;
    assert_eq!(taken.expect("no error"), Acted::Done(None));
    let concluded = store.conclude(&claimed, &turn, &conclusion(Action::Answer), after(3)).await;
    assert_eq!(concluded.expect("no error"), Concluded::Changed);
    let later = receive(store, "anna", "m2", after(10)).await;
    assert_eq!(later.due_at, None, "the bot stays out");
}

#[tokio::test]
async fn a_turn_whose_worker_died_is_taken_over_and_the_dead_one_cannot_conclude() {
    let fresh = fresh().await;
    let store = &fresh.store;
    receive(store, "anna", "m1", noon()).await;
    let (dead, turn) = claim(store, after(2)).await;
    assert!(store.claim_turns(10, after(30), after(90)).await.expect("claims").is_empty());
    let (heir, again) = claim(store, after(63)).await;
    assert_eq!((heir.attempts, &heir.id), (2, &dead.id));
    let late = store.conclude(&dead, &turn, &conclusion(Action::Answer), after(64)).await;
    assert_eq!(late.expect("no error"), Concluded::Changed);
    let concluded = store.conclude(&heir, &again, &conclusion(Action::Answer), after(64)).await;
    assert!(matches!(concluded, Ok(Concluded::Done(Some(_)))));
}

#[tokio::test]
async fn many_workers_never_claim_a_turn_twice() {
    let fresh = fresh().await;
    for number in 0..120 {
        receive(&fresh.store, &format!("c{number}"), &format!("m{number}"), noon()).await;
    }
    let workers = (0..12).map(|_| tokio::spawn(claim_all(fresh.store.clone())));
    let mut claimed = Vec::new();
    for worker in futures::future::join_all(workers).await {
        claimed.extend(worker.expect("a worker ends well"));
    }
    let different: HashSet<String> = claimed.iter().cloned().collect();
    assert_eq!((claimed.len(), different.len()), (120, 120));
}

async fn claim_all(store: Store) -> Vec<String> {
    let mut mine = Vec::new();
    loop {
        let until = after(60) + TimeDelta::seconds(60);
        let claimed = store.claim_turns(5, after(60), until).await.expect("a claim");
        if claimed.is_empty()
            && store.next_turn_due().await.expect("due").is_none_or(|due| due > after(60))
        {
            return mine;
        }
        mine.extend(claimed.into_iter().map(|claimed| claimed.id.to_string()));
    }
}
