//! Agents: an approval is bound to what was seen, and a person's word ends the bot's.

use super::{after, agent, claim, conclusion, fresh, noon, receive};
use crate::conversation::{Action, ConversationId, DraftId, DraftState, Event, Status, Verdict};
use crate::store::{Acted, Approval, Queue, Sending, Store};

/// A conversation whose draft waits for approval.
async fn drafted(store: &Store) -> (ConversationId, DraftId) {
    let received = receive(store, "anna", "m1", noon()).await;
    let (claimed, turn) = claim(store, after(2)).await;
    store.conclude(&claimed, &turn, &conclusion(Action::Draft), after(2)).await.expect("concluded");
    let draft = store.find_waiting_draft(&received.conversation_id).await.expect("read");
    (received.conversation_id, draft.expect("a draft waits").id)
}

fn approval(draft: &DraftId) -> Approval {
    Approval {
        draft: draft.clone(),
        text: "You have 45 days.".into(),
        files: Vec::new(),
        state: DraftState::Approved,
        verdict: Verdict::Right,
        learn: None,
        sending: Sending::AtOnce,
    }
}

async fn status(store: &Store, id: &ConversationId) -> Status {
    store.conversation(id).await.expect("a conversation").status
}

#[tokio::test]
async fn an_approved_draft_is_sent_once() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (id, draft) = drafted(store).await;
    let sent = store.approve(&id, &agent(), &approval(&draft), after(5)).await.expect("no error");
    assert!(matches!(sent, Acted::Done(Some(_))));
    let again = store.approve(&id, &agent(), &approval(&draft), after(6)).await.expect("no error");
    assert_eq!(again, Acted::Stale, "a colleague was faster");
    assert_eq!(status(store, &id).await, Status::Bot);
    assert_eq!(store.claim_outbox(10, after(7), after(60)).await.expect("claims").len(), 1);
}

#[tokio::test]
async fn a_newer_message_makes_an_approval_stale() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (id, draft) = drafted(store).await;
    receive(store, "anna", "m2", after(4)).await;
    let sent = store.approve(&id, &agent(), &approval(&draft), after(5)).await.expect("no error");
    assert_eq!(sent, Acted::Stale);
    assert!(store.claim_outbox(10, after(7), after(60)).await.expect("claims").is_empty());
    let (_, turn) = claim(store, after(6)).await;
    assert_eq!(turn.messages.len(), 2, "the new turn answers both");
}

#[tokio::test]
async fn an_agents_own_reply_puts_the_draft_away() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (id, draft) = drafted(store).await;
    store.reply(&id, &agent(), "Let me look.", Sending::AtOnce, after(5)).await.expect("no error");
    assert_eq!(status(store, &id).await, Status::WithAgent);
    let sent = store.approve(&id, &agent(), &approval(&draft), after(6)).await.expect("no error");
    assert_eq!(sent, Acted::Stale);
    store.change(&id, &agent(), Event::GivenBack, after(7)).await.expect("no error");
    assert_eq!(status(store, &id).await, Status::Bot);
}

#[tokio::test]
async fn queues_hold_what_their_names_say() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (id, draft) = drafted(store).await;
    let ids = async |queue| -> Vec<ConversationId> {
        let rows = store.queue(queue, &agent(), 0, 10).await.expect("a queue");
        rows.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(ids(Queue::Approval).await, std::slice::from_ref(&id));
    assert_eq!(ids(Queue::HandedOff).await, []);
    store.reject(&id, &agent(), &draft, "out of date", after(5)).await.expect("no error");
    assert_eq!(ids(Queue::Approval).await, []);
    assert_eq!(ids(Queue::Mine).await, std::slice::from_ref(&id));
    let counts = store.counts(&agent(), after(5)).await.expect("counts");
    assert_eq!((counts.approval, counts.handed_off, counts.mine, counts.everything), (0, 0, 1, 1));
    let missing = ConversationId::from("none");
    let acted =
        store.reply(&missing, &agent(), "?", Sending::AtOnce, after(6)).await.expect("no error");
    assert_eq!(acted, Acted::NoConversation);
}

#[tokio::test]
async fn a_draft_that_was_taken_is_stale_once_the_customer_writes() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let (id, draft) = drafted(store).await;
    store.change(&id, &agent(), Event::AgentTook, after(4)).await.expect("no error");
    assert!(store.find_waiting_draft(&id).await.expect("read").is_some(), "taking keeps the draft");
    receive(store, "anna", "m2", after(5)).await;
    let sent = store.approve(&id, &agent(), &approval(&draft), after(6)).await.expect("no error");
    assert_eq!(sent, Acted::Stale);
    assert!(store.claim_outbox(10, after(7), after(60)).await.expect("claims").is_empty());
}

#[tokio::test]
async fn what_came_while_an_agent_had_it_is_considered_when_it_is_given_back() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    store.change(&id, &agent(), Event::AgentTook, after(1)).await.expect("no error");
    store.reply(&id, &agent(), "One moment.", Sending::AtOnce, after(2)).await.expect("no error");
    receive(store, "anna", "m2", after(3)).await;
    receive(store, "anna", "m3", after(4)).await;
    assert_eq!(store.next_turn_due().await.expect("due"), None);
    store.change(&id, &agent(), Event::GivenBack, after(5)).await.expect("no error");
    let (_, turn) = claim(store, after(5)).await;
    let bodies: Vec<&str> =
        turn.messages.iter().filter_map(|message| message.external_id.as_deref()).collect();
    assert_eq!(bodies, ["m2", "m3"], "the first was answered by the agent");
}

#[tokio::test]
async fn what_the_bot_has_not_sent_is_withdrawn_when_a_person_takes_over() {
    for act in ["take", "reply"] {
        let fresh = fresh().await;
        let store = &fresh.store;
        let id = receive(store, "anna", "m1", noon()).await.conversation_id;
        let (claimed, turn) = claim(store, after(2)).await;
        store.conclude(&claimed, &turn, &conclusion(Action::Answer), after(2)).await.expect("ok");
        match act {
            "take" => store.change(&id, &agent(), Event::AgentTook, after(3)).await,
            _ => store.reply(&id, &agent(), "I am here.", Sending::AtOnce, after(3)).await,
        }
        .expect("no error");
        let claimed = store.claim_outbox(10, after(4), after(60)).await.expect("claims");
        assert_eq!(claimed.len(), usize::from(act == "reply"), "{act}");
    }
}

#[tokio::test]
async fn closing_a_conversation_does_not_bury_what_was_just_written() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = receive(store, "anna", "m1", noon()).await.conversation_id;
    store.change(&id, &agent(), Event::Resolved, after(1)).await.expect("no error");
    let (claimed, turn) = claim(store, after(2)).await;
    store.conclude(&claimed, &turn, &conclusion(Action::Escalate), after(2)).await.expect("ok");
    assert_eq!(status(store, &id).await, Status::Waiting);
}

#[tokio::test]
async fn acts_messages_and_conclusions_never_wait_in_a_circle() {
    let fresh = fresh().await;
    for round in 0..15 {
        let (store, now) = (&fresh.store, after(round * 100));
        let id = receive(store, "anna", &format!("a{round}"), now).await.conversation_id;
        store.change(&id, &agent(), Event::GivenBack, now).await.expect("no error");
        let (claimed, turn) = claim(store, after(round * 100 + 10)).await;
        let (conclusion, taker, name) = (conclusion(Action::Answer), agent(), format!("b{round}"));
        let (concluded, acted, received) = tokio::join!(
            store.conclude(&claimed, &turn, &conclusion, now),
            store.change(&id, &taker, Event::AgentTook, now),
            receive(store, "anna", &name, now),
        );
        concluded.expect("no deadlock");
        acted.expect("no deadlock");
        assert!(!received.duplicate);
    }
}
