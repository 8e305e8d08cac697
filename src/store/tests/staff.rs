//! People who change: an admin always remains, and whoever left is out.

use super::{after, fresh, noon, receive};
use crate::conversation::{AgentId, Event, Status};
use crate::store::{Agent, Changed, Role, Store};
use futures::future::join_all;

/// Somebody who works here, logged in under the hash that their address is.
async fn join(store: &Store, email: &str, role: Role) -> AgentId {
    let (id, name) = (AgentId::fresh(), "Ada".to_owned());
    let agent = Agent { id, email: email.into(), name, role, left_at: None };
    store.invite(email, Some(email), role, noon()).await.expect("invited");
    assert!(store.accept_invitation(email, &agent, "hash", noon()).await.expect("joined"));
    assert!(store.begin_session(email, &agent.id, "hash", noon()).await.expect("begun"));
    agent.id
}

#[tokio::test]
async fn the_last_admin_stays() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let ada = join(store, "ada@x.example", Role::Admin).await;
    let bo = join(store, "bo@x.example", Role::Admin).await;
    assert_eq!(store.deactivate(&bo, noon()).await.expect("done"), Changed::Done);
    for role in [Role::Viewer, Role::Agent, Role::Curator] {
        assert_eq!(store.set_role(&ada, role, noon()).await.expect("refused"), Changed::LastAdmin);
    }
    assert_eq!(store.deactivate(&ada, noon()).await.expect("refused"), Changed::LastAdmin);
    assert!(store.find_session("ada@x.example", after(1)).await.expect("read").is_some());
    assert_eq!(store.set_role(&ada, Role::Admin, noon()).await.expect("done"), Changed::Done);
    assert_eq!(
        store.set_role(&AgentId::fresh(), Role::Agent, noon()).await.expect("no"),
        Changed::Nobody
    );
}

#[tokio::test]
async fn admins_who_leave_at_once_leave_one_behind() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let mut people = Vec::new();
    for number in 0..4 {
        people.push(join(store, &format!("{number}@x.example"), Role::Admin).await);
    }
    let changed = join_all(people.iter().map(|id| store.deactivate(id, noon()))).await;
    let done = changed.into_iter().filter(|it| matches!(it, Ok(Changed::Done))).count();
    assert!(done < people.len());
    assert!(!store.admins().await.expect("read").is_empty());
}

#[tokio::test]
async fn whoever_left_is_out_and_keeps_their_name() {
    let fresh = fresh().await;
    let store = &fresh.store;
    join(store, "ada@x.example", Role::Admin).await;
    let bo = join(store, "bo@x.example", Role::Agent).await;
    assert_eq!(store.deactivate(&bo, after(1)).await.expect("done"), Changed::Done);
    assert_eq!(store.deactivate(&bo, after(2)).await.expect("once"), Changed::Nobody);
    assert!(store.sessions_of(&bo, after(2)).await.expect("read").is_empty());
    assert!(store.find_agent("bo@x.example").await.expect("read").is_none());
    // A login that was under way while they left.
    assert!(!store.begin_session("late", &bo, "hash", after(2)).await.expect("refused"));
    let people = store.agents().await.expect("read");
    assert!(people.iter().any(|person| person.id == bo && person.left_at == Some(after(1))));
    assert_eq!(store.reactivate(&bo).await.expect("done"), Changed::Done);
    assert_eq!(store.reactivate(&bo).await.expect("once"), Changed::Nobody);
    assert!(store.find_agent("bo@x.example").await.expect("read").is_some());
}

#[tokio::test]
async fn a_new_password_leaves_one_session() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let ada = join(store, "ada@x.example", Role::Admin).await;
    let bo = join(store, "bo@x.example", Role::Agent).await;
    assert!(store.begin_session("here", &ada, "hash", after(1)).await.expect("begun"));
    let here = store.sessions_of(&ada, after(1)).await.expect("read").remove(0);
    store.set_password(&ada, "new", Some(&here.id)).await.expect("set");
    let left = store.sessions_of(&ada, after(1)).await.expect("read");
    assert_eq!(left, std::slice::from_ref(&here));
    assert_eq!(store.sessions_of(&bo, after(1)).await.expect("read").len(), 1);
    let late = store.begin_session("late", &ada, "hash", after(2)).await.expect("refused");
    assert!(!late, "a login under way does not outlive the password that it proved");
    let kept = store.find_agent("ada@x.example").await.expect("read").map(|(_, kept)| kept);
    assert_eq!(kept.as_deref(), Some("new"));
    assert!(!store.end_session_of(&bo, &here.id).await.expect("refused"), "it is another's");
    assert!(store.has_session(&here.id).await.expect("read"));
}

#[tokio::test]
async fn a_link_for_a_new_password_works_once_and_not_for_whoever_left() {
    let fresh = fresh().await;
    let store = &fresh.store;
    join(store, "ada@x.example", Role::Admin).await;
    let bo = join(store, "bo@x.example", Role::Agent).await;
    assert!(!store.offer_reset("no", &AgentId::fresh(), noon()).await.expect("refused"));
    for link in ["older", "newer"] {
        assert!(store.offer_reset(link, &bo, noon()).await.expect("offered"));
    }
    assert!(!store.use_reset("older", "new", after(1)).await.expect("refused"), "replaced");
    assert!(!store.use_reset("newer", "new", after(3_600)).await.expect("refused"), "too late");
    assert!(store.use_reset("newer", "new", after(1)).await.expect("used"));
    assert!(!store.use_reset("newer", "again", after(1)).await.expect("refused"), "used up");
    assert!(store.sessions_of(&bo, after(1)).await.expect("read").is_empty());
    assert!(store.offer_reset("last", &bo, after(1)).await.expect("offered"));
    assert_eq!(store.deactivate(&bo, after(2)).await.expect("done"), Changed::Done);
    assert!(store.find_reset("last", after(3)).await.expect("read").is_none());
    assert!(!store.use_reset("last", "back", after(3)).await.expect("refused"));
    assert!(!store.offer_reset("later", &bo, after(3)).await.expect("refused"));
}

#[tokio::test]
async fn what_somebody_had_waits_for_others_once_they_leave() {
    let fresh = fresh().await;
    let store = &fresh.store;
    join(store, "ada@x.example", Role::Admin).await;
    for (name, leaves) in [("bo", true), ("cy", false)] {
        let id = join(store, &format!("{name}@x.example"), Role::Agent).await;
        let taken = receive(store, name, name, noon()).await.conversation_id;
        let snoozed =
            receive(store, &format!("{name} again"), "again", noon()).await.conversation_id;
        store.change(&taken, &id, Event::AgentTook, after(1)).await.expect("taken");
        store.snooze(&snoozed, &id, after(999), after(1)).await.expect("put aside");
        let changed = if leaves {
            store.deactivate(&id, after(2)).await
        } else {
            store.set_role(&id, Role::Viewer, after(2)).await
        };
        assert_eq!(changed.expect("done"), Changed::Done);
        for conversation in [&taken, &snoozed] {
            let conversation = store.conversation(conversation).await.expect("a conversation");
            assert_eq!(
                (conversation.status, conversation.assignee),
                (Status::Waiting, None),
                "{name}"
            );
            assert_eq!(conversation.waiting_since, Some(after(2)), "{name}");
        }
    }
}
