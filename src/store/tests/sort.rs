//! Sorting: what people say of a conversation stays, and whoever is blocked is answered by nobody.

use super::{after, agent, claim, conclusion, fresh, noon, receive};
use crate::conversation::{
    Action, AgentId, Author, Conclusion, ConversationId, Event, Happening, Priority, Status, Tag,
};
use crate::store::{
    Acted, Agent, Concluded, Filter, Queue, Regrouped, Role, SavedView, Sending, Store,
};
use chrono::TimeDelta;

fn tag(name: &str) -> Tag {
    name.parse().expect("a tag")
}

async fn happenings(store: &Store, id: &ConversationId) -> Vec<Happening> {
    let messages = store.messages(id, i64::MAX, 100).await.expect("messages");
    let told = messages.iter().filter(|message| message.author == Author::System);
    told.filter_map(|message| Happening::read(&message.body)).collect()
}

/// Somebody who works here.
async fn join(store: &Store, name: &str, role: Role) -> AgentId {
    let id = AgentId::from(name);
    let email = format!("{name}@x.example");
    let agent = Agent { id: id.clone(), email, name: name.into(), role, left_at: None };
    store.invite(name, None, role, noon()).await.expect("invited");
    assert!(store.accept_invitation(name, &agent, "no hash", noon()).await.expect("joined"));
    id
}

async fn handed_off(store: &Store, contact: &str) -> ConversationId {
    let id = receive(store, contact, contact, noon()).await.conversation_id;
    let (claimed, turn) = claim(store, after(2)).await;
    let escalated = conclusion(Action::Escalate);
    store.conclude(&claimed, &turn, &escalated, after(2)).await.expect("concluded");
    id
}

#[tokio::test]
async fn a_priority_set_by_hand_stays_until_the_matter_is_closed() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = handed_off(store, "anna").await;
    let due = async || store.open_conversation(&id).await.expect("read").expect("it").wait;
    let set = store.set_priority(&id, &agent(), Priority::Urgent, after(3)).await;
    assert_eq!(set.expect("set"), Acted::Done(None));
    assert_eq!(due().await.expect("a wait").due, after(2) + TimeDelta::hours(1));
    store.set_priority(&id, &agent(), Priority::Urgent, after(4)).await.expect("again");
    receive(store, "anna", "m2", after(5)).await;
    let (claimed, turn) = claim(store, after(8)).await;
    let low = || Conclusion { priority: Priority::Low, ..conclusion(Action::Escalate) };
    store.conclude(&claimed, &turn, &low(), after(8)).await.expect("concluded");
    assert_eq!(store.conversation(&id).await.expect("it").priority, Priority::Urgent);
    assert_eq!(happenings(store, &id).await, [Happening::Priority { to: Priority::Urgent }]);
    store.change(&id, &agent(), Event::Resolved, after(9)).await.expect("closed");
    receive(store, "anna", "m3", after(10)).await;
    let (claimed, turn) = claim(store, after(13)).await;
    store.conclude(&claimed, &turn, &low(), after(13)).await.expect("concluded");
    assert_eq!(store.conversation(&id).await.expect("it").priority, Priority::Low);
}

#[tokio::test]
async fn tags_are_there_once_and_twenty_at_most() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    for _ in 0..2 {
        let tagged = store.add_tag(&id, &agent(), &tag("Refund"), after(1)).await;
        assert_eq!(tagged.expect("tagged"), Acted::Done(None));
    }
    assert_eq!(happenings(store, &id).await, [Happening::Tagged { tag: tag("refund") }]);
    for number in 2..=20 {
        let name = tag(&format!("t{number:02}"));
        store.add_tag(&id, &agent(), &name, after(2)).await.expect("tagged");
    }
    let refused = store.add_tag(&id, &agent(), &tag("t21"), after(3)).await.expect("answered");
    assert_eq!(refused, Acted::Full);
    let opened = store.open_conversation(&id).await.expect("read").expect("it");
    assert_eq!(opened.tags.expect("tags").split(',').count(), 20);
    store.remove_tag(&id, &agent(), &tag("t20"), after(4)).await.expect("off");
    store.remove_tag(&id, &agent(), &tag("t20"), after(4)).await.expect("off");
    let other = receive(store, "bo", "m2", noon()).await.conversation_id;
    store.add_tag(&other, &agent(), &tag("t05"), after(5)).await.expect("tagged");
    let known = store.tags(2).await.expect("tags");
    assert_eq!(known, [tag("t05"), tag("refund")]);
    let found = async |name: &str| {
        let filter = Filter { tag: Some(tag(name)), ..Filter::default() };
        let rows = store.sift(None, &filter, 0, 10).await.expect("rows");
        let count = store.count_sifted(None, &filter, 10).await.expect("a count");
        assert_eq!(i64::try_from(rows.len()).expect("few"), count);
        rows.len()
    };
    assert_eq!((found("t05").await, found("refund").await, found("t20").await), (2, 1, 0));
    let filter = Filter { inbox: Some("api".into()), ..Filter::default() };
    assert_eq!(store.count_sifted(None, &filter, 1).await.expect("a count"), 1, "to the limit");
}

#[tokio::test]
async fn nobody_answers_who_is_blocked() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = handed_off(store, "anna").await;
    assert_eq!(
        store.block(&id, &agent(), "spam", after(3)).await.expect("done"),
        Acted::Done(None)
    );
    assert_eq!(store.block(&id, &agent(), "spam", after(3)).await.expect("done"), Acted::Stale);
    let received = receive(store, "anna", "m2", after(4)).await;
    assert_eq!((&received.conversation_id, received.due_at), (&id, None), "filed, no turn");
    assert_eq!(store.next_turn_due().await.expect("due"), None);
    let status = async || store.conversation(&id).await.expect("it").status;
    assert_eq!(status().await, Status::Resolved);
    let back = store.change(&id, &agent(), Event::GivenBack, after(5)).await.expect("answered");
    assert_eq!(back, Acted::Blocked);
    for queue in [Queue::Approval, Queue::HandedOff, Queue::Mine, Queue::WithBot] {
        assert_eq!(store.queue(queue, &agent(), 0, 10).await.expect("rows"), [], "{queue}");
    }
    // Long after, another conversation begins, and is filed as well.
    let later = receive(store, "anna", "m3", after(4 * 86_400)).await;
    assert_ne!(later.conversation_id, id);
    let begun = store.conversation(&later.conversation_id).await.expect("it");
    assert_eq!((begun.status, later.due_at), (Status::Resolved, None));
    // Somebody else is answered as ever.
    assert!(receive(store, "bo", "m4", after(5)).await.due_at.is_some());

    let blocked = store.blocked(0, 10).await.expect("blocked");
    let [one] = blocked.as_slice() else { panic!("one is blocked: {blocked:?}") };
    assert_eq!((one.agent_id.clone(), one.reason.as_str()), (agent(), "spam"));
    let touched = store.unblock(&one.contact_id, &agent(), after(6)).await.expect("done");
    assert!(touched.expect("they were blocked").contains(&id));
    assert_eq!(store.unblock(&one.contact_id, &agent(), after(6)).await.expect("done"), None);
    assert_eq!(status().await, Status::Waiting, "what was open waits for a person");
    assert_eq!(
        happenings(store, &id).await,
        [Happening::Blocked { reason: "spam".into() }, Happening::Unblocked]
    );
}

#[tokio::test]
async fn whoever_is_blocked_while_the_bot_considers_is_not_answered() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    let (claimed, turn) = claim(store, after(2)).await;
    // What is resolved keeps its open turn: the customer has just written.
    store.change(&id, &agent(), Event::Resolved, after(2)).await.expect("resolved");
    store.block(&id, &agent(), "spam", after(2)).await.expect("blocked");
    let answered = conclusion(Action::Escalate);
    let concluded = store.conclude(&claimed, &turn, &answered, after(3)).await.expect("asked");
    assert_eq!(concluded, Concluded::Changed);
    assert_eq!(store.next_turn_due().await.expect("due"), None, "nobody considers it again");
}

#[tokio::test]
async fn a_person_is_blocked_whatever_contact_they_write_as() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (one, other) = (handed_off(store, "anna").await, handed_off(store, "anna2").await);
    let contact = async |id| store.conversation(id).await.expect("it").contact_id;
    store.block(&one, &agent(), "spam", after(3)).await.expect("blocked");
    let tied = store.merge_contact(&one, &contact(&other).await, &agent(), after(4)).await;
    assert!(matches!(tied, Ok(Regrouped::Done(_))), "{tied:?}");
    assert_eq!(store.conversation(&other).await.expect("it").status, Status::Resolved);
    assert_eq!(receive(store, "anna2", "m9", after(5)).await.due_at, None, "no turn");
    let touched = store.unblock(&contact(&one).await, &agent(), after(6)).await.expect("done");
    assert!(touched.is_some_and(|touched| touched.contains(&other)), "both are answered again");
    let read = store.conversation(&other).await.expect("it");
    assert_eq!(read.status, Status::Waiting, "what was open waits for a person");
    store.block(&other, &agent(), "spam", after(8)).await.expect("blocked");
    assert_eq!(store.blocked(0, 9).await.expect("read").len(), 2, "each contact of the person");
}

#[tokio::test]
async fn what_is_given_to_somebody_is_theirs() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = handed_off(store, "anna").await;
    let (bo, viewer) =
        (join(store, "bo", Role::Agent).await, join(store, "vi", Role::Viewer).await);
    for nobody in [&viewer, &AgentId::from("none")] {
        let refused = store.assign(&id, nobody, Some(&agent()), after(3)).await.expect("answered");
        assert_eq!(refused, Acted::Nobody);
    }
    for _ in 0..2 {
        let given = store.assign(&id, &bo, Some(&agent()), after(4)).await.expect("given");
        assert_eq!(given, Acted::Done(None));
    }
    let mine = store.queue(Queue::Mine, &bo, 0, 10).await.expect("rows");
    assert_eq!(mine.into_iter().map(|row| row.id).collect::<Vec<_>>(), std::slice::from_ref(&id));
    assert_eq!(happenings(store, &id).await, [Happening::Assigned { to: bo.clone() }]);
    // What they were given and have not taken up does not lapse.
    assert_eq!(store.lapse(after(9_000), after(9_000)).await.expect("looked"), []);
}

#[tokio::test]
async fn who_takes_and_goes_away_loses_it_while_the_customer_waits() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let bo = join(store, "bo", Role::Agent).await;
    let (left, answered) = (handed_off(store, "anna").await, handed_off(store, "cy").await);
    for id in [&left, &answered] {
        store.change(id, &bo, Event::AgentTook, after(10)).await.expect("taken");
    }
    store.reply(&answered, &bo, "Yes.", Sending::AtOnce, after(11)).await.expect("answered");
    store.begin_session("token", &bo, "no hash", after(1_000)).await.expect("begun");
    assert_eq!(store.lapse(after(9), after(1_009)).await.expect("looked"), [], "just taken");
    assert_eq!(store.lapse(after(900), after(1_900)).await.expect("looked"), [], "they are here");
    let lapsed = store.lapse(after(1_001), after(2_001)).await.expect("looked");
    assert_eq!(lapsed, std::slice::from_ref(&left));
    let conversation = store.conversation(&left).await.expect("it");
    assert_eq!((conversation.status, conversation.assignee), (Status::Waiting, None));
    assert_eq!(conversation.waiting_since, Some(after(2)));
    assert_eq!(store.conversation(&answered).await.expect("it").assignee, Some(bo.clone()));
    assert_eq!(happenings(store, &left).await, [Happening::Lapsed { from: Some(bo) }]);
    assert_eq!(store.lapse(after(1_001), after(2_001)).await.expect("looked"), []);
}

#[tokio::test]
async fn a_view_is_changed_by_whose_it_is_and_seen_by_whom_it_is_shared_with() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (ada, bo) = (join(store, "ada", Role::Admin).await, join(store, "bo", Role::Agent).await);
    let view = |id: &str, shared| SavedView {
        id: id.into(),
        agent_id: ada.clone(),
        name: id.into(),
        shared,
        query: "tag=refund".into(),
    };
    for one in [view("own", false), view("team", true)] {
        assert!(store.add_view(&one, noon()).await.expect("kept"));
    }
    let names = async |agent: &AgentId| -> Vec<String> {
        let views = store.views(agent).await.expect("views");
        assert_eq!(
            store.counts(agent, noon()).await.expect("counts").views,
            i64::try_from(views.len()).expect("few")
        );
        views.into_iter().map(|view| view.name).collect()
    };
    assert_eq!((names(&ada).await.len(), names(&bo).await), (2, vec!["team".to_owned()]));
    assert!(!store.change_view(&"team".into(), &bo, "Mine", false).await.expect("refused"));
    assert!(!store.delete_view(&"team".into(), &bo).await.expect("refused"));
    assert!(store.change_view(&"own".into(), &ada, "All", true).await.expect("changed"));
    assert_eq!(names(&bo).await, ["All", "team"]);
    assert!(store.delete_view(&"team".into(), &ada).await.expect("deleted"));
    assert_eq!(names(&bo).await, ["All"]);
    for number in 1..50 {
        assert!(store.add_view(&view(&format!("v{number}"), false), noon()).await.expect("kept"));
    }
    assert!(!store.add_view(&view("more", false), noon()).await.expect("refused"));
}
