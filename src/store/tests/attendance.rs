//! For how long customers waited, and whether people are there.

use super::{after, agent, claim, conclusion, fresh, inbox, noon, receive};
use crate::conversation::{Action, Waited};
use crate::store::Sending;
use chrono::TimeDelta;

#[tokio::test]
async fn a_wait_lasts_from_the_first_decision_to_a_persons_first_words() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let mut waits = Vec::new();
    for (contact, answered) in [("ana", Some(600)), ("ben", None)] {
        let id = receive(store, contact, contact, noon()).await.conversation_id;
        let (claimed, turn) = claim(store, after(5)).await;
        store
            .conclude(&claimed, &turn, &conclusion(Action::Escalate), after(5))
            .await
            .expect("done");
        if let Some(seconds) = answered {
            let now = after(seconds);
            store.reply(&id, &agent(), "Hello!", Sending::AtOnce, now).await.expect("said");
            store
                .reply(&id, &agent(), "And more.", Sending::AtOnce, after(900))
                .await
                .expect("said");
        }
    }
    for wait in store.waits(&inbox().name, noon(), after(1_000)).await.expect("read") {
        waits.push(match wait {
            Waited::Answered(time) => ("answered", time),
            Waited::Still(time) => ("still", time),
        });
    }
    waits.sort_unstable();
    let seconds = TimeDelta::seconds;
    assert_eq!(waits, [("answered", seconds(595)), ("still", seconds(995))]);
    let later = store.waits(&inbox().name, after(6), after(1_000)).await.expect("read");
    assert_eq!(later, [], "they were handed over before that");
    let elsewhere = store.waits(&"other".into(), noon(), after(1_000)).await.expect("read");
    assert_eq!(elsewhere, []);
    assert!(!store.is_somebody_there(noon()).await.expect("read"));
}

#[tokio::test]
async fn a_customers_last_word_on_an_answer_counts() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let id = receive(store, "ana", "1", noon()).await.conversation_id;
    let (claimed, turn) = claim(store, after(5)).await;
    store.conclude(&claimed, &turn, &conclusion(Action::Answer), after(5)).await.expect("done");
    let messages = store.messages(&id, i64::MAX, 10).await.expect("read");
    let (question, answer) = (&messages[0].id, &messages[1].id);
    for helpful in [true, false, true] {
        assert!(store.judge_answer(&id, answer, helpful, after(9)).await.expect("kept"));
        let said = store.feedback_in(&id).await.expect("read");
        assert_eq!(said.get(answer), Some(&helpful));
    }
    assert!(!store.judge_answer(&id, question, true, after(9)).await.expect("refused"));
    assert!(!store.judge_answer(&"other".into(), answer, true, after(9)).await.expect("refused"));
}
