//! Teams, what people can, and their being away.

use super::{after, fresh, noon, receive};
use crate::conversation::{AgentId, Event, Status, TeamId};
use crate::lang::Lang;
use crate::store::{Agent, Role, Store, Team};
use std::collections::BTreeSet;

async fn join(store: &Store, name: &str) -> AgentId {
    let (id, email) = (AgentId::fresh(), format!("{name}@x.example"));
    let agent = Agent { id, email, name: name.into(), role: Role::Agent, left_at: None };
    store.invite(name, None, Role::Agent, noon()).await.expect("invited");
    assert!(store.accept_invitation(name, &agent, "hash", noon()).await.expect("joined"));
    agent.id
}

#[tokio::test]
async fn a_team_has_a_name_of_its_own_and_the_people_it_was_given() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (ada, bo) = (join(store, "ada").await, join(store, "bo").await);
    let team = |name: &str, members: &[&AgentId]| Team {
        id: TeamId::fresh(),
        name: name.into(),
        members: members.iter().map(|id| (*id).clone()).collect(),
    };
    let returns = team("Returns", &[&ada, &bo, &AgentId::from("nobody")]);
    assert!(store.save_team(&returns, noon()).await.expect("kept"));
    assert!(!store.save_team(&team("RETURNS", &[]), noon()).await.expect("refused"));
    assert!(store.save_team(&team("Billing", &[]), noon()).await.expect("kept"));
    let found = store.teams().await.expect("read");
    assert_eq!(
        found.iter().map(|team| team.name.as_str()).collect::<Vec<_>>(),
        ["Billing", "Returns"]
    );
    assert_eq!(found[1].members, BTreeSet::from([ada.clone(), bo]));
    let smaller = Team { name: "returns".into(), members: BTreeSet::from([ada]), ..returns };
    assert!(store.save_team(&smaller, after(1)).await.expect("kept under its own name"));
    assert_eq!(store.teams().await.expect("read")[1], smaller);
    assert!(store.drop_team(&smaller.id).await.expect("ended"));
    assert!(!store.drop_team(&smaller.id).await.expect("once"));
    assert_eq!(store.teams().await.expect("read").len(), 1);
}

#[tokio::test]
async fn what_people_can_is_kept_and_newcomers_have_the_usual() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let ada = join(store, "ada").await;
    let traits = async || store.traits().await.expect("read").remove(&ada).expect("hers");
    assert_eq!((traits().await.capacity, traits().await.langs), (8, vec![]));
    let skills = ["tents".to_owned(), "boots & \"shoes\"".to_owned()];
    assert!(store.set_traits(&ada, &[Lang::DE, Lang::EN], &skills, 0).await.expect("set"));
    let set = traits().await;
    assert_eq!(
        (set.langs, set.skills, set.capacity),
        (vec![Lang::DE, Lang::EN], skills.to_vec(), 0)
    );
    store.set_langs(&ada, &[Lang::FR]).await.expect("set");
    assert_eq!(traits().await.langs, [Lang::FR]);
    let nobody = AgentId::from("nobody");
    assert!(!store.set_traits(&nobody, &[], &[], 1).await.expect("refused"));
}

#[tokio::test]
async fn what_somebody_has_waits_for_others_while_they_are_away() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (ada, bo) = (join(store, "ada").await, join(store, "bo").await);
    let mut taken = Vec::new();
    for (name, agent) in [("one", &ada), ("two", &ada), ("three", &bo)] {
        let id = receive(store, name, name, noon()).await.conversation_id;
        store.change(&id, agent, Event::AgentTook, after(1)).await.expect("taken");
        taken.push(id);
    }
    store.snooze(&taken[1], &ada, after(999), after(2)).await.expect("put aside");
    let given = store.set_away(&ada, true, after(3)).await.expect("away");
    assert_eq!(given, [taken[0].clone()], "what is put aside comes back to her");
    let conversation = store.conversation(&taken[0]).await.expect("read");
    assert_eq!((conversation.status, conversation.assignee), (Status::Waiting, None));
    let others = store.conversation(&taken[2]).await.expect("read");
    assert_eq!((others.status, others.assignee), (Status::WithAgent, Some(bo)));
    let since = async || store.traits().await.expect("read")[&ada].away_since;
    store.set_away(&ada, true, after(4)).await.expect("still");
    assert_eq!(since().await, Some(after(3)));
    assert!(store.set_away(&ada, false, after(5)).await.expect("back").is_empty());
    assert_eq!(since().await, None);
}
